"""A case whose answers change, or whose decision is undone, says again what it asks and is taken up where it decided."""

import pytest
from tests.engine.bpmn_models import Case, document, el, end, ext, flow, gate, io, line, run, start, user

from ruta.engine.bpmn import AskRule, Reopen, Restate, RuleEvaluated, StaleToken, Waiting, can_reopen, read

RULE = el(
    "businessRuleTask", "rule", ext('<zeebe:calledDecision decisionId="right" resultVariable="right"/>')
)
GROUPS = '<zeebe:assignmentDefinition candidateGroups="=[office]"/>'
PARTS = (
    start(),
    RULE,
    user("decide", ext(GROUPS, io({"asked": "=office"}))),
    gate("exclusive", "way", "way_no"),
    end("yes", outcome="granted"),
    end("no", outcome="refused"),
    line("s", "rule", "decide", "way"),
    flow("way", "yes", "=decided = 1"),
    flow("way", "no", id="way_no"),
)


def a_case() -> Case:
    return run(*PARTS, decisions={"right": "study"}, office="tunja", decided=0)


def test_a_rule_asked_again_answers_as_of_now_and_nothing_moves() -> None:
    case = a_case()
    case.decisions = {"right": "yes"}
    before = case.state.tokens
    (answered,) = case.do(AskRule("rule"))
    assert isinstance(answered, RuleEvaluated)
    assert (case.variables["right"], case.state.tokens) == ("yes", before)
    assert case.do(AskRule("decide")) == ()


def test_a_waiting_task_says_again_what_it_asks() -> None:
    case = a_case()
    case.stored = {**case.state.to_json(), "variables": {**case.variables, "office": "cali"}}
    (asked,) = case.do(Restate())
    assert isinstance(asked, Waiting)
    assert (asked.inputs["groups"], asked.inputs["asked"]) == (["cali"], "cali")


def test_a_case_that_waits_with_its_decision_taken_is_taken_up_where_it_was_decided() -> None:
    case = a_case()
    token = case.state.tokens[0].id
    case.do(Reopen("decide", waiting=True))
    assert (case.state.ended, case.waiting) == (None, ["decide"])
    assert [each.id for each in case.state.tokens] != [token]
    case.complete("decide", decided=1)
    assert case.state.ended == "granted"


def test_a_case_that_ended_is_taken_up_at_its_task_and_ends_anew() -> None:
    case = a_case()
    with pytest.raises(StaleToken):
        case.do(Reopen("decide"))  # it has not ended
    case.complete("decide", decided=0)
    assert case.state.ended == "refused"
    case.do(Reopen("decide"))
    assert (case.state.ended, case.waiting) == (None, ["decide"])
    case.complete("decide", decided=1)
    assert case.state.ended == "granted"
    with pytest.raises(StaleToken):
        case.do(Reopen("rule"))  # no user task


def test_a_task_beside_parallel_work_is_no_place_to_take_a_case_up() -> None:
    both = (
        start(),
        gate("parallel", "fork"),
        user("a"),
        user("b"),
        gate("parallel", "join"),
        user("last"),
        end(),
        line("s", "fork", "a", "join", "last", "e"),
        line("fork", "b", "join"),
    )
    process = read(document(*both))
    assert [can_reopen(process, node) for node in ("a", "last", "fork", "nowhere")] == [
        False,
        True,
        False,
        False,
    ]
