"""Running cases moved to another version: what becomes what, what is refused and why, and that they can always end."""

from __future__ import annotations

import json
from random import Random

import pytest
from lxml import etree
from tests.engine.bpmn_generator import Maker
from tests.engine.bpmn_models import (
    CALENDAR,
    NOW,
    Case,
    FeelRules,
    boundary,
    document,
    el,
    end,
    ext,
    flow,
    gate,
    handler,
    io,
    line,
    message,
    multi,
    run,
    service,
    start,
    sub,
    timer,
    undoes,
    user,
)

from ruta.engine.bpmn import (
    Complete,
    Effect,
    Fire,
    JobDone,
    MigrationRefused,
    Moved,
    Plan,
    Process,
    Receive,
    State,
    TimerSet,
    Waiting,
    Withdrawn,
    check,
    migrate,
    obstacles,
    propose,
    read,
)

BPMN = "{http://www.omg.org/spec/BPMN/20100524/MODEL}"


def moved(case: Case, *parts: str, given: dict[str, str] | None = None) -> tuple[Effect, ...]:
    """Move a case to another process, as its holder would; the case goes on there."""
    plan = propose(case.process, read(document(*parts)), given)
    done = migrate(case.state, plan, now=case.now, rules=FeelRules(case.now), calendar=CALENDAR)
    case.process, case.stored = plan.new, json.loads(json.dumps(done.state.to_json()))
    case.effects.extend(done.effects)
    return done.effects


def refused(case: Case, *parts: str) -> tuple[str, str]:
    """The element and the sentence of the first reason why a case must stay."""
    plan = propose(case.process, read(document(*parts)))
    reasons = obstacles(case.state, plan)
    reason = reasons[0]
    before = case.state
    with pytest.raises(MigrationRefused) as stopped:
        migrate(case.state, plan, now=NOW, rules=FeelRules(NOW), calendar=CALENDAR)
    assert stopped.value.reasons == reasons and case.state == before
    assert reason.say["es"] and reason.say["en"] in stopped.value.say["en"]
    return reason.node, reason.say["en"]


TWO = (start(), user("a"), user("b"), end(), line("s", "a", "b", "e"))


def test_a_case_goes_on_in_a_process_with_one_more_task() -> None:
    case = run(*TWO)
    token = case.token("a").id
    effects = moved(case, start(), user("a"), user("new"), user("b"), end(), line("s", "a", "new", "b", "e"))
    assert Moved(token, "a", "a") in effects
    for each in ("a", "new", "b"):
        assert case.waiting == [each]
        case.complete(each)
    assert case.ended is not None


def test_elements_are_mapped_by_id_then_by_name_and_kind_then_by_what_is_given() -> None:
    old = read(
        document(
            start(),
            user("a", name="Revisar"),
            user("b", name="Firmar"),
            user("c", name="Otra"),
            service("d", name="Pagar") if False else service("d"),
            end(),
            line("s", "a", "b", "c", "d", "e"),
        )
    )
    new = read(document(start(), user("a2", name="Revisar"), user("b", name="Firmar ya"), user("c2", name="Más"),
                        service("d", "ruta.other"), end(), line("s", "a2", "b", "c2", "d", "e")))  # fmt: skip
    plan = propose(old, new)
    assert plan.nodes == {"s": "s", "a": "a2", "b": "b", "e": "e"}
    assert (plan.gone, plan.added) == (("c", "d"), ("c2", "d"))
    assert propose(old, new, {"c": "c2"}).nodes["c"] == "c2"
    for wrong in ({"c": "d"}, {"c": "nowhere"}, {"nowhere": "c2"}):
        with pytest.raises(ValueError, match="="):
            propose(old, new, wrong)


def test_two_elements_of_one_name_are_not_guessed() -> None:
    old = read(document(start(), user("a", name="X"), user("b", name="X"), line("s", "a", "b")))
    new = read(document(start(), user("c", name="X"), user("d", name="X"), line("s", "c", "d")))
    assert set(propose(old, new).nodes) == {"s"}


