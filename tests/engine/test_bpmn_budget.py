"""What one step of a process may spend: one budget for all its rules, so many moves, then it stops with a reason."""

from __future__ import annotations

from tests.engine.bpmn_models import (
    CALENDAR,
    NOW,
    Case,
    boundary,
    conditional,
    document,
    el,
    end,
    ext,
    flow,
    gate,
    io,
    line,
    multi,
    run,
    script,
    start,
    sub,
    user,
)

from ruta.engine import dmn, feel
from ruta.engine.bpmn import Incident, Patch, Retry, Start, read, step
from ruta.engine.rules import FeelRules

DEAR = "count((for i in 1..1000 return i * i)[item > x])"  # some thousand steps


def incidents(case: Case) -> list[Incident]:
    return [effect for effect in case.effects if isinstance(effect, Incident)]


def test_a_loop_of_dear_scripts_spends_the_budget_of_one_expression_and_stops() -> None:
    case = run(
        start(), gate("exclusive", "again"), script("t", "n", DEAR), gate("exclusive", "x", "back"), end(),
        line("s", "again", "t", "x"), flow("x", "again", id="back"), flow("x", "e", "=n = -1"), x=0,
    )  # fmt: skip
    (incident,) = incidents(case)
    assert (incident.node, incident.code) in {("t", "rule-failed"), ("x", "rule-failed")}
    assert "más de 50,000 pasos" in incident.say["es"] and "more than 50,000 steps" in incident.say["en"]
    assert 1 < case.entered("t") < 30
    assert [token.status for token in case.state.tokens] == ["stuck"]


def test_a_loop_of_cheap_scripts_ends_by_its_budget_too() -> None:
    case = run(
        start(), gate("exclusive", "again"), script("t", "n", "n + 1"), gate("exclusive", "x", "back"), end(),
        line("s", "again", "t", "x"), flow("x", "again", id="back"), flow("x", "e", "=n = -1"), n=0,
    )  # fmt: skip
    (incident,) = incidents(case)
    assert incident.code in ("rule-failed", "runaway")
    case.do(Patch({"n": -2}))
    case.do(Retry(incident.token))
    assert case.ended is not None


def test_turns_over_a_large_list_share_the_budget_and_go_on_when_tried_again() -> None:
    case = run(
        start(), script("t", "n", "count((for i in 1..700 return i)[item > one])", multi("=lots", element="one")),
        end(), line("s", "t", "e"), lots=list(range(60)),
    )  # fmt: skip
    (told,) = incidents(case)  # which speaks for all
    assert "50,000" in told.say["en"]
    assert sum(token.status == "stuck" for token in case.state.tokens) > 30
    while stuck := [token.id for token in case.state.tokens if token.status == "stuck"]:
        for token in stuck:
            case.do(Retry(token))
    assert case.ended is not None


def test_a_list_is_converted_once_for_all_the_turns_over_it() -> None:
    case = run(
        start(), script("t", "n", "count(lots) + one", multi("=lots", element="one")), end(),
        line("s", "t", "e"), lots=list(range(1500)),
    )  # fmt: skip
    assert case.ended is not None, incidents(case)


def test_what_gathers_the_turns_stops_its_activity_and_is_gathered_when_mended() -> None:
    loop = multi(
        "=lots", element="one", gather=("found", "=if one = 2 then (for i in 1..limit return i)[-1] else one")
    )
    case = run(start(), user("t", loop), end(), line("s", "t", "e"), lots=[1, 2, 3], limit=10**9)
    for _ in range(3):
        case.complete("t")
    (incident,) = incidents(case)
    assert incident.node == "t" and case.ended is None
    case.do(Patch({"limit": 7}))
    case.do(Retry(incident.token))
    assert case.variables["found"] == [1, 7, 3]
    assert case.ended is not None


def test_the_results_of_a_sub_process_stop_it_and_are_read_again_when_mended() -> None:
    inner = [start("is"), user("it"), end("ie"), line("is", "it", "ie")]
    outputs = ext(io(outputs={"sum": "=sum(for i in 1..limit return i)"}))
    case = run(start(), sub("b", outputs, *inner), end(), line("s", "b", "e"), limit=10**9)
    case.complete("it")
    (incident,) = incidents(case)
    assert incident.node == "b" and [token.status for token in case.state.tokens] == ["stuck"]
    case.do(Patch({"limit": 3}))
    case.do(Retry(incident.token))
    assert case.variables["sum"] == 6 and case.ended is not None


def test_a_condition_that_is_waited_for_and_costs_too_much_stops_there() -> None:
    waits = el("intermediateCatchEvent", "c", conditional("=count(for i in 1..limit return i) > 2"))
    case = run(start(), waits, end(), line("s", "c", "e"), limit=10**9)
    (incident,) = incidents(case)
    assert incident.node == "c"
    case.do(Patch({"limit": 3}))
    case.do(Retry(incident.token))
    assert case.ended is not None


def test_a_condition_that_only_listens_and_costs_too_much_does_not_stop_the_work() -> None:
    case = run(
        start(), user("t"), boundary("c", "t", conditional("=count(for i in 1..limit return i) > 2")), user("u"),
        end(), line("s", "t", "e"), flow("c", "u"), flow("u", "e"), limit=10**9,
    )  # fmt: skip
    assert {(each.node, each.code) for each in incidents(case)} == {("c", "deaf")}
    assert case.waiting == ["t"]
    case.do(Patch({"limit": 3}))
    assert case.waiting == ["u"]


def test_parallel_tokens_that_run_out_of_moves_all_stay_and_one_speaks() -> None:
    process = read(
        document(
            start(), gate("parallel", "f"), gate("exclusive", "m"), script("a", "x", "1"), end(),
            line("s", "f", "m", "a", "m"), flow("f", "m", id="second"),
        )
    )  # fmt: skip
    done = step(process, None, Start(), now=NOW, rules=FeelRules(NOW), calendar=CALENDAR, budget=50)
    assert [effect.code for effect in done.effects if isinstance(effect, Incident)] == ["runaway"]
    assert [token.status for token in done.state.tokens] == ["stuck", "stuck"]


def test_a_decision_within_an_expression_spends_what_the_expression_has() -> None:
    text = (
        '<definitions xmlns="https://www.omg.org/spec/DMN/20230324/MODEL/" id="d" name="d" namespace="urn:d">'
        '<decision id="dear" name="dear"><variable name="dear"/><literalExpression>'
        "<text>count(for i in 1..1000 return i)</text></literalExpression></decision></definitions>"
    )
    model, ctx = dmn.load(text.encode()), feel.Context(NOW)

    def decide(run: feel.Run) -> object:
        return model.evaluate("dear", {}, ctx, run=run).value

    env = {"dear": feel.function([], decide, paying=True)}
    assert feel.to_json(feel.compile("dear()")(env, ctx)) == 1000
    try:
        feel.compile("for i in 1..1000 return dear()")(env, ctx)
    except feel.OverBudget:
        return
    raise AssertionError("a thousand decisions were had for the price of one")
