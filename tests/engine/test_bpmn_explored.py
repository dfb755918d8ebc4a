"""The soundness check against the runtime itself: small random graphs, every order and every choice tried."""

from __future__ import annotations

from itertools import product
from random import Random
from typing import Any

import pytest
from tests.engine.bpmn_models import NOW, document, end, flow, gate, start, user

from ruta.engine.bpmn import Complete, Incident, Process, Start, State, check, read, step

MOST_CHOICES = 4


class Choices:
    """Rules that answer each condition from a list; an answer that is missing shows that there are more."""

    def __init__(self, answers: tuple[bool, ...]) -> None:
        self.answers = list(answers)
        self.more = False

    def evaluate(self, text: str, variables: Any) -> Any:
        if self.answers:
            return self.answers.pop(0)
        self.more = True
        return False

    def decide(self, decision: str, variables: Any) -> tuple[Any, Any]:
        raise NotImplementedError


class Runaway(Exception):
    """The process went round without waiting: there is nothing to say of where it can hang."""


def graph(random: Random) -> Process:
    """A random process of gateways and tasks in which every node has a way in and a way out."""
    inner = [f"n{each}" for each in range(random.randint(3, 6))]
    kinds = {each: random.choice(("user", "user", "exclusive", "parallel", "inclusive")) for each in inner}
    flows: set[tuple[str, str]] = set()
    for at, node in enumerate(inner):
        flows.add(("s" if at == 0 else random.choice(inner[:at]), node))
    for node in inner:
        if random.random() < 0.3:
            flows.add((node, random.choice(inner)))
        if not any(source == node for source, _ in flows) or random.random() < 0.15:
            flows.add((node, "e"))
    if not any(target == "e" for _, target in flows):
        flows.add((inner[-1], "e"))
    parts = [start(), end()]
    for node in inner:
        outs = sorted(target for source, target in flows if source == node)
        chooses = kinds[node] in ("exclusive", "inclusive") and len(outs) > 1
        default = f"{node}_{outs[-1]}" if chooses else ""
        parts.append(user(node) if kinds[node] == "user" else gate(kinds[node], node, default=default))
        parts.extend(flow(node, to, "=c" if chooses and to != outs[-1] else "") for to in outs)
    parts.extend(flow("s", to) for source, to in sorted(flows) if source == "s")
    return read(document(*parts))


def seen(state: State) -> object:
    return tuple(sorted((token.node, token.status, token.via or "") for token in state.tokens))


def after(process: Process, state: State | None, command: Start | Complete) -> list[State]:
    """Every state that a command can lead to, for all answers to the conditions met on the way."""
    found = []
    for count in range(MOST_CHOICES + 1):
        more = False
        for answers in product((True, False), repeat=count):
            rules = Choices(answers)
            done = step(process, state, command, now=NOW, rules=rules, budget=60)
            if any(isinstance(effect, Incident) and effect.code == "runaway" for effect in done.effects):
                raise Runaway
            reached = done.state
            more = more or rules.more
            if not rules.more and not rules.answers:
                found.append(reached)
        if not more:
            break
    return found


def hangs(process: Process) -> bool:
    """Say whether some order and some choices leave the case with nothing to do and not ended."""
    todo = after(process, None, Start())
    known = set()
    while todo:
        state = todo.pop()
        if state.ended is not None or seen(state) in known:
            continue
        known.add(seen(state))
        open_here = [token for token in state.tokens if token.status == "waiting"]
        if not open_here:
            return True
        if len(known) > 400:
            break
        for token in open_here:
            todo.extend(after(process, state, Complete(token.id)))
    return False


@pytest.mark.parametrize("seed", range(0, 400, 40))
def test_a_deadlock_is_reported_exactly_where_the_runtime_can_hang(seed: int) -> None:
    judged = {True: 0, False: 0}
    for each in range(seed, seed + 40):
        process = graph(Random(each))
        problems = {problem.check for problem in check(process)}
        if problems & {"multiplication", "undecided"}:
            continue
        try:
            runtime_hangs = hangs(process)
        except Runaway:
            continue
        judged[runtime_hangs] += 1
        assert ("deadlock" in problems) == runtime_hangs, each
    assert judged[True] and judged[False]