def test_a_case_that_stands_where_nothing_is_any_more_stays() -> None:
    assert refused(run(*TWO), start(), user("b"), end(), line("s", "b", "e")) == (
        "a", '"a": it is gone, and the case is there.',
    )  # fmt: skip
    done = run(*TWO)
    done.complete("a")
    moved(done, start(), user("b"), end(), line("s", "b", "e"))
    assert done.waiting == ["b"]


def test_a_case_that_has_ended_stays() -> None:
    case = run(start(), end(), line("s", "e"))
    assert refused(case, start(), end(), line("s", "e")) == ("", "The case has ended.")


def test_what_moved_into_a_sub_process_is_refused() -> None:
    box = sub("box", start("s2"), user("a"), end("e2"), line("s2", "a", "e2"))
    node, said = refused(run(*TWO), start(), box, user("b"), end(), line("s", "box", "b", "e"))
    assert node == "a" and "another sub-process" in said


FORK = (
    start(), gate("parallel", "f"), user("a"), user("b"), gate("parallel", "j"), user("c"), end(),
    line("s", "f", "a", "j", "c", "e"), line("f", "b", "j"),
)  # fmt: skip


def test_positions_that_would_wait_for_ever_are_found_by_the_search() -> None:
    case = run(*FORK)
    case.complete("a")
    one_more = (start(), gate("parallel", "f"), user("a"), user("b"), user("d"), gate("parallel", "j"), user("c"),
                end(), line("s", "f", "a", "j", "c", "e"), line("f", "b", "j"), line("f", "d", "j"))  # fmt: skip
    assert check(read(document(*one_more))) == ()
    node, said = refused(case, *one_more)
    assert node == "j" and "for ever" in said


def test_positions_that_would_come_twice_are_found_by_the_search() -> None:
    choice = (
        start(),
        gate("exclusive", "f", default="f_b"),
        user("a"),
        user("b"),
        gate("exclusive", "j"),
        user("c"),
        end(),
        line("s", "f"),
        flow("f", "a", "=n"),
        flow("f", "b"),
        line("a", "j", "c", "e"),
        flow("b", "j"),
    )
    # the gateways are other elements now, and nobody stands at them
    node, said = refused(run(*FORK), *choice)
    assert node in ("a", "b", "c") and "twice at once" in said


def test_a_join_with_fewer_ways_in_goes_on_at_once() -> None:
    case = run(
        start(), gate("parallel", "f"), user("a"), user("b"), gate("parallel", "j"), user("c"), end(),
        line("s", "f", "a", "j", "c", "e"), line("f", "b", "j"),
    )  # fmt: skip
    case.complete("a")
    case.stored["tokens"] = [each for each in case.stored["tokens"] if each["node"] != "b"]  # type: ignore[index]
    moved(case, start(), user("a"), gate("parallel", "j"), user("c"), end(), line("s", "a", "j", "c", "e"))
    assert case.waiting == ["c"]


def test_a_flow_that_is_gone_leaves_no_place_for_what_came_by_it() -> None:
    case = run(*FORK)
    case.complete("a")
    other = (start(), gate("parallel", "f"), user("b"), user("x"), user("y"), gate("parallel", "j"), user("c"), end(),
             line("s", "f", "b", "j", "c", "e"), line("f", "x", "j"), line("f", "y", "j"))  # fmt: skip
    node, said = refused(case, *other)
    assert node == "j" and "flow" in said


def reminded(*more: str, first: str = "P3D") -> tuple[str, ...]:
    return (start(), user("a"), boundary("late", "a", timer(first), interrupting=False), end(), end("e2"),
            line("s", "a", "e"), flow("late", "e2"), *more)  # fmt: skip


def test_timers_keep_their_time_and_new_events_are_listened_to() -> None:
    case = run(*reminded())
    due = case.token("late").due
    case.later(days=1)
    effects = moved(
        case, *reminded(boundary("stop", "a", message()), end("e3"), flow("stop", "e3"), first="P9D")
    )
    assert case.token("late").due == due
    assert any(isinstance(each, Waiting) and each.node == "stop" and each.armed for each in effects)
    case.receive()
    assert case.ended is not None


