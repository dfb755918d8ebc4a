"""Dictionary-encoded columns: the distinct values, and for each row which of them it has."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from itertools import count
from typing import Any

import numpy as np

Codes = np.ndarray[tuple[int], np.dtype[np.int64]]
_DENSE = 4  # up to so many possible combinations a row, they are counted instead of sorted


@dataclass(frozen=True, slots=True)
class Coded:
    """A column: the value of row `i` is `values[codes[i]]`."""

    codes: Codes
    values: Sequence[Any]


_SIMPLE = frozenset((str, bool, date, type(None)))


def encode(column: Sequence[Any]) -> tuple[Codes, list[Any]]:
    """(code of each value, distinct values): equal values of one kind and spelling share a code, all others do not."""
    kinds = set(map(type, column))
    if len(kinds - {type(None)}) <= 1 and (kinds <= _SIMPLE or kinds <= {int, type(None)}):
        keys: Sequence[Any] = column
    else:
        fresh = count()
        keys = [_key(value, fresh) for value in column]
    index = dict(zip(dict.fromkeys(keys), count()))
    codes = np.fromiter(map(index.__getitem__, keys), dtype=np.int64, count=len(column))
    if keys is column:
        return codes, list(index)
    distinct: list[Any] = [None] * len(index)
    for code, value in zip(codes.tolist(), column, strict=True):
        distinct[code] = value
    return codes, distinct


def _key(value: Any, fresh: Iterator[int]) -> Any:
    """1, 1.0, true and 1.00 are equal for Python and not the same here; what is not a plain scalar stands alone."""
    kind = type(value)
    if kind is int or kind in _SIMPLE:
        return kind, value
    return (kind, repr(value)) if kind in (float, Decimal) else next(fresh)


def places(column: Sequence[Any], cuts: Sequence[Any]) -> Codes | None:
    """Where each value lies: 2i before cut i, 2i + 1 on it, 2n behind all; null is 2n + 1.

    None unless the values are whole numbers of 64 bits, floats or dates, and the cuts are of their kind exactly.
    """
    kinds = set(map(type, column)) - {type(None)}
    spelled = _SPELLED.get(kinds.pop()) if len(kinds) == 1 else None
    if spelled is None:
        return None
    convert, plain, back, dtype = spelled
    try:
        at = np.array([convert(cut) for cut in cuts], dtype=dtype)
        present = [0 if value is None else plain(value) for value in column] if plain else column
        found = np.array([0 if value is None else value for value in present] if None in column else present)
    except (OverflowError, ValueError, TypeError, AttributeError):
        return None
    if found.dtype != dtype or not np.isfinite(found).all():
        return None
    if any(back(value) != cut for value, cut in zip(at.tolist(), cuts, strict=True)):
        return None
    place = np.searchsorted(at, found)
    codes: Codes = 2 * place + (at[np.minimum(place, len(at) - 1)] == found)
    if None in column:
        codes[np.fromiter((value is None for value in column), dtype=np.bool_, count=len(column))] = (
            2 * len(cuts) + 1
        )
    return codes


_Spelling = tuple[Callable[[Any], Any], Callable[[Any], Any] | None, Callable[[Any], Any], Any]
# (a cut as numpy has it, a value as numpy has it or None for itself, the cut that comes back, type of the array)
_SPELLED: dict[type, _Spelling] = {
    int: (int, None, Decimal, np.int64),
    float: (float, None, lambda value: Decimal(repr(value)), np.float64),
    date: (date.toordinal, date.toordinal, date.fromordinal, np.int64),
}


def dense(column: Coded) -> Coded:
    """The column with each distinct value once; the values are whole numbers."""
    index = dict(zip(dict.fromkeys(column.values), count()))
    again = np.fromiter(map(index.__getitem__, column.values), dtype=np.int64, count=len(column.values))
    return Coded(again[column.codes], list(index))


def spread(column: Coded) -> list[Any]:
    """The value of each row."""
    return list(map(column.values.__getitem__, column.codes.tolist()))


def combine(columns: Sequence[Coded], length: int) -> tuple[Codes, list[tuple[Any, ...]]]:
    """(code of each row, the distinct combinations of the columns' values)."""
    if len(columns) == 1:
        return columns[0].codes, [(value,) for value in columns[0].values]
    codes: Codes = np.zeros(length, dtype=np.int64)
    most = 1
    for column in columns:
        if most * len(column.values) > np.iinfo(np.int64).max:
            codes, first = renumber(codes, most)
            most = len(first)
        codes = codes * len(column.values) + column.codes
        most *= len(column.values)
    codes, first = renumber(codes, most)
    picked = [column.codes[first].tolist() for column in columns]
    parts = [map(column.values.__getitem__, at) for column, at in zip(columns, picked, strict=True)]
    return codes, list(zip(*parts, strict=True)) if columns else [()]


def renumber(codes: Codes, most: int) -> tuple[Codes, Codes]:
    """(codes without gaps, a row that has each); `codes` are below `most`."""
    if most > _DENSE * len(codes):
        _, first, again = np.unique(codes, return_index=True, return_inverse=True)
        return again.reshape(-1), first
    at = np.full(most, -1, dtype=np.int64)
    at[codes] = np.arange(len(codes))
    present = np.flatnonzero(at >= 0)
    place = np.zeros(most, dtype=np.int64)
    place[present] = np.arange(len(present))
    return place[codes], at[present]
