"""The privacy gate for frequency tables: which cells are hidden so that nobody is recognised. Pure.

Small counts are hidden first (open-data facts H3), then as many more as it takes that no hidden one can be computed
from what is published: by the hypercube rule, and by an audit that knows what the marks themselves tell.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

TOTAL = "*"
"""The name of the row and of the column that hold totals."""

Cell = tuple[int, int]
Key = tuple[str, str]


class Hidden(StrEnum):
    """Why a count is not told: it is smaller than k, it protects another one, or the table is too fine for it."""

    SMALL = "small"
    PROTECTS = "protects"
    DETAIL = "detail"


def protect(counts: Mapping[Key, int], k: int, before: Collection[Key] = ()) -> dict[Key, Hidden]:
    """The cells to hide of a table with all its totals; `counts` by (row, column) has what is not zero, no totals.

    Keys of the answer may be totals (`TOTAL`). `before` were hidden in an earlier release and stay so. `k` >= 3: with
    less, “smaller than k” would itself be the number.
    """
    assert k >= 3, k
    rows, columns = (sorted({key[at] for key in counts}) for at in (0, 1))
    if len(rows) > 1 and len(columns) > 1:
        values = [[counts.get((row, column), 0) for column in columns] for row in rows]
        names = {
            (i, j): (row, column)
            for i, row in enumerate([*rows, TOTAL])
            for j, column in enumerate([*columns, TOTAL])
        }
        places = {key: cell for cell, key in names.items()}
        hidden = table(values, k, [places[key] for key in before if key in places])
        return {names[cell]: why for cell, why in hidden.items()}
    keys = sorted(counts)
    marks, whole = line(
        [counts[key] for key in keys], k, [at for at, key in enumerate(keys) if key in before]
    )
    hidden_line = {keys[at]: why for at, why in marks.items()}
    if whole:
        hidden_line[TOTAL, TOTAL] = Hidden.SMALL
    return _with_totals(hidden_line, keys)


def _with_totals(hidden: dict[Key, Hidden], keys: Sequence[Key]) -> dict[Key, Hidden]:
    """Of a table of one row or one column: the totals that are the cells once more are hidden with them."""
    told = dict(hidden)
    for row, column in keys:
        if (row, column) in hidden:
            one_column = len({key[1] for key in keys}) == 1
            if len(keys) > 1:
                told[(row, TOTAL) if one_column else (TOTAL, column)] = hidden[row, column]
    if (TOTAL, TOTAL) in hidden:
        for row, column in keys:
            told[row, TOTAL] = told[TOTAL, column] = Hidden.SMALL
    return told


# ---- one line with its total


def line(values: Sequence[int], k: int, before: Collection[int] = ()) -> tuple[dict[int, Hidden], bool]:
    """What to hide of values whose total is published, by place; and whether the total is too small itself.

    The smallest are hidden until at least two are, and together they make k (examples P-09, P-10), and until the
    marks do not give them away.
    """
    if 0 < sum(values) < k:
        return {at: Hidden.SMALL for at, value in enumerate(values) if value}, True
    hidden = {at: Hidden.SMALL for at, value in enumerate(values) if 0 < value < k}
    hidden |= {at: Hidden.PROTECTS for at in before if at not in hidden}
    while hidden and _tells(values, hidden, k):
        more = [at for at in range(len(values)) if at not in hidden]
        if not more:
            return {at: Hidden.DETAIL for at, value in enumerate(values) if value}, False
        # A zero is the last to protect: it gives little.
        hidden[min(more, key=lambda at: (values[at] == 0, values[at], at))] = Hidden.PROTECTS
    return hidden, False


def _tells(values: Sequence[int], hidden: Mapping[int, Hidden], k: int) -> bool:
    """Whether the hidden values of a line follow from their sum."""
    total = sum(values[at] for at in hidden)
    bounds = [_room(values[at], why, k) for at, why in hidden.items()]
    at_least = all(down == 0 for down, _ in bounds)
    at_most = all(up == 0 for _, up in bounds)
    return len(hidden) < 2 or total < k or at_least or at_most


def _room(value: int, why: Hidden, k: int) -> tuple[int, int]:
    """How much less and how much more a hidden value may be for all that its mark says; generous to who attacks.

    `small` is 1 to k-1; who knows the rules takes another for k or more, where it is.
    """
    if why is Hidden.SMALL:
        return value - 1, k - 1 - value
    return (value - k if value >= k and why is Hidden.PROTECTS else value), _ANY


_ANY = 10**9


# ---- a table with the totals of its rows and of its columns


@dataclass(frozen=True)
class _Rectangle:
    """Four cells of which one may grow by what its neighbours lose, so that every total stays."""

    corners: tuple[Cell, Cell, Cell, Cell]
    new: tuple[Cell, ...]
    protection: int
    order: tuple[int | bool, ...]


def table(values: Sequence[Sequence[int]], k: int, before: Collection[Cell] = ()) -> dict[Cell, Hidden]:
    """What to hide of a table with both totals; row `len(values)` and the column after the last are the totals.

    For each small cell the rectangle whose other corners protect it by at least k and cost the least is hidden too
    (examples P-05 to P-08). What the audit still finds determined gets one more rectangle. Where none is left the table
    is not told at this detail: its totals alone are, each line by the rule for lines.
    """
    full = [[*row, sum(row)] for row in values]
    full.append([sum(column) for column in zip(*full, strict=True)])
    last = (len(full) - 1, len(full[0]) - 1)
    if 0 < full[last[0]][last[1]] < k:
        return {cell: Hidden.SMALL for cell in _cells(full) if _at(full, cell)}
    small = [cell for cell in _cells(full) if 0 < _at(full, cell) < k]
    hidden = dict.fromkeys(small, Hidden.SMALL)
    hidden |= {cell: Hidden.PROTECTS for cell in before if cell not in hidden and cell != last}
    for cell in small:
        _hide(_best(full, cell, hidden, k), hidden)
    while (
        told := next((cell for cell in sorted(hidden) if _determined(full, cell, hidden, k)), None)
    ) is not None:
        if not _hide(_best(full, told, hidden, k, more=True), hidden):
            return _totals_alone(full, k)
    return hidden


def _cells(full: Sequence[Sequence[int]]) -> list[Cell]:
    return [(i, j) for i in range(len(full)) for j in range(len(full[0]))]


def _at(full: Sequence[Sequence[int]], cell: Cell) -> int:
    return full[cell[0]][cell[1]]


def _hide(best: _Rectangle | None, hidden: dict[Cell, Hidden]) -> bool:
    if best is None:
        return False
    hidden |= dict.fromkeys(best.new, Hidden.PROTECTS)
    return True


def _best(
    full: Sequence[Sequence[int]], cell: Cell, hidden: Mapping[Cell, Hidden], k: int, *, more: bool = False
) -> _Rectangle | None:
    """The cheapest rectangle through a cell; with `more`, of those that hide something new."""
    i, j = cell
    last = (len(full) - 1, len(full[0]) - 1)
    found = []
    for i2 in range(len(full)):
        for j2 in range(len(full[0])):
            if i2 == i or j2 == j:
                continue
            corners = ((i, j), (i, j2), (i2, j), (i2, j2))
            new = tuple(each for each in corners if each not in hidden)
            if last in corners or (more and not new):
                continue
            found.append(_rectangle(full, corners, new, last))
    enough = [each for each in found if each.protection >= k]
    return min(enough or found, key=lambda each: each.order, default=None)


def _rectangle(
    full: Sequence[Sequence[int]], corners: tuple[Cell, Cell, Cell, Cell], new: tuple[Cell, ...], last: Cell
) -> _Rectangle:
    a, b, c, d = corners
    # When `a` grows, `b` and `c` shrink; a total grows with its line, so that its part is turned round.
    fall = {cell: _is_total(cell, last) for cell in (a, d)} | {
        cell: not _is_total(cell, last) for cell in (b, c)
    }
    up = min(_at(full, cell) for cell, falls in fall.items() if falls) if any(fall.values()) else _ANY
    down = min((_at(full, cell) for cell, falls in fall.items() if not falls), default=_ANY)
    order = (
        sum(_is_total(cell, last) for cell in new),
        any(_at(full, cell) == 0 for cell in corners),
        sum(_at(full, cell) for cell in new),
        len(new),
        d[0],
        d[1],
    )
    return _Rectangle(corners, new, up + down, order)


def _is_total(cell: Cell, last: Cell) -> bool:
    return (cell[0] == last[0]) != (cell[1] == last[1])


def _determined(full: Sequence[Sequence[int]], cell: Cell, hidden: Mapping[Cell, Hidden], k: int) -> bool:
    """Whether the published cells and the marks leave a hidden cell only one value.

    Rows and columns are the nodes of a graph, hidden cells its edges, with room to grow one way and to shrink the
    other: another value is possible just when a cycle goes through the cell (a circulation of one unit; whole numbers
    suffice, as the matrix is totally unimodular).
    """
    rows = len(full)
    steps: dict[int, list[tuple[int, Cell]]] = {}
    last = (rows - 1, len(full[0]) - 1)
    for each, why in hidden.items():
        down, up = _room(_at(full, each), why, k)
        if _is_total(each, last):  # totals stand on the other side of their sum
            down, up = up, down
        row, column = each[0], rows + each[1]
        if up > 0:
            steps.setdefault(row, []).append((column, each))
        if down > 0:
            steps.setdefault(column, []).append((row, each))
    row, column = cell[0], rows + cell[1]
    may_grow = any(each == cell for _, each in steps.get(row, ()))
    may_shrink = any(each == cell for _, each in steps.get(column, ()))
    return not (
        (may_grow and _reaches(steps, column, row, cell))
        or (may_shrink and _reaches(steps, row, column, cell))
    )


def _reaches(steps: Mapping[int, Sequence[tuple[int, Cell]]], start: int, goal: int, without: Cell) -> bool:
    seen, open_ = {start}, [start]
    while open_:
        for after, cell in steps.get(open_.pop(), ()):
            if cell == without or after in seen:
                continue
            if after == goal:
                return True
            seen.add(after)
            open_.append(after)
    return False


def _totals_alone(full: Sequence[Sequence[int]], k: int) -> dict[Cell, Hidden]:
    rows, columns = len(full) - 1, len(full[0]) - 1
    # Zeros too, where they do not follow from a total: with them the others could be told.
    inside = [(i, j) for i in range(rows) for j in range(columns) if full[i][columns] and full[rows][j]]
    hidden = dict.fromkeys(inside, Hidden.DETAIL)
    by_row, _ = line([full[i][columns] for i in range(rows)], k)
    by_column, _ = line(full[rows][:columns], k)
    hidden |= {(i, columns): why for i, why in by_row.items()}
    return hidden | {(rows, j): why for j, why in by_column.items()}
