"""XPath regular expressions (DMN 1.5, 10.3.4.3) by RE2: linear time, so that no pattern can hold a worker.

What RE2 lacks is translated: class subtraction `[a-z-[aeiou]]`, named blocks, `\\i`, `\\c`, and `\\w`, `\\d` of all
scripts.
Look-around and back-references are refused.
"""

import re
from typing import Any

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
_RANGE = re.compile(rf"({_ONE}|[^\\])-({_ONE}|[^\\\]\[])|({_ONE}|[^\\])", re.DOTALL)
_LAST = 0x10FFFF
# XML Schema part 2, appendix F, and XPath functions 5.6.1: other letters after a backslash mean nothing.
_LETTERS = frozenset("nrtsSiIcCdDwWpP")
_GROUPS = re.compile(r"\(\?(?!:)")
_COMPILED: dict[tuple[str, str], Any] = {}
_MOST_COMPILED = 512
_COST_OF_COMPILING = 3_000
_CONTROL = {"n": "\n", "r": "\r", "t": "\t"}


def pattern(text: str, flags: str, run: Run) -> Any:
    """A compiled pattern with XPath flags; a new one is paid for. Raises ValueError for what cannot be used."""
    known = _COMPILED.get((text, flags))
    if known is None:
        run.spend(_COST_OF_COMPILING)
        if len(_COMPILED) >= _MOST_COMPILED:
            _COMPILED.clear()
        known = _COMPILED[text, flags] = _compiled(text, flags)
    return known


def _compiled(text: str, flags: str) -> Any:
    if not set(flags) <= _FLAGS or len(text) > _LONGEST:
        raise ValueError("the regular expression has unknown flags or is too long")
    if "q" in flags:
        text = re2.escape(text)
        flags = flags.replace("x", "").replace("m", "").replace("s", "")
    else:
        if "x" in flags:
            text = re.sub(r"\[[^\]]*\]|\s+", lambda found: found[0] if found[0][0] == "[" else "", text)
        if _GROUPS.search(re.sub(r"\\.|\[[^\]]*\]", "", text, flags=re.DOTALL)):
            raise ValueError("after (? only : may follow")
        text = _translated(text, "." if "s" in flags else r"[^\n\r]")
    used = "".join(flag for flag in "ims" if flag in flags)
    options = re2.Options()
    options.log_errors = False
    options.max_mem = 1 << 22
    try:
        return re2.compile(f"(?{used}){text}" if used else text, options)
    except re2.error as error:
        raise ValueError(f"the regular expression {text[:60]!r} cannot be used: {error}") from error


def _translated(text: str, point: str) -> str:
    pieces, at = [], 0
    while found := _PIECE.search(text, at):
        pieces.append(text[at : found.start()])
        at = found.end()
        if found[2]:
            pieces.append(_block(found[2], negated=found[1] == "P", inside=False))
        elif found[3]:
            _known(found[3])
            name = found[3].lower()
            negated = "^" if found[3].isupper() else ""
            pieces.append(f"[{negated}{_ESCAPES[name]}]" if name in _ESCAPES else found[0])
        elif found[0] == ".":
            pieces.append(point)
        else:
            body, at = _class(text, found.start())
            pieces.append(body)
    return "".join([*pieces, text[at:]])


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
    for found in _RANGE.finditer(body.removeprefix("^").replace(r"\d", "0-9")):
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
