"""What a register's file says (contract §5), read once per content: keys, searches, seal, notes, ranges. Pure."""

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from functools import lru_cache
from typing import Any

import jsonschema_rs

from ruta.engine import feel, forms
from ruta.engine.problems import Problem
from ruta.engine.terms import Length, LengthError
from ruta.kernel import canonical
from ruta.kernel.errors import Invalid
from ruta.kernel.formats import FORMATS

_KNOWN = (
    "title",
    "key",
    "never_reused",
    "ranges",
    "links",
    "notes",
    "valid_from",
    "either",
    "holder",
    "holder_type",
    "office",
    "searchable",
    "sealed",
    "source",
    "proofing",
)
_NOT_BUILT = ("exclusive", "derived")
_OPTIONAL_IN_SEARCH = 3
_CHECK = ("id", "at", "wrong_when", "say", "law")
ENTRY_NAMES = ("entry", "today", "now")
"""What a check of a register sees."""


@dataclass(frozen=True)
class NoteKind:
    """A kind of marginal note; `sets` are the fields whose value a note gives."""

    id: str
    title: Mapping[str, str]
    sets: tuple[str, ...]
    sealed: bool


@dataclass(frozen=True)
class RangeKind:
    """Numbers given out in ranges: the field of that name gets `digits` digits, per office when `per_office`."""

    id: str
    digits: int
    per_office: bool


@dataclass(frozen=True)
class EntryCheck:
    """A rule over several fields of an entry (`x-checks`): wrong when `wrong_when` is true. It sees `entry`, `today`
    and `now`."""

    id: str
    at: str
    wrong_when: feel.Program
    say: Mapping[str, str]
    law: str | None


@dataclass(frozen=True)
class RegisterSpec:
    """A register as its file describes it. Names of fields may be dotted (`mother.number`).

    `either` gives a name to fields of which any may be meant (`spouse_number`: that of one or of the other spouse);
    a search and the holder may use that name.
    """

    schema: Mapping[str, Any]
    title: Mapping[str, str]
    keys: tuple[tuple[str, ...], ...]
    searchable: tuple[tuple[str, ...], ...]
    never_reused: tuple[str, ...]
    ranges: Mapping[str, RangeKind]
    notes: Mapping[str, NoteKind]
    valid_from: str
    either: Mapping[str, tuple[str, ...]]
    holder: str
    holder_type: str
    office: str
    source: Mapping[str, Any] | None
    proofing: tuple[Mapping[str, Any], ...]
    seal: feel.Program | None
    seal_fields: frozenset[str]
    validator: Any
    checks: tuple[EntryCheck, ...]
    fields: Mapping[str, forms.Field]

    @property
    def required(self) -> frozenset[str]:
        """Fields that every entry has."""
        return frozenset(self.schema.get("required", ()))

    def may_leave_out(self, name: str) -> bool:
        """Whether a search may leave the field out: entries may lack it, and it is part of no key."""
        lacking = all(field.partition(".")[0] not in self.required for field in self.fields_of(name))
        return lacking and not any(name in key for key in self.keys)

    def fields_of(self, name: str) -> tuple[str, ...]:
        """The fields that a name of a search or of the holder means: itself, or those of `either`."""
        return self.either.get(name, (name,)) if name else ()


def content_hash(schema: Mapping[str, Any]) -> str:
    """The digest of a register's file."""
    return canonical.sha256_hex(canonical.dumps(schema))


def spec_of(schema: Mapping[str, Any]) -> RegisterSpec:
    """The register that `schema` describes, read once per content. Raises Invalid naming what is wrong in it."""
    return _cached(json.dumps(schema, sort_keys=True))


@lru_cache(maxsize=512)
def _cached(text: str) -> RegisterSpec:
    return _read(json.loads(text))


def _wrong(at: str, check: str, es: str, en: str) -> Invalid:
    return Invalid([Problem(at, check, {"es": es, "en": en})])


def _combinations(rules: Mapping[str, Any], name: str) -> tuple[tuple[str, ...], ...]:
    return tuple(tuple([fields] if isinstance(fields, str) else fields) for fields in rules.get(name, ()))


