"""The classic control-flow patterns (van der Aalst and others, 2003), each as a small process that runs.

The numbers are those of workflowpatterns.com (WCP-1 to WCP-20).
"""

import re

import pytest
from tests.engine.bpmn_models import (
    TERMINATE,
    Case,
    boundary,
    document,
    el,
    end,
    flow,
    gate,
    line,
    message,
    multi,
    run,
    script,
    service,
    signal,
    standard,
    start,
    sub,
    timer,
    user,
)

from ruta.engine.bpmn import (
    Cancel,
    Complete,
    Fire,
    Incident,
    Patch,
    Retry,
    Signal,
    StaleToken,
    check,
    read,
)


def test_wcp_1_sequence_runs_one_after_the_other() -> None:
    case = run(start(), user("a"), user("b"), end(outcome="granted"), line("s", "a", "b", "e"))
    assert case.waiting == ["a"]
    case.complete("a")
    assert case.waiting == ["b"]
    case.complete("b")
    assert case.ended is not None
    assert (case.ended.node, case.ended.outcome, case.state.ended) == ("e", "granted", "granted")


def test_wcp_2_and_3_parallel_split_and_synchronization_wait_for_all() -> None:
    parts = (start(), gate("parallel", "f"), user("a"), user("b"), gate("parallel", "j"), user("c"), end())
    flows = (line("s", "f", "a", "j"), line("f", "b", "j"), line("j", "c", "e"))
    case = run(*parts, *flows)
    assert case.waiting == ["a", "b"]
    case.complete("b")
    assert case.waiting == ["a"]
    case.complete("a")
    assert case.waiting == ["c"]


@pytest.mark.parametrize(("amount", "taken"), [(5, "low"), (50, "high"), (None, "other")])
def test_wcp_4_and_5_exclusive_choice_and_simple_merge_take_one_way(amount: int | None, taken: str) -> None:
    case = run(
        start(),
        gate("exclusive", "x", default="x_other"),
        user("low"),
        user("high"),
        user("other"),
        gate("exclusive", "m"),
        end(),
        flow("s", "x"),
        flow("x", "low", "=amount < 10"),
        flow("x", "high", "=amount >= 10"),
        flow("x", "other"),
        *(flow(each, "m") for each in ("low", "high", "other")),
        flow("m", "e"),
        amount=amount,
    )
    assert case.waiting == [taken]
    case.complete(taken)
    assert case.ended is not None


@pytest.mark.parametrize(
    ("x", "y", "taken"),
    [(True, False, ["a"]), (False, True, ["b"]), (True, True, ["a", "b"]), (False, False, ["c"])],
)
def test_wcp_6_and_7_multi_choice_is_joined_by_exactly_the_branches_that_were_chosen(
    x: bool, y: bool, taken: list[str]
) -> None:
    case = run(
        start(),
        gate("inclusive", "o", default="o_c"),
        user("a"),
        user("b"),
        user("c"),
        gate("inclusive", "j"),
        user("d"),
        end(),
        flow("s", "o"),
        flow("o", "a", "=x"),
        flow("o", "b", "=y"),
        flow("o", "c"),
        *(flow(each, "j") for each in "abc"),
        line("j", "d", "e"),
        x=x,
        y=y,
    )
    assert case.waiting == taken
    for node in taken:
        assert case.entered("d") == 0
        case.complete(node)
    assert case.waiting == ["d"]
    assert case.entered("d") == 1


def test_wcp_8_multi_merge_runs_once_for_each_token() -> None:
    case = run(
        start(), gate("parallel", "f"), user("a"), user("b"), gate("exclusive", "m"), user("c"), end(),
        line("s", "f", "a", "m"), line("f", "b", "m"), line("m", "c", "e"),
    )  # fmt: skip
    case.complete("a")
    case.complete("b")
    assert case.waiting == ["c", "c"]
    case.complete("c")
    assert case.ended is None
    case.complete("c")
    assert case.ended is not None