def test_an_event_that_has_fired_does_not_come_again() -> None:
    case = run(*reminded())
    case.later(days=3)
    case.do(Fire(case.token("late").id))
    assert moved(case, *reminded(first="P9D")).count(TimerSet) == 0
    assert [token.node for token in case.state.tokens] == ["a"]


def test_an_event_that_is_gone_is_withdrawn_and_one_that_is_another_now_is_set_anew() -> None:
    case = run(*reminded())
    old = case.token("late").id
    effects = moved(case, start(), user("a"), end(), line("s", "a", "e"))
    assert Withdrawn(old, "late") in effects
    assert [token.node for token in case.state.tokens] == ["a"]
    again = run(*reminded())
    changed = tuple(part.replace(timer("P3D"), message()) for part in reminded())
    moved(again, *changed)
    assert again.token("late").key == "K"


def test_a_user_task_says_again_what_it_asks() -> None:
    case = run(*TWO, n=1)
    asks = user("a", ext(io({"total": "=n + 1"})))
    effects = moved(case, start(), asks, user("b"), end(), line("s", "a", "b", "e"))
    assert [each.inputs["total"] for each in effects if isinstance(each, Waiting)] == [2]


def test_a_task_that_cannot_say_what_it_asks_keeps_the_case_where_it_is() -> None:
    case = run(*TWO)
    asks = user("a", ext(io({"total": "=decide()"})))
    plan = propose(case.process, read(document(start(), asks, user("b"), end(), line("s", "a", "b", "e"))))
    case.decisions = {}

    class Failing(FeelRules):
        def evaluate(self, text: str, variables: object) -> object:
            from ruta.engine.bpmn import RuleFailed

            raise RuleFailed({"es": "no", "en": "no"})

    with pytest.raises(MigrationRefused):
        migrate(case.state, plan, now=NOW, rules=Failing(NOW), calendar=CALENDAR)


def test_instances_event_gateways_and_event_sub_processes_are_moved_with_what_they_hold() -> None:
    parts = (
        start(), sub("box", multi("=list"), start("s2"), user("a"), end("e2"), line("s2", "a", "e2")),
        gate("eventBased", "g"), el("intermediateCatchEvent", "m", message()),
        el("intermediateCatchEvent", "t", timer("P3D")), end(), end("e3"), line("s", "box", "g", "m", "e"),
        line("g", "t", "e3"),
        sub("h", el("startEvent", "hs", message("other"), isInterrupting="false"), user("x"), end("he"),
            line("hs", "x", "he"), triggeredByEvent="true"),
    )  # fmt: skip
    case = run(*parts, list=[1, 2])
    case.receive("other")
    moved(case, *parts)
    assert sorted(case.waiting) == ["a", "a", "x"]
    case.complete("a")
    case.complete("a")
    moved(case, *parts)
    case.receive()
    case.receive("other")
    case.complete("x")
    moved(case, *parts)
    case.complete("x")
    assert case.ended is not None


def test_what_can_be_undone_is_moved_too() -> None:
    parts = (start(), user("a"), undoes("a", "no_a"), handler("no_a"), user("b"),
             el("intermediateThrowEvent", "undo", "<bpmn:compensateEventDefinition/>"), end(),
             line("s", "a", "b", "undo", "e"))  # fmt: skip
    case = run(*parts)
    case.complete("a")
    node, said = refused(case, start(), user("b"), end(), line("s", "b", "e"))
    assert node == "a" and "undone" in said
    moved(case, *parts)
    case.complete("b")
    assert case.waiting == ["no_a"]
    moved(case, *parts)
    assert refused(case, start(), user("a"), user("b"), end(), line("s", "a", "b", "e"))[0] in (
        "undo",
        "no_a",
    )
    case.complete("no_a")
    assert case.ended is not None


def test_a_process_that_begins_at_events_lands_where_it_can() -> None:
    parts = (start("m", message()), start("t", timer("R/P1D", "timeCycle")), user("a"), user("b"), end(), end("e2"),
             line("m", "a", "e"), line("t", "b", "e2"))  # fmt: skip
    process = read(document(*parts))
    from ruta.engine.bpmn import Start, step

    state = step(process, None, Start({}, at="t"), now=NOW, rules=FeelRules(NOW)).state
    assert obstacles(state, propose(process, process)) == ()