def _refuse_unknown(rules: Mapping[str, Any]) -> None:
    for name in rules:
        if name in _NOT_BUILT:
            raise _wrong(
                f"/x-register/{name}",
                "not-built",
                f"x-register.{name}: aún no está construido. Quítelo.",
                f"x-register.{name}: not built yet. Remove it.",
            )
        if name not in _KNOWN:
            near = get_close_matches(name, _KNOWN, n=1)
            es = f" ¿Quiso decir {near[0]}?" if near else f" Las que hay: {', '.join(_KNOWN)}."
            en = f" Did you mean {near[0]}?" if near else f" There are: {', '.join(_KNOWN)}."
            raise _wrong(
                f"/x-register/{name}",
                "unknown-key",
                f"x-register.{name}: esa clave no existe.{es}",
                f"x-register.{name}: there is no such key.{en}",
            )


def _read(schema: dict[str, Any]) -> RegisterSpec:
    rules: Mapping[str, Any] = schema.get("x-register", {})
    _refuse_unknown(rules)
    try:
        validator = jsonschema_rs.Draft202012Validator(schema, validate_formats=True)
    except (ValueError, jsonschema_rs.ValidationError) as wrong:
        raise _wrong(
            "", "schema", f"No es un JSON Schema 2020-12: {wrong}", f"Not a JSON Schema 2020-12: {wrong}"
        ) from wrong
    title = rules.get("title") or schema.get("title") or ""
    spec = RegisterSpec(
        schema=schema,
        title=title if isinstance(title, Mapping) else {"es": str(title), "en": str(title)},
        keys=_combinations(rules, "key"),
        searchable=_combinations(rules, "searchable"),
        never_reused=tuple(rules.get("never_reused", ())),
        ranges={
            each["id"]: RangeKind(each["id"], int(each.get("digits", 0)), each.get("per") == "office")
            for each in rules.get("ranges", ())
        },
        notes={
            each["id"]: NoteKind(
                each["id"], each["title"], tuple(each.get("sets", ())), bool(each.get("sealed", False))
            )
            for each in rules.get("notes", ())
        },
        valid_from=rules.get("valid_from", ""),
        either={name: tuple(fields) for name, fields in rules.get("either", {}).items()},
        holder=rules.get("holder", ""),
        holder_type=rules.get("holder_type", ""),
        office=rules.get("office", "office"),
        source=rules.get("source"),
        proofing=tuple(rules.get("proofing", ())),
        seal=_seal(rules.get("sealed")),
        seal_fields=frozenset(re.findall(r"\bentry\.([a-z][a-z0-9_]*)", str(rules.get("sealed") or ""))),
        validator=validator,
        checks=_entry_checks(schema),
        fields={name: forms.field_of(name, schema) for name in schema.get("properties", {})},
    )
    _check_fields(spec)
    _check_formats(schema)
    return spec


def _seal(text: str | None) -> feel.Program | None:
    if not text:
        return None
    try:
        return feel.compile(text.removeprefix("="), names=("entry",))
    except feel.FeelError as wrong:
        raise _wrong(
            "/x-register/sealed", "feel", f"x-register.sealed: {wrong}", f"x-register.sealed: {wrong}"
        ) from wrong


def _check_patience(source: Mapping[str, Any] | None) -> None:
    try:
        if source and source.get("patience"):
            Length.parse(str(source["patience"]))
    except LengthError as wrong:
        raise _wrong(
            "/x-register/source", "patience",
            f"x-register.source.patience: {wrong.say['es']}", f"x-register.source.patience: {wrong.say['en']}",
        ) from None  # fmt: skip