def test_wcp_11_implicit_termination_and_implicit_split_need_no_gateway() -> None:
    case = run(start(), user("a"), user("b"), user("c"), line("s", "a", "b"), flow("a", "c"))
    case.complete("a")
    assert case.waiting == ["b", "c"]
    case.complete("c")
    assert case.ended is None
    case.complete("b")
    assert case.ended is not None
    assert case.ended.outcome is None


def test_conditions_may_leave_an_activity_without_gateway() -> None:
    case = run(
        start(), el("userTask", "a", default="a_d"), user("b"), user("c"), user("d"),
        flow("s", "a"), flow("a", "b", "=n > 1"), flow("a", "c", "=n > 2"), flow("a", "d"), n=2,
    )  # fmt: skip
    case.complete("a")
    assert case.waiting == ["b"]


def test_wcp_10_arbitrary_cycle_returns_and_a_parallel_join_keeps_surplus_for_the_next_lap() -> None:
    case = run(
        start(), gate("exclusive", "back"), gate("parallel", "f"), user("a"), user("b"), gate("parallel", "j"),
        user("c"), gate("exclusive", "x", default="x_e"), end(),
        line("s", "back", "f", "a", "j"), line("f", "b", "j"), line("j", "c", "x"),
        flow("x", "back", "=again"), flow("x", "e"),
    )  # fmt: skip
    for lap, order in enumerate((("a", "b"), ("b", "a"), ("a", "b"))):
        for node in order:
            case.complete(node)
        case.complete("c", again=lap < 2)
    assert case.ended is not None
    assert case.entered("a") == case.entered("b") == case.entered("c") == 3


def test_a_parallel_join_takes_the_oldest_token_of_each_way() -> None:
    case = run(
        start(), gate("parallel", "f"), user("a"), user("b"), gate("exclusive", "m"), user("c"),
        gate("parallel", "j"), user("d"), end(),
        line("s", "f", "a", "m"), line("f", "b", "m"), flow("m", "j"), line("f", "c", "j"), line("j", "d", "e"),
    )  # fmt: skip
    case.complete("a")
    case.complete("b")
    assert case.waiting == ["c"]
    case.complete("c")
    assert case.waiting == ["d"]
    assert [token.status for token in case.state.tokens] == ["joining", "waiting"]


def test_wcp_14_instances_known_when_it_begins_run_at_once_and_gather_in_the_order_of_the_items() -> None:
    case = run(
        start(), user("a", multi("=list", gather=("results", "=answer + item"))), user("b"), end(),
        line("s", "a", "b", "e"), list=[10, 20, 30],
    )  # fmt: skip
    assert case.waiting == ["a", "a", "a"]
    first, second, third = (token.id for token in case.state.tokens if token.status == "waiting")
    case.do(Complete(third, {"answer": 3}))
    case.do(Complete(first, {"answer": 1}))
    case.do(Complete(second, {"answer": 2}))
    assert case.variables["results"] == [11, 22, 33]
    assert "answer" not in case.variables
    assert case.waiting == ["b"]


def test_sequential_multi_instance_runs_one_at_a_time() -> None:
    case = run(
        start(), user("a", multi("=list", sequential=True, gather=("out", "=item * 2"))), end(), line("s", "a", "e"),
        list=[1, 2],
    )  # fmt: skip
    assert case.waiting == ["a"]
    case.complete("a")
    assert case.waiting == ["a"]
    case.complete("a")
    assert case.variables["out"] == [2, 4]
    assert case.ended is not None


def test_a_multi_instance_over_nothing_goes_straight_on() -> None:
    case = run(
        start(), user("a", multi("=list", gather=("out", "=item"))), end(), line("s", "a", "e"), list=[]
    )
    assert case.ended is not None
    assert case.variables["out"] == []


