"""The verb that lets chance decide, so that anybody may check it afterwards: draw."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from ruta.engine import bpmn
from ruta.kernel import canonical

from .. import history
from .errors import CannotBeDone

if TYPE_CHECKING:
    from ..machine import Machine


def draw(machine: Machine, effect: bpmn.JobRequested) -> dict[str, Any]:
    """Draw `n` of a list by lot, at most one per value of a field if asked; the seed is kept, so the lot can be redone."""
    inputs = effect.inputs
    items, wanted = inputs["from"], int(inputs["n"])
    if not isinstance(items, Sequence) or isinstance(items, str):
        raise CannotBeDone(
            {"es": "Se sortea de una lista.", "en": "One draws from a list."}, code="draw-from-no-list"
        )
    seed = secrets.token_hex(16)
    drawn = by_lot(items, wanted, seed, at_most_one_per=str(inputs.get("at_most_one_per") or ""))
    if len(drawn) < wanted:
        raise CannotBeDone(
            {
                "es": f"Hay que sortear {wanted} y solo se puede {len(drawn)}.",
                "en": f"{wanted} are to be drawn and only {len(drawn)} can be.",
            },
            code="draw-too-few",
        )
    public = {"seed": seed, "of": len(items), "n": wanted}
    history.append(
        machine.case,
        "drawn",
        actor=machine.actor,
        public=public,
        private={"from": list(items), "drawn": drawn},
    )
    return {"drawn": {"items": drawn, "seed": seed}}


def by_lot(items: Sequence[Any], n: int, seed: str, *, at_most_one_per: str = "") -> list[Any]:
    """The first `n` items in the order of SHA-256(seed + canonical JSON + place in the list).

    With `at_most_one_per`, an item whose field of that name has a value that was drawn already is passed over. The
    same items and seed always give the same lot.
    """
    order = sorted(range(len(items)), key=lambda at: _ticket(items[at], at, seed))
    drawn: list[Any] = []
    seen: set[str] = set()
    for at in order:
        if len(drawn) == n:
            break
        item = items[at]
        if at_most_one_per:
            value = str(item.get(at_most_one_per)) if isinstance(item, Mapping) else str(item)
            if value in seen:
                continue
            seen.add(value)
        drawn.append(item)
    return drawn


def _ticket(item: Any, at: int, seed: str) -> str:
    return hashlib.sha256(seed.encode() + canonical.dumps([item, at])).hexdigest()
