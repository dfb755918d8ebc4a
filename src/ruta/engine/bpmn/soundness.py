"""Can a case always end, and can every activity be reached? Shown as a way that a person can follow.

Each scope is searched alone, with every choice open. A sub-process counts as one activity of the scope
around it. Beyond `MOST_MARKINGS` states the answer is "not decided", never a guess.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass

from ruta.engine.bpmn.model import ROOT, BpmnProblem, Process
from ruta.engine.bpmn.moves import ACTIVITIES
from ruta.engine.bpmn.net import Net, Transition, build

MOST_MARKINGS = 100_000

Marking = frozenset[str]


def check(process: Process, *, most: int = MOST_MARKINGS) -> tuple[BpmnProblem, ...]:
    """Return what is unsound: deadlock, multiplication, no-exit, dead, or undecided; empty when sound.

    `path` of a problem lists the elements from the start to the place where it shows.
    """
    problems: list[BpmnProblem] = []
    for scope in process.scopes:
        problems.extend(_check_scope(process, scope, most))
    return tuple(sorted(problems, key=lambda each: each.line))


def _check_scope(process: Process, scope: str, most: int) -> list[BpmnProblem]:
    problems: list[BpmnProblem] = []
    alive: set[str] = set()
    decided = True
    working = frozenset(id for id, node in process.nodes.items() if node.kind in ACTIVITIES)
    for net in build(process, scope):
        net.reduce()
        search = _Search(net, most, working)
        search.run()
        judge = _Judge(process, scope, net, search)
        problems.extend(judge.clashes())
        if search.complete:
            problems.extend([*judge.deadlocks(), *judge.traps()])
        else:
            problems.append(judge.undecided(most))
        decided = decided and search.complete and not search.clash and not search.crowds
        alive |= judge.alive()
    return problems + (_dead(process, scope, alive) if decided else [])


def judged(process: Process, scope: str, net: Net, most: int = MOST_MARKINGS) -> list[BpmnProblem]:
    """Return what can go wrong from the initial marking of a net: multiplication, deadlock, no-exit, undecided."""
    working = frozenset(id for id, node in process.nodes.items() if node.kind in ACTIVITIES)
    search = _Search(net, most, working)
    search.run()
    judge = _Judge(process, scope, net, search)
    if not search.complete:
        return [*judge.clashes(), judge.undecided(most)]
    return [*judge.clashes(), *judge.deadlocks(), *judge.traps()]


def _dead(process: Process, scope: str, alive: set[str]) -> list[BpmnProblem]:
    """Elements that no case can reach."""
    say = {
        "es": "Ningún expediente puede llegar a este elemento.",
        "en": "No case can reach this element.",
    }
    found = []
    for id in process.scopes[scope].nodes:
        node = process.nodes[id]
        shown = node.event_subprocess or node.compensation
        if id not in alive and not shown and node.attached_to not in alive:
            found.append(BpmnProblem(id, node.name, node.line, say, "dead"))
    return found


@dataclass(frozen=True, slots=True)
class _Move:
    """How a marking was reached: from which one, through which transition, and what it put where."""

    before: Marking
    transition: str
    taken: Marking
    put: Marking


class _Search:
    """All markings that can be reached; a place that would get a second token is a clash and not followed.

    `working` are the nodes that do something: to come to them twice at once matters.
    """

    def __init__(self, net: Net, most: int, working: frozenset[str]) -> None:
        self.net = net
        self.working = working
        self.most = most
        self.complete = True
        self.reached: dict[Marking, _Move | None] = {net.initial: None}
        self.before: dict[Marking, list[Marking]] = {}
        self.stops: list[Marking] = []
        self.clash: dict[str, Marking] = {}
        self.crowds: dict[str, Marking] = {}
        self.fired: set[str] = set()
        self.marked: set[str] = set(net.initial)
        self.behind = _behind(net)

    def run(self) -> None:
        """Search breadth first, so that the ways found are the shortest."""
        todo = deque([self.net.initial])
        while todo:
            marking = todo.popleft()
            moves = list(self._moves(marking))
            if marking and not moves:
                self.stops.append(marking)
            for after, move in moves:
                self.before.setdefault(after, []).append(marking)
                if after in self.reached:
                    continue
                if len(self.reached) >= self.most:
                    self.complete = False
                    return
                self.reached[after] = move
                todo.append(after)

    def _moves(self, marking: Marking) -> list[tuple[Marking, _Move]]:
        found: list[tuple[Marking, _Move]] = []
        for id in {self.net.places[each].target for each in marking}:
            node = self.net.transitions[id]
            if self._crowded(node, marking):
                self.crowds.setdefault(id, marking)
            for taken in self._enabled(id, node, marking):
                self.fired.add(id)
                rest = frozenset() if node.clears else marking - taken
                for choice in node.choices:
                    twice = rest & choice
                    if twice:
                        self.clash.setdefault(next(iter(sorted(twice))), marking)
                        found.append((marking, _Move(marking, id, taken, choice)))
                        continue
                    self.marked |= choice
                    found.append((rest | choice, _Move(marking, id, taken, choice)))
        return found

    def _crowded(self, node: Transition, marking: Marking) -> bool:
        """Say whether two tokens come at once to a node that takes each alone; to reach an end so is fine."""
        if node.join != "any" or len(marking.intersection(node.inputs)) < 2:
            return False
        return any(node.choices) or any(id in self.working for id in node.members)

    def _enabled(self, id: str, node: Transition, marking: Marking) -> list[Marking]:
        filled = marking.intersection(node.inputs)
        if node.join == "any":
            return [frozenset({each}) for each in filled]
        if node.join == "all":
            return [filled] if len(filled) == len(node.inputs) else []
        empty = [each for each in node.inputs if each not in filled]
        behind = self.behind[id]
        for place in marking - filled:
            target = self.net.places[place].target
            if any(target in behind[each] for each in empty) and not any(
                target in behind[each] for each in filled
            ):
                return []
        return [filled]

    def can_end(self) -> set[Marking]:
        """Return the markings from which the scope can end."""
        return self._behind_all([frozenset()] if frozenset() in self.reached else [])

    def behind_stops(self) -> set[Marking]:
        """Return the markings that can lead to a deadlock."""
        return self._behind_all(self.stops)

    def _behind_all(self, markings: list[Marking]) -> set[Marking]:
        done: set[Marking] = set()
        todo = list(markings)
        while todo:
            marking = todo.pop()
            if marking not in done:
                done.add(marking)
                todo.extend(self.before.get(marking, ()))
        return done

    def way(self, marking: Marking) -> list[_Move]:
        """Return the moves from the start to a marking."""
        moves: list[_Move] = []
        move = self.reached[marking]
        while move is not None:
            moves.append(move)
            move = self.reached[move.before]
        return moves[::-1]


def _behind(net: Net) -> dict[str, dict[str, set[str]]]:
    """For each inclusive join and each way into it: the transitions that lead there without visiting it."""
    found: dict[str, dict[str, set[str]]] = {}
    for id, node in net.transitions.items():
        if node.join != "inclusive":
            continue
        found[id] = {}
        for place in node.inputs:
            seen: set[str] = set()
            todo = [net.places[place].source]
            while todo:
                at = todo.pop()
                if at and at != id and at not in seen:
                    seen.add(at)
                    # A parallel join keeps ways in that no token can come by; they have no place.
                    inputs = net.transitions[at].inputs
                    todo.extend(net.places[each].source for each in inputs if each in net.places)
            found[id][place] = seen
    return found


class _Judge:
    """Puts what the search found into words."""

    def __init__(self, process: Process, scope: str, net: Net, search: _Search) -> None:
        self.process = process
        self.scope = scope
        self.net = net
        self.search = search

    def _problem(self, element: str, check: str, way: list[str], *, es: str, en: str) -> BpmnProblem:
        node = self.process.nodes.get(element)
        name, line = (node.name, node.line) if node is not None else (self.process.name, self.process.line)
        return BpmnProblem(element, name, line, {"es": es, "en": en}, check, tuple(way))

    def _names(self, ids: list[str]) -> str:
        return " → ".join(self.process.nodes[id].name or id for id in ids)

    def _way(self, marking: Marking) -> list[str]:
        ids: list[str] = []
        for move in self.search.way(marking):
            for place in sorted(move.taken):
                ids.extend(self.net.places[place].members)
            ids.extend(self.net.transitions[move.transition].members)
        return ids

    def _way_into(self, marking: Marking, transition: str) -> list[str]:
        """Return the way to a marking and on to the transition that the tokens are before."""
        ids = self._way(marking)
        for place in sorted(marking):
            if self.net.places[place].target == transition:
                ids.extend(self.net.places[place].members)
        return [*ids, self.net.transitions[transition].members[0]]

    def _waits(self, marking: Marking) -> list[str]:
        return sorted({self.net.places[each].target for each in marking})

    def undecided(self, most: int) -> BpmnProblem:
        """Say that the scope has too many states."""
        return self._problem(
            self.scope if self.scope != ROOT else self.process.id,
            "undecided",
            [],
            es=f"Tiene más de {most} estados posibles: no se pudo comprobar que siempre termine.",
            en=f"It has more than {most} possible states: whether it always ends was not decided.",
        )

    def clashes(self) -> list[BpmnProblem]:
        """Places that a second token can come to before the first has gone on."""
        places = self.net.places
        seen = {places[place].target: marking for place, marking in self.search.clash.items()}
        return [
            self._shown(
                "multiplication",
                transition,
                marking,
                es="Se puede llegar dos veces a la vez: las ramas no se juntan antes.",
                en="It can be reached twice at once: the branches are not joined.",
            )
            for transition, marking in (seen | self.search.crowds).items()
        ]

    def deadlocks(self) -> list[BpmnProblem]:
        """Markings where nothing can move although something is left."""
        seen: dict[str, Marking] = {}
        for marking in self.search.stops:
            for transition in self._waits(marking):
                seen.setdefault(transition, marking)
        return [
            self._shown(
                "deadlock",
                transition,
                marking,
                es="Aquí se puede quedar esperando para siempre.",
                en="It can wait here for ever.",
            )
            for transition, marking in seen.items()
        ]

    def traps(self) -> list[BpmnProblem]:
        """The nearest place from which the end cannot be reached although something always moves."""
        ends = self.search.can_end()
        stopping = self.search.behind_stops()
        for marking in self.search.reached:
            if marking not in ends and marking not in stopping:
                return [
                    self._shown(
                        "no-exit",
                        self._waits(marking)[0],
                        marking,
                        es="Desde aquí no se puede llegar a ningún fin.",
                        en="No end can be reached from here.",
                    )
                ]
        return []

    def _shown(self, check: str, transition: str, marking: Marking, *, es: str, en: str) -> BpmnProblem:
        way = self._way_into(marking, transition)
        names = self._names(way)
        return self._problem(way[-1], check, way, es=f"{es} Camino: {names}.", en=f"{en} Way: {names}.")

    def alive(self) -> set[str]:
        """Return the elements that were reached."""
        found: set[str] = set()
        for id in self.search.fired:
            found.update(self.net.transitions[id].members)
        for place in self.search.marked:
            found.update(self.net.places[place].members)
        return found
