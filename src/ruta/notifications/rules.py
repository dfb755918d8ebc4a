"""Pure rules of messages: Markdown to safe HTML and plain text, when to try again, when to remind."""

import html
import re
from datetime import date, timedelta

import nh3
from markdown_it import MarkdownIt
from markdown_it.token import Token

from ruta.engine.terms import Calendar, add_business_days

# Common facts §7: reminders on days 1, 3 and 5 after a notice was made available; after day 5 the paper way
# begins.
REMINDER_DAYS = (1, 3, 5)
_WAITS = tuple(timedelta(minutes=minutes) for minutes in (1, 5, 15, 60, 240, 720))

_TAGS = {"p", "br", "strong", "em", "a", "ul", "ol", "li", "h1", "h2", "h3", "blockquote", "hr", "code"} | {
    "table",
    "thead",
    "tbody",
    "tr",
    "th",
    "td",
}
_markdown = MarkdownIt("commonmark", {"html": False}).enable("table")


def to_html(markdown: str) -> str:
    """Safe HTML of a filled text: no raw HTML, no images, only http, https, mailto and tel links."""
    return nh3.clean(
        _markdown.render(markdown),
        tags=_TAGS,
        attributes={"a": {"href"}},
        url_schemes={"http", "https", "mailto", "tel"},
        link_rel="noopener noreferrer",
    )


def to_text(markdown: str) -> str:
    """The same text for a mail program without HTML: links follow their words, list items begin with a
    dash."""
    lines: list[str] = []
    prefix: list[str] = []
    for token in _markdown.parse(markdown):
        if token.type in ("bullet_list_open", "ordered_list_open"):
            prefix.append("- " if token.type.startswith("bullet") else "1. ")
        elif token.type in ("bullet_list_close", "ordered_list_close"):
            prefix.pop()
        elif token.type == "list_item_open" and prefix and token.info:
            prefix[-1] = f"{token.info}. "
        elif token.type == "inline":
            indent = "  " * (len(prefix) - 1) if prefix else ""
            lines.append(indent + (prefix[-1] if prefix else "") + _inline(token.children or []))
        elif token.type == "hr":
            lines.append("----")
        if (
            token.type in ("paragraph_close", "heading_close", "bullet_list_close", "ordered_list_close")
            and not prefix
        ):
            lines.append("")
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip() + "\n"


def _inline(tokens: list[Token]) -> str:
    said: list[str] = []
    href = ""
    start = 0
    for token in tokens:
        if token.type in ("text", "code_inline"):
            said.append(html.unescape(token.content))
        elif token.type in ("softbreak", "hardbreak"):
            said.append("\n")
        elif token.type == "link_open":
            href, start = str(token.attrGet("href") or ""), len(said)
        elif token.type == "link_close" and href and "".join(said[start:]) != href:
            said.append(f" ({href})")
    return "".join(said)


def one_line(text: str) -> str:
    """A subject without line breaks, which no header may hold, and at most 200 characters."""
    return " ".join(text.split())[:200]


def next_attempt(attempts: int) -> timedelta | None:
    """How long to wait after `attempts` attempts that did not get through, or None to give up (after 17
    hours)."""
    return _WAITS[attempts - 1] if 0 < attempts <= len(_WAITS) else None


def without_addresses(text: str) -> str:
    """A server's words without e-mail addresses, for logs."""
    return re.sub(r"[^\s<>]+@[^\s<>]+", "…", " ".join(text.split()))[:200]


def reminder_day(available: date, today: date, calendar: Calendar) -> int | None:
    """Which reminder (1, 3 or 5) is due today for a notice made available on `available`, counted in business
    days."""
    return next((day for day in REMINDER_DAYS if add_business_days(available, day, calendar) == today), None)
