"""Messages of a service: Markdown with a front matter, one file per language; built-in ones stand in where none is.

---
subject: Decision on your request {{ case.number }}
channel: [folder, email]
legal: true
---
Hello, {{ applicant.given_names }}. …
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property, lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from .marked import TextError, read_yaml

if TYPE_CHECKING:
    from ruta.engine.feel import Template

SEES_TOO = {
    **dict.fromkeys(("money-held", "refund-sent", "refund-declined"), "held"),
    "asked": "asked",  # where a process asks by a text; the messages by which one asks see it too
    "returned": "correction",
    "tacit-withdrawal": "lapse",
    **dict.fromkeys(("appeal-filed", "appeal-decided", "appeal-silence"), "appeal"),
}
"""Messages that the platform itself sends, and the name that each sees beside those of the case."""
BUILTIN = ("filed", "charge", "reminder", "decided", "withdrawn", *SEES_TOO)
CHANNELS = ("folder", "email")
KEYS = ("subject", "channel", "legal")
_FOLDER = Path(__file__).resolve().parent / "builtin" / "messages"


@dataclass(frozen=True)
class MessageTemplate:
    """One message in one language. `front` holds subject, channel and legal; `text` is the Markdown with `{{ FEEL }}`.

    `body_line` is the line of its file on which the Markdown begins.
    """

    id: str
    lang: str
    front: Mapping[str, Any]
    text: str
    body_line: int = 1

    @cached_property
    def subject(self) -> "Template":
        """The subject, compiled."""
        from ruta.engine.feel import Template

        return Template(str(self.front["subject"]))

    @cached_property
    def body(self) -> "Template":
        """The Markdown, compiled."""
        from ruta.engine.feel import Template

        return Template(self.text)

    @property
    def channels(self) -> tuple[str, ...]:
        """Where it goes: `folder` (in the portal) and `email`."""
        return tuple(self.front.get("channel") or CHANNELS)

    @property
    def legal(self) -> bool:
        """Whether it notifies a decision, so that opening it has legal effect."""
        return bool(self.front.get("legal", False))


def read_message(message_id: str, lang: str, text: str) -> MessageTemplate:
    """Read one file; raises TextError with the line when the front matter is missing or faulty."""
    front, body, line = front_matter(text, "subject, channel, legal")
    if not front.get("subject"):
        raise TextError(2, {"es": "Falta el asunto (subject).", "en": "The subject is missing."})
    return MessageTemplate(message_id, lang, front, body, line)


def front_matter(text: str, keys: str) -> tuple[Mapping[str, Any], str, int]:
    """(header, what follows it, the line on which that begins) of a Markdown file; raises TextError with the line.

    `keys` are those that the header may have, for the words of the error.
    """
    lines = text.splitlines()
    end = next((at for at, line in enumerate(lines[1:], 1) if line.strip() == "---"), None)
    if not lines or lines[0].strip() != "---" or end is None:
        say = {
            "es": f"El archivo empieza con un encabezado entre líneas ---: {keys}.",
            "en": f"The file begins with a header between --- lines: {keys}.",
        }
        raise TextError(1, say)
    try:
        front = read_yaml("\n".join(lines[1:end])).value
    except TextError as wrong:
        raise TextError(wrong.line + 1, wrong.say) from None
    if not isinstance(front, dict):
        front = {}
    return front, "\n".join(lines[end + 1 :]).strip() + "\n", end + 2


def split_name(path: str) -> tuple[str, str] | None:
    """(`refused`, `es`) of `…/refused.es.md`; None when the name has no language."""
    parts = path.rpartition("/")[2].removesuffix(".md").rsplit(".", 1)
    return (parts[0], parts[1]) if len(parts) == 2 and parts[1] in ("es", "en") else None


@lru_cache(maxsize=1)
def builtin_messages() -> Mapping[tuple[str, str], MessageTemplate]:
    """The messages that every act has without writing them, by (id, language)."""
    return {
        (message_id, lang): read_message(
            message_id, lang, (_FOLDER / f"{message_id}.{lang}.md").read_text(encoding="utf-8")
        )
        for message_id in BUILTIN
        for lang in ("es", "en")
    }
