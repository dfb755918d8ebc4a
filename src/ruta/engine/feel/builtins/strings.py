"""Texts (DMN 1.5, 10.3.4.3) and the conversions from and to text; regular expressions by RE2, in linear time."""

import re
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from ruta.engine.feel import notation, numbers, values
from ruta.engine.feel.builtins.table import builtin
from ruta.engine.feel.context import Run
from ruta.engine.feel.regex import pattern

_PART = re.compile(r"\\(.?)|\$([0-9]*)", re.DOTALL)


@builtin("string", "from: any", "string", "The value as text.", 'string(1.10) = "1.10"')
def _string(run: Run, value: Any) -> str:
    shown = values.text(value, run)
    run.text(len(shown))
    return shown


_PLAIN_NUMBER = re.compile(r"[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][+-]?[0-9]+)?", re.ASCII)


@builtin("number", "from: string", "number", "The number written in a text.", 'number("-0.5") = -0.5')
def _number(run: Run, text: str) -> Decimal | None:
    run.spend(len(text) >> 6)
    return numbers.number(text) if _PLAIN_NUMBER.fullmatch(text) else None


@builtin("number", "from: string, grouping separator: string|null, decimal separator: string|null?", "number")
def _number_grouped(run: Run, text: str, grouping: str | None, point: str | None = None) -> Decimal | None:
    if (
        grouping not in (None, " ", ",", ".")
        or point not in (None, ",", ".")
        or (grouping and grouping == point)
    ):
        return None
    plain = text.replace(grouping, "") if grouping else text
    if point == ",":
        plain = plain.replace(".", "x").replace(",", ".")
    return _number(run, plain)


@builtin(
    "substring",
    "string: string, start position: number, length: number?",
    "string",
    "A part of a text, from a position (from 1; negative: from the end).",
    'substring("foobar", 3) = "obar"',
)
def _substring(run: Run, text: str, start: Decimal, length: Decimal | None = None) -> str | None:
    at, length = numbers.position(start), length and min(length, Decimal(len(text)))
    if at == 0 or abs(at) > len(text) or (length is not None and length < 1):
        return None
    begin = at - 1 if at > 0 else len(text) + at
    part = text[begin:] if length is None else text[begin : begin + int(length)]
    run.text(len(part))
    return part


@builtin("string length", "string: string", "number", "Characters in a text.", 'string length("foo") = 3')
def _length(run: Run, text: str) -> Decimal:
    return Decimal(len(text))


def _pay_for_case(run: Run, text: str) -> None:
    run.text(len(text))
    if not text.isascii():
        run.spend(len(text) >> 5)


@builtin("upper case", "string: string", "string", "In capitals.", 'upper case("aBc4") = "ABC4"')
def _upper(run: Run, text: str) -> str:
    _pay_for_case(run, text)
    return text.upper()


@builtin("lower case", "string: string", "string", "In small letters.", 'lower case("aBc4") = "abc4"')
def _lower(run: Run, text: str) -> str:
    _pay_for_case(run, text)
    return text.lower()


@builtin(
    "substring before",
    "string: string, match: string",
    "string",
    "What comes before the first match.",
    'substring before("foobar", "bar") = "foo"',
)
def _before(run: Run, text: str, match: str) -> str:
    run.text(len(text))
    head, found, _ = text.partition(match) if match else ("", "", "")
    return head if found else ""


@builtin(
    "substring after",
    "string: string, match: string",
    "string",
    "What comes after the first match.",
    'substring after("foobar", "ob") = "ar"',
)
def _after(run: Run, text: str, match: str) -> str:
    run.text(len(text))
    return text.partition(match)[2] if match else text


@builtin(
    "contains",
    "string: string, match: string",
    "boolean",
    "Whether a text holds another.",
    'contains("foobar", "of") = false',
)
def _contains(run: Run, text: str, match: str) -> bool:
    run.text(len(text))
    return match in text


