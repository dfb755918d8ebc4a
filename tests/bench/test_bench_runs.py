"""Every measure of the bench runs, on the least that it can measure. How fast, no test asks."""

import json
import os
from datetime import UTC, datetime
from pathlib import Path

import pytest
from bench.figures import Figure, show, write
from rich.console import Console

from bench import attacks, clients, durable, letters, many, pages, papers, pure, stage, starting


def a_figure(**told: object) -> Figure:
    return Figure(**({"group": "Steps", "name": "a step", "value": 600.0, "unit": "1/s"} | told))  # type: ignore[arg-type]


@pytest.mark.django_db(transaction=True)
def test_cases_papers_letters_and_pages_are_measured_one_after_the_other() -> None:
    on = stage.build(2)
    figures = [
        *durable.measure(on, clients=1, amount=2),
        *many.measure(on, clients=1, lines=2),
        *papers.measure(amount=1),
        *letters.measure(on, amount=2),
        *pages.measure(on, cases=20, times=1),
        *durable.measure_large(on),
    ]
    assert len(figures) == 20
    assert all(figure.value > 0 for figure in figures)


@pytest.mark.slow
def test_the_engine_is_measured() -> None:
    assert all(figure.value > 0 for figure in pure.measure())


@pytest.mark.slow
def test_attacks_on_definitions_are_measured() -> None:
    assert all(figure.value > 0 for figure in attacks.measure())


def test_starts_are_measured() -> None:
    assert [figure.unit for figure in starting.measure(times=1)] == ["ms"] * 3


def test_clients_begin_together_and_the_slowest_ends_the_measure() -> None:
    from contextlib import nullcontext

    told = clients.rates(
        2,
        [clients.Phase("count", lambda number: range(10 * (number + 1)), lambda item: item * item)],
        nullcontext,
    )
    assert told["count"].per_second > 0


def test_a_client_that_fails_fails_the_measure_with_its_own_words() -> None:
    from contextlib import nullcontext

    with pytest.raises(RuntimeError, match="ZeroDivisionError"):
        clients.rates(2, [clients.Phase("divide", lambda _: [0], lambda item: 1 // item)], nullcontext)


def test_a_figure_says_how_it_stands_to_the_machine_and_to_the_bar() -> None:
    assert a_figure(limit=3000, bar=300).of_limit == 0.2
    assert a_figure(bar=300).of_bar == 2
    assert a_figure(value=50, bar=25, less=True).of_bar == 0.5


def test_the_table_is_kept_as_json_with_what_is_known_of_the_machine(tmp_path: Path) -> None:
    figures = [a_figure(limit=3000, bar=300, note="5 queries")]
    kept = json.loads(
        write(figures, tmp_path / "bench", datetime(2026, 3, 2, tzinfo=UTC), load=1.5).read_text()
    )
    assert kept["figures"][0]["of_limit"] == 0.2
    assert kept["machine"]["processors"] == os.cpu_count()
    console = Console(record=True, width=120)
    show(figures, console)
    assert "20.0%" in console.export_text()
