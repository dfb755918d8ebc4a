"""A case laid out for an official: answers and looked-up data with their source, papers, terms, rules and articles."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from ruta.cases import selectors
from ruta.cases.facts import entries_of
from ruta.cases.models import Case
from ruta.cases.outputs import entry_in_words
from ruta.cases.terms import APPEAL
from ruta.definitions.runtime import CompiledService
from ruta.definitions.schema import Law
from ruta.documents.models import CaseDocument
from ruta.documents.previews import PICTURED
from ruta.kernel.identifiers import format_document
from ruta.kernel.texts import current_language, pick
from ruta.registers.words import label_of
from ruta.web.site import parts
from ruta.web.site.entry_differences import shown
from ruta.web.site.legal_clock import legal_clock
from ruta.web.site.templatetags.site import day, moment

from . import words


@dataclass(frozen=True)
class FoundView:
    """What a register answered: whose, when, and its fields; `note` is what the person says is wrong with it, `fault`
    why there is no answer to use."""

    id: str
    title: str
    status: str
    color: str
    icon: str
    source: str
    at: str
    facts: tuple[parts.Fact, ...]
    note: str = ""
    fault: str = ""


@dataclass(frozen=True)
class RuleView:
    """One rule that hit: in words, with its article, and what it saw (for who checks it)."""

    words: str
    article: str
    says: str
    rule: str
    inputs: str


@dataclass(frozen=True)
class ClockView:
    """A legal term: the clock, and which term of which article it is."""

    clock: parts.LegalClock
    term: str


@dataclass(frozen=True)
class Paper:
    """A document of the electronic file."""

    order: int
    name: str
    kind: str
    pages: str
    added_at: datetime
    pictured: bool


def applicant(case: Case, compiled: CompiledService) -> list[parts.Fact]:
    """Who asks, how surely we know it, and how it came."""
    facts = case.applicant_facts
    number = str(facts.get("document_number") or "")
    kind = str(facts.get("document_type") or "")
    types = compiled.lists.get("document_types")
    title = types.title(kind, current_language()) if types and kind else kind
    told = [
        parts.Fact(_("Solicitante"), case.applicant_name or _("Sin nombre")),
        parts.Fact(title or _("Documento"), format_document(kind, number) if kind and number else number),
        parts.Fact(_("Identidad confirmada"), words.level(str(facts.get("level")))),
        parts.Fact(_("Canal"), words.channel(case.channel)),
        parts.Fact(_("Radicado"), moment(case.filed_at)),
        parts.Fact(_("Recibido"), day(case.received_on)),
    ]
    return [fact for fact in told if fact.value]


def clocks(case: Case, compiled: CompiledService) -> list[ClockView]:
    """The terms that still matter, the first to end in front; what was kept is in the history."""
    act = compiled.act(case.act)
    return [
        ClockView(
            parts.LegalClock(
                "running", _("Se puede recurrir hasta el %(due)s") % {"due": day(each.due_on)}, ""
            )
            if each.term == APPEAL and each.status == "running"
            else legal_clock(each),
            words.term(compiled, act, each.term),
        )
        for each in selectors.clocks_of(case)
    ]


def stages(case: Case) -> list[parts.Stage]:
    """Every stage that the act's process names, passed or to come; the applicant's line tells those passed through."""
    return [parts.Stage(pick(each.title), each.state) for each in selectors.stages_of(case)]


def papers(case: Case, rows: Iterable[CaseDocument]) -> list[Paper]:
    """The electronic file in order."""
    return [
        Paper(
            row.order,
            row.name,
            words.paper(row.document_type),
            _("folio %(first)s") % {"first": row.first_page}
            if row.first_page == row.last_page
            else _("folios %(first)s a %(last)s") % {"first": row.first_page, "last": row.last_page},
            row.added_at,
            row.blob.media_type in PICTURED and not row.is_erased,
        )
        for row in rows
    ]


def answers(case: Case, compiled: CompiledService) -> list[parts.Fact]:
    """What was asked for, in the form's order and words."""
    form = compiled.act(case.act).form
    if form is None:
        return []
    lang = current_language()
    return [
        parts.Fact(pick(field.label), compiled.in_words(field, case.form[field.name], lang))
        for field in form.answered(case.form)
    ]


def found(case: Case, compiled: CompiledService) -> list[FoundView]:
    """Every look-up of the case with its answer."""
    return [
        _found(compiled, read, fact) for read, fact in case.facts.items() if fact.get("status") is not None
    ]


def _found(compiled: CompiledService, read_id: str, fact: Mapping[str, Any]) -> FoundView:
    read = compiled.read(read_id)
    status, color, icon = words.look_up(str(fact["status"]), str((fact.get("fault") or {}).get("code", "")))
    at = fact.get("at")
    return FoundView(
        id=read_id,
        title=pick(read.title) or _about(compiled.register(read.register_).title, read.key),
        status=status,
        color=color,
        icon=icon,
        source=compiled.register(read.register_).title,
        at=moment(datetime.fromisoformat(str(at))) if at else "",
        facts=tuple(
            told
            for each in entries_of(fact)
            for told in _entry_facts(compiled, read.register_, each, read.fields)
        ),
        note=str(fact.get("note") or ""),
        fault=_fault(fact.get("fault") or {}),
    )


def _fault(fault: Mapping[str, Any]) -> str:
    """Why there is no answer to use, and of impossible data, which and why."""
    told = words.fault(str(fault.get("code", "")))
    return " ".join([f"{told[:1].upper()}{told[1:]}.", *map(pick, fault.get("say", ()))]) if told else ""


def _about(register: str, key: str) -> str:
    """The register, and that the entry is the applicant's own where the look-up asked for nothing else."""
    if "applicant." in key and "form." not in key:
        return _("%(register)s · de quien lo pide") % {"register": register}
    return register


def _entry_facts(
    compiled: CompiledService, register: str, value: Mapping[str, Any], fields: Iterable[str]
) -> Iterable[parts.Fact]:
    schema = compiled.register(register).schema
    wanted = set(fields)
    for name, told in entry_in_words(compiled, register, value, current_language()).items():
        node = schema["properties"].get(name, {})
        text = shown(schema, node, told)
        if text and name in wanted:
            yield parts.Fact(pick(label_of(node, name)), text)


def rules(explanation: Iterable[Mapping[str, Any]], compiled: CompiledService) -> list[RuleView]:
    """The rules that decided, in order, each with its article and what that says."""
    return [_rule(line, line["law"]) for line in explanation]


def _rule(line: Mapping[str, Any], law: Law | None) -> RuleView:
    seen = [f"{pick(label)}: {_plain(value)}" for label, value in line["inputs"] if _is_plain(value)]
    return RuleView(
        words=pick(line["words"]) or str(line["decision"]),
        article=law.cited if law else "",
        says=pick(law.says) if law else "",
        rule=f"{line['decision']} · {line['rule']}",
        inputs=" · ".join(seen),
    )


def _plain(value: Any) -> str:
    return shown({}, {}, value) or "—"


def _is_plain(value: Any) -> bool:
    return not isinstance(value, Mapping | list)
