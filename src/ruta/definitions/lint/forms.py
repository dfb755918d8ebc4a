"""Checks of forms and registers: schemas, pages, widgets, conditions, texts, patterns."""

import re
from collections.abc import Iterator
from typing import Any

import jsonschema_rs

from ruta.engine import forms as engine
from ruta.kernel.errors import Invalid
from ruta.kernel.formats import FORMATS
from ruta.registers.spec import ENTRY_NAMES, spec_of

from ..marked import Marked
from .asking import check_task_form
from .draft import Draft
from .expressions import Scope, check_expression, check_pattern, check_template
from .service import missing_language

_Place = tuple[str | int, ...]
RESERVED_PAGES = frozenset({"revisar", "radicado", "despues", "borrar", "autorizar"})
"""Ids that a page may not have: addresses of a draft beside those of its pages."""
_PAGE_ID = re.compile(r"[a-z0-9_-]+")
_FEEL_KEYS = ("when", "prefill", "rows", "wrong_when")


def check(draft: Draft, scopes: dict[str, Scope]) -> None:
    """The form of each act, its task forms, and every register."""
    for act, scope in scopes.items():
        root = f"acts/{act}/"
        if root + "form.json" in draft.folder.files:
            _form(draft, act, root + "form.json", scope)
        for path in draft.folder.under(root + "tasks/", ".json"):
            _task_form(draft, act, path, scope)
    for path in draft.register_files.values():
        _register(draft, path)


def _task_form(draft: Draft, act: str, path: str, scope: Scope) -> None:
    """A form in which a person answers during a case: `form` are its own answers over those filed."""
    marked = draft.json(path)
    if marked is not None and isinstance(marked.value, dict):
        own = frozenset(marked.value.get("properties") or ())
        scope = scope.with_members("form", own)
        check_task_form(draft, path, marked.value, 1)
    _form(draft, act, path, scope)


def _form(draft: Draft, act: str, path: str, scope: Scope) -> None:
    marked = draft.json(path)
    if marked is None:
        return
    if not _is_object(draft, path, marked):
        return
    _whole(draft, path, marked)
    _schema_parts(draft, path, marked)
    for at, value in _expressions(marked.value):
        check_expression(draft, value, scope, path, marked.line(*at))
    for at, by_language in _texts(marked.value):
        for lang, text in by_language.items():
            check_template(draft, text, scope, path, marked.line(*at, lang))
    _page_ids(draft, path, marked)
    reads = draft.reads
    for number, page in enumerate((marked.value.get("x-ui") or {}).get("pages") or ()):
        for index, read in enumerate(page.get("shows") or ()):
            if read not in reads:
                line = marked.line("x-ui", "pages", number, "shows", index)
                draft.unknown("read-unknown", path, line, read, reads, es="la consulta", en="look-up")
    for number, rule in enumerate(marked.value.get("x-checks") or ()):
        draft.law(str(rule.get("law") or ""), path, marked.line("x-checks", number, "law"))
    spec = draft.service.acts.get(act) if draft.service else None
    known = [evidence.id for evidence in spec.evidence] if spec else []
    for at, part in _properties(marked.value):
        name = (part.get("x-ui") or {}).get("evidence")
        if name and name not in known:
            line = marked.line(*at, "x-ui", "evidence")
            draft.unknown("evidence-unknown", path, line, name, known, es="el soporte", en="evidence")


def _page_ids(draft: Draft, path: str, marked: Marked) -> None:
    """The id of a page is a part of its address, and no address of the form's own."""
    for number, page in enumerate((marked.value.get("x-ui") or {}).get("pages") or ()):
        told = str(page.get("id") or "")
        if not told or (_PAGE_ID.fullmatch(told) and told not in RESERVED_PAGES):
            continue
        taken = told in RESERVED_PAGES
        draft.add(
            "form-page-id",
            path,
            marked.line("x-ui", "pages", number, "id"),
            say={
                "es": f"La página {told} no se puede abrir: "
                + (
                    "esa dirección es de todos los formularios."
                    if taken
                    else "su id no cabe en una dirección."
                ),
                "en": f"The page {told} cannot be opened: "
                + ("that address is every form's." if taken else "its id does not fit an address."),
            },
            cure={
                "es": "Póngale otro id, en letras minúsculas, cifras y guiones.",
                "en": "Give it another id, of lower-case letters, digits and hyphens.",
            },
        )


def _is_object(draft: Draft, path: str, marked: Marked) -> bool:
    if isinstance(marked.value, dict):
        return True
    say = {"es": "No es un objeto.", "en": "It is not an object."}
    draft.add(
        "schema-invalid",
        path,
        1,
        say=say,
        cure={"es": "Escriba un esquema JSON.", "en": "Write a JSON Schema."},
    )
    return False


def _whole(draft: Draft, path: str, marked: Marked) -> None:
    """What the engine says of the form as a whole."""
    try:
        engine.load(marked.value, FORMATS)
    except engine.FormError as wrong:
        placed = {
            name
            for page in (marked.value.get("x-ui") or {}).get("pages") or ()
            for name in page.get("fields") or ()
        }
        for pointer, say in wrong.problems:
            at = pointer_parts(pointer)
            check = "form-invalid"
            if not at:
                check = "schema-invalid"
            elif at[-1] == "widget":
                check = "form-widget"
            elif len(at) == 2 and at[0] == "properties" and at[1] not in placed:
                check = "form-field-unplaced"
            elif "x-ui" in at and at[-1] not in ("id", "fields"):
                check = "unknown-key"
            cure = {"es": "Corrija el formulario en ese lugar.", "en": "Mend the form at that place."}
            draft.add(check, path, marked.line(*at), say=say, cure=cure)


