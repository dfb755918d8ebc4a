"""XPath regular expressions (DMN 1.5, 10.3.4.3) by RE2: linear time, so that no pattern can hold a worker.

What RE2 lacks is translated: class subtraction `[a-z-[aeiou]]`, named blocks, `\\i`, `\\c`, and `\\w`, `\\d` of all
scripts.
Look-around and back-references are refused.
"""

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import Any
from weakref import WeakValueDictionary

import re2

from ruta.engine.feel.context import Run

_FLAGS = frozenset("smixq")
_LONGEST = 1_000
_NAME_START = r":A-Z_a-z\x{c0}-\x{d6}\x{d8}-\x{f6}\x{f8}-\x{2ff}\x{370}-\x{37d}\x{37f}-\x{1fff}"
_ESCAPES = {
    "i": _NAME_START,
    "c": _NAME_START + r"\-.0-9\x{b7}",
    "w": r"\p{L}\p{M}\p{N}\p{S}",  # letters of every script, so that "Ñáñez" is one word
    "d": r"\p{Nd}",
    "s": r" \t\n\r",
}
_INSIDE = _ESCAPES | {"W": r"\p{P}\p{Z}\p{C}", "D": r"\P{Nd}"}
_BLOCKS = {
    "BasicLatin": (0x0, 0x7F),
    "Latin-1Supplement": (0x80, 0xFF),
    "LatinExtended-A": (0x100, 0x17F),
    "LatinExtended-B": (0x180, 0x24F),
    "Greek": (0x370, 0x3FF),
    "GreekandCoptic": (0x370, 0x3FF),
    "Cyrillic": (0x400, 0x4FF),
    "Hebrew": (0x590, 0x5FF),
    "Arabic": (0x600, 0x6FF),
    "GeneralPunctuation": (0x2000, 0x206F),
    "CurrencySymbols": (0x20A0, 0x20CF),
    "CJKUnifiedIdeographs": (0x4E00, 0x9FFF),
}
_PIECE = re.compile(r"\\([pP])\{Is([A-Za-z0-9-]+)\}|\\(.)|[\[.]", re.DOTALL)
_ONE = r"\\x\{[0-9a-f]+\}|\\."
_RANGE = rf"({_ONE}|[^\\])-({_ONE}|[^\\\]\[])|({_ONE}|[^\\])"
_LAST = 0x10FFFF
# XML Schema part 2, appendix F, and XPath functions 5.6.1: other letters after a backslash mean nothing.
_LETTERS = frozenset("nrtsSiIcCdDwWpP")
_GROUPS = r"\(\?(?!:)"
_CONTROL = {"n": "\n", "r": "\r", "t": "\t"}

_MEMORY_WRITTEN = 1 << 22  # for one that is written in an expression, and compiled with it
_MEMORY_COMPUTED = 1 << 19  # for one that is computed: it is compiled in about 10 ms at the most
_COST_OF_COMPILING = 200
_COST_OF_A_LARGE_ONE = 10_000
_WIDTHS = (  # steps to compile each place, by the widest class of characters in the pattern
    (r"\\[wWpP]", 500),
    (r"\\[dD]", 100),
    (r"\\|[\[.]", 8),
)
_LOOKS_A_STEP = 70  # a look is one byte held against one place of the pattern
_BYTES_A_STEP = 400  # that RE2's automaton reads again once it is built
_FEW_PLACES = 30  # up to which the automaton always fits its memory
_COST_OF_A_SEARCH = 7


