"""Checks of who does a task: roles that are posts, offices that somebody knows."""

import re
from collections.abc import Iterator

from ruta.engine.feel import syntax

from ..posts import LIST
from .draft import Draft
from .expressions import walk

_GROUP = re.compile(r"(?P<role>[a-z][a-z0-9_]*)(?P<at>@(?P<office>[A-Za-z0-9][A-Za-z0-9._-]*)?)?")


def check_groups(
    draft: Draft, act: str, tree: syntax.Node, task: str, path: str, line: int, *, knows_offices: bool
) -> None:
    """Every literal part of the groups begins like `role` or `role@office`, and names a post and an office that there
    are; where the act has to do with offices (`knows_offices`), one is told."""
    texts = [
        part.value
        for part, _ in walk(tree)
        if isinstance(part, syntax.Constant) and isinstance(part.value, str)
    ]
    if texts and knows_offices and not any("@" in text for text in texts):
        draft.add(
            "group-without-office",
            path,
            line,
            say={
                "es": f"La tarea «{task}» llega a todas las oficinas: {', '.join(texts)} no dice de cuál.",
                "en": f'The task "{task}" reaches every office: {", ".join(texts)} alone names none.',
            },
            cure={
                "es": 'Si es de una oficina, escriba =["rol@" + form.office].',
                "en": 'If it is of one office, write =["role@" + form.office].',
            },
        )
    for text, joined in _beginnings(tree):
        _group(draft, text, path, line, joined=joined)
    for part in _may_be_null(draft, tree, act):
        draft.add(
            "group-may-be-null",
            path,
            line,
            say={
                "es": f"La tarea «{task}» puede quedar sin dueño: {part} puede no tener valor.",
                "en": f'The task "{task}" may be nobody\'s: {part} may have no value.',
            },
            cure={
                "es": f'Diga de quién es entonces: if {part} != null then "rol@" + {part} else "rol".',
                "en": f'Say whose it is then: if {part} != null then "role@" + {part} else "role".',
            },
        )


def _may_be_null(draft: Draft, tree: syntax.Node, act: str) -> list[str]:
    """The answers joined to a group that the form may leave without a value, and of which nothing asks whether they
    have one."""
    form = draft.forms.get(act)
    joined, asked = set(), set()
    for part, parent in walk(tree):
        name = _answer(part)
        if not name or not isinstance(parent, syntax.Binary):
            continue
        if parent.op == "+":
            joined.add(name)
        elif isinstance(parent.right, syntax.Constant) and parent.right.value is None:
            asked.add(name)
    fields = form.fields if form is not None else {}
    return sorted(
        f"form.{name}"
        for name in joined - asked
        if name in fields and (fields[name].when is not None or not fields[name].required)
    )


def _answer(part: syntax.Node) -> str:
    """The field that `form.field` reads; empty for any other expression."""
    if isinstance(part, syntax.Path) and isinstance(part.value, syntax.Name) and part.value.name == "form":
        return part.name
    return ""


def _beginnings(tree: syntax.Node) -> Iterator[tuple[str, bool]]:
    """Each literal text that begins a group, and whether something is joined to it."""
    for part, parent in walk(tree):
        if not isinstance(part, syntax.Constant) or not isinstance(part.value, str):
            continue
        joined = isinstance(parent, syntax.Binary) and parent.op == "+"
        if joined and isinstance(parent, syntax.Binary) and parent.right is part:
            continue  # the end of a joined text, an office say
        yield part.value, joined


def _group(draft: Draft, text: str, path: str, line: int, *, joined: bool) -> None:
    found = _GROUP.fullmatch(text)
    if found is None or (text.endswith("@") and not joined):
        draft.add(
            "group-malformed",
            path,
            line,
            say={
                "es": f"«{text}» no es un grupo: rol, o rol@oficina.",
                "en": f'"{text}" is not a group: role, or role@office.',
            },
            cure={
                "es": 'Escriba ="rol@" + form.office, o "rol@" y el código de la oficina.',
                "en": 'Write ="role@" + form.office, or "role@" and the code of the office.',
            },
        )
        return
    if found["at"] or not joined:
        check_post(draft, found["role"], path, line)
    if found["office"] and not joined and found["office"] not in draft.offices:
        draft.unknown(
            "office-unknown", path, line, found["office"], draft.offices, es="la oficina", en="office"
        )


def check_post(draft: Draft, role: str, path: str, line: int) -> None:
    """Note a role that is none of the folder's posts."""
    posts = [post.code for post in draft.lists[LIST][1]] if LIST in draft.lists else []
    if role not in posts:
        draft.unknown("post-unknown", path, line, role, posts, es="el cargo", en="post")
