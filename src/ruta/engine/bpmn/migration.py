"""A running case moved to another version of its process: which element becomes which, and whether it is safe.

Safe means what `soundness` means: from where the case would stand, the new process can always end and does nothing
twice; found by the same search, begun at the mapped marking. What cannot be shown to be safe is refused with the
reason, and nothing has happened.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from ruta.engine.bpmn import events
from ruta.engine.bpmn.landing import Landing
from ruta.engine.bpmn.model import ROOT, Node, Process
from ruta.engine.bpmn.moves import join, user_inputs
from ruta.engine.bpmn.protocol import Moved, RuleFailed, Rules, Waiting, Withdrawn
from ruta.engine.bpmn.run import LEAVING, Run
from ruta.engine.bpmn.state import Finished, Scope, State, Token
from ruta.engine.bpmn.step import BUDGET, Step, finish
from ruta.engine.terms import Calendar


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a case cannot be moved: the element of the old process (its id), and what is in the way."""

    node: str
    say: Mapping[str, str]
    token: int | None = None


class MigrationRefused(Exception):
    """The case stays where it is, for these reasons."""

    def __init__(self, reasons: tuple[Reason, ...]) -> None:
        self.reasons = reasons
        self.say = {lang: " ".join(each.say[lang] for each in reasons) for lang in ("es", "en")}
        super().__init__(self.say["en"])


@dataclass(frozen=True)
class Plan:
    """Which element of the new process each of the old one becomes. Elements that are gone are not in `nodes`."""

    old: Process
    new: Process
    nodes: Mapping[str, str]
    landing: Landing = field(compare=False, repr=False)

    @property
    def gone(self) -> tuple[str, ...]:
        """Elements of the old process that nothing follows."""
        return tuple(id for id in self.old.nodes if id not in self.nodes)

    @property
    def added(self) -> tuple[str, ...]:
        """Elements of the new process that no old one becomes."""
        taken = set(self.nodes.values())
        return tuple(id for id in self.new.nodes if id not in taken)

    def flow(self, id: str | None) -> str | None:
        """The flow of the new process that a flow of the old one is; None when there is none."""
        flow = self.old.flows.get(id or "")
        if flow is None or flow.target not in self.nodes:
            return None
        if flow.id in (found := self._same_flows(flow.target)):
            return found[flow.id]
        # One flow into the element is another now: the only one that is not known.
        before = [each for each in self.old.nodes[flow.target].incoming if each not in found]
        after = [
            each for each in self.new.nodes[self.nodes[flow.target]].incoming if each not in found.values()
        ]
        return after[0] if len(before) == len(after) == 1 else None

    def _same_flows(self, target: str) -> dict[str, str]:
        """The flows into an element that are the same in both: by their id, else by what they join."""
        after = self.new.nodes[self.nodes[target]]
        found = {id: id for id in self.old.nodes[target].incoming if id in after.incoming}
        for id in self.old.nodes[target].incoming:
            source = self.nodes.get(self.old.flows[id].source)
            same = [each for each in after.incoming if self.new.flows[each].source == source]
            if id not in found and len(same) == 1 and same[0] not in found.values():
                found[id] = same[0]
        return found


def propose(old: Process, new: Process, given: Mapping[str, str] | None = None) -> Plan:
    """Return a mapping: what a person gave, then equal ids, then the only element of equal kind and name.

    An element becomes only one of its own kind that waits for the same. Raises ValueError for a given pair that names
    no elements, or such as can never become each other.
    """
    nodes: dict[str, str] = {}
    for before, after in (given or {}).items():
        if before not in old.nodes or after not in new.nodes:
            raise ValueError(f"{before}={after}: there is no such pair of elements")
        if not _alike(old.nodes[before], new.nodes[after]):
            raise ValueError(f"{before}={after}: one cannot become the other")
        nodes[before] = after
    for id, node in old.nodes.items():
        if id not in nodes and id in new.nodes and id not in nodes.values() and _alike(node, new.nodes[id]):
            nodes[id] = id
    free = [node for id, node in new.nodes.items() if id not in set(nodes.values())]
    for node in old.nodes.values():
        if node.id in nodes or not node.name:
            continue
        alike = [each for each in free if each.name == node.name and _alike(node, each)]
        rivals = [each for each in old.nodes.values() if each.name == node.name and _alike(node, each)]
        if len(alike) == len(rivals) == 1:
            nodes[node.id] = alike[0].id
    return Plan(old, new, nodes, Landing(new))


