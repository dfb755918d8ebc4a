"""The verbs that a process may ask of the platform (contract §4.2): which are built, and what they need.

`cases` carries them out; a test there holds its table against this one.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from ruta.engine.bpmn.xml import NAME_EN


@dataclass(frozen=True)
class Verb:
    """One verb: the inputs it needs, those it may have, the variable of its result, whether it waits for the world."""

    needs: frozenset[str]
    takes: frozenset[str]
    result: str
    waits: bool


def _verb(needs: str, takes: str, result: str, *, waits: bool) -> Verb:
    return Verb(frozenset(needs.split()), frozenset(takes.split()), result, waits)


BUILT: Mapping[str, Verb] = {
    "look-up": _verb("read", "again", "found", waits=False),
    "ask": _verb("party what term", "fields rows", "answer", waits=True),
    "charge": _verb("lines payer", "less due", "charge", waits=True),
    "refund": _verb("charge reason", "", "refund", waits=True),
    "record": _verb("register entry", "valid_from supersedes", "entry", waits=False),
    "reserve": _verb("register range until", "entry count", "reserved", waits=False),
    "note": _verb("entry kind text", "sets because", "note", waits=False),
    "annul": _verb("entry reason", "", "annulled", waits=False),
    "draw": _verb("from n", "at_most_one_per", "drawn", waits=False),
    "issue": _verb("output holder", "of data", "output", waits=True),
    "set-output": _verb("output state", "reason", "output", waits=False),
    "send": _verb("message parties", "legal", "notice", waits=True),
    "tell": _verb("service data purpose", "patience wait", "told", waits=True),
    "start-case": _verb("service act data", "parties wait", "started", waits=True),
    "start-term": _verb("term", "", "", waits=False),
    "settle": _verb("outcome", "", "settled", waits=True),
}
INPUTS_NOT_BUILT: Mapping[str, frozenset[str]] = {
    "charge": frozenset({"term"}),
    "refund": frozenset({"lines"}),
    "set-output": frozenset({"until"}),
}
"""Inputs of the contract whose passing over would change what is owed, sent back or valid."""
INPUTS_IGNORED: Mapping[str, frozenset[str]] = {"issue": frozenset({"copies"})}
"""Inputs of the contract that nobody waits for: one document, signed once, is printed as often as one likes."""
PROPERTIES = frozenset({"ruta:stage", "ruta:outcome", "ruta:outcomes", "ruta:not-by", NAME_EN})
PROPERTIES_NOT_BUILT = frozenset({"sees", "ruta:sees"})
NOT_BUILT = frozenset(["sign", "compose", "run"])
FORM_KEYS: Mapping[str, str] = {"ruta.decide": "decided", "ruta.review": "reviewed", "ruta.enter": "entered"}
OUTCOMES = frozenset({"granted", "refused", "withdrawn", "lapsed", "annulled", "inadmissible"})
SETTLED = frozenset({"granted", "refused", "inadmissible"})
"""Outcomes that admit appeals, and so can wait to be firm."""