def test_cancelling_partial_join_ends_the_instances_that_are_no_longer_needed() -> None:
    votes = multi("=list", gather=("votes", "=vote"), until="=numberOfCompletedInstances >= 2")
    case = run(start(), user("a", votes), user("b"), end(), line("s", "a", "b", "e"), list=[1, 2, 3])
    case.complete("a", vote="yes")
    case.complete("a", vote="no")
    assert case.waiting == ["b"]
    assert case.variables["votes"] == ["yes", "no", None]
    assert case.state.scopes == ()


def test_a_multi_instance_sub_process_keeps_its_variables_apart() -> None:
    case = run(
        start(),
        sub(
            "each", multi("=list", gather=("out", "=twice")),
            start("s2"), script("t", "twice", "item * 2"), user("u"), end("e2"), line("s2", "t", "u", "e2"),
        ),
        end(), line("s", "each", "e"), list=[1, 2, 3],
    )  # fmt: skip
    assert case.waiting == ["u", "u", "u"]
    assert "twice" not in case.variables
    for _ in range(3):
        case.complete("u")
    assert case.variables["out"] == [2, 4, 6]
    assert case.ended is not None


def test_multi_instances_nest() -> None:
    inner = user("u", multi("=row", element="cell", gather=("row_out", "=cell + 1")))
    case = run(
        start(),
        sub("rows", multi("=table", element="row", gather=("out", "=row_out")), start("s2"), inner, end("e2"),
            line("s2", "u", "e2")),
        end(), line("s", "rows", "e"), table=[[1, 2], [3]],
    )  # fmt: skip
    assert case.waiting == ["u", "u", "u"]
    for _ in range(3):
        case.complete("u")
    assert case.variables["out"] == [[2, 3], [4]]


def test_structured_loop_runs_while_its_condition_holds() -> None:
    case = run(start(), user("a", standard("=more")), end(), line("s", "a", "e"))
    case.complete("a", more=True)
    assert case.waiting == ["a"]
    case.complete("a", more=False)
    assert case.ended is not None
    assert case.variables["more"] is False


def test_structured_loop_may_be_tested_before_and_limited() -> None:
    never = run(start(), user("a", standard("=more", before=True)), end(), line("s", "a", "e"), more=False)
    assert never.ended is not None
    assert never.entered("a") == 1
    limited = run(start(), user("a", standard("=true", most=2)), end(), line("s", "a", "e"))
    limited.complete("a")
    limited.complete("a")
    assert limited.ended is not None


def test_wcp_16_deferred_choice_is_made_by_what_happens_first() -> None:
    parts = (
        start(), gate("eventBased", "g"), el("intermediateCatchEvent", "msg", message()),
        el("intermediateCatchEvent", "time", timer("P2D")), user("a"), user("b"), end(),
        line("s", "g", "msg", "a", "e"), line("g", "time", "b", "e"),
    )  # fmt: skip
    case = run(*parts)
    assert case.waiting == ["g"]
    case.receive(answer=1)
    assert case.waiting == ["a"]
    assert case.variables["answer"] == 1
    assert [token.node for token in case.state.tokens] == ["a"]
    other = run(*parts)
    other.later(days=2)
    other.do(Fire(other.token("time").id))
    assert other.waiting == ["b"]


def test_wcp_18_milestone_work_may_begin_only_while_the_case_is_there() -> None:
    case = run(
        start(), user("work"), boundary("timeout", "work", message("other"), interrupting=False), user("extra"),
        end(), line("s", "work", "e"), line("timeout", "extra", "e"),
    )  # fmt: skip
    case.receive("other")
    case.receive("other")
    assert case.waiting == ["work", "extra", "extra"]
    case.complete("work")
    assert [token.node for token in case.state.tokens] == ["extra", "extra"]


