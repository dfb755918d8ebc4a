"""Rules of outputs that need no database: which state may follow which, and what a stranger may see."""

from collections.abc import Mapping, Sequence
from typing import Any

FOLLOWS: Mapping[str, frozenset[str]] = {
    "valid": frozenset({"suspended", "superseded", "revoked"}),
    "suspended": frozenset({"valid", "superseded", "revoked"}),
    "superseded": frozenset({"revoked"}),
    "revoked": frozenset(),
}
"""State → states that may follow: a revoked output never lives again, a superseded one can only be
revoked.
"""


def may_follow(before: str, after: str) -> bool:
    """Whether an output in state `before` may pass to `after`."""
    return after in FOLLOWS.get(before, frozenset())


def initials(data: Mapping[str, Any]) -> str:
    """`M. F. R. P.` of the names in `data`, in parts or in one piece (`names`); empty without names."""
    parts = [str(data.get(part) or "") for part in ("given_names", "first_surname", "second_surname")]
    names = " ".join(parts).split() or str(data.get("names") or "").split()
    return " ".join(f"{name[0].upper()}." for name in names)


def _groups(data: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """`data` and the groups of facts directly in it (an entry, a licence), in order; nothing deeper."""
    return [data, *(value for value in data.values() if isinstance(value, Mapping))]


def _part(group: Mapping[str, Any], steps: Sequence[str]) -> Mapping[str, Any]:
    for step in steps:
        inner = group.get(step)
        group = inner if isinstance(inner, Mapping) else {}
    return group


def _value(path: str, data: Mapping[str, Any]) -> str:
    *steps, name = path.split(".")
    for whole in _groups(data):
        group = _part(whole, steps)
        if name == "initials":
            found = initials(group)
        elif name.endswith("_last_4"):
            found = str(group.get(name.removesuffix("_last_4")) or "")[-4:]
        else:
            value = group.get(name)
            found = "" if isinstance(value, Mapping | list) or value is None else str(value)
        if found:
            return found
    return ""


def public_view(data: Mapping[str, Any], shows: Sequence[str]) -> list[list[Any]]:
    """What a stranger who verifies the output sees: [name, value] for each name in `shows` (contract §2).

    A value is read from `data["shows"]` when the service words it there (text or {es, en}), else from `data`
    or a group directly in it; `person.x` is read in the part `person` of such a group. `initials` is made of the
    names, `x_last_4` are the last four characters of `x`; `state` and `issued_on` are known to the platform and
    left out here. A name that is not in `shows` is never in the answer.
    """
    worded = data.get("shows") or {}
    view: list[list[Any]] = []
    for name in shows:
        if name in ("state", "issued_on"):
            continue
        value = worded.get(name) or _value(name, data)
        if value:
            view.append([name, value])
    return view