def pointer_parts(pointer: str) -> _Place:
    """The steps of a JSON pointer."""
    return tuple(int(part) if part.isdigit() else part for part in pointer.split("/")[1:])


_REGISTER = {
    "not-built": "not-built",
    "unknown-key": "unknown-key",
    "unknown-field": "field-unknown",
    "feel": "feel-syntax",
}


def _register(draft: Draft, path: str) -> None:
    marked = draft.json(path)
    if marked is None or not _is_object(draft, path, marked):
        return
    _schema_parts(draft, path, marked)
    rules = marked.value.get("x-register")
    if not isinstance(rules, dict):
        draft.add(
            "schema-invalid",
            path,
            1,
            say={"es": "Falta x-register.", "en": "x-register is missing."},
            cure={
                "es": "Diga su clave, titular y desde cuándo vale.",
                "en": "Give its key, holder and valid_from.",
            },
        )
        return
    try:
        jsonschema_rs.meta.validate(marked.value)
        spec_of(marked.value)
    except Invalid as wrong:
        for problem in wrong.problems:
            place = pointer_parts(problem.at)
            cure = {"es": "Corríjalo en ese lugar.", "en": "Mend it at that place."}
            draft.add(
                _REGISTER.get(problem.check, "schema-invalid"),
                path,
                marked.line(*place),
                say=problem.say,
                cure=cure,
            )
    except (ValueError, TypeError, KeyError, AttributeError, jsonschema_rs.ValidationError) as wrong:
        fault = str(wrong).splitlines()[0]
        draft.add(
            "schema-invalid",
            path,
            1,
            say={
                "es": f"No es un registro que se pueda usar: {fault}.",
                "en": f"It is not a register that can be used: {fault}.",
            },
            cure={
                "es": "Revise tipos y palabras del esquema.",
                "en": "Check types and keywords of the schema.",
            },
        )
    _entry_checks(draft, path, marked)
    for at, link in enumerate(rules.get("links") or ()):
        target = str(link.get("to", "")).partition(".")[0]
        if target not in draft.register_files:
            line = marked.line("x-register", "links", at, "to")
            names = draft.register_files
            draft.unknown("register-unknown", path, line, target, names, es="el registro", en="register")


def _entry_checks(draft: Draft, path: str, marked: Marked) -> None:
    """The checks of a register: what they name of an entry, and their laws (those of a shared register: of no service)."""
    fields = frozenset(marked.value.get("properties") or {})
    scope = Scope(frozenset(ENTRY_NAMES), {"entry": fields})
    for at, rule in enumerate(marked.value.get("x-checks") or ()):
        if not isinstance(rule, dict):
            continue
        check_expression(
            draft,
            str(rule.get("wrong_when") or "null"),
            scope,
            path,
            marked.line("x-checks", at, "wrong_when"),
        )
        if path.startswith("registers/"):
            draft.law(str(rule.get("law") or ""), path, marked.line("x-checks", at, "law"))


def _schema_parts(draft: Draft, path: str, marked: Marked) -> None:
    """Code lists, patterns and texts of a schema's properties."""
    for at, part in _properties(marked.value):
        ui = part.get("x-ui") or {}
        name = ui.get("list")
        if name and name not in draft.lists:
            line = marked.line(*at, "x-ui", "list")
            draft.unknown("list-unknown", path, line, name, draft.lists, es="la lista", en="list")
        if isinstance(part.get("pattern"), str):
            check_pattern(draft, part["pattern"], path, marked.line(*at, "pattern"))
    for at, value in _texts(marked.value):
        if set(value) < {"es", "en"}:
            missing_language(draft, path, marked.line(*at), "/".join(map(str, at)), dict(value))


def _properties(value: Any, at: _Place = ()) -> Iterator[tuple[_Place, dict[str, Any]]]:
    """Every subschema, with its place."""
    if isinstance(value, dict):
        if "type" in value or "enum" in value or "$ref" in value or "const" in value:
            yield at, value
        for key, part in value.items():
            if key not in ("x-ui", "x-checks", "x-register", "enum", "default"):
                yield from _properties(part, (*at, key))
    elif isinstance(value, list):
        for index, part in enumerate(value):
            yield from _properties(part, (*at, index))


def _expressions(value: Any, at: _Place = ()) -> Iterator[tuple[_Place, str]]:
    """Every FEEL of a form: conditions, prefills, rows, checks."""
    if isinstance(value, dict):
        for key, part in value.items():
            if key in _FEEL_KEYS and isinstance(part, str):
                yield (*at, key), part
            elif key != "properties" or "x-ui" not in at:
                yield from _expressions(part, (*at, key))
    elif isinstance(value, list):
        for index, part in enumerate(value):
            yield from _expressions(part, (*at, index))


def _texts(value: Any, at: _Place = ()) -> Iterator[tuple[_Place, dict[str, str]]]:
    """Every text by language."""
    if isinstance(value, dict):
        if value and set(value) <= {"es", "en"} and all(isinstance(text, str) for text in value.values()):
            yield at, value
            return
        for key, part in value.items():
            yield from _texts(part, (*at, key))
    elif isinstance(value, list):
        for index, part in enumerate(value):
            yield from _texts(part, (*at, index))