class Pattern:
    """A regular expression that searches are paid for by what they may cost.

    RE2 builds its automaton as it reads. At worst it holds each byte against each place of the pattern, and for a
    pattern of many places it may do so anew each time it goes on behind a match.
    """

    __slots__ = ("__weakref__", "_bounded", "_places", "_re2", "groups")

    def __init__(self, text: str, flags: str, memory: int) -> None:
        wanted, plain, used = _read(text, flags)
        self._re2: Any = _compiled(wanted, used, memory)
        self._places: int = _compiled(plain, used, memory).programsize
        self._bounded = "q" in flags or not re.search(_UNBOUNDED, re.sub(_OPAQUE, "", text, flags=re.DOTALL))
        self.groups: int = self._re2.groups

    def occurs(self, text: str, run: Run) -> bool:
        """Whether it matches somewhere."""
        self._pay(len(text.encode()), run)
        return self._re2.search(text) is not None

    def matches(self, text: str, run: Run) -> Iterator[Any]:
        """Every match, from left to right."""
        length = len(text.encode())
        self._pay(length, run)
        last = 0
        for match in self._re2.finditer(text):
            run.left -= _COST_OF_A_SEARCH + self.groups // 3
            if self._bounded:
                run.left -= self._cost(match.end() - last + self._places)
            elif self._places > _FEW_PLACES:
                run.left -= self._cost(length - last)
            else:
                run.left -= (length - last) // _BYTES_A_STEP
            run.spend(0)
            last = match.end()
            yield match

    def _pay(self, length: int, run: Run) -> None:
        run.text(length)
        run.spend(_COST_OF_A_SEARCH + self._cost(length))

    def _cost(self, length: int) -> int:
        return length * self._places // _LOOKS_A_STEP


_UNBOUNDED = r"[*+]|\{[0-9]+,\}"
_OPAQUE = r"\\.|\[(?:[^\]\\]|\\.)*\]"
_written: WeakValueDictionary[tuple[str, str], Pattern] = WeakValueDictionary()


def written(text: str, flags: str) -> Pattern:
    """The pattern of a text that stands in an expression. Raises ValueError for what cannot be used.

    One pattern serves all expressions that hold the same text.
    """
    known = _written.get((text, flags))
    if known is None:
        known = _written[text, flags] = Pattern(text, flags, _MEMORY_WRITTEN)
    return known


def pattern(text: str, flags: str, run: Run) -> Pattern:
    """The pattern of a text; one that was not compiled with the expression is paid for, once in a run.

    Raises ValueError for what cannot be used.
    """
    found: Pattern | None = run.patterns.get((text, flags))
    if found is None:
        run.spend(_COST_OF_COMPILING + len(text))
        _, plain, used = _read(text, flags)
        try:
            places = _compiled(plain, used, _MEMORY_COMPUTED).programsize
            width = next((width for of, width in _WIDTHS if re.search(of, text)), 1)
            run.spend(min(places * width, _COST_OF_A_LARGE_ONE))
            found = Pattern(text, flags, _MEMORY_COMPUTED)
        except TooLarge:
            run.spend(_COST_OF_A_LARGE_ONE)
            raise
        run.patterns = {**run.patterns, (text, flags): found}
    return found


class TooLarge(ValueError):
    """RE2 gave up to compile the pattern, after a while."""


def _read(text: str, flags: str) -> tuple[str, str, str]:
    """The pattern as RE2 writes it; with a single letter for each class, to count its places; RE2's flags."""
    if not set(flags) <= _FLAGS or len(text) > _LONGEST:
        raise ValueError("the regular expression has unknown flags or is too long")
    if "q" in flags:
        text = plain = re2.escape(text)
        flags = flags.replace("x", "").replace("m", "").replace("s", "")
    else:
        if "x" in flags:
            text = re.sub(r"\[[^\]]*\]|\s+", lambda found: found[0] if found[0][0] == "[" else "", text)
        if re.search(_GROUPS, re.sub(r"\\.|\[[^\]]*\]", "", text, flags=re.DOTALL)):
            raise ValueError("after (? only : may follow")
        text, plain = _translated(text, "." if "s" in flags else r"[^\n\r]")
    return text, plain, "".join(flag for flag in "ims" if flag in flags)


@lru_cache(maxsize=256)
def _compiled(text: str, flags: str, memory: int) -> Any:
    options = re2.Options()
    options.log_errors = False
    options.max_mem = memory
    try:
        return re2.compile(f"(?{flags}){text}" if flags else text, options)
    except re2.error as error:
        kind = TooLarge if "too large" in str(error) else ValueError
        raise kind(f"the regular expression {text[:60]!r} cannot be used: {error}") from error


