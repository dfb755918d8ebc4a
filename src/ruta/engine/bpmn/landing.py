"""Whether positions may stand in a process: the search of soundness, begun where a case would stand."""

from __future__ import annotations

from dataclasses import replace

from ruta.engine.bpmn.model import BpmnProblem, Process
from ruta.engine.bpmn.net import Net, main_nets, side_nets
from ruta.engine.bpmn.soundness import MOST_MARKINGS, judged

Places = tuple[tuple[str, str | None], ...]
"""Positions in one scope: the element, and for one that waits at a join the flow it came by."""


class Landing:
    """A process onto which cases are moved; what was found for equal positions is remembered."""

    def __init__(self, process: Process, most: int = MOST_MARKINGS) -> None:
        self.process = process
        self.most = most
        self._nets: dict[str, tuple[list[Net], list[Net]]] = {}
        self._found: dict[tuple[str, Places], tuple[BpmnProblem, ...]] = {}

    def problems(self, scope: str, places: Places) -> tuple[BpmnProblem, ...]:
        """Return what can go wrong from these positions in a scope; empty when nothing can."""
        key = (scope, tuple(sorted(places, key=str)))
        if key not in self._found:
            self._found[key] = tuple(self._problems(*key))
        return self._found[key]

    def _problems(self, scope: str, places: Places) -> list[BpmnProblem]:
        if scope not in self._nets:
            self._nets[scope] = main_nets(self.process, scope), side_nets(self.process, scope)
        mains, sides = self._nets[scope]
        left = list(places)
        found: list[BpmnProblem] = []
        for net in sides:
            here = [each for each in left if each[0] in net.transitions]
            left = [each for each in left if each not in here]
            found += self._one_by_one(scope, net, here)
        if not left:
            return found
        tried = [self._from(scope, net, left) for net in mains]
        return found + min(tried, key=len)

    def _one_by_one(self, scope: str, net: Net, places: list[tuple[str, str | None]]) -> list[BpmnProblem]:
        """A line beside the main one may run several times: each place once, else each position alone."""
        if not places or len(set(places)) == len(places):
            return self._from(scope, net, places) if places else []
        return [problem for each in dict.fromkeys(places) for problem in self._from(scope, net, [each])]

    def _from(self, scope: str, net: Net, places: list[tuple[str, str | None]]) -> list[BpmnProblem]:
        marking: set[str] = set()
        for node, via in places:
            at = via if via in net.places else _before(net, node) if via is None else None
            if at is None:
                return [self._problem(node, "dead", "no se llega ahí.", "it cannot be reached.")]
            if at in marking:
                es, en = "quedaría dos veces a la vez.", "it would be there twice at once."
                return [self._problem(node, "multiplication", es, en)]
            marking.add(at)
        return judged(self.process, scope, replace(net, initial=frozenset(marking)), self.most)

    def _problem(self, node: str, check: str, es: str, en: str) -> BpmnProblem:
        found = self.process.nodes[node]
        say = {"es": f"«{found.called('es')}»: {es}", "en": f'"{found.called("en")}": {en}'}
        return BpmnProblem(node, found.name, found.line, say, check)


def _before(net: Net, node: str) -> str | None:
    transition = net.transitions.get(node)
    if transition is None:
        return None
    return next((each for each in transition.inputs if each in net.places), None)
