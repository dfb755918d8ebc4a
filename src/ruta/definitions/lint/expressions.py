"""Checks of one FEEL expression: syntax, names, regular expressions, nulls, instants.

What a name may be depends on the place: a `Scope` says which variables stand there and, one step further, which
members `form`, `found`, `terms`, `case`, `applicant` and `decisions` have.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

import re2

from ruta.engine import feel
from ruta.engine.feel import syntax
from ruta.engine.feel.builtins import TABLE
from ruta.engine.feel.reads import children
from ruta.engine.feel.types import NULL, SIMPLE, Type, join
from ruta.engine.forms.model import Field, Form

from ..findings import did_you_mean
from .draft import Draft

BASE = frozenset(  # contract §4.1
    {"case", "applicant", "form", "found", "terms", "charge", "decided", "parties", "output"}
    | {"today", "now", "decisions"}
)
CASE = frozenset({"number", "service", "act", "channel", "filed_on", "received_on"})
APPLICANT = frozenset(
    {"person", "document_type", "document_number", "names", "given_names", "first_surname", "second_surname"}
    | {"birth_date", "level", "acts_as", "represents", "office", "role"}
)
FACT = frozenset({"value", "source", "at", "status", "entry_id", "version", "fault"})
NEVER_NULL = frozenset({"today", "now", *(f"case.{name}" for name in CASE - {"number"}), "applicant.level"})
_KINDS = {
    "text": SIMPLE["string"],
    "date": SIMPLE["date"],
    "integer": SIMPLE["number"],
    "number": SIMPLE["number"],
    "boolean": SIMPLE["boolean"],
}
TYPE_CURE = {
    "es": "Use valores del mismo tipo, o convierta uno: number(x), string(x), date(x).",
    "en": "Use values of one type, or convert one: number(x), string(x), date(x).",
}
_NO_MEMBER = {
    "found": "read-unknown",
    "terms": "term-unknown",
    "decisions": "decision-unknown",
    "parties": "party-unknown",
}
_REGEX = {"matches": 1, "replace": 1, "split": 1}


@dataclass(frozen=True)
class Scope:
    """What stands at a place: `names` by themselves, and the `members` of some of them (those not listed are open).

    `parameters` are the tables of dated figures, `lists` the code lists that a literal first argument may name.
    """

    names: frozenset[str]
    members: Mapping[str, frozenset[str]] = field(default_factory=dict)
    types: Mapping[str, Type] = field(default_factory=dict)

    def plus(self, names: Iterable[str]) -> "Scope":
        """The scope with more variables, about whose members nothing is known."""
        added = frozenset(names)
        return Scope(
            self.names | added,
            {key: value for key, value in self.members.items() if key not in added},
            {key: value for key, value in self.types.items() if key not in added},
        )

    def with_members(self, name: str, members: Iterable[str]) -> "Scope":
        """The scope in which `name` has more members, about whose types nothing is known."""
        types = {key: value for key, value in self.types.items() if key != name}
        if name not in self.members:
            return Scope(self.names, self.members, types)
        return Scope(self.names, {**self.members, name: self.members[name] | frozenset(members)}, types)


def base_scope(draft: Draft, act: str | None, decisions: Iterable[str]) -> Scope:
    """The names of contract §4.1 for an act; for None those that shared files may use: of any act."""
    fields: set[str] = set()
    terms: set[str] = set()
    parties: set[str] = {"applicant"}
    for name, form in draft.forms.items():
        if act in (None, name):
            fields |= set(form.fields)
    for name, spec in draft.service.acts.items() if draft.service else ():
        if act in (None, name):
            terms |= {term.id for term in spec.terms}
            parties |= {party.id for party in spec.parties}
    members = {
        "case": CASE,
        "applicant": APPLICANT,
        "found": draft.reads,
        "terms": frozenset(terms | {"appeal", "appeal_decision", "correction"}),
        "parties": frozenset(parties),
        "decisions": frozenset(decisions),
    }
    if fields:
        members["form"] = frozenset(fields)
    forms = [form for name, form in draft.forms.items() if act in (None, name)]
    types = {"today": SIMPLE["date"], "now": SIMPLE["date and time"]}
    return Scope(BASE, members, types | ({"form": _type_of_forms(forms)} if forms else {}))


def _type_of_forms(forms: Iterable[Form]) -> Type:
    """The answers as FEEL sees them; a field that two acts understand differently may be anything."""
    fields: dict[str, Type] = {}
    for form in forms:
        for name, each in form.fields.items():
            fields[name] = join(fields.get(name, NULL), _type_of_field(each))
    return Type("context", fields=fields)


def _type_of_field(each: Field) -> Type:
    if each.kind == "list":
        return Type("list", _type_of_field(each.item))
    if each.kind in ("group", "rows"):
        group = Type("context", fields={child.name: _type_of_field(child) for child in each.children})
        return group if each.kind == "group" else Type("list", group)
    return _KINDS.get(each.kind) or feel.type_of_schema({"enum": each.schema.get("enum", ())})


def check_expression(
    draft: Draft, text: str, scope: Scope, file: str, line: int, *, unary: bool = False
) -> syntax.Node | None:
    """Note what is wrong with one expression (with or without `=`); the tree when it can be read."""
    compile_text = feel.compile_unary if unary else feel.compile
    try:
        program = compile_text(text.removeprefix("="), names=scope.names, types=scope.types)
    except feel.FeelError as wrong:
        cure = (
            {"es": f"¿Quiso decir {wrong.nearest}?", "en": f"Did you mean {wrong.nearest}?"}
            if wrong.nearest
            else {"es": f"Se lee así: {_short(text)}", "en": f"It reads: {_short(text)}"}
        )
        draft.add("feel-syntax", file, line + wrong.line - 1, say=wrong.say, cure=cure)
        return None
    tree: syntax.Node = program.tree
    for name in sorted(program.names - scope.names - {"item", "partial", "?"}):
        _unknown_name(draft, name, scope.names | set(TABLE), file, line)
    for node, _ in walk(tree):
        _members(draft, node, scope, file, line)
        _call(draft, node, file, line)
    for remark in program.remarks:
        if remark.check not in (
            "unknown-name",
            "unknown-entry",
        ):  # those are told with the names of the contract
            at = line + program.place(remark.at)[0] - 1
            draft.add("feel-type", file, at, say=remark.say, cure=TYPE_CURE)
    for left, right in doubtful_equalities(tree):
        draft.add(
            "null-comparison",
            file,
            line,
            say={
                "es": f"{left} y {right} pueden faltar los dos, y entonces son iguales.",
                "en": f"{left} and {right} may both be missing, and are then equal.",
            },
            cure={
                "es": f"Pruebe antes que no falta: {right} != null and …",
                "en": f"Test first that it is there: {right} != null and …",
            },
        )
    return tree


def check_template(draft: Draft, text: str, scope: Scope, file: str, line: int) -> None:
    """Note what is wrong with the `{{ FEEL }}` of a text that begins on `line`."""
    try:
        feel.Template(text, names=scope.names)
    except feel.FeelError as wrong:
        cure = {"es": "Corrija lo que está entre {{ y }}.", "en": "Mend what stands between {{ and }}."}
        draft.add("feel-syntax", file, line + wrong.line - 1, say=wrong.say, cure=cure)
        return
    for hole in feel.holes(text):
        at = line + text.count("\n", 0, hole.start())
        check_expression(draft, hole[1], scope, file, at)


def check_pattern(draft: Draft, pattern: str, file: str, line: int) -> None:
    """Note a regular expression that RE2 does not take (look-around, back-references)."""
    options = re2.Options()
    options.log_errors = False
    try:
        re2.compile(pattern, options)
    except re2.error as wrong:
        draft.add(
            "regex-not-re2",
            file,
            line,
            say={
                "es": f"La expresión regular {_short(pattern)} no se puede usar: {wrong}.",
                "en": f"The regular expression {_short(pattern)} cannot be used: {wrong}.",
            },
            cure={
                "es": "Quite lo que mira adelante o atrás y las referencias a grupos.",
                "en": "Remove look-around and back-references.",
            },
        )


def walk(node: syntax.Node) -> Iterator[tuple[syntax.Node, syntax.Node | None]]:
    """Every construct with the one around it."""
    yield node, None
    for child in children(node):
        yield from _walk(child, node)


def _walk(node: syntax.Node, parent: syntax.Node) -> Iterator[tuple[syntax.Node, syntax.Node | None]]:
    yield node, parent
    for child in children(node):
        yield from _walk(child, node)


def _unknown_name(draft: Draft, name: str, known: Iterable[str], file: str, line: int) -> None:
    draft.add(
        "feel-unknown-name",
        file,
        line,
        say={"es": f"FEEL no ve aquí el nombre {name}.", "en": f"FEEL does not see the name {name} here."},
        cure=did_you_mean(name, known),
    )


def _members(draft: Draft, node: syntax.Node, scope: Scope, file: str, line: int) -> None:
    """`form.<field>`, `found.<read>.<part>`, `decisions.<name>`…: one or two steps that can be known."""
    if not isinstance(node, syntax.Path):
        return
    inner = node.value
    if isinstance(inner, syntax.Name) and inner.name in scope.members:
        known = scope.members[inner.name]
        if node.name not in known:
            whole = f"{inner.name}.{node.name}"
            check = _NO_MEMBER.get(inner.name, "feel-unknown-name")
            draft.add(
                check,
                file,
                line,
                say={"es": f"No existe {whole}.", "en": f"There is no {whole}."},
                cure=did_you_mean(whole, {f"{inner.name}.{name}" for name in known}),
            )
    elif (
        isinstance(inner, syntax.Path)
        and isinstance(inner.value, syntax.Name)
        and inner.value.name == "found"
        and inner.name in scope.members.get("found", ())
        and node.name not in FACT
    ):
        whole = f"found.{inner.name}.{node.name}"
        draft.add(
            "feel-unknown-name",
            file,
            line,
            say={"es": f"No existe {whole}.", "en": f"There is no {whole}."},
            cure=did_you_mean(whole, {f"found.{inner.name}.{name}" for name in FACT}),
        )


def _call(draft: Draft, node: syntax.Node, file: str, line: int) -> None:
    if not isinstance(node, syntax.Call) or not isinstance(node.function, syntax.Name):
        return
    name, arguments = node.function.name, node.arguments
    if name in _REGEX and len(arguments) > 1:
        pattern = arguments[1]
        if isinstance(pattern, syntax.Constant) and isinstance(pattern.value, str):
            check_pattern(draft, pattern.value, file, line)
    if name == "date" and len(arguments) == 1 and _is_instant(arguments[0]):
        draft.add(
            "instant-date",
            file,
            line,
            say={
                "es": "date() de un instante da el día de su zona horaria, que puede no ser el de Colombia.",
                "en": "date() of an instant gives the day in its own zone, which may not be Colombia's.",
            },
            cure={"es": "Use today, o una fecha del caso.", "en": "Use today, or a date of the case."},
        )
    first = arguments[0] if arguments else None
    if not isinstance(first, syntax.Constant) or not isinstance(first.value, str):
        return
    if name in ("parameter", "parameter periods"):
        check_parameter(draft, first.value, file, line)
    elif name in ("list title", "list codes") and first.value not in draft.lists:
        draft.unknown("list-unknown", file, line, first.value, draft.lists, es="la lista", en="list")


def check_parameter(draft: Draft, name: str, file: str, line: int) -> None:
    """Note a figure that no table has: `tariffs.copy`, or a table's own name. `tariffs.` alone is a beginning."""
    table, dot, short = name.partition(".")
    known = {
        f"{other}.{next(iter(group.values()))}" if len(parameter.keys) == 1 else other
        for other, (_, parameter) in draft.parameters.items()
        for group in parameter.groups
    }
    if table not in draft.parameters:
        draft.unknown("parameter-unknown", file, line, name, known, es="el parámetro", en="parameter")
    elif dot and short:
        parameter = draft.parameters[table][1]
        if not any(short in group.values() for group in parameter.groups):
            draft.unknown("parameter-unknown", file, line, name, known, es="el parámetro", en="parameter")