def _translated(text: str, point: str) -> tuple[str, str]:
    """The pattern as RE2 writes it, and with a single letter for each class of characters."""
    pieces: list[str] = []
    plain: list[str] = []
    at = 0
    while found := _PIECE.search(text, at):
        pieces.append(text[at : found.start()])
        plain.append(pieces[-1])
        at = found.end()
        plain.append("x")
        if found[2]:
            pieces.append(_block(found[2], negated=found[1] == "P", inside=False))
        elif found[3]:
            _known(found[3])
            name = found[3].lower()
            negated = "^" if found[3].isupper() else ""
            pieces.append(f"[{negated}{_ESCAPES[name]}]" if name in _ESCAPES else found[0])
            if name not in _ESCAPES:
                plain[-1] = found[0] if name != "p" else "x"
        elif found[0] == ".":
            pieces.append(point)
        else:
            body, at = _class(text, found.start())
            pieces.append(body)
    return "".join([*pieces, text[at:]]), "".join([*plain, text[at:]])


def _known(letter: str) -> None:
    if letter.isalnum() and letter not in _LETTERS:
        raise ValueError(f"\\{letter} means nothing in a regular expression")


def _block(name: str, *, negated: bool, inside: bool) -> str:
    if name not in _BLOCKS:
        raise ValueError(f"there is no block of characters {name}")
    low, high = _BLOCKS[name]
    if inside and negated:
        return rf"\x{{0}}-\x{{{max(low - 1, 0):x}}}\x{{{high + 1:x}}}-\x{{10ffff}}"
    body = rf"\x{{{low:x}}}-\x{{{high:x}}}"
    return body if inside else f"[{'^' if negated else ''}{body}]"


def _class(text: str, start: int) -> tuple[str, int]:
    """The class that opens at `start`, translated, and the offset behind it."""
    at = start + 1
    while at < len(text) and text[at] != "]":
        if text.startswith("-[", at):
            inner, end = _class(text, at + 1)
            if text[end : end + 1] != "]":
                raise ValueError("a class subtraction must come last")
            return _subtracted(text[start + 1 : at], inner[1:-1]), end + 1
        at += 2 if text[at] == "\\" else 1
    body = text[start + 1 : at]
    for escape in re.finditer(r"\\(.)", body, re.DOTALL):
        _known(escape[1])
    body = re.sub(r"\\(.)", lambda found: _INSIDE.get(found[1], found[0]), body, flags=re.DOTALL)
    body = re.sub(
        r"\\([pP])\{Is([A-Za-z0-9-]+)\}", lambda m: _block(m[2], negated=m[1] == "P", inside=True), body
    )
    return f"[{body}]", at + 1


def _subtracted(base: str, less: str) -> str:
    kept = _complement(_complement(_ranges(base)) + _ranges(less))
    if not kept:
        return r"[^\x{0}-\x{10ffff}]"
    return "[" + "".join(rf"\x{{{low:x}}}-\x{{{high:x}}}" for low, high in kept) + "]"


def _complement(ranges: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """All other characters, in order."""
    others, free = [], 0
    for low, high in sorted(ranges):
        if free < low:
            others.append((free, low - 1))
        free = max(free, high + 1)
    return [*others, (free, _LAST)] if free <= _LAST else others


def _ranges(body: str) -> list[tuple[int, int]]:
    negated = body.startswith("^")
    ranges = []
    for found in re.finditer(_RANGE, body.removeprefix("^").replace(r"\d", "0-9"), re.DOTALL):
        low, high = (found[1], found[2]) if found[2] else (found[3], found[3])
        ranges.append((_code(low), _code(high)))
    return _complement(ranges) if negated else ranges


def _code(char: str) -> int:
    if len(char) == 1:
        return ord(char)
    if char.startswith(r"\x{"):
        return int(char[3:-1], 16)
    if char[1].isalpha() and char[1] not in _CONTROL:
        raise ValueError("a class subtraction takes only characters and ranges")
    return ord(_CONTROL.get(char[1], char[1]))
