"""Misbehaviour on request: what each part of the outside world is to do wrong, and for how long."""

import asyncio
from dataclasses import dataclass

from .store import Store

GATEWAY = {
    "ok": ("funciona", "works"),
    "slow": ("responde tarde", "answers slowly"),
    "down": ("no responde", "does not answer"),
    "twice": ("avisa dos veces", "sends each notice twice"),
    "late": ("avisa tarde", "sends notices late"),
    "lost": ("no avisa", "sends no notice"),
    "forged": ("llega un aviso con firma falsa", "a notice with a forged signature comes instead"),
    "wrong-amount": ("toma un peso menos", "takes one peso less"),
    "out-of-order": ("avisa en desorden", "sends notices out of order"),
    "lying": ("avisa lo contrario de lo que pasó", "notices say the opposite of what happened"),
    "double-charge": ("cobra dos veces", "takes the money twice"),
}
XROAD = {
    "ok": ("funciona", "works"),
    "slow": ("responde tarde", "answers slowly"),
    "down": ("no responde", "does not answer"),
    "lost": ("recibe y no contesta nunca", "takes the question and never answers"),
    "lying": ("contesta algo ilegible", "answers something unreadable"),
    "absent": ("dice que no hay registro", "says that there is no entry"),
    "twice": ("contesta dos registros distintos", "answers two different entries"),
    "another": ("contesta sobre otra persona", "answers about somebody else"),
    "impossible": ("contesta fechas que no pueden ser", "answers dates that cannot be"),
}
TOLD = {
    "ok": ("recibe y acepta", "takes it and accepts"),
    "reject": ("rechaza con un motivo", "rejects it with a reason"),
    "slow": ("responde tarde", "answers slowly"),
    "down": ("no responde", "does not answer"),
    "lost": ("recibe y no contesta nunca", "takes it and never answers"),
    "later": ("recibe y contesta después", "takes it and answers later"),
    "twice": ("dice que ya lo tenía", "says that it has it already"),
    "lying": ("contesta algo ilegible", "answers something unreadable"),
}
SMTP = {
    "ok": ("funciona", "works"),
    "slow": ("recibe despacio", "takes mail slowly"),
    "down": ("pide intentar más tarde (421)", "asks to try later (421)"),
    "refuse": ("rechaza al destinatario (550)", "refuses the recipient (550)"),
    "lost": ("recibe y pierde", "takes mail and loses it"),
    "twice": ("entrega dos veces", "delivers twice"),
}


def modes_of(target: str) -> dict[str, tuple[str, str]]:
    """The modes that a target knows, with their words in Spanish and English; empty for an unknown target."""
    if target == "gateway":
        return GATEWAY
    if target == "smtp":
        return SMTP
    if target.startswith("told:") and len(target) > len("told:"):
        return TOLD
    return XROAD if target.startswith("xroad:") and len(target) > len("xroad:") else {}


@dataclass(frozen=True)
class Fault:
    """What a target does now. `times` uses are left (None: until changed); `delay` in seconds is for slow and late."""

    target: str
    mode: str = "ok"
    times: int | None = None
    delay: float = 3.0


class Faults:
    """The present misbehaviour of every target, kept in the store."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def set(self, fault: Fault) -> None:
        """From now on the target behaves like this."""
        self._store.run(
            "INSERT OR REPLACE INTO fault (target, mode, times, delay) VALUES (?, ?, ?, ?)",
            fault.target,
            fault.mode,
            fault.times,
            fault.delay,
        )

    def peek(self, target: str) -> Fault:
        """How the target behaves, without using it up."""
        row = self._store.row("SELECT target, mode, times, delay FROM fault WHERE target = ?", target)
        return Fault(**row) if row else Fault(target)

    def use(self, target: str, *modes: str) -> Fault:
        """How the target behaves this once, if that is one of `modes`; a counted fault comes one nearer to its end."""
        with self._store.together():
            fault = self.peek(target)
            if fault.mode not in modes:
                return Fault(target)
            if fault.times is not None:
                left = fault.times - 1
                self.set(
                    Fault(target, fault.mode if left > 0 else "ok", left if left > 0 else None, fault.delay)
                )
        return fault

    async def breathe(self, target: str) -> bool:
        """Be slow or down as asked for one request; return whether the target answers at all."""
        fault = self.use(target, "slow", "down")
        if fault.mode == "slow":
            await asyncio.sleep(fault.delay)
        return fault.mode != "down"
