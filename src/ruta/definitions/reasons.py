"""Model texts of reasons for a decision: Markdown with a front matter, one file per language, in `acts/‹act›/reasons/`.

---
title: No proof of kinship
tasks: [weigh_purpose]
outcome: refuse
---
{{ applicant.names }} does not prove … [[what was presented]] …

`{{ FEEL }}` is filled from the case; `[[…]]` is what only the official can say. Neither is ever sent unfilled.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

from .marked import TextError
from .messages import front_matter

if TYPE_CHECKING:
    from ruta.engine.feel import Template

KEYS = ("title", "tasks", "outcome")
BLANK = re.compile(r"\[\[.*?\]\]|\[\[|\]\]", re.DOTALL)
"""What is still to be filled in a text, half of its brackets too."""


@dataclass(frozen=True)
class Reason:
    """One model text in one language. `tasks` are the user tasks that offer it; `outcome` the one that it argues for,
    empty where it argues for any. `body_line` is the line of its file on which the text begins."""

    id: str
    lang: str
    title: str
    tasks: tuple[str, ...]
    outcome: str
    front: Mapping[str, Any]
    text: str
    body_line: int

    @cached_property
    def body(self) -> "Template":
        """The text, compiled; what is null is written as a blank with its expression."""
        from ruta.engine.feel import Template

        return Template(self.text, null="[[{}]]")


def read_reason(reason_id: str, lang: str, text: str) -> Reason:
    """Read one file; raises TextError with the line when the header is missing or faulty, or the text is empty."""
    front, body, line = front_matter(text, "title, tasks, outcome")
    title, tasks = front.get("title"), front.get("tasks")
    if not title or not isinstance(title, str):
        raise TextError(2, {"es": "Falta el título (title).", "en": "The title is missing."})
    if not isinstance(tasks, list) or not tasks:
        say = {
            "es": "Faltan las tareas que lo ofrecen (tasks: [una_tarea]).",
            "en": "The tasks that offer it are missing (tasks: [a_task]).",
        }
        raise TextError(2, say)
    if not body.strip():
        raise TextError(line, {"es": "Falta el texto.", "en": "The text is missing."})
    named = tuple(str(task) for task in tasks)
    return Reason(reason_id, lang, title, named, str(front.get("outcome") or ""), front, body, line)
