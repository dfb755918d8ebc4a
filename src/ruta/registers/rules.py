"""Pure rules of entries: is it right, by what is it found, is it sealed."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from itertools import combinations, product
from typing import Any

from ruta.engine import feel, forms
from ruta.engine.problems import Problem
from ruta.kernel import canonical, clock, names
from ruta.kernel.dates import parse_date
from ruta.kernel.errors import Invalid
from ruta.kernel.formats import FORMATS

from . import words
from .spec import RegisterSpec, spec_of

_JOIN, _VALUES = "+", "|"
_LONGEST = 600


@dataclass(frozen=True)
class KeyRow:
    """One way in which an entry is found."""

    fields: str
    value: str
    unique: bool


def value_at(data: Mapping[str, Any], name: str) -> Any:
    """The value of a field, whose name may be dotted; None where it lacks."""
    here: Any = data
    for part in name.split("."):
        here = here.get(part) if isinstance(here, Mapping) else None
    return here


def is_empty(value: Any) -> bool:
    """Whether a value says nothing."""
    return value is None or value in ("", [])


def _text(value: Any) -> str:
    if isinstance(value, datetime | date):
        return value.isoformat()[:10]
    if isinstance(value, bool):
        return str(value).lower()
    return " ".join(str(value).split())


def _fitting(value: str) -> str:
    # A longer one is found by its digest: the index takes no more, and nobody searches by a part of it.
    return value if len(value) <= _LONGEST else "sha256:" + canonical.sha256_hex(value.encode())


def key_value(values: Sequence[Any]) -> str:
    """The form in which values of a unique key are compared: blanks and case aside, Ñ and accents kept."""
    return _fitting(_VALUES.join(_text(value).upper() for value in values))


def search_value(values: Sequence[Any]) -> str:
    """The form in which values are searched: also accents, hyphens and apostrophes aside."""
    return _fitting(
        _VALUES.join(value.isoformat() if isinstance(value, date) else _searched(value) for value in values)
    )


def _searched(value: Any) -> str:
    text = _text(value)
    # Dates and codes keep their hyphens; only what has letters is a name or a word.
    return names.fold(text) if any(character.isalpha() for character in text) else text


def key_rows(spec: RegisterSpec, data: Mapping[str, Any]) -> list[KeyRow]:
    """Every way in which an entry with these data is found: its keys, and its searches with and without options."""
    rows: dict[tuple[str, str], KeyRow] = {}
    unique = {_JOIN.join(fields) for fields in spec.keys}
    for fields in spec.keys:
        values = [value_at(data, name) for name in fields]
        if not any(is_empty(value) for value in values):
            row = KeyRow(_JOIN.join(fields), key_value(values), True)
            rows[row.fields, row.value] = row
    for fields in spec.searchable:
        for variant in _variants(spec, fields):
            joined = _JOIN.join(variant)
            # What `either` names has several values: the entry is found by each.
            for each in product(*(values_of(spec, data, name) for name in variant)):
                row = KeyRow(joined, search_value(each), False)
                if joined not in unique:
                    rows[row.fields, row.value] = row
    return list(rows.values())


def values_of(spec: RegisterSpec, data: Mapping[str, Any], name: str) -> list[Any]:
    """What the entry has in the field of this name, or in those that `either` means by it; without what is empty."""
    values = [value_at(data, field) for field in spec.fields_of(name)]
    return [value for value in values if not is_empty(value)]


def _variants(spec: RegisterSpec, fields: tuple[str, ...]) -> Iterator[tuple[str, ...]]:
    optional = [name for name in fields if spec.may_leave_out(name)]
    for count in range(len(optional) + 1):
        for left_out in combinations(optional, count):
            kept = tuple(name for name in fields if name not in left_out)
            if len(kept) > 1 or not left_out:
                yield kept


def look_up_row(spec: RegisterSpec, key: Mapping[str, Any]) -> KeyRow:
    """How an entry with this key is found. Raises Invalid when the register may not be searched by these fields."""
    given = {name for name, value in key.items() if not is_empty(value)}
    for fields in spec.keys:
        if given == set(fields):
            return KeyRow(_JOIN.join(fields), key_value([key[name] for name in fields]), True)
    for fields in spec.searchable:
        for variant in _variants(spec, fields):
            if given == set(variant):
                return KeyRow(_JOIN.join(variant), search_value([key[name] for name in variant]), False)
    ways = "; ".join(", ".join(fields) for fields in (*spec.keys, *spec.searchable))
    raise Invalid(
        [
            Problem(
                "/key",
                "not-searchable",
                {
                    "es": f"Este registro no se busca por {', '.join(sorted(given)) or 'nada'}. Se busca por: {ways}.",
                    "en": f"This register is not searched by {', '.join(sorted(given)) or 'nothing'}. "
                    f"It is searched by: {ways}.",
                },
            )
        ]
    )


def search_text(spec: RegisterSpec, data: Mapping[str, Any]) -> str:
    """The words of an entry that officials search by part: its searchable fields in free text, folded."""
    properties = spec.schema.get("properties", {})
    named = dict.fromkeys(name for fields in spec.searchable for name in fields)
    wanted = dict.fromkeys(field for name in named for field in spec.fields_of(name))
    parts = [
        str(value)
        for name in wanted
        if not {"pattern", "format", "enum"} & set(properties.get(name.partition(".")[0], {}))
        and isinstance(value := value_at(data, name), str)
    ]
    return names.fold(" ".join(parts))[:400]


def is_sealed(spec: RegisterSpec, data: Mapping[str, Any], now: datetime) -> bool:
    """Whether an entry with these data is sealed (`x-register.sealed`), judged when it is recorded."""
    if spec.seal is None:
        return False
    return spec.seal({"entry": feel.to_feel(dict(data))}, feel.Context(now=now)) is True


def problems_of(
    spec: RegisterSpec, data: Mapping[str, Any], now: datetime, *, code_fault: forms.CodeFault | None = None
) -> tuple[Problem, ...]:
    """What is wrong with the data of an entry, by field, in words: by the schema, its formats, its lists, its checks.

    `code_fault` tells of (list, code) what is wrong with a code; without it no list is asked. The checks see the
    fields that are right by themselves.
    """
    entry = dict(data)
    wrong = [
        words.of_misfit(each)
        for each in forms.misfits(spec.schema, entry, formats=FORMATS, code_fault=code_fault)
    ]
    places = {problem.at for problem in wrong}
    by_schema = (words.problem_of(spec.schema, error) for error in spec.validator.iter_errors(entry))
    wrong += [problem for problem in by_schema if problem.at not in places]
    return (*wrong, *_by_checks(spec, entry, now, {problem.at for problem in wrong}))


def _by_checks(
    spec: RegisterSpec, entry: Mapping[str, Any], now: datetime, wrong: Collection[str]
) -> Iterator[Problem]:
    if not spec.checks:
        return
    right = {name: value for name, value in entry.items() if f"/{name}" not in wrong}
    seen = {name: forms.feel_value(field, right.get(name)) for name, field in spec.fields.items()}
    ctx = feel.Context(now=now)
    env = {"entry": feel.to_feel(seen), "today": clock.local_date(now), "now": now}
    for check in spec.checks:
        if check.wrong_when(env, ctx) is True:
            node = words.node_at(spec.schema, check.at.split("/")[1:])
            label = words.label_of(node, check.at.rpartition("/")[2])
            es, en = check.say["es"], check.say["en"]
            yield replace(words.problem(check.at, check.id, label, es, en), law=check.law)


def read_entry(
    schema: Mapping[str, Any],
    typed: Mapping[str, Any],
    now: datetime,
    *,
    code_fault: forms.CodeFault | None = None,
) -> tuple[dict[str, Any], tuple[Problem, ...]]:
    """An entry from what an official typed, and what is wrong with it (see `problems_of`).

    Names may be dotted (`mother.names`) or nested. Dates are typed dd/mm/aaaa, numbers as text, several values with
    commas between them; what is empty is left out. A value that cannot be read stays out of the entry and is a problem.
    """
    reader = _Typed(schema)
    entry = reader.object(schema, _nested(typed))
    unread = {problem.at for problem in reader.problems}
    judged = problems_of(spec_of(schema), entry, now, code_fault=code_fault)
    return entry, (*reader.problems, *(problem for problem in judged if problem.at not in unread))


def _nested(typed: Mapping[str, Any]) -> dict[str, Any]:
    out: dict[str, Any] = {}
    for name, value in typed.items():
        here = out
        *path, last = name.split(".")
        for part in path:
            here = here.setdefault(part, {})
        here[last] = value
    return out


class _Typed:
    """Reads what was typed by the schema; what cannot be read becomes a problem."""

    def __init__(self, root: Mapping[str, Any]) -> None:
        self.root = root
        self.problems: list[Problem] = []

    def object(self, node: Mapping[str, Any], typed: Mapping[str, Any], at: str = "") -> dict[str, Any]:
        out: dict[str, Any] = {}
        properties = forms.resolved(self.root, node).get("properties", {})
        for name, value in typed.items():
            about = forms.resolved(self.root, properties.get(name, {}))
            if isinstance(value, Mapping):
                read: Any = self.object(about, value, f"{at}/{name}")
            elif isinstance(value, str):
                read = self.text(about, value.strip(), f"{at}/{name}", words.label_of(about, name))
            else:
                read = value
            if not is_empty(read) and read != {}:
                out[name] = read
        for name in forms.resolved(self.root, node).get("required", ()):
            # Of a person who has to be named, each part that lacks is told beside its own field.
            if name not in out and forms.resolved(self.root, properties.get(name, {})).get("required"):
                out[name] = {}
        return out

    def text(  # noqa: PLR0911  one way for each type
        self, about: Mapping[str, Any], text: str, at: str, label: dict[str, str]
    ) -> Any:
        kind = about.get("type")
        try:
            if not text:
                return None
            if kind == "array":
                items = forms.resolved(self.root, about.get("items", {}))
                parts = [part.strip() for part in text.replace("\n", ",").split(",") if part.strip()]
                return [self.text(items, part, f"{at}/{place}", label) for place, part in enumerate(parts)]
            if kind == "boolean":
                return text.lower() in ("true", "on", "1", "si", "sí", "yes")
            if kind in ("integer", "number"):
                return int(text.replace(".", "")) if kind == "integer" else float(text.replace(",", "."))
            told = str(about.get("format"))
            if told == "date":
                return parse_date(text, at=at, label=label).isoformat()
            return FORMATS[told].stored(text) if told in FORMATS else text
        except Invalid as wrong:
            self.problems.extend(wrong.problems)
        except ValueError:
            self.problems.append(words.problem(at, "type", label, *words.NUMBER))
        return None
