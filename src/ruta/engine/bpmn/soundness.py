"""Can a case always end, and can every activity be reached? Shown as a way that a person can follow.

Each scope is searched alone, with every choice open. A sub-process counts as one activity of the scope
around it. Beyond `MOST_MARKINGS` states the answer is "not decided", never a guess.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass

from ruta.engine.bpmn.model import ACTIVITIES, ROOT, BpmnProblem, Process
from ruta.engine.bpmn.net import Net, Transition, build

MOST_MARKINGS = 100_000
_MOST_PLACES = 40
"""So many places a marking, on average, are borne; with more the search gives up earlier."""

Marking = frozenset[str]
_AND = '", "'


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
    drawn: set[str] = set()
    decided = True
    for net in build(process, scope):
        drawn |= net.members()
        net.reduce()
        judge = _judge(process, scope, net, most)
        problems.extend(judge.problems())
        search = judge.search
        decided = decided and search.complete and not search.clash and not search.crowds
        alive |= judge.alive()
    if not decided:
        return problems
    # What stands behind a place where a case waits for ever is told by that place.
    return problems + _dead(process, scope, alive | drawn if problems else alive, drawn)


def judged(process: Process, scope: str, net: Net, most: int = MOST_MARKINGS) -> list[BpmnProblem]:
    """Return what can go wrong from the initial marking of a net: multiplication, deadlock, no-exit, undecided."""
    return _judge(process, scope, net, most).problems()


def _judge(process: Process, scope: str, net: Net, most: int) -> _Judge:
    working = frozenset(id for id, node in process.nodes.items() if node.kind in ACTIVITIES)
    search = _Search(net, most, working)
    search.run()
    return _Judge(process, scope, net, search)


def _dead(process: Process, scope: str, alive: set[str], drawn: set[str]) -> list[BpmnProblem]:
    """Elements that no case passes: none of the `drawn` ways leads there, or what they wait for never comes."""
    nowhere = {
        "es": "No hay ningún camino desde el inicio hasta aquí.",
        "en": "No way leads here from the start.",
    }
    never = {
        "es": "Nunca se hace: ningún expediente alcanza a pasar por aquí.",
        "en": "It is never done: no case comes to pass here.",
    }
    found = []
    for id in process.scopes[scope].nodes:
        node = process.nodes[id]
        shown = node.event_subprocess or node.compensation
        if id not in alive and not shown and node.attached_to not in alive:
            say = never if id in drawn else nowhere
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
        left = self.most * _MOST_PLACES
        while todo:
            marking = todo.popleft()
            moved = False
            for after, move in self._moves(marking):
                moved = True
                left -= 1 + len(after)
                if left < 0:
                    self.complete = False
                    return
                self.before.setdefault(after, []).append(marking)
                if after in self.reached:
                    continue
                if len(self.reached) >= self.most:
                    self.complete = False
                    return
                self.reached[after] = move
                todo.append(after)
            if marking and not moved:
                self.stops.append(marking)

    def _moves(self, marking: Marking) -> Iterator[tuple[Marking, _Move]]:
        for id in sorted({self.net.places[each].target for each in marking}):
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
                        yield marking, _Move(marking, id, taken, choice)
                        continue
                    self.marked |= choice
                    yield rest | choice, _Move(marking, id, taken, choice)

    def _crowded(self, node: Transition, marking: Marking) -> bool:
        """Say whether two tokens come at once to a node that takes each alone; to reach an end so is fine."""
        if node.join != "any" or len(marking.intersection(node.inputs)) < 2:
            return False
        return any(node.choices) or any(id in self.working for id in node.members)

    def _enabled(self, id: str, node: Transition, marking: Marking) -> list[Marking]:
        filled = marking.intersection(node.inputs)
        if node.join == "any":
            return [frozenset({each}) for each in sorted(filled)]
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

    def _names(self, ids: list[str], lang: str, between: str = " → ") -> str:
        return between.join(self.process.nodes[id].called(lang) for id in ids)

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

    def problems(self) -> list[BpmnProblem]:
        """Return all that can go wrong."""
        if not self.search.complete:
            return [*self._clashes(), self._undecided()]
        return [*self._clashes(), *self._deadlocks(), *self._traps()]

    def _undecided(self) -> BpmnProblem:
        """Say that the scope has too many states."""
        return self._problem(
            self.scope if self.scope != ROOT else self.process.id,
            "undecided",
            [],
            es="Tiene demasiados estados posibles: no se pudo comprobar que siempre termine.",
            en="It has too many possible states: whether it always ends was not decided.",
        )

    def _clashes(self) -> list[BpmnProblem]:
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

    def _deadlocks(self) -> list[BpmnProblem]:
        """Markings where nothing can move although something is left."""
        seen: dict[str, Marking] = {}
        for marking in self.search.stops:
            for transition in self._waits(marking):
                seen.setdefault(transition, marking)
        found = []
        for transition, marking in seen.items():
            es, en = (
                ("se puede quedar", "can wait") if transition in self.search.fired else ("se queda", "waits")
            )
            missing = self._missing(marking, transition)
            found.append(
                self._shown(
                    "deadlock",
                    transition,
                    marking,
                    es=f"Aquí {es} esperando para siempre lo que viene de «{self._names(missing, 'es', '», «')}».",
                    en=f'It {en} here for ever for what comes from "{self._names(missing, "en", _AND)}".',
                )
            )
        return found

    def _missing(self, marking: Marking, transition: str) -> list[str]:
        """The elements from which a join still waits for a token, nearest to it."""
        found = []
        for each in self.net.transitions[transition].inputs:
            place = self.net.places.get(each)
            if place is None:  # no token can ever come by it
                found.append(self.process.flows[each].source)
            elif each not in marking:
                source = self.net.transitions.get(place.source)
                behind = (*(source.members if source is not None else ()), *place.members)
                found += behind[-1:]
        return found

    def _traps(self) -> list[BpmnProblem]:
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
        es, en = f"{es} Camino: {self._names(way, 'es')}.", f"{en} Way: {self._names(way, 'en')}."
        return self._problem(way[-1], check, way, es=es, en=en)

    def alive(self) -> set[str]:
        """Return the elements that were reached."""
        return self.net.members(self.search.fired, self.search.marked)
