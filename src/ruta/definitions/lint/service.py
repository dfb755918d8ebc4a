"""Checks of `service.yaml` against the rest of the folder."""

from ruta.documents.templates import imports_of
from ruta.kernel.identifiers import nit_check_digit

from ..acts import template_path
from ..schema import ActSpec, OutputSpec, ServiceFile
from . import publishing, unbuilt, ways_in
from .asking import check_parties
from .draft import FILE, Draft, stem
from .groups import check_post
from .offline import check_offline

MOMENTS = frozenset({"received", "notified", "paid", "started"})
BUILTIN_TERMS = frozenset({"appeal", "appeal_decision", "correction", "firmness"})


def check(draft: Draft) -> None:
    """Names that nothing declares, doubled ids, missing languages, acts that lack a part."""
    texts(draft)
    service = draft.service
    if service is None:
        return
    _head(draft, service)
    _registers(draft, service)
    _ids(draft, service)
    for name, act in service.acts.items():
        _act(draft, service, name, act)
        _terms(draft, name, act)
        check_parties(draft, name, act)
        check_offline(draft, name, act)
    _thread(draft, service)
    publishing.check(draft, service)
    unbuilt.check(draft, service)
    for path in draft.folder.under("acts/"):
        name = path.split("/")[1]
        if name not in service.acts:
            draft.add(
                "act-undeclared",
                path,
                1,
                say={"es": f"El acto {name} no está en acts.", "en": f"The act {name} is not in acts."},
                cure={"es": "Declárelo o quite la carpeta.", "en": "Declare it or remove the folder."},
            )


def texts(draft: Draft) -> None:
    """A text `{es, en}` of `service.yaml` that lacks a language, or words of one language alone."""
    for path, value in draft.yaml.walk():
        if isinstance(value, dict) and value and set(value) < {"es", "en"}:
            missing_language(draft, FILE, draft.in_yaml(*path), ".".join(map(str, path)), value)


def missing_language(draft: Draft, file: str, line: int, name: str, value: dict[str, object]) -> None:
    """Note a text that lacks one of the languages."""
    lacking = "en" if "es" in value else "es"
    draft.add(
        "text-language",
        file,
        line,
        say={"es": f"{name} no está en «{lacking}».", "en": f'{name} is not in "{lacking}".'},
        cure={"es": f"Agregue {lacking}.", "en": f"Add {lacking}."},
    )


def _head(draft: Draft, service: ServiceFile) -> None:
    if service.slug != draft.folder.slug:
        draft.add(
            "slug-folder",
            FILE,
            draft.in_yaml("slug"),
            say={
                "es": f"La carpeta se llama {draft.folder.slug} y el slug es {service.slug}.",
                "en": f"The folder is named {draft.folder.slug} and the slug is {service.slug}.",
            },
            cure={"es": "Deje el mismo nombre en los dos.", "en": "Give both the same name."},
        )
    number, _, digit = service.agency.partition("-")
    right = str(nit_check_digit(number))
    if digit != right:
        draft.add(
            "agency-nit",
            FILE,
            draft.in_yaml("agency"),
            say={
                "es": f"El dígito de verificación de {number} es {right}, no {digit}.",
                "en": f"The check digit of {number} is {right}, not {digit}.",
            },
            cure={"es": "Revise el NIT de la entidad.", "en": "Check the agency's NIT."},
        )
    draft.law(service.retention.law, FILE, draft.in_yaml("retention", "law"))
    if "life_moments" in draft.lists:
        moments = [code.code for code in draft.lists["life_moments"][1]]
        for at, moment in enumerate(service.life_moments):
            if moment not in moments:
                line = draft.in_yaml("life_moments", at)
                draft.unknown(
                    "list-unknown", FILE, line, moment, moments, es="el momento de vida", en="life moment"
                )