def _is_instant(node: syntax.Node) -> bool:
    if isinstance(node, syntax.Name):
        return node.name == "now"
    if isinstance(node, syntax.Call):
        return isinstance(node.function, syntax.Name) and node.function.name == "now"
    return isinstance(node, syntax.Path) and (node.name == "at" or node.name.endswith("_at"))


# ---- values that may both be null


def doubtful_equalities(tree: syntax.Node) -> list[tuple[str, str]]:
    """(left, right) of every `=` or `!=` between two values of which neither is known to be there.

    A value is known to be there where a test for null stands before it: in the branch of an `if`, after `and`.
    """
    found: list[tuple[str, str]] = []
    _doubts(tree, frozenset(NEVER_NULL), found)
    return found


def _doubts(node: syntax.Node, sure: frozenset[str], found: list[tuple[str, str]]) -> None:
    if isinstance(node, syntax.If):
        _doubts(node.condition, sure, found)
        _doubts(node.then, sure | _sure_if(node.condition, True), found)
        _doubts(node.otherwise, sure | _sure_if(node.condition, False), found)
        return
    if isinstance(node, syntax.Binary) and node.op in ("and", "or"):
        _doubts(node.left, sure, found)
        _doubts(node.right, sure | _sure_if(node.left, node.op == "and"), found)
        return
    if isinstance(node, syntax.Binary) and node.op in ("=", "!="):
        left, right = _spelled(node.left), _spelled(node.right)
        if left and right and left not in sure and right not in sure and left != right:
            found.append((left, right))
    for child in children(node):
        _doubts(child, sure, found)


def _sure_if(condition: syntax.Node, holds: bool) -> frozenset[str]:
    """The values that are there when the condition holds (or does not)."""
    if not isinstance(condition, syntax.Binary):
        return frozenset()
    if condition.op in ("and", "or"):
        if (condition.op == "and") == holds:
            return _sure_if(condition.left, holds) | _sure_if(condition.right, holds)
        return frozenset()
    if condition.op not in ("=", "!="):
        return frozenset()
    left, right = condition.left, condition.right
    if isinstance(left, syntax.Constant):
        left, right = right, left
    spelled = _spelled(left)
    if not spelled or not isinstance(right, syntax.Constant):
        return frozenset()
    equal = (condition.op == "=") == holds
    there = equal if right.value is not None else not equal
    return frozenset({spelled}) if there else frozenset()


def _spelled(node: syntax.Node) -> str:
    """`a.b.c` of a path of names; empty for anything else."""
    if isinstance(node, syntax.Name):
        return node.name
    if isinstance(node, syntax.Path) and (before := _spelled(node.value)):
        return f"{before}.{node.name}"
    return ""


def _short(text: str) -> str:
    flat = " ".join(text.split())
    return flat if len(flat) <= 60 else flat[:57] + "…"
