"""Names of FEEL may hold blanks and operators ("date and time", "e-mail"): which name starts here, given those known."""

import re
from collections.abc import Iterable, Iterator

from ruta.engine.nearest import nearest

# DMN 1.5, 10.3.1.2, grammar rules 28 and 29
_START = (
    r"?A-Z_a-z\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u02ff\u0370-\u037d\u037f-\u1fff\u200c-\u200d\u2070-\u218f"
    r"\u2c00-\u2fef\u3001-\ud7ff\uf900-\ufdcf\ufdf0-\ufffd\U00010000-\U000effff"
)
_LATER = r"0-9\u00b7\u0300-\u036f\u203f-\u2040"  # what may not come first
# A large class takes milliseconds to compile: each pattern has it once, behind a look at what may not come first.
SIMPLE = re.compile(f"(?![{_LATER}])[{_START}{_LATER}]+")
_CANNOT_BEGIN = re.compile(f"[{_LATER}]")
# A key, parameter or variable as it is declared: words and the five symbols a name may hold.
DECLARED = re.compile(f"(?![{_LATER}./'+*\\s-])(?:[{_START}{_LATER}./'+*-]|\\s(?![\\s:,)}}]|in\\b))+")

_NUMBER = re.compile(r"[0-9]+")

KEYWORDS = frozenset(
    (
        *("if", "then", "else", "for", "in", "return", "some", "every", "satisfies", "function", "external"),
        *("and", "or", "not", "between", "instance", "of", "null", "true", "false"),
    )
)


def tidy(name: str) -> str:
    """The name with each run of blanks as one."""
    return " ".join(name.split())


class Names:
    """Known names, found by longest match; a child adds names of an inner scope without touching its parent."""

    __slots__ = ("_by_word", "_known", "_parent")

    def __init__(self, known: Iterable[str] = (), parent: "Names | None" = None) -> None:
        self._parent = parent
        self._by_word: dict[str, list[tuple[list[str], str]]] = {}
        self._known: set[str] = set()
        for name in known:
            self.add(name)

    def child(self) -> "Names":
        """An inner scope."""
        return Names((), self)

    def add(self, name: str) -> None:
        """Make a name known from here on."""
        name = tidy(name)
        if not name or name in self._known:
            return
        self._known.add(name)
        if SIMPLE.fullmatch(name):
            return
        pieces = list(_pieces(name))
        if SIMPLE.match(pieces[0]):
            self._by_word.setdefault(pieces[0], []).append((pieces, name))

    def __contains__(self, name: object) -> bool:
        scope: Names | None = self
        while scope is not None:
            if name in scope._known:
                return True
            scope = scope._parent
        return False

    def match(self, text: str, at: int) -> tuple[str, int] | None:
        """The longest known name at offset `at`, else the simple word there; with the offset behind it."""
        word = SIMPLE.match(text, at)
        if word is None:
            return None
        best, end = word[0], word.end()
        scope: Names | None = self
        while scope is not None:
            for pieces, name in scope._by_word.get(word[0], ()):
                behind = _behind(pieces, text, word.end())
                if behind > end:
                    best, end = name, behind
            scope = scope._parent
        return best, end

    def nearest(self, name: str) -> str:
        """The known name that looks most like `name`, or ""."""
        known: set[str] = set()
        scope: Names | None = self
        while scope is not None:
            known |= scope._known
            scope = scope._parent
        return nearest(name, known)


def _pieces(name: str) -> Iterator[str]:
    """The words, numbers and symbols of a name."""
    at = 0
    while at < len(name):
        found = SIMPLE.match(name, at) or _NUMBER.match(name, at)
        piece = found[0] if found else name[at]
        at += len(piece)
        if not piece.isspace():
            yield piece


def _is_part(text: str, at: int) -> bool:
    """Whether a word goes on with the character there."""
    return bool(SIMPLE.match(text, at) or _CANNOT_BEGIN.match(text, at))


def _behind(pieces: list[str], text: str, at: int) -> int:
    """The offset behind a name whose first piece ends at `at`, or -1 when the rest of it is not there."""
    for piece in pieces[1:]:
        start = at
        while text[start : start + 1].isspace():
            start += 1
        if not text.startswith(piece, start) or (
            start == at and _is_part(piece, 0) and _is_part(text, at - 1)
        ):
            return -1
        at = start + len(piece)
    return -1 if _is_part(pieces[-1], 0) and _is_part(text, at) else at
