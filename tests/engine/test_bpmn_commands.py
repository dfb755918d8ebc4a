"""Commands and state: what a step accepts, what it refuses without harm, and that nothing it was given changes."""

import copy
import json
import re
from collections.abc import Callable
from typing import Any

import pytest
from tests.engine.bpmn_models import (
    NOW,
    FeelRules,
    boundary,
    document,
    el,
    end,
    error,
    ext,
    flow,
    gate,
    io,
    line,
    message,
    multi,
    run,
    script,
    service,
    start,
    sub,
    timer,
    user,
)

from ruta.engine.bpmn import (
    Cancel,
    CaseCalled,
    CaseEnded,
    Command,
    Complete,
    Entered,
    Fire,
    Incident,
    JobDone,
    JobFailed,
    JobRequested,
    Patch,
    Receive,
    Retry,
    Signal,
    StaleToken,
    Start,
    State,
    Waiting,
    Withdrawn,
    read,
    step,
)

TWO = (start(), gate("parallel", "f"), user("a"), service("b"), line("s", "f", "a"), flow("f", "b"))


@pytest.mark.parametrize(
    "command",
    [
        lambda case: Complete(99),
        lambda case: JobDone(99),
        lambda case: JobFailed(99, "x"),
        lambda case: Fire(99),
        lambda case: Retry(99),
        lambda case: Complete(case.token("b").id),
        lambda case: JobDone(case.token("a").id),
        lambda case: JobFailed(case.token("a").id, "x"),
        lambda case: Fire(case.token("a").id),
        lambda case: Retry(case.token("a").id),
        lambda case: Start({}),
        lambda case: Receive("go", "K", {}),
    ],
)
def test_a_command_about_something_else_is_refused_and_changes_nothing(
    command: Callable[[Any], Command],
) -> None:
    case = run(*TWO)
    before = copy.deepcopy(case.stored)
    with pytest.raises(StaleToken) as error:
        case.do(command(case))
    assert error.value.say["es"] and error.value.say["en"]
    assert case.stored == before


def test_the_same_answer_twice_is_taken_once() -> None:
    case = run(*TWO)
    token = case.token("a").id
    case.do(Complete(token, {"x": 1}))
    with pytest.raises(StaleToken):
        case.do(Complete(token, {"x": 2}))
    assert case.variables["x"] == 1


def test_nothing_is_accepted_before_the_start_or_after_the_end() -> None:
    process = read(document(start(), end(), line("s", "e")))
    with pytest.raises(StaleToken):
        step(process, None, Patch({}), now=NOW, rules=FeelRules(NOW))
    ended = step(process, None, Start({}), now=NOW, rules=FeelRules(NOW)).state
    for command in (Start({}), Patch({}), Cancel("x"), Signal("alarm")):
        with pytest.raises(StaleToken):
            step(process, ended, command, now=NOW, rules=FeelRules(NOW))


def test_a_step_leaves_the_state_and_the_variables_it_was_given_as_they_were() -> None:
    process = read(document(*TWO))
    given = {"form": {"list": [1, 2]}}
    state = step(process, None, Start(given), now=NOW, rules=FeelRules(NOW)).state
    before = json.dumps(state.to_json())
    first = step(process, state, Complete(3, {"form": {"list": []}}), now=NOW, rules=FeelRules(NOW))
    second = step(process, state, Complete(3, {"form": {"list": []}}), now=NOW, rules=FeelRules(NOW))
    assert first == second
    assert json.dumps(state.to_json()) == before
    assert given == {"form": {"list": [1, 2]}}


def test_a_state_with_everything_in_it_survives_being_stored() -> None:
    case = run(
        start(),
        sub("box", multi("=list", gather=("out", "=item")), ext(io({"local": "=1"})), start("s2"), user("a"),
            boundary("t", "a", timer("R3/P1D", "timeCycle"), interrupting=False), end("e2"), end("e3"),
            line("s2", "a", "e2"), flow("t", "e3")),
        boundary("m", "box", message()), end(), end("e4"), line("s", "box", "e"), flow("m", "e4"), list=[1, 2],
    )  # fmt: skip
    state = case.state
    assert (
        state.scopes and any(token.due for token in state.tokens) and any(token.key for token in state.tokens)
    )
    assert State.from_json(json.loads(json.dumps(state.to_json()))) == state
    assert state.token(state.tokens[0].id) == state.tokens[0]
    assert state.token(9999) is None