def test_wcp_19_cancel_activity_and_20_cancel_case() -> None:
    case = run(
        start(), user("a"), boundary("stop", "a", message()), user("b"), end(), line("s", "a", "e"),
        line("stop", "b", "e"),
    )  # fmt: skip
    case.receive()
    assert case.waiting == ["b"]
    case.do(Cancel("withdrawn"))
    assert case.state.ended == "withdrawn"
    assert case.state.tokens == ()
    with pytest.raises(StaleToken):
        case.do(Patch({"x": 1}))


def test_wcp_9_discriminator_lets_the_first_branch_go_on_and_ends_the_others() -> None:
    case = run(
        start(), gate("parallel", "f"), user("a"), user("b"), user("c"), gate("exclusive", "m"),
        gate("exclusive", "first", default="first_late"), script("mark", "passed", "true"), user("d"), end(),
        end("late"), line("s", "f", "a", "m"), line("f", "b", "m"), line("f", "c", "m"), flow("m", "first"),
        flow("first", "mark", "=passed = null"), flow("first", "late"), line("mark", "d", "e"),
    )  # fmt: skip
    case.complete("b")
    assert case.waiting == ["a", "c", "d"]
    case.complete("a")
    case.complete("c")
    assert case.entered("d") == 1
    case.complete("d")
    assert case.ended is not None


def test_wcp_12_instances_without_synchronization_go_on_each_for_itself() -> None:
    case = run(
        start(), gate("exclusive", "back"), user("more"), user("each"), end(), gate("exclusive", "x", default="x_e2"),
        end("e2"), line("s", "back", "more", "x"), flow("x", "back", "=again"), flow("x", "e2"), line("more", "each", "e"),
    )  # fmt: skip
    for again in (True, True, False):
        case.complete("more", again=again)
    assert case.waiting == ["each", "each", "each"]
    for _ in range(3):
        assert case.ended is None
        case.complete("each")
    assert case.ended is not None


@pytest.mark.parametrize(("times", "runs"), [("3", 3), ("=2 + 2", 4), ("0", 0)])
def test_wcp_13_instances_known_at_design_time_are_told_by_a_number(times: str, runs: int) -> None:
    loop = (
        f"<bpmn:multiInstanceLoopCharacteristics><bpmn:loopCardinality>{times}</bpmn:loopCardinality>"
        "</bpmn:multiInstanceLoopCharacteristics>"
    )
    case = run(start(), user("a", loop), user("b"), end(), line("s", "a", "b", "e"))
    assert case.waiting == ["a"] * runs + ["b"] * (not runs)
    for _ in range(runs):
        case.complete("a")
    assert case.waiting == ["b"]


@pytest.mark.parametrize("times", ["=many", "=-1", "=1.5"])
def test_a_number_of_instances_that_is_none_is_an_incident(times: str) -> None:
    loop = (
        f"<bpmn:multiInstanceLoopCharacteristics><bpmn:loopCardinality>{times}</bpmn:loopCardinality>"
        "</bpmn:multiInstanceLoopCharacteristics>"
    )
    case = run(start(), user("a", loop), end(), line("s", "a", "e"))
    incident = next(effect for effect in case.effects if isinstance(effect, Incident))
    assert incident.code == "not-a-number"


def test_wcp_15_instances_not_known_before_are_added_while_others_run() -> None:
    one_more = sub(
        "more", start("ms", message(), isInterrupting="false"), user("extra"), end("me"), line("ms", "extra", "me"),
        triggeredByEvent="true",
    )  # fmt: skip
    case = run(
        start(), sub("box", start("s2"), user("first"), end("e2"), line("s2", "first", "e2"), one_more), user("after"),
        end(), line("s", "box", "after", "e"),
    )  # fmt: skip
    case.receive()
    case.receive()
    case.complete("first")
    case.complete("extra")
    assert case.waiting == ["extra"]
    case.complete("extra")
    assert case.waiting == ["after"]


