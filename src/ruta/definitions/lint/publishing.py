"""Checks of `publish`: names that exist, one column of each kind, and nothing that tells who somebody is."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from ruta.engine import forms
from ruta.engine.feel import syntax

from ..schema import Publish, PublishedColumn, ServiceFile
from .draft import FILE, Draft
from .expressions import Scope, check_expression, walk

NAMES_OF_CASE = frozenset({"act", "channel", "filed_on", "received_on", "decided_on", "outcome", "days"})
"""What a dataset's expressions see of a decided case, besides its `form`."""
_IDENTIFYING = frozenset({"person-name", "document-number", "email", "phone", "address", "nit"})
_HEADERS = re.compile(
    r"cedula|documento|identificaci|nuip|^ti$|^cc$|nombre|apellido|name|document|email|correo|phone|telefono|celular"
    r"|address|direccion|serial|placa|plate|number$|numero"
)
"""Names of columns under which personal data stand (open-data facts H4)."""


def check(draft: Draft, service: ServiceFile) -> None:
    """Every dataset of `publish`, and the thread's names of them."""
    names = [one.dataset for one in service.publish]
    for at, declared in enumerate(service.publish):
        here = ("publish", at)
        draft.law(declared.law, FILE, draft.in_yaml(*here, "law"))
        _kinds(draft, declared, here)
        scope = _scope(draft, service, declared, at)
        if scope is not None:
            check_expression(draft, declared.when, scope, FILE, draft.in_yaml(*here, "when"))
            for name, column in declared.row.items():
                _column(draft, declared, name, column, scope, at)
    for output, thread in service.thread.items():
        if thread.dataset and thread.dataset not in names:
            line = draft.in_yaml("thread", output, "dataset")
            draft.unknown(
                "dataset-unknown", FILE, line, thread.dataset, names, es="el conjunto de datos", en="dataset"
            )


def _kinds(draft: Draft, declared: Publish, here: tuple[str | int, ...]) -> None:
    kinds = [column.is_ for column in declared.row.values()]
    if kinds.count("month") != 1 or kinds.count("place") > 1 or kinds.count("category") > 1:
        draft.add(
            "publish-columns",
            FILE,
            draft.in_yaml(*here, "row"),
            say={
                "es": f"{declared.dataset} no tiene exactamente un mes, y a lo sumo un lugar y una categoría.",
                "en": f"{declared.dataset} has not exactly one month, and at most one place and one category.",
            },
            cure={
                "es": "Reparta las demás categorías en otros conjuntos.",
                "en": "Put further categories into other datasets.",
            },
        )
    if bool(declared.of.acts) == bool(declared.of.register_):
        draft.add(
            "publish-columns",
            FILE,
            draft.in_yaml(*here, "of"),
            say={"es": "of nombra actos o un registro.", "en": "of names acts or a register."},
            cure={"es": "Deje uno de los dos.", "en": "Leave one of the two."},
        )


def _scope(draft: Draft, service: ServiceFile, declared: Publish, at: int) -> Scope | None:
    """What the expressions see; None where what they count is unknown."""
    base = frozenset({"today", "now"})
    if declared.of.register_:
        fields = draft.register_fields(declared.of.register_)
        if fields is None:
            known = draft.register_files
            line = draft.in_yaml("publish", at, "of")
            draft.unknown(
                "register-unknown", FILE, line, declared.of.register_, known, es="el registro", en="register"
            )
            return None
        return Scope(base | {"entry"}, {"entry": (fields - {"status", "notes", "version"}) | {"recorded_on"}})
    for act in declared.of.acts:
        if act not in service.acts:
            line = draft.in_yaml("publish", at, "of")
            draft.unknown("act-unknown", FILE, line, act, service.acts, es="el acto", en="act")
            return None
    asked = {name for act in declared.of.acts if act in draft.forms for name in draft.forms[act].fields}
    return Scope(base | {"case", "form"}, {"case": NAMES_OF_CASE, "form": frozenset(asked)})


