"""What other agencies know in the sample country: written for the sandbox, and read again by who plays stories."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any

from ruta.definitions.agency_services import LIST, XROAD
from ruta.definitions.runtime import CompiledService
from ruta.engine import feel
from ruta.kernel import canonical

from .people import Inhabitant

Known = dict[str, dict[str, Any]]
"""Registers by name, each {service, title, entries}."""


def read(path: Path) -> Known:
    """The registers that the file has; none where there is no file. A list alone is the entries of a register."""
    if not path.exists():
        return {}
    told: dict[str, Any] = json.loads(path.read_text("utf-8"))
    return {
        name: one if isinstance(one, dict) else {"service": "", "title": {}, "entries": one}
        for name, one in told.get("registers", told).items()
    }


def write(path: Path, compiled: CompiledService, entries: Mapping[str, Iterable[dict[str, Any]]]) -> None:
    """Add to the file what a service tells of other agencies' registers, each entry once; what others told stays."""
    known = read(path)
    for name, told in entries.items():
        rules = compiled.register(name).rules
        one = known.setdefault(name, {"entries": []})
        one |= {"service": rules["source"]["xroad"], "title": dict(rules.get("title") or {})}
        there = {canonical.dumps(entry) for entry in one["entries"]}
        one["entries"] += [entry for entry in told if canonical.dumps(entry) not in there]
    written: dict[str, Any] = {"registers": known, "receivers": _receivers(path) | _told_by(compiled)}
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(written, ensure_ascii=False, indent=1), "utf-8")


def _receivers(path: Path) -> dict[str, Any]:
    told: dict[str, Any] = json.loads(path.read_text("utf-8")) if path.exists() else {}
    receivers: dict[str, Any] = told.get("receivers", {}) if "registers" in told else {}
    return receivers


def _told_by(compiled: CompiledService) -> dict[str, Any]:
    """The services of other agencies that a service may tell something, each {service, title}."""
    return {
        row.code: {"service": row.more[XROAD], "title": dict(row.title)}
        for row in compiled.lists.get(LIST, ())
    }


def entries_of(
    compiled: CompiledService,
    declared: Mapping[str, Any],
    people: Iterable[Inhabitant],
    named: Callable[[Inhabitant], Mapping[str, Any]],
) -> Iterable[tuple[Inhabitant, dict[str, Any]]]:
    """One entry for each person for whom `when` is true; `entry` gives each field as FEEL over `person`."""
    ctx = compiled.context()
    when = compiled.program(declared["when"]) if "when" in declared else None
    fields = {name: compiled.program(text) for name, text in declared["entry"].items()}
    for person in people:
        env = {"person": feel.to_feel(named(person))}
        if when is None or when(env, ctx) is True:
            values = {name: feel.to_json(program(env, ctx)) for name, program in fields.items()}
            yield person, _without_nulls(values)


def _without_nulls(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {name: _without_nulls(item) for name, item in value.items() if item is not None}
    return value
