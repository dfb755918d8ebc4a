"""`found.<read>`: what registers answer to the look-ups that a service declares, asked once per key (contract §2)."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from datetime import datetime
from time import monotonic
from typing import Any

from ruta.definitions.runtime import CompiledService
from ruta.engine import feel
from ruta.engine.terms import Length, due_at
from ruta.identity.actors import Actor
from ruta.interop import services as interop
from ruta.interop.patience import next_try as after
from ruta.kernel import calendars, canonical, clock
from ruta.registers import selectors as registers
from ruta.registers.spec import spec_of

Fact = dict[str, Any]
NOT_ASKED: Fact = {"value": None, "source": None, "at": None, "status": None, "key": None}
OFFERED: Fact = NOT_ASKED | {"status": "offered"}
"""Nobody was asked: the law leaves the read to the person, who has not authorised it."""
WAIT_IN_A_PAGE, WAIT_OF_A_CASE = 3.0, 30.0  # seconds of one call; a person waits at the page
WAIT_OF_ALL_IN_A_PAGE, WAIT_AT_LEAST = 6.0, 0.5  # seconds of all calls together; of the last ones


def look_up(
    compiled: CompiledService,
    read_id: str,
    *,
    evaluate: Callable[[str], Any],
    known: Mapping[str, Any],
    actor: Actor,
    case_number: str = "",
    again: bool = False,
    wait: float | None = None,
) -> Fact:
    """What the register answers to the declared read `read_id`, as `found.<read_id>`.

    `known` is the last answer: it stands while the key is the same and the answer was certain, unless `again`. A key
    with an unknown part asks nobody: its status is null.
    """
    key = key_of(compiled, read_id, evaluate)
    if not again and stands(known, key):
        return dict(known)
    return ask(compiled, read_id, key, actor=actor, case_number=case_number, wait=wait)


def stands(known: Mapping[str, Any], key: Mapping[str, Any] | None) -> bool:
    """Whether what is known is a certain answer to this very key."""
    certain = known.get("status") in ("found", "absent", "disputed")
    return key is not None and certain and known.get("key") == _digest(key)


def authorised(compiled: CompiledService, read_id: str, known: Mapping[str, Any]) -> bool:
    """Whether a case may ask the read: by law, or because whoever filed authorised it (Ley 1581 de 2012, art. 9).

    `known` is what the case has of it since it was filed (see `gather`).
    """
    by_law = compiled.read(read_id).consent == "law"
    return by_law or (bool(known) and known.get("status") != OFFERED["status"])


def key_of(
    compiled: CompiledService, read_id: str, evaluate: Callable[[str], Any]
) -> Mapping[str, Any] | None:
    """The key by which the declared read asks; None while a part is unknown without which nobody can be asked:
    what every entry has, or what is unique."""
    read = compiled.read(read_id)
    key = feel.to_json(evaluate(read.key.removeprefix("=")))
    if not isinstance(key, Mapping):
        return None
    spec = spec_of(compiled.register(read.register_).schema)
    unknown = any(part in (None, "") and not spec.may_leave_out(name) for name, part in key.items())
    return None if unknown else key


def asked_by(compiled: CompiledService, read_id: str, evaluate: Callable[[str], Any]) -> str | None:
    """The digest of the key by which the read would ask now, as a fact keeps it; None while nobody can be asked."""
    key = key_of(compiled, read_id, evaluate)
    return None if key is None else _digest(key)


def _digest(key: Mapping[str, Any]) -> str:
    return canonical.sha256_hex(canonical.dumps(key))


def ask(
    compiled: CompiledService,
    read_id: str,
    key: Mapping[str, Any] | None,
    *,
    actor: Actor,
    case_number: str,
    wait: float | None = None,
) -> Fact:
    """Ask the register, ours in this transaction or another agency's over the network, and log the read.

    A `key` that is not known (see `key_of`) asks nobody. `wait` is how many seconds another agency may take.
    """
    if key is None:
        return dict(NOT_ASKED)
    asked = {name: part for name, part in key.items() if part not in (None, "")}
    answer = _answer(compiled, read_id, asked, actor, case_number, wait)
    fact: Fact = {
        "value": answer.value,
        "source": answer.source,
        "at": (answer.at or clock.now()).isoformat(),
        "status": str(answer.status),
        "entry_id": str(answer.entry_id) if getattr(answer, "entry_id", None) else None,
        "version": getattr(answer, "version", None),
        "key": _digest(key),
    }
    if fault := getattr(answer, "fault", ""):
        said = [dict(problem.say) for problem in answer.problems]
        fact["fault"] = {"code": str(fault), "say": said}
    return fact


def _answer(
    compiled: CompiledService,
    read_id: str,
    asked: Mapping[str, Any],
    actor: Actor,
    case_number: str,
    wait: float | None,
) -> Any:
    read = compiled.read(read_id)
    definition = compiled.register(read.register_)
    source = definition.rules.get("source")
    if source is None:
        return registers.look_up(
            definition.name,
            asked,
            fields=read.fields,
            match=read.match,
            actor=actor,
            purpose=read.purpose,
            case_number=case_number,
        )
    return interop.read(
        definition.name,
        source,
        asked,
        actor=actor,
        purpose=read.purpose,
        case_number=case_number,
        wait=wait if wait is not None else WAIT_OF_A_CASE if case_number else WAIT_IN_A_PAGE,
        about=spec_of(definition.schema),
        fields=read.fields,
        match=read.match,
        code_fault=compiled.code_fault,
    )


def next_try(compiled: CompiledService, read_id: str, *, since: datetime) -> datetime | None:
    """When a register that does not answer is asked again by a case that began to ask at `since`.

    See `interop.patience`; the last time when its patience is over (the read's own `patience`, else that of the
    register). None when it is over, or none was given.
    """
    read = compiled.read(read_id)
    source = compiled.register(read.register_).rules.get("source") or {}
    patience = read.patience or source.get("patience")
    now = clock.now()
    if not patience:
        return None
    until = due_at(since, Length.parse(str(patience)), calendars.calendar_of(compiled.service.agency))
    return after(now, since=since, until=until)


def gather(
    compiled: CompiledService,
    reads: tuple[str, ...],
    *,
    evaluate: Callable[[str], Any],
    known: Mapping[str, Fact],
    actor: Actor,
    case_number: str = "",
    again: bool = False,
    renamed: bool = False,
    consents: Collection[str] = (),
) -> dict[str, Fact]:
    """Every read of `reads` answered; what is already known and certain is not asked again, and with `renamed` only
    what has another key than it was asked by.

    A read that the law leaves to the person (`consent: person`; Ley 1581 de 2012, art. 9) is asked only when it is
    among `consents`; else it is offered. A person waits: all calls together may take `WAIT_OF_ALL_IN_A_PAGE` seconds,
    so that several agencies that do not answer cost hardly more than one.
    """
    found: dict[str, Fact] = {}
    until = monotonic() + WAIT_OF_ALL_IN_A_PAGE
    for read in reads:
        if compiled.read(read).consent == "person" and read not in consents:
            found[read] = dict(OFFERED)
            continue
        if renamed and asked_by(compiled, read, evaluate) == known[read].get("key"):
            found[read] = known[read]
            continue
        left = min(WAIT_IN_A_PAGE, max(until - monotonic(), WAIT_AT_LEAST))
        found[read] = look_up(
            compiled,
            read,
            evaluate=evaluate,
            known=known.get(read, {}),
            actor=actor,
            case_number=case_number,
            again=again,
            wait=None if case_number else left,
        )
    return found


def entries_of(fact: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """What was found: one entry, all of a read of many, or none."""
    value = fact.get("value")
    return [each for each in (value if isinstance(value, list) else [value]) if isinstance(each, Mapping)]


def disputed(fact: Fact, note: str) -> Fact:
    """The person says that the answer is wrong: it is kept, marked, with what the person says of it."""
    return fact | {"status": "disputed", "note": note}