def test_cancelling_withdraws_everything_that_is_open() -> None:
    case = run(*TWO)
    effects = case.do(Cancel("withdrawn"))
    assert {effect.node for effect in effects if isinstance(effect, Withdrawn)} == {"a", "b"}
    assert effects[-1] == CaseEnded("", "withdrawn")


def test_token_ids_are_never_used_twice() -> None:
    case = run(
        start(), gate("exclusive", "x"), user("a"), gate("exclusive", "y", default="y_e"), end(),
        line("s", "x", "a", "y", "e"), flow("y", "x", "=again"),
    )  # fmt: skip
    for turn in range(3):
        case.complete("a", again=turn < 2)
    ids = [effect.token for effect in case.effects if isinstance(effect, Entered)]
    assert len(ids) == len(set(ids))


def test_a_case_that_was_decided_twice_has_the_outcome_of_the_last_end() -> None:
    case = run(
        start(), gate("parallel", "f"), user("a"), user("b"), end("e1", outcome="refused"),
        end("e2", outcome="granted"), end("e3"), line("s", "f", "a", "e1"), line("f", "b", "e2"), flow("f", "e3"),
    )  # fmt: skip
    case.complete("b")
    case.complete("a")
    assert case.ended == CaseEnded("e1", "refused")


def test_a_called_process_comes_back_as_a_job() -> None:
    call = el("callActivity", "x", ext('<zeebe:calledElement processId="=target"/>', io({"n": "=1 + 1"})))
    case = run(start(), call, end(), line("s", "x", "e"), target="other")
    called = next(effect for effect in case.effects if isinstance(effect, CaseCalled))
    assert (called.process, called.inputs) == ("other", {"key": "K", "target": "other", "n": 2})
    case.do(JobDone(called.token, {"result": 1}))
    assert case.ended is not None
    assert case.variables["result"] == 1


def test_a_called_process_may_be_given_and_give_back_only_what_is_mapped() -> None:
    told = (
        '<zeebe:calledElement processId="other" propagateAllParentVariables="false" '
        'propagateAllChildVariables="false"/>'
    )
    call = el("callActivity", "x", ext(told, io({"n": "=1 + 1"})))
    case = run(start(), call, end(), line("s", "x", "e"))
    called = next(effect for effect in case.effects if isinstance(effect, CaseCalled))
    assert called.inputs == {"n": 2}
    case.do(JobDone(called.token, {"result": 1}))
    assert "result" not in case.variables


@pytest.mark.parametrize(
    "node",
    [
        el("sendTask", "x", ext('<zeebe:taskDefinition type="t"/>')),
        el("businessRuleTask", "x", ext('<zeebe:taskDefinition type="t"/>')),
        el("scriptTask", "x", ext('<zeebe:taskDefinition type="t"/>')),
        el("intermediateThrowEvent", "x", ext('<zeebe:taskDefinition type="t"/>'), message()),
    ],
)
def test_anything_with_a_type_of_work_is_work_for_the_platform(node: str) -> None:
    case = run(start(), node, end(), line("s", "x", "e"))
    requested = next(effect for effect in case.effects if isinstance(effect, JobRequested))
    assert requested.type == "t"
    case.complete("x")
    assert case.ended is not None


def test_an_end_event_may_ask_for_work_before_it_ends() -> None:
    work = ext('<zeebe:taskDefinition type="t"/>')
    case = run(start(), el("endEvent", "e", work, message()), line("s", "e"))
    assert case.ended is None
    case.complete("e")
    assert case.ended == CaseEnded("e", None)


def test_local_inputs_of_rules_and_scripts_do_not_stay() -> None:
    decide = el("businessRuleTask", "d", ext('<zeebe:calledDecision decisionId="fee"/>', io({"x": "=1"})))
    compute = script("c", "sum", "y + 1").replace(
        "</bpmn:extensionElements>", io({"y": "=2"}) + "</bpmn:extensionElements>"
    )
    case = run(start(), decide, compute, end(), line("s", "d", "c", "e"), decisions={"fee": 5})
    assert (case.variables["fee"], case.variables["sum"]) == (5, 3)
    assert "x" not in case.variables and "y" not in case.variables


def test_a_failing_rule_is_an_incident_and_can_be_tried_again() -> None:
    decide = el("businessRuleTask", "d", ext('<zeebe:calledDecision decisionId="fee"/>'))
    case = run(start(), decide, end(), line("s", "d", "e"))
    incident = next(effect for effect in case.effects if isinstance(effect, Incident))
    assert (incident.node, incident.code) == ("d", "rule-failed")
    case.decisions = {"fee": 1}
    case.do(Retry(incident.token))
    assert case.ended is not None