def _column(
    draft: Draft, declared: Publish, name: str, column: PublishedColumn, scope: Scope, at: int
) -> None:
    here = ("publish", at, "row", name)
    line = draft.in_yaml(*here)
    if _HEADERS.search(name):
        _personal(draft, line, f"«{name}»", f'"{name}"')
    steps = len(column.value) if column.is_ == "place" else 1
    told = len(column.list_) == steps if column.is_ == "place" else bool(column.list_ or column.options)
    if column.is_ in ("place", "category") and not told:
        draft.add(
            "publish-columns",
            FILE,
            line,
            say={
                "es": f"{name}: sus valores no salen de una lista (una por paso) ni de options.",
                "en": f"{name}: its values are from no list (one for each step) and no options.",
            },
            cure={
                "es": "Diga de qué lista son; otro texto no se publica.",
                "en": "Say of which list they are; other text is not published.",
            },
        )
    for list_name in column.list_:
        if list_name not in draft.lists:
            draft.unknown("list-unknown", FILE, line, list_name, draft.lists, es="la lista", en="list")
    identifying = set(_identifying(draft, declared))
    for text in column.value:
        tree = check_expression(draft, text, scope, FILE, line)
        for path in _paths(tree) if tree is not None else ():
            if path in identifying or path.partition(".")[0] in identifying:
                _personal(draft, line, f"«{path}»", f'"{path}"')


def _paths(tree: syntax.Node) -> Iterator[str]:
    """The fields of `entry` and of `form` that an expression reads, dotted; not those it only compares with null."""
    compared = {
        id(side)
        for node, _ in walk(tree)
        if isinstance(node, syntax.Binary) and node.op in ("=", "!=")
        for side, other in ((node.left, node.right), (node.right, node.left))
        if isinstance(other, syntax.Constant) and other.value is None
    }
    for node, _ in walk(tree):
        if isinstance(node, syntax.Path) and id(node) not in compared and (path := _dotted(node)):
            root, _, field = path.partition(".")
            if root in ("entry", "form"):
                yield field


def _dotted(node: syntax.Node) -> str:
    if isinstance(node, syntax.Name):
        return node.name
    if isinstance(node, syntax.Path):
        base = _dotted(node.value)
        return f"{base}.{node.name}" if base else ""
    return ""


def _identifying(draft: Draft, declared: Publish) -> Iterator[str]:
    """Fields that tell who somebody is: by their format, or because the register tells its entries apart by them."""
    for act in declared.of.acts:
        if act in draft.forms:
            yield from (
                name for name, each in draft.forms[act].fields.items() if _is_of_a_person(each.schema)
            )
    marked = draft.json(draft.register_files[declared.of.register_]) if declared.of.register_ else None
    if marked is None:
        return
    rules: Mapping[str, Any] = marked.value.get("x-register", {})
    keys = [
        name for fields in rules.get("key", ()) for name in ([fields] if isinstance(fields, str) else fields)
    ]
    yield from (*keys, *rules.get("never_reused", ()), str(rules.get("holder", "")))
    for name, node in (marked.value.get("properties") or {}).items():
        about = forms.resolved(marked.value, node)
        if _is_of_a_person(about):
            yield name
        for inner, each in (about.get("properties") or {}).items():
            if _is_of_a_person(forms.resolved(marked.value, each)):
                yield f"{name}.{inner}"


def _is_of_a_person(node: Mapping[str, Any]) -> bool:
    return node.get("format") in _IDENTIFYING


def _personal(draft: Draft, line: int, es: str, en: str) -> None:
    draft.add(
        "publish-personal",
        FILE,
        line,
        say={"es": f"{es} dice quién es alguien.", "en": f"{en} tells who somebody is."},
        cure={
            "es": "Quítelo: se cuentan hechos por mes, lugar y categoría.",
            "en": "Take it out: facts are counted by month, place and category.",
        },
    )
