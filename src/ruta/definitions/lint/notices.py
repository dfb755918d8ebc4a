"""Checks of what other agencies are told: the list of their services, the notices, and each box that tells."""

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from ruta.engine import bpmn, feel
from ruta.engine.feel import syntax
from ruta.engine.terms import Length, LengthError
from ruta.kernel.audit import Purpose
from ruta.kernel.errors import Invalid
from ruta.registers.spec import RegisterSpec

from .. import agency_services
from ..findings import did_you_mean
from ..tables import Code
from .draft import FILE, Draft

XROAD = r"[A-Z]{2}/[A-Z]{3}/[0-9]{9}/[A-Z0-9-]+/[a-z0-9-]+/v[0-9]+"


def check(draft: Draft) -> None:
    """The services that may be told, each notice, and the purposes of look-ups."""
    notices = {name: _notice(draft, path) for name, path in _files(draft).items()}
    path, rows = _rows(draft)
    for row in rows:
        for say_es, say_en in _faults(row, notices):
            draft.add(
                "agency-service-invalid",
                path,
                row.line,
                say={"es": f"{row.code}: {say_es}", "en": f"{row.code}: {say_en}"},
                cure={"es": "Corrija la fila.", "en": "Mend the row."},
            )
    for at, read in enumerate(draft.service.registers.reads if draft.service else ()):
        check_purpose(draft, read.purpose, FILE, draft.in_yaml("registers", "reads", at, "purpose"))


def check_purpose(draft: Draft, purpose: str, file: str, line: int) -> None:
    """Note a purpose for which nobody may read or tell personal data."""
    if purpose not in Purpose.values:
        draft.unknown("purpose-unknown", file, line, purpose, Purpose.values, es="la finalidad", en="purpose")


def check_box(
    draft: Draft, path: str, node: bpmn.Node, given: Mapping[str, str], lines: Mapping[str, int]
) -> None:
    """A box that tells: its service, purpose and data, as far as they are spelled; `lines` are those of its inputs."""
    purpose = _constants(given.get("purpose", ""))
    for each in purpose:
        check_purpose(draft, each, path, lines.get("purpose", node.line))
    known = {row.code: row.more.get(agency_services.TAKES, "") for row in _rows(draft)[1]}
    files = _files(draft)
    for code in _services(node, given.get("service", "")):
        if code not in known:
            line = lines.get("service", node.line)
            draft.unknown(
                "agency-service-unknown", path, line, code, known,
                es="el servicio de otra entidad", en="service of another agency",
            )  # fmt: skip
            continue
        about = _read(draft, files.get(known[code], ""))
        if about is not None:
            _data(draft, path, lines.get("data", node.line), code, about, given.get("data", ""))


def _services(node: bpmn.Node, source: str) -> Iterable[str]:
    """The services that a box tells, as far as they are spelled: by itself, or in the list over which it is repeated."""
    loop = node.loop
    name = source.removeprefix("=").strip()
    if loop is not None and name == loop.element and loop.collection:
        return _constants(loop.collection)
    return _constants(source)


def _constants(text: str) -> tuple[str, ...]:
    """The texts that an expression spells: one, or a list of them; none when it is computed."""
    tree = _tree(text)
    parts = tree.items if isinstance(tree, syntax.ListOf) else (tree,)
    return tuple(
        part.value for part in parts if isinstance(part, syntax.Constant) and isinstance(part.value, str)
    )


def _tree(text: str) -> syntax.Node | None:
    if not text.startswith("="):
        return None
    try:
        tree: syntax.Node = feel.compile(text[1:]).tree
    except feel.FeelError:
        return None  # noted where expressions are checked
    return tree


def _data(draft: Draft, path: str, line: int, code: str, about: RegisterSpec, source: str) -> None:
    """The data spelled as a context name each field that the notice needs, and none that it does not have."""
    tree = _tree(source)
    if not isinstance(tree, syntax.ContextOf):
        return
    named = {name for name, _ in tree.entries}
    fields = about.schema.get("properties", {})
    for field in sorted(about.required - named):
        draft.add(
            "verb-input",
            path,
            line,
            say={"es": f"El aviso a {code} necesita {field}.", "en": f"The notice to {code} needs {field}."},
            cure={"es": f"Agregue {field} a data.", "en": f"Add {field} to data."},
        )
    for field in sorted(named - set(fields)):
        draft.add(
            "field-unknown",
            path,
            line,
            say={"es": f"El aviso a {code} no lleva {field}.", "en": f"The notice to {code} has no {field}."},
            cure=did_you_mean(field, fields),
        )


def _files(draft: Draft) -> Mapping[str, str]:
    return draft.folder.named(agency_services.NOTICES, ".json")


def _rows(draft: Draft) -> tuple[str, tuple[Code, ...]]:
    path, rows = draft.lists.get(agency_services.LIST, ("", ()))
    return path, tuple(rows)


def _faults(row: Code, notices: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    xroad, takes = row.more.get(agency_services.XROAD, ""), row.more.get(agency_services.TAKES, "")
    if not re.fullmatch(XROAD, xroad):
        shape = "CO/GOB/NIT/SUBSYSTEM/service/v1"
        yield (
            f"«{xroad}» no es un servicio X-Road ({shape}).",
            f"“{xroad}” is not an X-Road service ({shape}).",
        )
    if takes not in notices:
        told = ", ".join(sorted(notices)) or "—"
        yield f"no hay un aviso «{takes}»; hay: {told}.", f"there is no notice “{takes}”; there are: {told}."
    if patience := row.more.get(agency_services.PATIENCE, ""):
        try:
            Length.parse(patience)
        except LengthError as wrong:
            yield wrong.say["es"], wrong.say["en"]


def _notice(draft: Draft, path: str) -> RegisterSpec | None:
    """The notice of a file; what is wrong in it is noted."""
    marked = draft.json(path)
    if marked is None:
        return None
    try:
        return agency_services.about(marked.value)
    except Invalid as wrong:
        said = wrong.problems[0].say
        cure = {"es": "Corrija el aviso.", "en": "Mend the notice."}
        draft.add("schema-invalid", path, 1, say=said, cure=cure)
        return None


def _read(draft: Draft, path: str) -> RegisterSpec | None:
    try:
        return agency_services.about(json.loads(draft.folder.text(path))) if path else None
    except (Invalid, ValueError):
        return None  # noted with its file