def _alike(a: Node, b: Node) -> bool:
    def shape(node: Node) -> tuple[object, ...]:
        event = (node.event.kind, node.event.name) if node.event is not None else None
        loop = (node.loop.multi, node.loop.sequential) if node.loop is not None else None
        return node.kind, event, loop, node.job_type, node.event_subprocess, node.compensation

    return shape(a) == shape(b)


def obstacles(state: State, plan: Plan) -> tuple[Reason, ...]:
    """Return why a case cannot be moved; empty when it can. Nothing is evaluated: the same for equal positions."""
    if state.ended is not None:
        return (Reason("", {"es": "El expediente ya terminó.", "en": "The case has ended."}),)
    found = [*_lost(state, plan)]
    return tuple(found) if found else tuple(_unsafe(state, plan))


def _reason(plan: Plan, node: str, token: int | None, *, es: str, en: str) -> Reason:
    found = plan.old.nodes[node]
    say = {"es": f"«{found.called('es')}»: {es}", "en": f'"{found.called("en")}": {en}'}
    return Reason(node, say, token)


def _lost(state: State, plan: Plan) -> Iterator[Reason]:
    """Positions, and work that could be undone, for which the new process has no place."""
    for token in state.tokens:
        if token.status == "armed":
            continue
        after = plan.nodes.get(token.node)
        if after is None:
            es, en = "ya no existe, y el expediente está ahí.", "it is gone, and the case is there."
            yield _reason(plan, token.node, token.id, es=es, en=en)
        elif plan.new.nodes[after].parent != _around(state, plan, token.scope):
            es, en = "quedó en otro subproceso.", "it is in another sub-process now."
            yield _reason(plan, token.node, token.id, es=es, en=en)
        elif token.status == "joining" and plan.flow(token.via) is None:
            es, en = "ya no tiene la flecha por la que se llegó.", "the flow by which it was reached is gone."
            yield _reason(plan, token.node, token.id, es=es, en=en)
    for node in _undone(state):
        if plan.nodes.get(node) is None:
            es, en = (
                "ya no existe, y lo hecho ahí se podría deshacer.",
                "it is gone, and could have been undone.",
            )
            yield _reason(plan, node, None, es=es, en=en)


def _undone(state: State) -> Iterator[str]:
    todo = list(state.done)
    for scope in state.scopes:
        if scope.kind == "undo":
            for unit in scope.items or ():
                yield unit["node"]
                todo += [Finished.from_json(each) for each in unit["inner"]]
    while todo:
        each = todo.pop()
        todo += each.inner
        yield each.node


def _around(state: State, plan: Plan, scope: int) -> str | None:
    """The sub-process of the new process that a scope becomes; None when it is gone."""
    scopes = {each.id: each for each in state.scopes}
    while scope and scopes[scope].kind != "body":
        scope = scopes[scope].parent
    return plan.nodes.get(scopes[scope].node) if scope else ROOT


def _unsafe(state: State, plan: Plan) -> Iterator[Reason]:
    """What the search finds from where the case would stand, scope by scope."""
    standing: dict[int, list[Token]] = {}
    turns = {scope.id for scope in state.scopes if scope.kind in ("instance", "undoing")}
    for token in state.tokens:
        if token.status != "armed" and token.scope not in turns:
            standing.setdefault(token.scope, []).append(token)
    for scope, tokens in sorted(standing.items()):
        inside = _around(state, plan, scope)
        assert inside is not None
        # An event sub-process that runs stands beside the flow of its scope.
        flow = [token for token in tokens if not plan.old.nodes[token.node].event_subprocess]
        places = tuple(
            (plan.nodes[token.node], plan.flow(token.via) if token.status == "joining" else None)
            for token in flow
        )
        for problem in plan.landing.problems(inside, places):
            at = next((token for token in flow if plan.nodes[token.node] == problem.element), flow[0])
            yield Reason(at.node, problem.say, at.id)


def migrate(
    state: State,
    plan: Plan,
    *,
    now: datetime,
    rules: Rules,
    calendar: Calendar | None = None,
    budget: int = BUDGET,
) -> Step:
    """Return the case on the new process. Raises MigrationRefused with the reasons when it must stay.

    Timers keep the time they were set to; events that are new are listened to from now on. `Moved` tells each
    position; user tasks say again what they ask (`Waiting`).
    """
    if reasons := obstacles(state, plan):
        raise MigrationRefused(reasons)
    run = Run(plan.new, _moved(state, plan), now=now, rules=rules, calendar=calendar, budget=budget)
    kept = set(run.tokens)
    for token in state.tokens:
        if token.id not in kept:
            run.effects.append(Withdrawn(token.id, token.node))
        else:
            run.effects.append(Moved(token.id, token.node, run.tokens[token.id].node))
    _listen(run, state, plan)
    for token in list(run.tokens.values()):
        node = plan.new.nodes[token.node]
        if token.status == "waiting" and node.kind == "userTask":
            run.effects.append(Waiting(token.id, node.id, "user", _asked(run, plan, node, token)))
        elif token.status == "joining" and node.kind == "parallelGateway" and token.id in run.tokens:
            join(run, node, token.scope)
    return finish(run)


