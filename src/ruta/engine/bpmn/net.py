"""One scope as a net of places and transitions, and the reductions that keep its states few.

A place is a flow on which a token may be; a transition is a node with its ways in (any, all, or by the
inclusive rule) and its choices of ways out. Every condition is left open: whatever a gateway may choose is a
choice. Reductions keep soundness (series, fusion, equal branches, simple loops; Sadiq and Orlowska 2000).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from itertools import combinations
from typing import Literal

from ruta.engine.bpmn.model import ACTIVITIES, Node, Process

Join = Literal["any", "all", "inclusive"]
Choice = frozenset[str]

MOST_SUBSETS, MOST_PAIRS = 6, 40
"""An inclusive split with more ways out is explored with one way, two ways and all; beyond, without the pairs."""


@dataclass(frozen=True, slots=True)
class Place:
    """A flow: from where to where, and the nodes that a reduction folded into it."""

    source: str
    target: str
    members: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Transition:
    """A node: its ways in, how they join, its choices of ways out, and the nodes folded into it.

    `clears` is true for an end that ends the whole scope.
    """

    inputs: tuple[str, ...]
    join: Join
    choices: tuple[Choice, ...]
    members: tuple[str, ...]
    clears: bool = False


@dataclass
class Net:
    """The net of one scope; `initial` are the places marked at its start."""

    places: dict[str, Place] = field(default_factory=dict)
    transitions: dict[str, Transition] = field(default_factory=dict)
    initial: frozenset[str] = frozenset()

    def members(
        self, transitions: Iterable[str] | None = None, places: Iterable[str] | None = None
    ) -> set[str]:
        """The elements that these transitions and places stand for; without them all of the net."""
        found: set[str] = set()
        for id in self.transitions if transitions is None else transitions:
            found.update(self.transitions[id].members)
        for id in self.places if places is None else places:
            found.update(self.places[id].members)
        return found

    def prune(self) -> None:
        """Drop what no token can come to, whatever is chosen."""
        alive: set[str] = set()
        todo = [self.places[each].target for each in self.initial]
        while todo:
            id = todo.pop()
            if id not in alive:
                alive.add(id)
                todo.extend(
                    self.places[each].target for choice in self.transitions[id].choices for each in choice
                )
        self.transitions = {id: node for id, node in self.transitions.items() if id in alive}
        self.places = {
            id: place
            for id, place in self.places.items()
            if (place.source in alive or id in self.initial) and place.target in alive
        }
        # A parallel join keeps a way in that nothing comes by: it waits for ever there.
        for id, node in self.transitions.items():
            if node.join != "all":
                left = tuple(each for each in node.inputs if each in self.places)
                self.transitions[id] = replace(node, inputs=left)

    def reduce(self) -> None:
        """Shrink the net until no rule applies."""
        changed = True
        while changed:
            changed = any([self._series(), self._fuse(), self._equal_branches(), self._simple_loops()])

    def _series(self) -> bool:
        """A node with one way in and one way out becomes part of the flow through it."""
        found = False
        for id in list(self.transitions):
            node = self.transitions[id]
            out = _only(node)
            if out is None or len(node.inputs) != 1 or node.clears:
                continue
            into = node.inputs[0]
            before, after = self.places[into], self.places[out]
            if into == out or after.target == id:
                continue
            joined = Place(before.source, after.target, (*before.members, *node.members, *after.members))
            self.places[into] = joined
            del self.places[out], self.transitions[id]
            self._rewire_input(after.target, out, into)
            found = True
        return found

    def _fuse(self) -> bool:
        """A node whose only way out is the only way into the next becomes one with it."""
        found = False
        for id in list(self.transitions):
            node = self.transitions.get(id)
            out = _only(node) if node is not None else None
            if node is None or out is None or node.clears:
                continue
            place = self.places[out]
            after = self.transitions[place.target]
            if place.target == id or len(after.inputs) != 1:
                continue
            members = (*node.members, *place.members, *after.members)
            self.transitions[id] = Transition(node.inputs, node.join, after.choices, members, after.clears)
            for choice in after.choices:
                for each in choice:
                    self.places[each] = replace(self.places[each], source=id)
            del self.places[out], self.transitions[place.target]
            found = True
        return found

    def _equal_branches(self) -> bool:
        """Branches from one split straight to the join that matches it, or each to an end of its own, count as one."""
        found = self._equal_beginnings()
        for id in list(self.transitions):
            node = self.transitions.get(id)
            if node is None or (len(node.choices) != 1 and any(len(each) != 1 for each in node.choices)):
                continue
            matching: Join = "any" if len(node.choices) > 1 else "all"
            kept: dict[str, str] = {}
            for place in sorted(each for choice in node.choices for each in choice):
                target = self.places[place].target
                key = "" if self._is_sink(target) else target
                if target == id or (key and self.transitions[target].join != matching):
                    continue
                if key in kept:
                    self._drop(id, place, keep=kept[key])
                    found = True
                kept.setdefault(key, place)
        return found

    def _equal_beginnings(self) -> bool:
        """What begins at once and only ends counts as one."""
        sinks = sorted(each for each in self.initial if self._is_sink(self.places[each].target))
        for place in sinks[1:]:
            self.initial -= {place}
            self._fold(place, sinks[0])
        return len(sinks) > 1

    def _is_sink(self, id: str) -> bool:
        """Whether a transition only takes tokens away, each as it comes, and has one way in."""
        node = self.transitions[id]
        return node.choices == (frozenset(),) and len(node.inputs) == 1 and not node.clears

    def _simple_loops(self) -> bool:
        """A way back from a node to itself, beside another way out, changes nothing."""
        for id, node in self.transitions.items():
            for choice in node.choices:
                if len(choice) != 1 or node.join != "any" or len(node.choices) == 1:
                    continue
                (only,) = choice
                if self.places[only].target == id:
                    self._drop(id, only, keep=None)
                    return True
        return False

    def _drop(self, id: str, place: str, *, keep: str | None) -> None:
        """Take a place out of the choices of a transition; what it stands for goes to another, or to the transition."""
        node = self.transitions[id]
        choices = (choice - {place} for choice in node.choices)
        node = replace(node, choices=tuple(dict.fromkeys(choice for choice in choices if choice)))
        if keep is None:
            node = replace(node, members=(*node.members, *self.places[place].members))
        self.transitions[id] = node
        self._fold(place, keep)

    def _fold(self, place: str, keep: str | None) -> None:
        gone = self.places.pop(place)
        target = self.transitions[gone.target]
        left = tuple(each for each in target.inputs if each != place)
        members = gone.members
        if left or keep is None:
            self.transitions[gone.target] = replace(target, inputs=left)
        else:
            members = (*members, *target.members)
            del self.transitions[gone.target]
        if keep is not None:
            kept = self.places[keep]
            self.places[keep] = replace(kept, members=(*kept.members, *members))

    def _rewire_input(self, id: str, old: str, new: str) -> None:
        node = self.transitions[id]
        self.transitions[id] = replace(
            node, inputs=tuple(new if each == old else each for each in node.inputs)
        )


def _only(node: Transition) -> str | None:
    if len(node.choices) == 1 and len(node.choices[0]) == 1:
        return next(iter(node.choices[0]))
    return None


def build(process: Process, scope: str) -> list[Net]:
    """Return the nets of one scope: its main lines, and each line that a boundary event begins beside them."""
    return [*main_nets(process, scope), *side_nets(process, scope)]


def main_nets(process: Process, scope: str) -> list[Net]:
    """Return the net of a scope for each way in which it can begin."""
    begins = _begins(process, process.scopes[scope].starts)
    apart = _apart(process, scope)
    return [_net(process, scope, each, apart) for each in begins]


def side_nets(process: Process, scope: str) -> list[Net]:
    """Return the net of each line that an event that does not interrupt begins, and that never comes back.

    It is looked at alone: that it may run several times is what such an event is for.
    """
    apart = _apart(process, scope)
    nodes = (process.nodes[id] for id in sorted(apart))
    return [_net(process, scope, {flow.id: flow.target for flow in node.outgoing}, apart) for node in nodes]


def _apart(process: Process, scope: str) -> set[str]:
    """The events whose line never meets another again."""
    definition = process.scopes[scope]
    roots = {id: _reach(process, (id,)) for id in definition.nodes if _beside(process.nodes[id])}
    main = _reach(process, definition.starts)
    apart = set()
    for id, reach in roots.items():
        host = process.nodes[id].attached_to
        around = [other for other in (main, *roots.values()) if host in other]
        if not any(reach & other for other in around):
            apart.add(id)
    return apart


def _begins(process: Process, starts: tuple[str, ...]) -> list[dict[str, str]]:
    """The ways in which a scope can begin: at one of its start events, or everywhere where it has none."""
    places = {f"start:{id}": id for id in starts}
    if any(process.nodes[id].kind != "startEvent" for id in starts):
        return [places]
    return [{place: id} for place, id in places.items()]


def _beside(node: Node) -> bool:
    return node.kind == "boundaryEvent" and not node.interrupting


def _reach(process: Process, starts: tuple[str, ...]) -> frozenset[str]:
    """Return what follows from these nodes without passing an event that does not interrupt."""
    found: set[str] = set()
    todo = list(starts)
    while todo:
        at = todo.pop()
        if at in found:
            continue
        found.add(at)
        node = process.nodes[at]
        todo.extend(flow.target for flow in node.outgoing)
        todo.extend(each for each in node.boundaries if not _beside(process.nodes[each]))
    return frozenset(found)


def _net(process: Process, scope: str, begins: Mapping[str, str], apart: set[str]) -> Net:
    net = Net()
    nodes = [process.nodes[id] for id in process.scopes[scope].nodes]
    inputs: dict[str, list[str]] = {node.id: list(node.incoming) for node in nodes}
    for place, target in begins.items():
        net.places[place] = Place("", target)
        if place not in inputs[target]:
            inputs[target].append(place)
    net.initial = frozenset(begins)
    for node in nodes:
        if node.kind == "boundaryEvent" or node.event_subprocess:
            continue
        for flow in node.outgoing:
            net.places[flow.id] = Place(node.id, flow.target)
        for id in node.boundaries:
            for flow in process.nodes[id].outgoing:
                if id not in apart:
                    net.places[flow.id] = Place(node.id, flow.target, (id,))
        clears = node.event is not None and node.event.kind in ("terminate", "error")
        net.transitions[node.id] = Transition(
            tuple(inputs[node.id]),
            _join(node, len(inputs[node.id])),
            tuple(dict.fromkeys(_choices(process, node, apart))),
            (node.id,),
            clears and node.kind == "endEvent",
        )
    net.prune()
    return net


def _join(node: Node, ways: int) -> Join:
    if ways > 1 and node.kind == "parallelGateway":
        return "all"
    if ways > 1 and node.kind == "inclusiveGateway":
        return "inclusive"
    return "any"


def _choices(process: Process, node: Node, apart: set[str]) -> Iterator[Choice]:
    normal = list(_normal(node))
    yield from normal
    beside: list[Choice] = []
    for id in node.boundaries:
        boundary = process.nodes[id]
        if id in apart or boundary.handler:
            continue
        out = frozenset(flow.id for flow in boundary.outgoing)
        if boundary.interrupting:
            yield out
        else:
            beside.append(out)
    for choice in normal:
        for out in beside:
            yield choice | out
        if len(beside) > 1:
            yield choice.union(*beside)


def _normal(node: Node) -> Iterator[Choice]:
    flows = node.outgoing
    if node.kind in ("exclusiveGateway", "eventBasedGateway"):
        yield from (frozenset({flow.id}) for flow in flows)
        if not flows:
            yield frozenset()
        return
    if node.kind not in ACTIVITIES and node.kind != "inclusiveGateway":
        yield frozenset(flow.id for flow in flows)
        return
    always = frozenset(flow.id for flow in flows if flow.condition is None and flow.id != node.default)
    maybe = [flow.id for flow in flows if flow.condition is not None and flow.id != node.default]
    few = (1, 2, len(maybe)) if len(maybe) <= MOST_PAIRS else (1, len(maybe))
    sizes = range(1, len(maybe) + 1) if len(maybe) <= MOST_SUBSETS else few
    if always or not maybe:
        yield always or frozenset({node.default} - {""})
    elif node.default:
        yield frozenset({node.default})
    for size in sizes:
        for chosen in combinations(maybe, size):
            yield always | frozenset(chosen)