def test_wcp_17_interleaved_work_is_done_one_by_one_in_any_order() -> None:
    parts = (
        start(), gate("exclusive", "back"), user("choose"), gate("exclusive", "which", default="which_b"), user("a"),
        user("b"), gate("exclusive", "m"), gate("exclusive", "left", default="left_e"), end(),
        line("s", "back", "choose", "which"), flow("which", "a", '=next = "a"'), flow("which", "b"), line("a", "m", "left"),
        flow("b", "m"), flow("left", "back", "=not(a_done and b_done)"), flow("left", "e"),
    )  # fmt: skip
    for order in ("ab", "ba"):
        case = run(*parts, a_done=False, b_done=False)
        for name in order:
            case.complete("choose", next=name)
            assert case.waiting == [name]
            case.complete(name, **{f"{name}_done": True})
        assert case.ended is not None


def test_terminate_ends_the_whole_scope_and_only_that() -> None:
    case = run(
        start(),
        sub(
            "box", start("s2"), gate("parallel", "f"), user("a"), user("b"), end("stop", TERMINATE), end("e2"),
            line("s2", "f", "a", "stop"), line("f", "b", "e2"),
        ),
        user("after"), end(), line("s", "box", "after", "e"),
    )  # fmt: skip
    case.complete("a")
    assert case.waiting == ["after"]


def test_a_signal_is_heard_by_everything_that_listens() -> None:
    case = run(
        start(), gate("parallel", "f"), user("a"), boundary("b1", "a", signal()), user("b"),
        boundary("b2", "b", signal()), user("c"), user("d"),
        line("s", "f", "a"), flow("f", "b"), flow("b1", "c"), flow("b2", "d"),
    )  # fmt: skip
    case.do(Signal("alarm", {"level": 3}))
    assert case.waiting == ["c", "d"]
    case.do(Signal("unheard"))
    assert case.variables["level"] == 3


def test_an_automatic_loop_without_exit_is_cut_and_named() -> None:
    process = read(document(start(), gate("exclusive", "x"), script("t", "n", "1"), line("s", "x", "t", "x")))
    case = Case(process)
    incidents = [effect for effect in case.effects if isinstance(effect, Incident)]
    assert [each.code for each in incidents] == ["runaway"]
    assert "línea" in incidents[0].say["es"] and case.entered("t") == 5_000
    assert [token.status for token in case.state.tokens] == ["stuck"]
    assert [problem.check for problem in check(process)] == ["no-exit"]


def test_no_true_condition_and_no_default_is_an_incident_that_can_be_mended() -> None:
    case = run(
        start(), gate("exclusive", "x"), user("a"), user("b"), end(), flow("s", "x"), flow("x", "a", "=n = 1"),
        flow("x", "b", "=n = 2"), line("a", "e"), flow("b", "e", id="b_e"),
    )  # fmt: skip
    incident = next(effect for effect in case.effects if isinstance(effect, Incident))
    assert incident.code == "no-way-out"
    assert "por defecto" in incident.say["es"]
    assert case.state.tokens[0].status == "stuck"
    case.do(Patch({"n": 2}))
    case.do(Retry(incident.token))
    assert case.waiting == ["b"]


def test_a_task_whose_ways_out_are_all_false_does_not_repeat_its_work_when_mended() -> None:
    case = run(start(), service("a"), user("b"), user("c"), flow("s", "a"), flow("a", "b", "=n = 1"),
               flow("a", "c", "=n = 2"))  # fmt: skip
    case.complete("a")
    incident = next(effect for effect in case.effects if isinstance(effect, Incident))
    case.do(Patch({"n": 1}))
    case.do(Retry(incident.token))
    assert case.waiting == ["b"]
    assert case.entered("a") == 1


def test_every_classic_pattern_has_its_test() -> None:
    names = " ".join(name for name in globals() if name.startswith("test_wcp_"))
    told = {int(number) for number in re.findall(r"_(\d+)(?=_)", names)}
    assert told == set(range(1, 21))
