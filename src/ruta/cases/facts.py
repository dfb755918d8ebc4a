"""`found.<read>`: what registers answer to the look-ups that a service declares, asked once per key (contract §2)."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from typing import Any

from ruta.definitions.runtime import CompiledService, RegisterDefinition
from ruta.engine import feel
from ruta.identity.actors import Actor
from ruta.interop import services as interop
from ruta.kernel import canonical, clock
from ruta.registers import selectors as registers

Fact = dict[str, Any]
NOT_ASKED: Fact = {"value": None, "source": None, "at": None, "status": None, "key": None}
WAIT_IN_A_PAGE = 3  # seconds: a person waits; a case may wait as long as the register is given


def look_up(
    compiled: CompiledService,
    read_id: str,
    *,
    evaluate: Callable[[str], Any],
    known: Mapping[str, Any],
    actor: Actor,
    case_number: str = "",
    again: bool = False,
) -> Fact:
    """What the register answers to the declared read `read_id`, as `found.<read_id>`.

    `known` is the last answer: it stands while the key is the same and the answer was certain, unless `again`. A key
    with an unknown part asks nobody: its status is null.
    """
    read = compiled.read(read_id)
    key = feel.to_json(evaluate(read.key.removeprefix("=")))
    if not isinstance(key, Mapping) or any(
        _unknown(name, part, compiled.register(read.register_)) for name, part in key.items()
    ):
        return dict(NOT_ASKED)
    digest = canonical.sha256_hex(canonical.dumps(key))
    if not again and known.get("key") == digest and known.get("status") in ("found", "absent", "disputed"):
        return dict(known)
    answer = ask(compiled, read_id, key, actor=actor, case_number=case_number)
    return answer | {"key": digest}


def _unknown(name: str, part: Any, definition: RegisterDefinition) -> bool:
    """Whether a part without which nobody can be asked is missing: what an entry must have, or what is unique."""
    if part not in (None, ""):
        return False
    unique = {field for combination in definition.rules.get("key", ()) for field in combination}
    return name in unique or name in definition.schema.get("required", ())


def ask(
    compiled: CompiledService, read_id: str, key: Mapping[str, Any], *, actor: Actor, case_number: str
) -> Fact:
    """Ask the register, ours in this transaction or another agency's over the network, and log the read."""
    read = compiled.read(read_id)
    definition = compiled.register(read.register_)
    asked = {name: part for name, part in key.items() if part not in (None, "")}
    source = definition.rules.get("source")
    if source is not None:
        answer: Any = interop.read(
            definition.name,
            source if case_number else {**source, "patience": WAIT_IN_A_PAGE},
            asked,
            actor=actor,
            purpose=read.purpose,
            case_number=case_number,
        )
    else:
        answer = registers.look_up(
            definition.name,
            asked,
            fields=read.fields,
            match=read.match,
            actor=actor,
            purpose=read.purpose,
            case_number=case_number,
        )
    return {
        "value": answer.value,
        "source": answer.source,
        "at": (answer.at or clock.now()).isoformat(),
        "status": str(answer.status),
        "entry_id": str(answer.entry_id) if getattr(answer, "entry_id", None) else None,
        "version": getattr(answer, "version", None),
    }


def gather(
    compiled: CompiledService,
    reads: tuple[str, ...],
    *,
    evaluate: Callable[[str], Any],
    known: Mapping[str, Fact],
    actor: Actor,
    case_number: str = "",
    again: bool = False,
    consents: Collection[str] = (),
) -> dict[str, Fact]:
    """Every read of `reads` answered; what is already known and certain is not asked again.

    A read that the law leaves to the person (`consent: person`; Ley 1581 de 2012, art. 9) is asked only when it is
    among `consents`.
    """
    return {
        read: NOT_ASKED
        if compiled.read(read).consent == "person" and read not in consents
        else look_up(
            compiled,
            read,
            evaluate=evaluate,
            known=known.get(read, {}),
            actor=actor,
            case_number=case_number,
            again=again,
        )
        for read in reads
    }


def disputed(fact: Fact) -> Fact:
    """The person says that the answer is wrong: it is kept, marked, and the case goes on with it so marked."""
    return fact | {"status": "disputed"}
