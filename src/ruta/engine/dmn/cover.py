"""Boxes over atoms: what a set of rules leaves open, and which of them meet. Sets of rules are bit masks, too.

After Calvanese, Dumas, Laurson, Maggi, Montali and Teinemaa, "Semantics and analysis of DMN decision tables" (2016):
a sweep over the columns, in which atoms that leave the same rules alive are one piece, and the same rules are swept only
once for each column. Beside it: the column that tells rules apart best comes first, and a piece in which one rule
accepts all that is left is closed at once.
"""

from collections.abc import Iterator, Sequence
from functools import reduce

Box = tuple[int, ...]


class TooMany(Exception):
    """The table has more regions than are worth looking at."""


class Steps:
    """What one analysis may spend; raises TooMany when it is spent."""

    def __init__(self, most: int) -> None:
        self.left = most

    def spend(self, steps: int) -> None:
        """Pay for so many looks at a piece."""
        self.left -= steps
        if self.left < 0:
            raise TooMany


class Cover:
    """The rules of one table as boxes; `domain` is what can occur in each column."""

    def __init__(self, rules: Sequence[Box], domain: Box) -> None:
        self._rules = rules
        self._domain = domain
        self.masks: list[dict[int, int]] = [{} for _ in domain]  # the rules that have a mask in a column
        for at, box in enumerate(rules):
            for known, mask in zip(self.masks, box, strict=True):
                known[mask] = known.get(mask, 0) | 1 << at
        self._groups = [list(_groups(masks, whole)) for masks, whole in zip(self.masks, domain, strict=True)]
        self._order = sorted(range(len(domain)), key=self._share)
        self.all = (1 << len(rules)) - 1

    def _share(self, column: int) -> int:
        """How many rules stay alive in a column, over all its groups: the fewer, the better it tells them apart."""
        groups = self._groups[column]
        return sum(accepting.bit_count() for accepting, _ in groups) * 1000 // max(len(groups), 1)

    def open_in(self, domain: Box, rules: int, steps: Steps, *, most: int) -> list[Box]:
        """Up to `most` boxes of `domain` that none of `rules` covers, neighbours merged; raises TooMany."""
        order = self._order
        full = [self.all]
        for column in reversed(order):
            full.append(full[-1] & self._accepting_all(column, domain[column]))
        full.reverse()
        memo: dict[tuple[int, int], list[Box]] = {}

        def sweep(depth: int, alive: int) -> list[Box]:
            if not alive:
                return [tuple(domain[column] for column in order[depth:])]
            if alive & full[depth]:
                return []
            found = memo.get((depth, alive))
            if found is None:
                found = memo[depth, alive] = list(step(depth, alive))[:most]
            return found

        def step(depth: int, alive: int) -> Iterator[Box]:
            column = order[depth]
            pieces: dict[int, int] = {}
            steps.spend(len(self._groups[column]))
            for accepting, atoms in self._groups[column]:
                here = atoms & domain[column]
                if here:
                    left = alive & accepting
                    pieces[left] = pieces.get(left, 0) | here
            boxes: dict[Box, int] = {}
            for left, mask in pieces.items():
                for rest in sweep(depth + 1, left):
                    boxes[rest] = boxes.get(rest, 0) | mask
                if len(boxes) >= most:
                    break
            return ((mask, *rest) for rest, mask in boxes.items())

        return [self._in_order(box) for box in sweep(0, rules)]

    def _accepting_all(self, column: int, wanted: int) -> int:
        return reduce(
            int.__or__, (rules for mask, rules in self.masks[column].items() if not wanted & ~mask), 0
        )

    def _in_order(self, box: Box) -> Box:
        placed = dict(zip(self._order, box, strict=True))
        return tuple(placed[column] for column in range(len(box)))

    def meeting(self) -> list[int]:
        """For each rule the rules, itself among them, that have a box in common with it."""
        met = [self.all] * len(self._rules)
        for column, masks in enumerate(self.masks):
            touched = {mask: self._touching(column, mask) for mask in masks}
            met = [before & touched[box[column]] for before, box in zip(met, self._rules, strict=True)]
        return met

    def _touching(self, column: int, mask: int) -> int:
        return reduce(int.__or__, (accepting for accepting, atoms in self._groups[column] if atoms & mask), 0)


def _groups(masks: dict[int, int], whole: int) -> Iterator[tuple[int, int]]:
    """(rules, atoms): the atoms of a column that the same rules accept."""
    accepting = dict.fromkeys(bits(whole), 0)
    for mask, rules in masks.items():
        for bit in bits(mask & whole):
            accepting[bit] |= rules
    groups: dict[int, int] = {}
    for bit, rules in accepting.items():
        groups[rules] = groups.get(rules, 0) | bit
    yield from groups.items()


def bits(mask: int) -> Iterator[int]:
    """The single bits of a mask, lowest first."""
    while mask:
        bit = mask & -mask
        yield bit
        mask ^= bit


def meet(a: Box, b: Box) -> Box | None:
    """The common part of two boxes, or None."""
    common = tuple(map(int.__and__, a, b))
    return common if all(common) else None