def _entry_checks(schema: Mapping[str, Any]) -> tuple[EntryCheck, ...]:
    found: list[EntryCheck] = []
    for place, part in enumerate(schema.get("x-checks") or ()):
        at = f"/x-checks/{place}"
        for key in part:
            if key not in _CHECK:
                raise _wrong(f"{at}/{key}", "unknown-key", *_no_such("clave", "key", key, _CHECK))
        if missing := [key for key in ("id", "at", "wrong_when", "say") if not part.get(key)]:
            names = ", ".join(missing)
            raise _wrong(at, "schema", f"A la regla le falta: {names}.", f"The check lacks: {names}.")
        properties = schema.get("properties", {})
        field = str(part["at"]).split("/")[1] if "/" in str(part["at"]) else str(part["at"])
        if field not in properties:
            raise _wrong(f"{at}/at", "unknown-field", *_no_such("campo", "field", field, properties))
        try:
            program = feel.compile(str(part["wrong_when"]).removeprefix("="), names=ENTRY_NAMES)
        except feel.FeelError as wrong:
            raise _wrong(f"{at}/wrong_when", "feel", wrong.say["es"], wrong.say["en"]) from wrong
        found.append(EntryCheck(str(part["id"]), str(part["at"]), program, part["say"], part.get("law")))
    return tuple(found)


def _no_such(que: str, what: str, name: str, known: Iterable[str]) -> tuple[str, str]:
    near = get_close_matches(name, list(known), n=1)
    es, en = (f" ¿Quiso decir {near[0]}?", f" Did you mean {near[0]}?") if near else ("", "")
    return f"No existe {que} {name}.{es}", f"There is no {what} {name}.{en}"


def _check_formats(node: Any, at: str = "") -> None:
    """Every `format` is one of JSON Schema or of the platform."""
    if isinstance(node, Mapping):
        told = node.get("format")
        if isinstance(told, str) and "type" in node and told not in FORMATS and told not in forms.STANDARD:
            known = (*FORMATS, *forms.STANDARD)
            raise _wrong(f"{at}/format", "schema", *_no_such("formato", "format", told, known))
        for key, part in node.items():
            if key not in ("x-ui", "x-register", "x-checks", "enum", "default"):
                _check_formats(part, f"{at}/{key}")


def _check_fields(spec: RegisterSpec) -> None:
    """Every field that `x-register` names is in the schema; a register kept here has a key."""
    named = [
        *(("key", name) for fields in spec.keys for name in fields),
        *(
            ("searchable", name)
            for fields in spec.searchable
            for each in fields
            for name in spec.fields_of(each)
        ),
        *(("either", name) for fields in spec.either.values() for name in fields),
        *(("never_reused", name) for name in spec.never_reused),
        *(("ranges", name) for name in spec.ranges),
        *(("notes", name) for note in spec.notes.values() for name in note.sets),
        *(("sealed", name) for name in spec.seal_fields),
        *(
            (rule, name)
            for rule in ("valid_from", "holder", "holder_type")
            for name in spec.fields_of(getattr(spec, rule))
        ),
    ]
    properties = spec.schema.get("properties", {})
    for rule, name in named:
        head = name.partition(".")[0]
        if head not in properties:
            near = get_close_matches(head, properties, n=1)
            es, en = (f" ¿Quiso decir {near[0]}?", f" Did you mean {near[0]}?") if near else ("", "")
            raise _wrong(
                f"/x-register/{rule}",
                "unknown-field",
                f"x-register.{rule}: el campo «{name}» no está en properties.{es}",
                f"x-register.{rule}: field “{name}” is not in properties.{en}",
            )
    _check_patience(spec.source)
    if spec.source is None and not spec.keys:
        raise _wrong(
            "/x-register/key",
            "required",
            "x-register.key: falta. Diga qué campos distinguen un asiento de los demás.",
            "x-register.key: it is missing. Say which fields tell one entry from the others.",
        )
    for fields in spec.searchable:
        if sum(spec.may_leave_out(name) for name in fields) > _OPTIONAL_IN_SEARCH:
            raise _wrong(
                "/x-register/searchable",
                "too-many-optional",
                f"x-register.searchable: {', '.join(fields)} tiene más de {_OPTIONAL_IN_SEARCH} campos opcionales.",
                f"x-register.searchable: {', '.join(fields)} has more than {_OPTIONAL_IN_SEARCH} optional fields.",
            )