@builtin(
    "starts with",
    "string: string, match: string",
    "boolean",
    "Whether a text begins with another.",
    'starts with("foobar", "fo") = true',
)
def _starts(run: Run, text: str, match: str) -> bool:
    run.text(len(match))
    return text.startswith(match)


@builtin(
    "ends with",
    "string: string, match: string",
    "boolean",
    "Whether a text ends with another.",
    'ends with("foobar", "r") = true',
)
def _ends(run: Run, text: str, match: str) -> bool:
    run.text(len(match))
    return text.endswith(match)


@builtin(
    "matches",
    "input: string, pattern: string, flags: string|null?",
    "boolean",
    "Whether a pattern occurs.",
    'matches("foobar", "^fo*b") = true',
)
def _matches(run: Run, text: str, regex: str, flags: str | None = None) -> bool:
    return pattern(regex, flags or "", run).occurs(text, run)


@builtin(
    "replace",
    "input: string, pattern: string, replacement: string, flags: string|null?",
    "string",
    "The text with every match of a pattern replaced; $1 is its first group.",
    'replace("abcd", "(ab)|(a)", "[1=$1][2=$2]") = "[1=ab][2=]cd"',
)
def _replace(run: Run, text: str, regex: str, replacement: str, flags: str | None = None) -> str:
    found = pattern(regex, flags or "", run)
    if found.occurs("", run):
        raise ValueError("the regular expression accepts the empty text")
    fill = [replacement] if "q" in (flags or "") else list(_parts(replacement, found.groups))
    pieces: list[str] = []
    length = last = 0
    for match in found.matches(text, run):
        run.spend(len(fill))
        new = "".join(part if isinstance(part, str) else match.group(part) or "" for part in fill)
        length += len(new) + match.start() - last
        run.text(len(new))
        run.fits(length)
        pieces += (text[last : match.start()], new)
        last = match.end()
    return "".join([*pieces, text[last:]])


def _parts(replacement: str, groups: int) -> Iterator[str | int]:
    """The texts and group numbers of a replacement (XPath functions 5.6.4); with fewer groups `$12` is `$1` and "2"."""
    last = 0
    for found in _PART.finditer(replacement):
        yield replacement[last : found.start()]
        last = found.end()
        if found[2] is None:
            if found[1] not in ("\\", "$"):
                raise ValueError("the replacement has an unknown escape")
            yield found[1]
            continue
        if not found[2]:
            raise ValueError("the replacement has a lone $")
        digits = len(found[2])
        while digits > 1 and int(found[2][:digits]) > groups:
            digits -= 1
        group = int(found[2][:digits])
        yield group if group <= groups else ""
        yield found[2][digits:]
    yield replacement[last:]


@builtin(
    "split",
    "string: string, delimiter: string",
    "list",
    "The parts between matches of a pattern.",
    'split("a;b", ";") = ["a", "b"]',
)
def _split(run: Run, text: str, delimiter: str) -> list[str]:
    parts, last = [], 0
    for match in pattern(delimiter, "", run).matches(text, run):
        if match.end() > match.start():
            parts.append(text[last : match.start()])
            last = match.end()
    return [*parts, text[last:]]


@builtin(
    "string join",
    "list: list, delimiter: string|null?",
    "string",
    "The texts of a list in one.",
    'string join(["a","b"], "-") = "a-b"',
)
def _join(run: Run, items: list[Any], delimiter: str | None = None) -> str | None:
    run.items(len(items))
    texts = [item for item in items if item is not None]
    if not all(isinstance(item, str) for item in texts):
        return None
    run.text(sum(map(len, texts)) + len(delimiter or "") * len(texts))
    return (delimiter or "").join(texts)


@builtin(
    "duration", "from: string", "duration", "The duration written in a text.", 'duration("P1DT2H").hours = 2'
)
def _duration(run: Run, text: str) -> Any:
    run.spend(5)
    return notation.read_duration(text)
