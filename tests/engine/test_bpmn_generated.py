"""The runtime against random processes that know what may happen next, in random order of what happens."""

from random import Random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.engine.bpmn_generator import Maker, Todo, Wait
from tests.engine.bpmn_models import Case
from tests.engine.searching import examples

from ruta.engine.bpmn import Complete, Fire, JobDone, JobFailed, Receive, Start, check, read, svg

MOST_STEPS = 60
WAITS = frozenset({"userTask", "serviceTask", "callActivity", "intermediateCatchEvent"})


def open_positions(case: Case) -> list[tuple[str, tuple[int, ...], int]]:
    """What can be finished from outside, tasks that wait and timers that are set: node, turns around it, token."""
    found = []
    for token in case.state.tokens:
        kind = case.process.node(token.node).kind
        if token.due is not None or (token.status == "waiting" and kind in WAITS):
            found.append((token.node, turns_around(case, token.scope), token.id))
    return sorted(found)


def turns_around(case: Case, id: int) -> tuple[int, ...]:
    """In which turn of each multi-instance a scope lies, the outermost first."""
    scopes = {scope.id: scope for scope in case.state.scopes}
    turns: list[int] = []
    while id in scopes:
        scope = scopes[id]
        around = scopes.get(scope.parent)
        if scope.kind == "instance" and around is not None and around.items is not None:
            turns.insert(0, scope.at)
        id = scope.parent
    return tuple(turns)


def paired(known: dict[int, Wait], case: Case, todo: Todo | None) -> dict[int, Wait]:
    """Match open positions with what is to do: those known before, and the new ones by node and turn, in order."""
    positions = open_positions(case)
    waits = (
        [] if todo is None else sorted(todo.waits(), key=lambda each: (each.node, each.turns, each.serial))
    )
    assert [(node, turns) for node, turns, _ in positions] == [(wait.node, wait.turns) for wait in waits]
    ids = {id for _, _, id in positions}
    old = {id: wait for id, wait in known.items() if id in ids}
    assert {wait.serial for wait in old.values()} == {
        wait.serial for wait in waits if any(wait is each for each in known.values())
    }
    new_ids = [id for _, _, id in positions if id not in old]
    new_waits = [wait for wait in waits if not any(wait is each for each in known.values())]
    return old | dict(zip(new_ids, new_waits, strict=True))


def heard(todo: Todo, node: str) -> Todo | None:
    """Let a message reach everything that waits for it."""
    left: Todo | None = todo
    for wait in sorted((each for each in todo.waits() if each.node == node), key=lambda each: each.serial):
        if left is not None and left.has(wait):
            left = left.act(wait)
    return left


def follow(random: Random, size: int) -> Case:
    """Run one random process in random order beside its own semantics."""
    xml, todo, variables = Maker(random, size).process()
    process = read(xml)
    assert check(process) == ()
    case = Case(process, **variables)
    left: Todo | None = todo
    known = paired({}, case, left)
    for _ in range(MOST_STEPS):
        if left is None:
            break
        id, wait = random.choice(sorted(known.items()))
        fail = wait.can_fail and random.random() < 0.5
        token = case.state.token(id)
        assert token is not None
        kind = process.node(token.node).kind
        if token.due is not None:
            case.do(Fire(id))
        elif wait.by_message:
            case.do(Receive(wait.node, "K"))
        elif kind == "userTask":
            case.do(Complete(id))
        else:
            case.do(JobFailed(id, "broken") if fail else JobDone(id))
        left = heard(left, wait.node) if wait.by_message else left.act(wait, fail=fail)
        known = paired(known, case, left)
    assert (case.ended is not None) == (left is None)
    return case


def replayed(case: Case) -> Case:
    first, *rest = case.log
    assert isinstance(first, Start)
    again = Case(case.process, **{name: value for name, value in first.variables.items() if name != "key"})
    for command in rest:
        again.do(command)
    return again


@given(st.randoms(use_true_random=False))
@settings(max_examples=examples(100, few=30), deadline=None, suppress_health_check=list(HealthCheck))
def test_what_may_happen_next_is_what_the_process_says(random: Random) -> None:
    follow(random, 14)


@pytest.mark.parametrize("seed", range(0, 2_000, 100))
def test_two_thousand_processes(seed: int) -> None:
    for each in range(seed, seed + 100):
        follow(Random(each), 14)


@pytest.mark.parametrize("seed", range(0, 200, 20))
def test_larger_processes_run_and_replay_from_their_log(seed: int) -> None:
    for each in range(seed, seed + 20):
        case = follow(Random(each), 40)
        again = replayed(case)
        assert again.stored == case.stored
        assert again.effects == case.effects


def test_twins_that_a_message_wakes_together_are_told_apart() -> None:
    """One message ends a wait in two turns of a multi-instance; what each turn does next is of that turn."""
    follow(Random(19015), 30)


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(1_000, 101_000, 1_000))
def test_a_hundred_thousand_processes(seed: int) -> None:
    for each in range(seed, seed + 1_000):
        follow(Random(each), 30)


def test_every_generated_process_is_drawn() -> None:
    for seed in range(20):
        xml, _, _ = Maker(Random(seed), 30).process()
        drawn = svg(read(xml), tokens=["root"])
        assert drawn.startswith("<svg") and "style=" not in drawn
