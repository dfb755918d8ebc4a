"""The verbs that a process may ask of the platform (contract §4.2): which are built, and what they need.

`cases` carries them out; a test there holds its table against this one.
"""

from collections.abc import Mapping
from dataclasses import dataclass


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
    "charge": _verb("lines payer", "less due term", "charge", waits=True),
    "refund": _verb("charge reason", "lines", "refund", waits=True),
    "record": _verb("register entry", "valid_from supersedes", "entry", waits=False),
    "reserve": _verb("register range until", "entry count", "reserved", waits=False),
    "note": _verb("entry kind text", "sets because", "note", waits=False),
    "annul": _verb("entry reason", "", "annulled", waits=False),
    "draw": _verb("from n", "at_most_one_per", "drawn", waits=False),
    "issue": _verb("output holder", "of data copies", "output", waits=True),
    "set-output": _verb("output state", "reason until", "output", waits=False),
    "send": _verb("message parties", "legal", "notice", waits=True),
    "start-term": _verb("term", "", "", waits=False),
}
NOT_BUILT = frozenset(["ask", "sign", "tell", "start-case", "compose", "run"])
FORM_KEYS: Mapping[str, str] = {"ruta.decide": "decided", "ruta.review": "reviewed", "ruta.enter": "entered"}
OUTCOMES = frozenset({"granted", "refused", "withdrawn", "lapsed", "annulled", "inadmissible"})
