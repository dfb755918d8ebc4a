"""Many filings: lines of a file per second beside bare commits, and every office of the country filing at once by API."""

from __future__ import annotations

import asyncio
import json
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from statistics import quantiles
from typing import TYPE_CHECKING, Any

from . import durable, stage
from .clients import Phase, rates
from .figures import Figure

if TYPE_CHECKING:
    from uuid import UUID

GROUP = "Many at once"
ACT, SCOPE = "death", "deaths"
OFFICES = 1409  # registry offices of the country (design, section 7)
LONGEST = 180  # seconds until a call that is not answered has failed


def death(number: int, day: str) -> dict[str, str]:
    """A right application of a death of nobody known, known on the day itself; each `number` another one."""
    return {
        "situation": "body",
        "identified": "unidentified",
        "death_date": day,
        "death_place": "15001",
        "cause_type": "natural",
        "known_on": day,
        "certificate_number": f"72{number:06}",
        "relation": "physician",
        "declarant_type": "CC",
        "declarant_number": "40023114",
        "declarant_given_names": "Rosa",
        "declarant_first_surname": "Pérez",
        "office": stage.OFFICE,
    }


@dataclass
class Worker:
    """One worker with a file of its own."""

    on: stage.Stage
    lines: int
    run: int = 0

    def phases(self) -> list[Phase]:
        """Bare commits first, then the lines, a group of one transaction at a time."""
        commits = durable.Client(self.on, 0)
        return [
            Phase("commit", lambda _: range(durable.COMMITS), commits.commit),
            Phase("lines", self.groups, self.file),
        ]

    def groups(self, number: int) -> list[tuple[UUID, int, int]]:
        """A confirmed file, in the groups of lines that a transaction files."""
        from ruta.cases.bulk import services
        from ruta.cases.models import Batch
        from ruta.cases.models.batch import BatchStatus

        first = (self.run * 64 + number) * self.lines
        day = stage.DAY.date().isoformat()
        data = "\n".join(json.dumps(death(first + each, day)) for each in range(self.lines))
        batch = services.receive(
            self.on.registrar, stage.SLUG, ACT, data.encode(), name=f"{number}.ndjson", lang="es"
        )
        Batch.objects.filter(pk=batch.pk).update(status=BatchStatus.FILING)
        size = services.GROUP
        return [(batch.pk, start, start + size - 1) for start in range(1, self.lines + 1, size)]

    def file(self, group: tuple[UUID, int, int]) -> None:
        """What a worker's job does."""
        from ruta.cases.bulk import services

        services.file_lines(*group)


def measure(on: stage.Stage, *, clients: int, lines: int) -> list[Figure]:
    """Lines filed per second by 1 and by `clients` workers, `lines` each, beside bare commits of the same run."""
    from django.db import connection

    from ruta.cases.bulk.services import GROUP as SIZE
    from ruta.cases.models import BatchRow
    from ruta.cases.play.world import World

    durable.make_table()
    figures = []
    for run, count in enumerate(sorted({1, clients})):
        connection.close()
        rate = rates(count, Worker(on, lines, run).phases(), lambda _: World(stage.SLUG).open())
        raw, filed = rate["commit"].per_second, rate["lines"].per_second * SIZE
        who = "1 worker" if count == 1 else f"{count} workers"
        note = f"{rate['lines'].cpu / SIZE * 1000:.1f} ms of CPU in Python; {SIZE} lines a transaction"
        figures.append(Figure(GROUP, f"lines of a file filed, {who}", filed, "1/s", raw, note=note))
    refused = BatchRow.objects.exclude(status="filed").count()
    if refused:
        raise RuntimeError(f"{refused} lines were not filed")
    return figures


@dataclass(frozen=True)
class Answer:
    """What one office got: seconds, status (0: none), and the case's number."""

    took: float
    status: int
    number: str


def measure_offices(*, offices: int = OFFICES) -> list[Figure]:
    """Each of so many offices files one application by API, all at the same moment, over loopback."""
    keys = _keys(offices)
    with _served() as address:
        begun = time.perf_counter()
        answers = asyncio.run(_all_at_once(address, keys))
        wall = time.perf_counter() - begun
    return _figures(answers, wall)


def _keys(offices: int) -> list[str]:
    """A system in an office of its own for each."""
    from ruta.identity import clients
    from ruta.identity.models import Agency, Team

    agency = Agency.objects.order_by("pk").first()
    assert agency is not None
    Team.objects.bulk_create(
        [Team(agency=agency, code=f"bench-{each}", name=f"Oficina {each}") for each in range(offices)]
    )
    return [
        clients.make_client(name=f"{each}", team=f"bench-{each}", role="registrar", scopes=[SCOPE])[1]
        for each in range(offices)
    ]


@contextmanager
def _served() -> Iterator[str]:
    """`ruta serve` in processes of its own, on a free port."""
    from django.conf import settings

    from ruta.web.site import assets

    assets.build(settings.ASSETS_DIR)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "ruta", "serve", "--port", str(port)]
    server = subprocess.Popen(command, env={**os.environ, "RUTA_PORT": str(port)}, stderr=subprocess.DEVNULL)
    address = f"http://127.0.0.1:{port}"
    try:
        _wait_for(address)
        yield address
    finally:
        server.terminate()
        server.wait(30)


def _wait_for(address: str) -> None:
    import httpx

    for _ in range(300):
        try:
            if httpx.get(f"{address}/healthz", timeout=5).status_code == 200:
                return
        except httpx.TransportError:
            time.sleep(0.2)
    raise RuntimeError("the web does not start")


async def _all_at_once(address: str, keys: list[str]) -> list[Answer]:
    import httpx

    from ruta.kernel import clock

    day = clock.local_date(datetime.now(UTC)).isoformat()  # the server follows the real clock
    limits = httpx.Limits(max_connections=len(keys))
    async with httpx.AsyncClient(base_url=address, timeout=LONGEST, limits=limits) as client:

        async def file(number: int, key: str) -> Answer:
            begun = time.perf_counter()
            headers = {"Authorization": f"Bearer {key}", "Idempotency-Key": str(number)}
            try:
                got = await client.post(
                    f"/api/v1/{stage.SLUG}/{ACT}/cases", json=death(900_000 + number, day), headers=headers
                )
            except httpx.TransportError:
                return Answer(time.perf_counter() - begun, 0, "")
            told: dict[str, Any] = got.json()
            return Answer(time.perf_counter() - begun, got.status_code, str(told.get("number", "")))

        return await asyncio.gather(*(file(number, key) for number, key in enumerate(keys)))


def _figures(answers: list[Answer], wall: float) -> list[Figure]:
    filed = [each for each in answers if each.status == 201]
    failed = len(answers) - len(filed)
    numbers = len(filed) - len({each.number for each in filed})
    name = f"{len(answers):,} offices file at once"
    took = [each.took for each in answers]
    late = quantiles(took, n=20)[-1] if len(took) > 1 else took[0]
    note = f"{failed} errors, {numbers} numbers used twice; all answered within {max(took):.1f} s"
    return [
        Figure(GROUP, f"{name}: filings", len(filed) / wall, "1/s", note=note),
        Figure(
            GROUP,
            f"{name}: 95 % answered within",
            late * 1000,
            "ms",
            note="by API over loopback, 2 processes",
        ),
    ]
