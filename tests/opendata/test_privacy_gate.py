"""The gate hides small counts, and enough beside them that no hidden count follows from what is published."""

from collections.abc import Iterator
from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ruta.opendata import gate
from ruta.opendata.gate import TOTAL, Hidden

Table = list[list[int]]
MARKS = {Hidden.SMALL: "<5", Hidden.PROTECTS: "*", Hidden.DETAIL: "-"}


def _shown(values: Table) -> list[list[object]]:
    hidden = gate.table(values, 5)
    return [
        [MARKS[hidden[i, j]] if (i, j) in hidden else value for j, value in enumerate(row)]
        for i, row in enumerate(values)
    ]


@pytest.mark.parametrize(
    ("values", "shown"),
    [
        pytest.param(
            [[12, 3, 25], [40, 18, 9], [7, 22, 31]], [["*", "<5", 25], [40, 18, 9], ["*", "*", 31]], id="P-05"
        ),
        pytest.param(
            [[20, 2, 0], [15, 30, 11], [8, 0, 6]], [["*", "<5", 0], ["*", "*", 11], [8, 0, 6]], id="P-06"
        ),
        pytest.param(
            [[1, 3, 40], [10, 12, 14], [20, 21, 22]],
            [["<5", "<5", "*"], ["*", "*", "*"], [20, 21, 22]],
            id="P-07",
        ),
        pytest.param(
            [[4, 50, 60], [55, 3, 70], [80, 90, 100]],
            [["<5", "*", 60], ["*", "<5", 70], [80, 90, 100]],
            id="P-08",
        ),
    ],
)
def test_a_table_with_both_totals_is_hidden_by_rectangles(values: Table, shown: list[list[object]]) -> None:
    assert _shown(values) == shown


@pytest.mark.parametrize(
    ("values", "shown"),
    [
        pytest.param([3, 8, 14, 40], ["<5", "*", 14, 40], id="P-09"),
        pytest.param([1, 2, 14, 40], ["<5", "<5", "*", 40], id="P-10"),
    ],
)
def test_one_line_hides_the_smallest_until_they_make_k(values: list[int], shown: list[object]) -> None:
    hidden, whole = gate.line(values, 5)
    assert [MARKS[hidden[at]] if at in hidden else value for at, value in enumerate(values)] == shown
    assert not whole


def test_marks_that_would_give_the_counts_away_are_not_left_alone() -> None:
    """Two counts below 5 that sum to 8 are 4 and 4: their marks alone would tell."""
    hidden, _ = gate.line([4, 4, 9], 5)
    assert set(hidden) == {0, 1, 2}


def test_what_was_hidden_before_stays_hidden() -> None:
    assert gate.line([6, 8, 14, 40], 5, before=[0])[0].keys() == {0, 1}


def test_a_total_that_is_small_is_hidden_with_all_that_makes_it() -> None:
    hidden = gate.protect({("05", "F"): 2, ("08", "M"): 1}, 5)
    assert hidden[TOTAL, TOTAL] is Hidden.SMALL
    assert hidden["05", TOTAL] is Hidden.SMALL


def _full(values: Table) -> Table:
    full = [[*row, sum(row)] for row in values]
    return [*full, [sum(column) for column in zip(*full, strict=True)]]


def _others(values: Table, hidden: dict[tuple[int, int], Hidden], k: int) -> Iterator[Table]:
    """Tables beside the true one that agree with all that is published, found by trying: what an attacker cannot tell
    apart, who also knows what the marks mean. Steps of one are enough: where a larger one fits, one of its parts does."""
    full, width = _full(values), len(values[0])
    for steps in product((-1, 0, 1), repeat=len(values) * width):
        moved = [steps[at * width : (at + 1) * width] for at in range(len(values))]
        other = _full(
            [
                [value + step for value, step in zip(*rows, strict=True)]
                for rows in zip(values, moved, strict=True)
            ]
        )
        if all(
            (1 <= told < k if hidden[i, j] is Hidden.SMALL else told >= 0)
            if (i, j) in hidden
            else told == full[i][j]
            for i, row in enumerate(other)
            for j, told in enumerate(row)
        ):
            yield other


@given(
    st.sampled_from([(2, 2), (2, 3), (3, 2)]).flatmap(
        lambda size: st.lists(
            st.lists(st.integers(0, 8), min_size=size[1], max_size=size[1]),
            min_size=size[0],
            max_size=size[0],
        )
    ),
    st.sampled_from([3, 5]),
)
@settings(max_examples=150, deadline=None)
def test_no_hidden_count_of_a_table_can_be_computed(values: Table, k: int) -> None:
    hidden, full = gate.table(values, k), _full(values)
    assert {(i, j) for i, row in enumerate(full) for j, value in enumerate(row) if 0 < value < k} <= set(
        hidden
    )
    told = set(hidden)
    for other in _others(values, hidden, k):
        told -= {(i, j) for i, j in told if other[i][j] != full[i][j]}
    assert not told, f"{sorted(told)} of {values} with k = {k} follow from what is published"


@given(st.lists(st.integers(0, 9), min_size=1, max_size=5), st.sampled_from([3, 5]))
def test_no_hidden_count_of_a_line_can_be_computed(values: list[int], k: int) -> None:
    hidden, whole = gate.line(values, k)
    if whole:
        assert sum(values) < k
        return
    total = sum(values[at] for at in hidden)
    bounds = [(1, k - 1) if why is Hidden.SMALL else (0, total) for why in hidden.values()]
    for at, (low, high) in enumerate(bounds):
        others = [each for place, each in enumerate(bounds) if place != at]
        least = max(low, total - sum(most for _, most in others))
        most = min(high, total - sum(fewest for fewest, _ in others))
        # A line of one value is its total, which is published.
        assert least < most or len([value for value in values if value]) == 1, (values, hidden)