def inserted(random: Random, xml: bytes) -> bytes:
    """The process with a user task put into one of its flows."""
    root = etree.fromstring(xml)
    races = {each.get("id") for each in root.iter(f"{BPMN}eventBasedGateway")}
    flows = [each for each in root.iter(f"{BPMN}sequenceFlow") if each.get("sourceRef") not in races]
    chosen = random.choice(flows)
    target = chosen.get("targetRef")
    chosen.set("targetRef", "inserted")
    parent = chosen.getparent()
    assert parent is not None and target is not None
    etree.SubElement(parent, f"{BPMN}userTask", {"id": "inserted"})
    etree.SubElement(
        parent, f"{BPMN}sequenceFlow", {"id": "inserted_out", "sourceRef": "inserted", "targetRef": target}
    )
    return etree.tostring(root)


def removed(random: Random, xml: bytes) -> bytes:
    """The process without one of its plain tasks; what led to it leads on."""
    root = etree.fromstring(xml)
    hosts = {each.get("attachedToRef") for each in root.iter(f"{BPMN}boundaryEvent")}
    flows = list(root.iter(f"{BPMN}sequenceFlow"))
    outs = {each.get("sourceRef"): each for each in flows}
    tasks = [
        each
        for each in root.iter(f"{BPMN}userTask")
        if each.get("id") not in hosts and each.get("id") in outs
    ]
    if not tasks:
        return xml
    gone = random.choice(tasks)
    out = outs[gone.get("id")]
    for each in flows:
        if each.get("targetRef") == gone.get("id"):
            each.set("targetRef", str(out.get("targetRef")))
    for each in (gone, out):
        parent = each.getparent()
        assert parent is not None
        parent.remove(each)
    return etree.tostring(root)


def act(random: Random, case: Case) -> bool:
    """Let one thing happen; False when nothing can."""
    possible = []
    for token in case.state.tokens:
        node = case.process.node(token.node)
        if token.due is not None:
            possible.append(Fire(token.id))
        elif token.status == "waiting" and node.kind == "userTask":
            possible.append(Complete(token.id))
        elif token.status == "waiting" and node.kind in ("serviceTask", "callActivity"):
            possible.append(JobDone(token.id))
        elif token.status == "waiting" and node.event is not None and node.event.kind == "message":
            possible.append(Receive(node.event.name, "K"))
    if not possible:
        return False
    case.do(random.choice(possible))
    return True


def into(case: Case, process: Process) -> Plan:
    plan = propose(case.process, process)
    done = migrate(case.state, plan, now=NOW, rules=FeelRules(NOW), calendar=CALENDAR)
    case.process, case.stored = process, done.state.to_json()
    return plan


@pytest.mark.parametrize("seed", range(0, 400, 20))
def test_whatever_is_moved_can_end_and_what_stays_has_a_reason(seed: int) -> None:
    stayed = 0
    for each in range(seed, seed + 20):
        random = Random(each)
        xml, _, variables = Maker(random, 14).process()
        case = Case(read(xml), **variables)
        for _ in range(random.randint(0, 6)):
            if case.ended is None:
                act(random, case)
        if case.ended is not None:
            continue
        change = random.choice((inserted, removed))
        process = read(change(random, xml))
        try:
            into(case, process)
        except MigrationRefused as stopped:
            assert change is removed and stopped.reasons
            stayed += 1
            continue
        for _ in range(200):
            if case.ended is not None or not act(random, case):
                break
        assert case.ended is not None, each
    assert stayed < 20


@pytest.mark.parametrize("seed", range(20))
def test_moving_to_the_same_process_changes_nothing(seed: int) -> None:
    random = Random(seed)
    xml, _, variables = Maker(random, 30).process()
    case = Case(read(xml), **variables)
    while case.ended is None and random.random() < 0.9:
        act(random, case)
        if case.ended is None:
            before = case.state
            into(case, read(xml))
            assert case.state == before == State.from_json(case.state.to_json())