@pytest.mark.parametrize("groups", ['=["registrar@" + office]', "=[]", '=[""]', "=3"])
def test_a_task_that_would_be_nobodys_stops_instead_of_waiting_unseen(groups: str) -> None:
    assignment = f"<zeebe:assignmentDefinition candidateGroups='{groups}'/>"
    case = run(start(), el("userTask", "t", ext(assignment)), end(), line("s", "t", "e"))
    incident = next(effect for effect in case.effects if isinstance(effect, Incident))
    assert (incident.node, incident.code) == ("t", "no-group")
    assert case.waiting == []
    case.do(Patch({"office": "1501-15001"}))
    if "office" in groups:
        case.do(Retry(incident.token))
        assert case.waiting == ["t"]


def test_a_failed_job_says_why_in_both_languages() -> None:
    case = run(start(), service("a"), end(), line("s", "a", "e"))
    case.do(JobFailed(case.token("a").id, "no-key", say={"es": "falta la clave", "en": "the key is missing"}))
    incident = next(effect for effect in case.effects if isinstance(effect, Incident))
    assert incident.say == {
        "es": "«a» no se pudo hacer: falta la clave",
        "en": '"a" could not be done: the key is missing',
    }


def test_a_failed_job_keeps_the_clock_beside_it_running() -> None:
    case = run(
        start(), service("a"), boundary("late", "a", timer("P5D")), user("boss"), end(), line("s", "a", "e"),
        flow("late", "boss"),
    )  # fmt: skip
    due = case.token("late").due
    case.later(days=1)
    case.do(JobFailed(case.token("a").id, "down", "sin respuesta"))
    assert case.token("late").due == due
    case.do(Retry(case.token("a").id))
    assert [token.due for token in case.state.tokens if token.node == "late"] == [due]
    case.do(JobFailed(case.token("a").id, "down"))
    case.later(days=5)
    case.do(Fire(case.token("late").id))
    assert case.waiting == ["boss"]


def test_a_loop_over_what_is_no_list_is_an_incident() -> None:
    case = run(start(), user("a", multi("=n")), end(), line("s", "a", "e"), n=3)
    incident = next(effect for effect in case.effects if isinstance(effect, Incident))
    assert incident.code == "not-a-list"
    case.do(Patch({"n": [1]}))
    case.do(Retry(incident.token))
    assert case.waiting == ["a"]


def test_a_loop_over_too_many_items_is_an_incident_before_it_begins() -> None:
    case = run(start(), user("a", multi("=list")), end(), line("s", "a", "e"), list=list(range(10_001)))
    incident = next(effect for effect in case.effects if isinstance(effect, Incident))
    assert incident.code == "too-many-items"
    assert len(case.state.tokens) == 1


def test_inputs_of_each_instance_see_their_item() -> None:
    task = user("a", ext(io({"who": "=item.name"})), multi("=list", element="item"))
    case = run(start(), task, end(), line("s", "a", "e"), list=[{"name": "ana"}, {"name": "luis"}])
    asked = [effect.inputs["who"] for effect in case.effects if isinstance(effect, Waiting)]
    assert asked == ["ana", "luis"]


def test_an_error_from_one_instance_ends_all_of_them() -> None:
    case = run(
        start(), service("a", loop=multi("=list")), boundary("b", "a", error()), user("fix"), end(),
        line("s", "a", "e"), flow("b", "fix"), list=[1, 2],
    )  # fmt: skip
    case.do(JobFailed(case.state.tokens[-1].id, "broken"))
    assert case.waiting == ["fix"]


def test_a_case_grows_with_what_is_open_and_not_with_what_has_happened() -> None:
    case = run(
        start(), gate("exclusive", "back"), user("a"), boundary("t", "a", timer("P1D"), interrupting=False), end("e2"),
        script("c", "n", "1"), gate("exclusive", "x", default="x_e"), end(), line("s", "back", "a", "c", "x", "e"),
        flow("x", "back", "=again"), flow("t", "e2"),
    )  # fmt: skip
    case.complete("a", again=True)
    sizes = set()
    for _ in range(300):
        case.complete("a", again=True)
        sizes.add(len(re.sub(r"\d+", "0", json.dumps(case.stored))))
    assert len(sizes) == 1
    assert len(case.state.tokens) == 2 and case.state.done == ()