def _asked(run: Run, plan: Plan, node: Node, token: Token) -> dict[str, Any]:
    try:
        return user_inputs(run, node, token)
    except RuleFailed as failure:
        before = next(id for id, after in plan.nodes.items() if after == node.id)
        raise MigrationRefused((Reason(before, failure.say, token.id),)) from failure


def _moved(state: State, plan: Plan) -> State:
    tokens = tuple(_token(each, state, plan) for each in state.tokens if _stays(each, state, plan))
    return replace(
        state,
        tokens=tokens,
        scopes=tuple(_scope(each, plan) for each in state.scopes),
        done=tuple(_finished(each, plan) for each in state.done),
        last_end=plan.nodes.get(state.last_end, ""),
    )


def _token(token: Token, state: State, plan: Plan) -> Token:
    via = token.via if token.status == "armed" else plan.flow(token.via)
    return replace(token, node=plan.nodes[token.node], via=via)


def _stays(token: Token, state: State, plan: Plan) -> bool:
    """Say whether a token is kept; one that only listens is dropped where its event now belongs elsewhere."""
    if token.status != "armed":
        return True
    after = plan.nodes.get(token.node)
    return after is not None and after in _listeners(plan.new, _host(token, state, plan))


def _host(token: Token, state: State, plan: Plan) -> str | None:
    """What a listening token listens beside: an element of the new process, or the sub-process around it."""
    if token.host is None:
        return _around(state, plan, token.scope)
    host = state.token(token.host)
    return None if host is None else plan.nodes.get(host.node)


def _listeners(process: Process, host: str | None) -> tuple[str, ...]:
    """The events that are listened to beside an element, or in a scope."""
    if host is None:
        return ()
    found = list(process.scopes[host].event_starts) if host in process.scopes else []
    if host != ROOT:
        node = process.nodes[host]
        found += node.boundaries
        if node.kind == "eventBasedGateway":
            found += [flow.target for flow in node.outgoing]
    return tuple(found)


def _scope(scope: Scope, plan: Plan) -> Scope:
    moved = replace(scope, node=plan.nodes[scope.node])
    if scope.kind != "undo":
        return moved
    items: Iterable[dict[str, Any]] = scope.items or ()
    return replace(
        moved,
        items=tuple(
            {
                **unit,
                "node": plan.nodes[unit["node"]],
                "inner": [_finished(Finished.from_json(each), plan).to_json() for each in unit["inner"]],
            }
            for unit in items
        ),
    )


def _finished(finished: Finished, plan: Plan) -> Finished:
    inner = tuple(_finished(each, plan) for each in finished.inner)
    return replace(finished, node=plan.nodes[finished.node], inner=inner)


def _listen(run: Run, state: State, plan: Plan) -> None:
    """Arm the events that the old process did not have; one that has fired before does not come again."""
    known = {plan.nodes.get(each) for each in plan.old.nodes}
    live = {(token.node, token.host, token.scope) for token in run.tokens.values() if token.status == "armed"}
    dropped = {each.node for each in state.tokens if each.id not in run.tokens}
    known -= {plan.nodes.get(each) for each in dropped}

    def arm(id: str, scope: int, host: int | None) -> None:
        event = run.process.nodes[id].event
        wanted = event is not None and event.kind in events.LISTENED
        if wanted and id not in known and (id, host, scope) not in live:
            events.arm(run, run.process.nodes[id], scope, host=host)

    for token in list(run.tokens.values()):
        node = run.process.nodes[token.node]
        if token.status in ("waiting", "inside", "stuck") and token.key != LEAVING and not run.in_turn(token):
            beside = [flow.target for flow in node.outgoing] if node.kind == "eventBasedGateway" else []
            for id in (*node.boundaries, *beside):
                arm(id, token.scope, token.id)
    for definition, scope in [
        (ROOT, 0),
        *((each.node, each.id) for each in run.scopes.values() if each.kind == "body"),
    ]:
        for id in run.process.scopes[definition].event_starts:
            arm(id, scope, None)
