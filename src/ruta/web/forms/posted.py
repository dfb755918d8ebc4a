"""From the inputs of a page to what was typed, field by field; `questions` writes those inputs."""

import re
from collections.abc import Iterable
from typing import Any

from django.http import QueryDict

from ruta.engine.forms import Field, Form, Page

ASKED = "asked"
"""The hidden input that names each question of the page, so that an empty answer is known from one not asked."""


def read_posted(form: Form, page: Page, posted: QueryDict) -> dict[str, Any]:
    """What was typed to each question that the page asked. Files are not here: see `evidence`."""
    asked = posted.getlist(ASKED) or [name for name in page.fields if _present(name, posted)]
    return {
        name: read_answer(form.fields[name], name, posted)
        for name in page.fields
        if name in asked and form.fields[name].widget != "evidence" and not _left_to_other(name, posted)
    }


def _present(name: str, posted: QueryDict) -> bool:
    return any(key == name or key.startswith(f"{name}.") for key in posted)


def _left_to_other(name: str, posted: QueryDict) -> bool:
    """Of two tabs, the person keeps what the other one stored."""
    return posted.get(f"keep.{name}") == "theirs"


def read_answer(field: Field, name: str, posted: QueryDict) -> Any:
    """The typed answer of one question whose inputs begin with `name`."""
    match field.kind:
        case "date":
            return _date(name, posted)
        case "list" if field.widget == "checkboxes":
            return posted.getlist(name)
        case "group":
            return {
                child.name: read_answer(child, f"{name}.{child.name}", posted) for child in field.children
            }
        case "rows":
            return [
                {
                    child.name: read_answer(child, f"{name}.{row}.{child.name}", posted)
                    for child in field.children
                }
                for row in _rows(name, posted)
            ]
    if picked := posted.get(f"{name}.pick"):
        return picked
    return posted.get(name, "")


def _date(name: str, posted: QueryDict) -> str:
    parts = [posted.get(f"{name}.{part}", "").strip() for part in ("day", "month", "year")]
    if any(parts):
        return "/".join(parts)
    return str(posted.get(name, ""))


def _rows(name: str, posted: Iterable[str]) -> list[int]:
    pattern = re.compile(re.escape(name) + r"\.([0-9]{1,3})\.")
    return sorted({int(found[1]) for key in posted if (found := pattern.match(key))})
