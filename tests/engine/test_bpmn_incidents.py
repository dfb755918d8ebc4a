"""One expression that cannot be evaluated stops its own token and nothing else; mended, the case goes on from there."""

from __future__ import annotations

import pytest
from tests.engine.bpmn_models import (
    Case,
    boundary,
    conditional,
    el,
    end,
    error,
    ext,
    gate,
    io,
    line,
    multi,
    run,
    signal,
    standard,
    start,
    sub,
    timer,
    user,
)

from ruta.engine.bpmn import Complete, Fire, Incident, Patch, Receive, Retry, RuleFailed, Signal, StaleToken

COSTLY = "count(for i in 1..n return i)"
"""Stopped by the budget while n is large."""
LARGE = 10_000_000


def incident(case: Case) -> Incident:
    found = [effect for effect in case.effects if isinstance(effect, Incident)]
    assert len(found) == 1, "told once"
    return found[0]


def mended(case: Case) -> Case:
    """The case after somebody mended the cause and tried again."""
    case.do(Patch({"n": 2}))
    case.do(Retry(incident(case).token))
    return case


def box(*inner: str) -> tuple[str, ...]:
    return (start(), sub("x", *inner, start("s2"), user("t"), end("e2"), line("s2", "t", "e2")), user("after"), end(),
            line("s", "x", "after", "e"))  # fmt: skip


@pytest.mark.parametrize(
    ("parts", "variable", "value"),
    [
        (box(ext(io({}, {"r": f"={COSTLY}"}))), "r", 2),
        (box(multi("=[1]", gather=("r", f"={COSTLY}"))), "r", [2]),
        (box(multi("=[1, 2]", sequential=True, until=f"={COSTLY} = 2")), "", None),
        (box(standard(f"={COSTLY} > 2", before=False)), "", None),
    ],
    ids=[
        "results of a sub-process",
        "a gathered result",
        "a completion condition",
        "the condition of a loop",
    ],
)
def test_what_is_done_and_cannot_be_gathered_waits_and_is_not_done_again(
    parts: tuple[str, ...], variable: str, value: object
) -> None:
    case = run(*parts, n=LARGE)
    case.complete("t")
    assert (incident(case).node, case.waiting) == ("x", [])
    case.do(Patch({"other": 1}))
    mended(case)
    assert (case.waiting, case.entered("t")) == (["after"], 1)
    if variable:
        assert case.variables[variable] == value


def test_a_condition_beside_the_work_that_cannot_be_evaluated_stops_nothing_else() -> None:
    condition = conditional(f"={COSTLY} = 2")
    case = run(
        start(), user("a"), boundary("b", "a", condition, interrupting=False), user("c"), end(), end("e2"),
        line("s", "a", "e"), line("b", "c", "e2"), n=LARGE,
    )  # fmt: skip
    assert (incident(case).node, incident(case).code) == ("b", "deaf")
    case.do(Patch({"n": 2}))
    assert case.waiting == ["a", "c"]


def test_a_case_that_waits_for_a_condition_stands_there_until_it_is_mended() -> None:
    case = run(start(), el("intermediateCatchEvent", "c", conditional(f"={COSTLY} = 2")), end(), line("s", "c", "e"),
               n=LARGE)  # fmt: skip
    assert (incident(case).node, case.token("c").status) == ("c", "stuck")
    assert mended(case).ended is not None


def test_an_error_whose_catcher_cannot_take_it_stays_where_it_was_thrown() -> None:
    caught = el("boundaryEvent", "b", ext(io({}, {"r": f"={COSTLY}"})), error(), attachedToRef="x")
    case = run(
        start(), sub("x", start("s2"), end("e2", error()), line("s2", "e2")), caught, user("mend"), end(), end("e3"),
        line("s", "x", "e"), line("b", "mend", "e3"), n=LARGE,
    )  # fmt: skip
    assert incident(case).node == "e2"
    assert mended(case).waiting == ["mend"]
    assert case.variables["r"] == 2


def test_a_signal_that_one_listener_cannot_take_is_heard_by_the_others() -> None:
    deaf = el("intermediateCatchEvent", "d", ext(io({}, {"r": f"={COSTLY}"})), signal())
    case = run(
        start(), gate("parallel", "f"), deaf, el("intermediateCatchEvent", "h", signal()), user("a"), end(), end("e2"),
        line("s", "f", "d", "e"), line("f", "h", "a", "e2"), n=LARGE,
    )  # fmt: skip
    case.do(Signal("alarm"))
    assert (incident(case).node, case.waiting) == ("d", ["a"])
    mended(case)
    case.do(Signal("alarm"))
    assert case.variables["r"] == 2


def test_an_answer_or_a_message_that_cannot_be_mapped_changes_nothing_and_may_come_again() -> None:
    wanted = ext(io({}, {"r": f"={COSTLY}"}))
    message = '<bpmn:messageEventDefinition messageRef="m_go"/>'
    case = run(start(), user("a", wanted), el("intermediateCatchEvent", "m", wanted, message), end(),
               line("s", "a", "m", "e"), n=LARGE)  # fmt: skip
    before = case.stored
    with pytest.raises(RuleFailed):
        case.do(Complete(case.token("a").id, {"n": LARGE}))
    assert case.stored == before
    case.do(Complete(case.token("a").id, {"n": 2}))
    with pytest.raises(RuleFailed):
        case.do(Receive("go", "K", {"n": LARGE}))
    assert case.waiting == ["m"]
    case.do(Receive("go", "K", {"n": 3}))
    assert case.ended is not None and case.variables["r"] == 3


def test_a_timer_that_cannot_be_set_again_has_fired_this_once() -> None:
    case = run(
        start(), user("a"), boundary("b", "a", timer("=span", "timeCycle"), interrupting=False), user("c"), end(),
        end("e2"), line("s", "a", "e"), line("b", "c", "e2"), span="R/P1D",
    )  # fmt: skip
    case.later(days=1)
    case.do(Patch({"span": "R/P9000Y"}))
    case.do(Fire(case.token("b").id))
    assert (incident(case).code, case.waiting) == ("deaf", ["a", "c"])
    case.do(Patch({"span": "R/P1D"}))
    case.do(Retry(incident(case).token))
    assert case.token("b").due is not None


def test_what_is_not_stuck_is_not_tried_again() -> None:
    case = run(start(), user("a"), boundary("b", "a", timer("P1D")), end(), end("e2"), line("s", "a", "e"),
               line("b", "e2"))  # fmt: skip
    for node in ("a", "b"):
        with pytest.raises(StaleToken):
            case.do(Retry(case.token(node).id))
