"""`python -m bench`: print the table, and keep it in RUTA_HOME/bench."""

import argparse
import os
import sys
from collections.abc import Collection, Iterator
from datetime import UTC, datetime

from ruta.config import database

from . import attacks, durable, letters, many, pages, papers, pure, stage, starting
from .figures import Figure, show, write

PARTS = ("engine", "attacks", "starts", "steps", "many", "papers", "pages")


def main() -> None:
    """Measure everything; about three minutes on two processors."""
    asked = argparse.ArgumentParser(prog="bench", description=__doc__)
    asked.add_argument("--clients", type=int, default=4, help="clients at once (default 4)")
    asked.add_argument("--amount", type=int, default=40, help="filings and steps of each client")
    asked.add_argument("--lines", type=int, default=400, help="lines of each worker's file")
    asked.add_argument("--offices", type=int, default=many.OFFICES, help="offices that file at once")
    asked.add_argument("--cases", type=int, default=10_000, help="cases in the database of the pages")
    asked.add_argument("--times", type=int, default=15, help="how often each page is asked for")
    asked.add_argument(
        "--only", choices=PARTS, nargs="+", default=PARTS, help="measure these parts (default all)"
    )
    given = asked.parse_args()
    kept = database.home() / "bench"
    begun, load = datetime.now(UTC), os.getloadavg()[0]
    figures: list[Figure] = []
    try:
        for part in measure(given.only, given):
            figures += part
    finally:  # what was measured before something failed is told too
        show(figures)
        print(f"\n{os.cpu_count()} processors; load {load:.1f} before and {os.getloadavg()[0]:.1f} after.")
        print(
            f"Kept in {write(figures, kept, begun, load=load)}; {(datetime.now(UTC) - begun).seconds} s in all."
        )


def measure(parts: Collection[str], given: argparse.Namespace) -> Iterator[list[Figure]]:
    """The asked `parts`, one by one, in a country of its own."""
    if "engine" in parts:
        _say("the engine alone")
        yield pure.measure()
    if "attacks" in parts:
        _say("attacks on definitions")
        yield attacks.measure()
    if not set(parts) - {"engine", "attacks"}:
        return
    _say("an empty country")
    with stage.own_home():
        if "starts" in parts:
            _say("starts")
            yield starting.measure(times=3)
        on = stage.build(max(2, given.clients))
        if "steps" in parts:
            _say("filings and steps")
            yield durable.measure(on, clients=given.clients, amount=given.amount)
        elif set(parts) & {"papers", "pages"}:  # they are of cases that were brought on
            durable.bring_on(on, given.amount)
        if "many" in parts:
            _say("files of many lines, and all offices at once")
            yield many.measure(on, clients=given.clients, lines=given.lines)
            yield many.measure_offices(offices=given.offices)
        if "papers" in parts:
            _say("certificates and messages")
            yield papers.measure(amount=given.amount)
            yield letters.measure(on, amount=2 * given.amount)
        if "pages" in parts:
            _say("pages")
            yield pages.measure(on, cases=given.cases, times=given.times)
            if "steps" in parts:
                yield durable.measure_large(on)


def _say(what: str) -> None:
    print(f"… {what}", file=sys.stderr, flush=True)


if __name__ == "__main__":
    main()