def _registers(draft: Draft, service: ServiceFile) -> None:
    for at, read in enumerate(service.registers.reads):
        here = ("registers", "reads", at)
        draft.law(read.law, FILE, draft.in_yaml(*here, "law"))
        if read.register_ not in draft.register_files:
            line = draft.in_yaml(*here, "register")
            names = draft.register_files
            draft.unknown(
                "register-unknown", FILE, line, read.register_, names, es="el registro", en="register"
            )
            continue
        fields = draft.register_fields(read.register_)
        if fields is None:
            continue
        for place, names_read in (("fields", read.fields), ("shows", read.shows)):
            for index, field in enumerate(names_read):
                if field.split(".")[0] not in fields:
                    line = draft.in_yaml(*here, place, index)
                    draft.unknown("field-unknown", FILE, line, field, fields, es="el campo", en="field")
    own = [name for name, path in draft.register_files.items() if path.startswith("registers/")]
    for at, name in enumerate(service.registers.writes):
        if name not in own:
            line = draft.in_yaml("registers", "writes", at)
            draft.unknown(
                "register-unknown", FILE, line, name, own, es="el registro propio", en="own register"
            )


def _ids(draft: Draft, service: ServiceFile) -> None:
    groups: list[tuple[tuple[str | int, ...], list[str]]] = [
        (("legal_basis",), [law.id for law in service.legal_basis]),
        (("stages",), [stage.id for stage in service.stages]),
        (("registers", "reads"), [read.id for read in service.registers.reads]),
    ]
    for name, act in service.acts.items():
        groups += [
            (("acts", name, "terms"), [term.id for term in act.terms]),
            (("acts", name, "outputs"), [output.id for output in act.outputs]),
            (("acts", name, "evidence"), [evidence.id for evidence in act.evidence]),
            (("acts", name, "parties"), [party.id for party in act.parties]),
        ]
    for path, ids in groups:
        for at, one in enumerate(ids):
            if one in ids[:at]:
                draft.add(
                    "duplicate-id",
                    FILE,
                    draft.in_yaml(*path, at),
                    say={
                        "es": f"El id {one} está dos veces en {path[-1]}.",
                        "en": f"The id {one} stands twice in {path[-1]}.",
                    },
                    cure={"es": "Cambie uno de los dos.", "en": "Change one of the two."},
                )


def _act(draft: Draft, service: ServiceFile, name: str, act: ActSpec) -> None:
    here = ("acts", name)
    files = draft.folder.files
    lacking = [part for part in ("form.json", "process.bpmn") if f"acts/{name}/{part}" not in files]
    if lacking and (act.guide is None or len(lacking) == 1):
        draft.add(
            "act-incomplete",
            FILE,
            draft.in_yaml(*here),
            say={
                "es": f"Al acto {name} le falta {' y '.join(lacking)}.",
                "en": f"The act {name} lacks {' and '.join(lacking)}.",
            },
            cure={
                "es": f"Escríbalo en acts/{name}/, o explique el acto con guide si nadie lo inicia aquí.",
                "en": f"Write it in acts/{name}/, or explain the act with guide if nobody starts it here.",
            },
        )
    for at, need in enumerate(act.needs):
        _read(draft, need, draft.in_yaml(*here, "needs", at))
    for at, evidence in enumerate(act.evidence):
        if evidence.instead_of:
            _read(draft, evidence.instead_of, draft.in_yaml(*here, "evidence", at, "instead_of"))
    for at, appeal in enumerate(act.appeals):
        draft.law(appeal.law, FILE, draft.in_yaml(*here, "appeals", at, "law"))
        if appeal.by not in ("same", "superior"):
            check_post(draft, appeal.by, FILE, draft.in_yaml(*here, "appeals", at, "by"))
    for at, who in enumerate(act.who):
        if who.kind == "official":
            check_post(draft, who.value, FILE, draft.in_yaml(*here, "who", at))
    if f"acts/{name}/form.json" in files:
        ways_in.check(draft, name, act)
    for at, output in enumerate(act.outputs):
        _output(draft, service, name, (*here, "outputs", at), output)


