"""The little Markdown that the generated pages need."""

import re
from collections.abc import Iterable, Sequence

MADE = "<!-- Made by `ruta docs` from the code: change the code, not this page. -->"


def document(title: str, *parts: str) -> str:
    """A page: title, the note that it is generated, and its parts with a blank line between."""
    return "\n\n".join([f"# {title}", MADE, *(part.strip("\n") for part in parts)]) + "\n"


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A table; line ends and bars of the cells are made harmless."""
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join(f"| {' | '.join(cell(one) for one in line)} |" for line in lines)


def cell(text: str) -> str:
    """`text` on one line, its bars escaped."""
    return " ".join(text.split()).replace("|", "\\|")


def code(text: str) -> str:
    """`text` as code; an empty text stays empty."""
    return f"`{text}`" if text else ""


def codes(texts: Iterable[str]) -> str:
    """Several texts as code, with commas."""
    return ", ".join(code(text) for text in texts)


def prose(docstring: str | None) -> str:
    """A docstring as paragraphs, without what it cites for those who read the code."""
    docstring = re.sub(r"\s*\((?:common facts|contract) [^)]*\)", "", docstring or "")
    return "\n".join(line.strip() for line in docstring.strip().splitlines())
