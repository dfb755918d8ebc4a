"""Where a case stands: variables, live tokens, open scopes. History is not here, it is the case's events."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

Status = Literal["waiting", "joining", "inside", "armed", "stuck"]
ScopeKind = Literal["body", "loop", "instance", "undo", "undoing"]


@dataclass(frozen=True, slots=True)
class Token:
    """One position.

    `waiting` for somebody; `joining` other tokens at a gateway; `inside`: the work is in a scope below;
    `armed`: only listens, for the token `host` or for its scope; `stuck` on an incident.
    `scope` is the id of a Scope, 0 for the case. `via` is the flow it came by; for a timer that repeats the
    repetitions left. `due` is aware and in UTC. `key` is the correlation key of a message.
    """

    id: int
    node: str
    scope: int = 0
    status: Status = "waiting"
    via: str | None = None
    due: datetime | None = None
    key: str | None = None
    host: int | None = None

    def to_json(self) -> dict[str, Any]:
        """Return the token as JSON, without what is empty."""
        out: dict[str, Any] = {"id": self.id, "node": self.node, "status": self.status}
        if self.scope:
            out["scope"] = self.scope
        if self.via is not None:
            out["via"] = self.via
        if self.due is not None:
            out["due"] = self.due.isoformat()
        if self.key is not None:
            out["key"] = self.key
        if self.host is not None:
            out["host"] = self.host
        return out

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> Token:
        """Read what `to_json` wrote."""
        due = data.get("due")
        return cls(
            data["id"],
            data["node"],
            data.get("scope", 0),
            data["status"],
            data.get("via"),
            None if due is None else datetime.fromisoformat(due),
            data.get("key"),
            data.get("host"),
        )


@dataclass(frozen=True, slots=True)
class Scope:
    """An open scope: the body of a sub-process, the loop around an activity, or one turn of that loop.

    `token` is the token that stands `inside` for it (0 for a turn). `local` are variables seen only here.
    A loop has `items` (None: a standard loop), `at` turns begun, `done` turns ended, and `results`; a turn
    has its index in `at`. An `undo` is around handlers of compensation: `items` are those to run, `at` how many
    were begun; `undoing` is around one of them.
    """

    id: int
    node: str
    parent: int
    token: int
    kind: ScopeKind
    local: dict[str, Any] | None = None
    items: tuple[Any, ...] | None = None
    at: int = 0
    done: int = 0
    results: tuple[Any, ...] | None = None

    def to_json(self) -> dict[str, Any]:
        """Return the scope as JSON, without what is empty."""
        out: dict[str, Any] = {"id": self.id, "node": self.node, "kind": self.kind}
        for name, value in (
            ("parent", self.parent),
            ("token", self.token),
            ("at", self.at),
            ("done", self.done),
        ):
            if value:
                out[name] = value
        if self.local is not None:
            out["local"] = self.local
        if self.items is not None:
            out["items"] = list(self.items)
        if self.results is not None:
            out["results"] = list(self.results)
        return out

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> Scope:
        """Read what `to_json` wrote."""
        items, results = data.get("items"), data.get("results")
        return cls(
            data["id"],
            data["node"],
            data.get("parent", 0),
            data.get("token", 0),
            data["kind"],
            data.get("local"),
            None if items is None else tuple(items),
            data.get("at", 0),
            data.get("done", 0),
            None if results is None else tuple(results),
        )


@dataclass(frozen=True, slots=True)
class Finished:
    """An activity that is done and could still be undone.

    `scope` is the open scope it was done in (minus the id of a token: it waits to leave with that token).
    `local` are the variables of scopes that have closed since, `inside` those of its own body, `inner` what was
    done in it. `id` grows in the order of being done.
    """

    id: int
    node: str
    scope: int = 0
    local: dict[str, Any] | None = None
    inside: dict[str, Any] | None = None
    inner: tuple[Finished, ...] = ()

    def to_json(self) -> dict[str, Any]:
        """Return it as JSON, without what is empty."""
        out: dict[str, Any] = {"id": self.id, "node": self.node}
        if self.scope:
            out["scope"] = self.scope
        if self.local:
            out["local"] = self.local
        if self.inside:
            out["inside"] = self.inside
        if self.inner:
            out["inner"] = [each.to_json() for each in self.inner]
        return out

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> Finished:
        """Read what `to_json` wrote."""
        return cls(
            data["id"],
            data["node"],
            data.get("scope", 0),
            data.get("local"),
            data.get("inside"),
            tuple(cls.from_json(each) for each in data.get("inner", ())),
        )


@dataclass(frozen=True, slots=True)
class State:
    """All that a step needs of a case. `ended` is None while it runs, then its outcome ("" without one).

    `outcome` and `last_end` remember the end events reached so far, `done` what could still be undone.
    """

    variables: dict[str, Any]
    tokens: tuple[Token, ...] = ()
    scopes: tuple[Scope, ...] = ()
    next_id: int = 1
    ended: str | None = None
    outcome: str | None = None
    last_end: str = ""
    done: tuple[Finished, ...] = ()

    def to_json(self) -> dict[str, Any]:
        """Return the state as JSON."""
        out: dict[str, Any] = {
            "variables": self.variables,
            "tokens": [token.to_json() for token in self.tokens],
            "next_id": self.next_id,
        }
        if self.scopes:
            out["scopes"] = [scope.to_json() for scope in self.scopes]
        if self.ended is not None:
            out["ended"] = self.ended
        if self.outcome is not None:
            out["outcome"] = self.outcome
        if self.last_end:
            out["last_end"] = self.last_end
        if self.done:
            out["done"] = [each.to_json() for each in self.done]
        return out

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> State:
        """Read what `to_json` wrote."""
        return cls(
            data["variables"],
            tuple(Token.from_json(each) for each in data["tokens"]),
            tuple(Scope.from_json(each) for each in data.get("scopes", ())),
            data["next_id"],
            data.get("ended"),
            data.get("outcome"),
            data.get("last_end", ""),
            tuple(Finished.from_json(each) for each in data.get("done", ())),
        )

    def token(self, id: int) -> Token | None:
        """Return the live token with this id."""
        for token in self.tokens:
            if token.id == id:
                return token
        return None