def _output(
    draft: Draft, service: ServiceFile, name: str, there: tuple[str | int, ...], output: OutputSpec
) -> None:
    files = draft.folder.files
    if output.issuer:
        check_post(draft, output.issuer, FILE, draft.in_yaml(*there, "issuer"))
    draft.law(output.law, FILE, draft.in_yaml(*there, "law"))
    if template_path(draft.folder, name, output.template) not in files:
        known = [stem(path) + ".typ" for path in files if path.endswith(".typ")]
        line = draft.in_yaml(*there, "template")
        draft.unknown(
            "template-missing", FILE, line, output.template, known, es="la plantilla", en="template"
        )
    else:
        _imports(draft, template_path(draft.folder, name, output.template))
    if output.source != "charge" and output.source not in service.registers.writes:
        known = [*service.registers.writes, "charge"]
        line = draft.in_yaml(*there, "source")
        draft.unknown("register-unknown", FILE, line, output.source, known, es="el origen", en="source")
    fields = draft.register_fields(output.source)
    for index, shown in enumerate(output.verify_shows):
        part, dot, _ = shown.partition(".")
        if dot and fields is not None and part not in fields:
            line = draft.in_yaml(*there, "verify_shows", index)
            draft.unknown("field-unknown", FILE, line, part, fields, es="el campo", en="field")
    if output.format != "pdf":
        draft.add(
            "not-built",
            FILE,
            draft.in_yaml(*there, "format"),
            say={
                "es": f"Aún no está construido: resultados en {output.format}.",
                "en": f"Not built yet: outputs as {output.format}.",
            },
            cure={"es": "Use pdf.", "en": "Use pdf."},
        )


def _imports(draft: Draft, main: str) -> None:
    """Every file that the template imports, and those import, is in the folder; none comes from the internet."""
    known = [path for path in draft.folder.files if path.endswith(".typ")]
    seen: set[str] = set()
    waiting = [main]
    while waiting:
        path = waiting.pop()
        if path in seen:
            continue
        seen.add(path)
        for found in imports_of(path, draft.folder.text(path)):
            if found.path in known and not found.is_package:
                waiting.append(found.path)
            elif found.is_package:
                draft.add(
                    "template-import",
                    path,
                    found.line,
                    say={
                        "es": f"{found.written} vendría de internet.",
                        "en": f"{found.written} would come from the internet.",
                    },
                    cure={
                        "es": "Copie en la carpeta lo que necesita.",
                        "en": "Copy what you need into the folder.",
                    },
                )
            else:
                draft.unknown(
                    "template-import", path, found.line, found.path, known, es="la plantilla", en="template"
                )


def _read(draft: Draft, read: str, line: int) -> None:
    if read not in draft.reads:
        draft.unknown("read-unknown", FILE, line, read, draft.reads, es="la consulta", en="look-up")


def _terms(draft: Draft, name: str, act: ActSpec) -> None:
    terms = {term.id for term in act.terms}
    process = draft.processes.get(name)
    for at, term in enumerate(act.terms):
        here = ("acts", name, "terms", at)
        draft.law(term.law, FILE, draft.in_yaml(*here, "law"))
        start, _, what = term.from_.partition(".")
        if term.from_ not in MOMENTS and not (what == "expired" and start in terms):
            known = [*MOMENTS, *(f"{other}.expired" for other in terms - {term.id})]
            line = draft.in_yaml(*here, "from")
            draft.unknown("term-unknown", FILE, line, term.from_, known, es="el momento", en="moment")
        for index, element in enumerate(term.pause_in):
            if process is not None and element not in process.nodes:
                line = draft.in_yaml(*here, "pause_in", index)
                draft.unknown(
                    "element-unknown", FILE, line, element, process.nodes, es="el elemento", en="element"
                )


def _thread(draft: Draft, service: ServiceFile) -> None:
    outputs = [output.id for act in service.acts.values() for output in act.outputs]
    for output, thread in service.thread.items():
        if output not in outputs:
            line = draft.in_yaml("thread", output)
            draft.unknown("output-unknown", FILE, line, output, outputs, es="el resultado", en="output")
        for at, law in enumerate(thread.law):
            draft.law(law, FILE, draft.in_yaml("thread", output, "law", at))
