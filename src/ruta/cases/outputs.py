"""What a document says: the entry in words, the applicant's purpose, who signs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING, Any
from uuid import UUID

from ruta.definitions import posts
from ruta.definitions.runtime import CompiledService
from ruta.definitions.schema import OutputSpec
from ruta.engine import forms
from ruta.engine.forms import dates
from ruta.identity.models import Agency, Official
from ruta.kernel import clock, identifiers
from ruta.kernel.texts import pick
from ruta.registers import selectors as registers

if TYPE_CHECKING:
    from .machine import Machine


def entry_in_words(
    compiled: CompiledService, register: str, data: Mapping[str, Any], lang: str
) -> dict[str, Any]:
    """The entry as a person reads it: dates in words, codes by their titles; a person's document in one piece."""
    schema = compiled.register(register).schema
    return _object_in_words(compiled, schema, data, schema, lang)


def _object_in_words(
    compiled: CompiledService,
    schema: Mapping[str, Any],
    data: Mapping[str, Any],
    root: Mapping[str, Any],
    lang: str,
) -> dict[str, Any]:
    if "$ref" in schema:
        schema = root["$defs"][schema["$ref"].rsplit("/", 1)[1]]
    words: dict[str, Any] = {}
    for name, part in schema.get("properties", {}).items():
        value = data.get(name)
        if isinstance(value, Mapping):
            words[name] = _object_in_words(compiled, part, value, root, lang)
        elif "$ref" in part:
            words[name] = _object_in_words(compiled, part, {}, root, lang)
        else:
            words[name] = _value_in_words(compiled, part, value, lang)
    if "number" in words:
        kind, number = data.get("type"), data.get("number")
        words["document"] = (
            identifiers.format_document(str(kind), str(number)) if kind and number else (number or None)
        )
    return words


def _value_in_words(compiled: CompiledService, schema: Mapping[str, Any], value: Any, lang: str) -> Any:
    if value is None:
        return None
    ui = schema.get("x-ui", {})
    if schema.get("format") == "date":
        return dates.long(date.fromisoformat(str(value)), lang)
    if ui.get("list"):
        return compiled.list(ui["list"]).title(str(value), lang) or value
    if ui.get("options"):
        return pick(ui["options"].get(value), lang) or value
    return value


def document_data(
    machine: Machine, spec: OutputSpec, of: Mapping[str, Any], given: Mapping[str, Any]
) -> dict[str, Any]:
    """`doc` of a template, without its `output` part: language, agency, office, what was asked, entry, notes."""
    case = machine.case
    register = register_of(spec, of)
    data = of.get("value") or {}
    form = machine.act.form
    assert form is not None
    entry = entry_in_words(machine.compiled, register, data, case.lang) if register else {}
    words = {
        name: forms.in_words(form.fields[name], value, case.lang)
        for name, value in given.items()
        if name in form.fields
    }
    agency = Agency.objects.filter(nit=case.agency).first()
    return {
        "lang": case.lang,
        "agency": agency.name if agency else case.agency,
        "office": entry.get("office") or "",
        "case_number": case.number,
        **dict(given),
        "words": words,
        "entry": entry,
        "raw": dict(data),
        "notes": _notes(machine, of),
        "shows": public_words(machine, given),
    }


def register_of(spec: OutputSpec, of: Mapping[str, Any]) -> str:
    """The register whose entry the output states; empty when it states a charge."""
    return "" if spec.source in ("charge", "") else str(spec.source)


def _notes(machine: Machine, of: Mapping[str, Any]) -> list[dict[str, str]]:
    if not of.get("entry_id"):
        return []
    notes = list(
        registers.notes_of(
            UUID(str(of["entry_id"])), actor=machine.actor, register=str(of.get("source") or "")
        )
    )
    if not notes:
        return []
    kinds = registers.spec(str(of["source"])).notes
    lang = machine.case.lang
    return [
        {
            "date": dates.long(clock.local_date(note.recorded_at), lang),
            "kind": pick(kinds[note.kind].title, lang) if note.kind in kinds else note.kind,
            "text": note.text,
        }
        for note in notes
    ]


def public_words(machine: Machine, given: Mapping[str, Any]) -> dict[str, Any]:
    """Answers of the form in the words of both languages, for whoever verifies the output."""
    form = machine.act.form
    assert form is not None
    return {
        name: {lang: forms.in_words(form.fields[name], value, lang) for lang in ("es", "en")}
        for name, value in given.items()
        if name in form.fields and value is not None
    }


def issued_as(machine: Machine, spec: OutputSpec) -> Mapping[str, str]:
    """The title of the document that this case gets, in both languages: that of its kind, where it has kinds."""
    if spec.issued_as is None:
        return spec.title
    return {lang: machine.rules.render(text, machine.variables) for lang, text in spec.issued_as.items()}


def signer(machine: Machine, spec: OutputSpec) -> tuple[str, Mapping[str, str]]:
    """Name, and post in both languages, of who answers for the output: who last finished a task of the case under a
    post that signs it (the output's `issuer`, else any of the list `posts` that signs), else the first official of
    the agency under the first such post; empty where there is nobody."""
    known = posts.titles(machine.compiled)
    roles = (spec.issuer,) if spec.issuer else posts.with_power("signs", known)
    official = _signer(machine, roles)
    if official is None:
        return "", {}
    (post,) = posts.groups_in_words([official.group], machine.compiled)
    return official.person.full_name, post


def _signer(machine: Machine, roles: Sequence[str]) -> Official | None:
    done = (
        machine.case.tasks.filter(done_by__role__in=roles)
        .select_related("done_by__person", "done_by__team")
        .order_by("-done_at")
        .first()
    )
    if done is not None:
        return done.done_by
    of_agency = Official.objects.filter(team__agency__nit=machine.case.agency, role__in=roles, active=True)
    found = of_agency.select_related("person", "team").order_by("id")
    return min(found, key=lambda official: roles.index(official.role), default=None)
