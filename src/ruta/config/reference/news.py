"""Domain events between rooms: what each means (told here), who publishes and who handles it (read from the code)."""

import ast
from collections.abc import Iterator
from pathlib import Path

from django.conf import settings

from . import markdown

NEWS = {
    "charge.paid": "A charge was paid in full; its receipt exists.",
    "charge.expired": "A charge was not paid in time.",
    "charge.void": "A charge is no longer owed.",
    "charge.reversed": "All that was paid of a charge went back.",
    "payment.held": "Money came late, twice or of another amount: it is its payer's credit and a refund of it is open.",
    "refund.sent": "A refund left for the payer.",
    "refund.declined": "A refund was not approved.",
    "message.sent": "A message is in the folder of the person or was taken by the mail server.",
    "message.failed": "A message could not be delivered by any channel.",
    "message.opened": "The person opened a message; if it is legal, this notifies.",
    "message.unopened": "A legal message was not opened in the time that the law gives.",
    "telling.answered": "Another agency accepted or rejected what it was told, or did not answer in all its time.",
    "output.issued": "A document is rendered, signed and kept.",
    "output.changed": "A document is suspended, superseded, revoked, or valid again.",
    "register.changed": "An entry was recorded, replaced, annulled, cancelled or noted.",
    "register.imported": "Entries were loaded in bulk.",
    "person.identified": "Somebody is known more surely than before.",
    "service.published": "A version of a service was put in force.",
}


def page() -> str:
    """`reference/news.md`."""
    publishers, handlers = uses()
    rows = [
        [
            markdown.code(name),
            meaning,
            markdown.codes(sorted(publishers.get(name, ()))) or "nobody yet",
            markdown.codes(sorted(handlers.get(name, ()))) or "nobody yet",
        ]
        for name, meaning in NEWS.items()
    ]
    return markdown.document(
        "News between rooms",
        "A room tells what happened by a named, versioned domain event, written in the transaction of the change; rooms above "
        "handle it in the same transaction, so they only write rows or defer jobs. The payload holds ids, no personal data. "
        "So news travels up while imports run down.",
        markdown.table(["Event", "Meaning", "Published by", "Handled by"], rows),
    )


def uses() -> tuple[dict[str, set[str]], dict[str, set[str]]]:
    """By name of event: rooms that publish it, rooms that handle it."""
    publishers: dict[str, set[str]] = {}
    handlers: dict[str, set[str]] = {}
    for room, module in _modules():
        for name, handled in _names(module):
            (handlers if handled else publishers).setdefault(name, set()).add(room)
    return publishers, handlers


def _modules() -> Iterator[tuple[str, ast.Module]]:
    source = Path(settings.BASE_DIR)
    for path in sorted(source.rglob("*.py")):
        room = path.relative_to(source).parts[0]
        if room not in ("config", "sandbox"):
            yield room, ast.parse(path.read_text(encoding="utf-8"))


def _names(module: ast.Module) -> Iterator[tuple[str, bool]]:
    """(name of an event, whether it is handled) of each place; patterns of a `match` are neither."""
    aside = {
        id(node) for case in ast.walk(module) if isinstance(case, ast.pattern) for node in ast.walk(case)
    }
    for call in ast.walk(module):
        if isinstance(call, ast.Call) and getattr(call.func, "id", "") == "handles":
            for node in ast.walk(call):
                if isinstance(node, ast.Constant) and isinstance(node.value, str):
                    aside.add(id(node))
                    yield node.value, True
    for node in ast.walk(module):
        if isinstance(node, ast.Constant) and node.value in NEWS and id(node) not in aside:
            yield str(node.value), False
