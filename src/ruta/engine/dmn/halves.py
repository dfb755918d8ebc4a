"""Gaps by halving: where a sweep has too many pieces, the space is cut in two where fewest rules lie on both sides.

A table that was cut like a tree (which is how people write large ones) falls apart at its own cuts, so the work grows
with the number of rules and not with that of their combinations (J. L. Bentley, "Multidimensional binary search
trees", 1975).
"""

from collections.abc import Iterator, Sequence
from functools import reduce

from ruta.engine.dmn.cover import Box, Cover, Steps, TooMany, bits

Segments = list[tuple[int, int]]  # (rules, atoms) of one column, in the order of the axis; neighbours differ
_SWEPT = 300_000


def open_boxes(cover: Cover, domain: Box, rules: int, steps: Steps, *, most: int) -> list[Box]:
    """Up to `most` boxes of `domain` that none of `rules` covers: by a sweep, whose boxes read best, else by halves.

    Raises TooMany.
    """
    try:
        return cover.open_in(domain, rules, Steps(min(_SWEPT, steps.left)), most=most)
    except TooMany:
        return gaps(cover.masks, domain, rules, steps, most=most)


def gaps(columns: Sequence[dict[int, int]], domain: Box, rules: int, steps: Steps, *, most: int) -> list[Box]:
    """Up to `most` boxes of `domain` that none of `rules` covers; `columns` are the rules of each mask of a column.

    Raises TooMany.
    """
    found: list[Box] = []
    waiting = [[_merged(_atoms(masks, whole)) for masks, whole in zip(columns, domain, strict=True)]]
    alive = [rules]
    while waiting and len(found) < most:
        space, here = waiting.pop(), alive.pop()
        steps.spend(sum(map(len, space)))
        for segments in space:
            here &= reduce(int.__or__, (accepting for accepting, _ in segments), 0)
        if not here:
            found.append(tuple(reduce(int.__or__, (atoms for _, atoms in segments)) for segments in space))
            continue
        if reduce(int.__and__, (accepting for segments in space for accepting, _ in segments), here):
            continue  # one rule accepts everything here
        space = [_merged((accepting & here, atoms) for accepting, atoms in segments) for segments in space]
        column, at = _best_cut(space)
        for half in (space[column][:at], space[column][at:]):
            waiting.append([*space[:column], half, *space[column + 1 :]])
            alive.append(here)
    return merge(found)


def _atoms(masks: dict[int, int], whole: int) -> Iterator[tuple[int, int]]:
    accepting = dict.fromkeys(bits(whole), 0)
    for mask, rules in masks.items():
        for bit in bits(mask & whole):
            accepting[bit] |= rules
    return ((rules, bit) for bit, rules in accepting.items())


def _merged(segments: Iterator[tuple[int, int]] | Segments) -> Segments:
    merged: Segments = []
    for rules, atoms in segments:
        if merged and merged[-1][0] == rules:
            merged[-1] = rules, merged[-1][1] | atoms
        else:
            merged.append((rules, atoms))
    return merged


def _best_cut(space: Sequence[Segments]) -> tuple[int, int]:
    """(column, index of the first segment of the second half): fewest rules twice, then halves most alike."""
    best, cut = (1 << 62, 0), (0, 0)
    for column, segments in enumerate(space):
        before = _running(segments)
        after = _running(segments[::-1])[::-1]
        for at in range(1, len(segments)):
            left, right = before[at - 1].bit_count(), after[at].bit_count()
            if (left + right, max(left, right)) < best:
                best, cut = (left + right, max(left, right)), (column, at)
    return cut


def _running(segments: Segments) -> list[int]:
    union, found = 0, []
    for accepting, _ in segments:
        union |= accepting
        found.append(union)
    return found


def merge(boxes: list[Box]) -> list[Box]:
    """The boxes with those joined that differ in one column only, as long as there are such."""
    before = 0
    while len(boxes) != before:
        before = len(boxes)
        for column in range(len(boxes[0]) if boxes else 0):
            joined: dict[Box, int] = {}
            for box in boxes:
                rest = (*box[:column], 0, *box[column + 1 :])
                joined[rest] = joined.get(rest, 0) | box[column]
            boxes = [(*rest[:column], mask, *rest[column + 1 :]) for rest, mask in joined.items()]
    return boxes
