"""Events: timers, messages, errors, escalations, signals and conditions, inside, beside and around the work."""

from datetime import UTC, datetime

import pytest
from tests.engine.bpmn_models import (
    CALENDAR,
    NOW,
    Case,
    boundary,
    conditional,
    el,
    end,
    error,
    escalation,
    ext,
    flow,
    gate,
    io,
    line,
    message,
    multi,
    run,
    service,
    signal,
    start,
    sub,
    timer,
    user,
)

from ruta.engine.bpmn import (
    Fire,
    Incident,
    JobDone,
    JobFailed,
    MessageThrown,
    NobodyWaits,
    NotDue,
    Patch,
    Receive,
    Retry,
    Signal,
    SignalThrown,
    StaleToken,
    TimerSet,
    Waiting,
    Withdrawn,
)
from ruta.engine.bpmn.timers import NoCalendar, TimerError, timing


def reminded(text: str, tag: str = "timeDuration", *, interrupting: bool = False) -> Case:
    return run(
        start(), user("work"), boundary("due", "work", timer(text, tag), interrupting=interrupting), user("remind"),
        end(), end("e2"), line("s", "work", "e"), line("due", "remind", "e2"),
    )  # fmt: skip


def test_an_intermediate_timer_waits_for_its_time() -> None:
    case = run(start(), el("intermediateCatchEvent", "t", timer("P3D")), end(), line("s", "t", "e"))
    token = case.token("t")
    assert token.due == datetime(2026, 5, 7, 15, 0, tzinfo=UTC)
    assert TimerSet(token.id, token.due) in case.effects
    with pytest.raises(NotDue):
        case.do(Fire(token.id))
    case.later(days=3)
    case.do(Fire(token.id))
    assert case.ended is not None


def test_an_interrupting_timer_withdraws_the_work() -> None:
    case = reminded("P1D", interrupting=True)
    work, due = case.token("work"), case.token("due")
    case.later(days=1)
    effects = case.do(Fire(due.id))
    assert Withdrawn(work.id, "work") in effects
    assert case.waiting == ["remind"]
    with pytest.raises(StaleToken):
        case.do(Fire(due.id))


def test_a_timer_beside_the_work_fires_once_and_a_cycle_as_often_as_it_says() -> None:
    once = reminded("P1D")
    once.later(days=1)
    once.do(Fire(once.token("due").id))
    assert once.waiting == ["work", "remind"]
    assert [token.node for token in once.state.tokens if token.status == "armed"] == []
    thrice = reminded("R3/P1D", "timeCycle")
    for _ in range(3):
        thrice.later(days=1)
        thrice.do(Fire(thrice.token("due").id))
    assert thrice.waiting == ["work", "remind", "remind", "remind"]
    assert [token.node for token in thrice.state.tokens if token.status == "armed"] == []
    thrice.complete("work")
    assert "work" not in thrice.waiting


def test_finished_work_takes_its_timers_away() -> None:
    case = reminded("P1D")
    due = case.token("due")
    effects = case.complete("work")
    assert Withdrawn(due.id, "due") in effects
    assert case.ended is not None


@pytest.mark.parametrize(
    ("text", "due"),
    [
        ("P3D", "2026-05-07T15:00:00+00:00"),
        ("PT36H", "2026-05-06T03:00:00+00:00"),
        ("P1M", "2026-06-04T15:00:00+00:00"),
        ("P1Y2M3DT4H5M6S", "2027-07-07T19:05:06+00:00"),
        ("2026-05-20", "2026-05-20T05:00:00+00:00"),
        ("2026-05-20T08:00:00", "2026-05-20T13:00:00+00:00"),
        ("2026-05-20T08:00:00Z", "2026-05-20T08:00:00+00:00"),
        ("2026-05-20T08:00:00@America/Bogota", "2026-05-20T13:00:00+00:00"),
        ("R2/P1D", "2026-05-05T15:00:00+00:00"),
        ("R/2026-06-01T00:00:00Z/P1D", "2026-06-01T00:00:00+00:00"),
        ("5 business days", "2026-05-12T04:59:59+00:00"),
        ("R3/5 business days", "2026-05-12T04:59:59+00:00"),
        ("R/2026-06-01T00:00:00Z/1 business day", "2026-06-01T00:00:00+00:00"),
    ],
)
def test_timers_are_read_in_every_form(text: str, due: str) -> None:
    assert timing(text, NOW, CALENDAR).due == datetime.fromisoformat(due)


def test_a_month_from_31_january_is_the_end_of_february() -> None:
    at = datetime(2026, 1, 31, 15, 0, tzinfo=UTC)
    assert timing("P1M", at, None).due == datetime(2026, 2, 28, 15, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "P",
        "PT",
        "soon",
        "R0/P1D",
        "R3/P0D",
        "P-3D",
        "2026-02-30",
        "R3",
        "-P1D",
        "R3/0 business days",
        "R1/2/P1D",
        "R9999999999/P1D",
        "P9999Y",
        "99999 years",
        "R²/P1D",
        "P99999999999D",
    ],
)
def test_a_timer_that_cannot_be_understood_is_named(text: str) -> None:
    with pytest.raises(TimerError) as error:
        timing(text, NOW, CALENDAR)
    assert f"«{text}»" in error.value.say["es"]


def test_a_length_in_business_days_is_not_guessed_without_a_calendar() -> None:
    with pytest.raises(NoCalendar) as error:
        timing("5 business days", NOW, None)
    assert "calendario" in error.value.say["es"]


def test_a_length_that_leaves_the_calendar_is_an_incident_and_not_guessed() -> None:
    case = reminded("3000 business days")
    (incident,) = (effect for effect in case.effects if isinstance(effect, Incident))
    assert (incident.node, incident.code) == ("due", "deaf")
    assert "calendario" in incident.say["es"]


def test_a_cycle_in_business_days_comes_again_at_the_end_of_each() -> None:
    case = reminded("R3/1 business day", "timeCycle")
    ends = []
    for _ in range(3):
        due = case.token("due")
        assert due.due is not None
        ends.append(due.due.date().isoformat())
        case.now = due.due
        case.do(Fire(due.id))
    assert ends == ["2026-05-06", "2026-05-07", "2026-05-08"]  # 23:59:59 in Bogotá of the day before, in UTC
    assert case.waiting.count("remind") == 3
    assert not [token for token in case.state.tokens if token.due]


def test_a_timer_may_be_computed_and_a_wrong_one_is_an_incident() -> None:
    case = run(
        start(), el("intermediateCatchEvent", "t", timer('=date("2026-05-20") + duration("P1D")', "timeDate")),
        end(), line("s", "t", "e"),
    )  # fmt: skip
    assert case.token("t").due == datetime(2026, 5, 21, 5, 0, tzinfo=UTC)
    broken = run(start(), el("intermediateCatchEvent", "t", timer("=missing")), end(), line("s", "t", "e"))
    incident = next(effect for effect in broken.effects if isinstance(effect, Incident))
    broken.do(Patch({"missing": "P1D"}))
    broken.do(Retry(incident.token))
    assert broken.waiting == ["t"]


def test_a_deaf_boundary_timer_is_an_incident_and_the_work_goes_on() -> None:
    case = reminded("=missing")
    incident = next(effect for effect in case.effects if isinstance(effect, Incident))
    assert (incident.code, incident.node) == ("deaf", "due")
    case.do(Patch({"missing": "P2D"}))
    case.do(Retry(incident.token))
    assert case.token("due").due == datetime(2026, 5, 6, 15, 0, tzinfo=UTC)
    case.complete("work")
    assert case.ended is not None


def test_a_message_is_correlated_by_its_key_and_its_payload_is_seen() -> None:
    case = run(
        start(), el("intermediateCatchEvent", "m", message()), user("u"), end(), line("s", "m", "u", "e")
    )
    waiting = next(effect for effect in case.effects if isinstance(effect, Waiting))
    assert (waiting.kind, waiting.name, waiting.key, waiting.armed) == ("message", "go", "K", False)
    with pytest.raises(NobodyWaits):
        case.do(Receive("go", "another", {}))
    with pytest.raises(NobodyWaits):
        case.do(Receive("unknown", "K", {}))
    case.do(Receive("go", "K", {"answer": 42}))
    assert case.variables["answer"] == 42
    assert case.waiting == ["u"]


def test_a_receive_task_maps_what_it_got() -> None:
    task = el("receiveTask", "r", ext(io(outputs={"got.value": "=answer"})), messageRef="m_go")
    case = run(start(), task, end(), line("s", "r", "e"))
    case.receive(answer=7, noise=1)
    assert case.variables["got"] == {"value": 7}
    assert "noise" not in case.variables


def test_one_message_reaches_every_token_that_waits_for_it() -> None:
    catch = [el("intermediateCatchEvent", each, message()) for each in ("m1", "m2")]
    case = run(
        start(),
        gate("parallel", "f"),
        *catch,
        user("a"),
        user("b"),
        line("s", "f", "m1", "a"),
        line("f", "m2", "b"),
    )
    case.receive()
    assert case.waiting == ["a", "b"]


def test_a_thrown_message_carries_key_and_payload() -> None:
    throw = el("intermediateThrowEvent", "m", ext(io({"what": "=1 + 1"})), message())
    task = el("sendTask", "st", messageRef="m_other")
    case = run(start(), throw, task, end("e", message("news")), line("s", "m", "st", "e"))
    thrown = [effect for effect in case.effects if isinstance(effect, MessageThrown)]
    assert thrown == [
        MessageThrown("go", "K", {"what": 2}),
        MessageThrown("other", "K", {}),
        MessageThrown("news", "K", {}),
    ]
    assert case.ended is not None


def test_work_that_failed_is_caught_by_its_error_event_or_becomes_an_incident() -> None:
    parts = (
        start(), service("pay"), boundary("b1", "pay", error("broken")), boundary("b2", "pay", error("")),
        user("fix"), user("other"), end(), line("s", "pay", "e"), flow("b1", "fix"), flow("b2", "other"),
    )  # fmt: skip
    known = run(*parts)
    known.do(JobFailed(known.token("pay").id, "broken", "no answer"))
    assert known.waiting == ["fix"]
    assert known.variables["error"] == {"code": "broken", "message": "no answer"}
    unknown = run(*parts)
    unknown.do(JobFailed(unknown.token("pay").id, "strange"))
    assert unknown.waiting == ["other"]
    bare = run(start(), service("pay"), end(), line("s", "pay", "e"))
    token = bare.token("pay").id
    bare.do(JobFailed(token, "broken", "no answer"))
    assert bare.token("pay").status == "stuck"
    with pytest.raises(StaleToken):
        bare.do(JobDone(token))
    bare.do(Retry(token))
    bare.do(JobDone(token))
    assert bare.ended is not None


def test_an_error_end_event_leaves_its_sub_process_by_the_boundary() -> None:
    case = run(
        start(),
        sub("box", start("s2"), gate("parallel", "f"), user("a"), user("b"), end("boom", error()), end("e2"),
            line("s2", "f", "a", "boom"), line("f", "b", "e2")),
        boundary("caught", "box", error()), user("fix"), end(), line("s", "box", "e"), flow("caught", "fix"),
    )  # fmt: skip
    case.complete("a")
    assert case.waiting == ["fix"]
    assert case.state.scopes == ()


def test_an_error_goes_outward_through_every_level_and_ends_all_instances() -> None:
    case = run(
        start(),
        sub(
            "outer", start("s2"),
            sub("inner", multi("=list"), start("s3"), user("a"), end("boom", error("lost")), line("s3", "a", "boom")),
            boundary("wrong", "inner", error("broken")), end("e2"), line("s2", "inner", "e2"), end("e3"),
            flow("wrong", "e3"),
        ),
        boundary("caught", "outer", error("lost")), user("fix"), end(), line("s", "outer", "e"),
        flow("caught", "fix"), list=[1, 2, 3],
    )  # fmt: skip
    assert case.waiting == ["a", "a", "a"]
    case.complete("a")
    assert case.waiting == ["fix"]
    assert len(case.state.tokens) == 1


def test_an_error_that_nobody_catches_is_an_incident() -> None:
    case = run(start(), end("boom", error()), flow("s", "boom"))
    incident = next(effect for effect in case.effects if isinstance(effect, Incident))
    assert incident.code == "uncaught-error"
    assert case.ended is None


def event_subprocess(event: str, *, interrupting: bool, inside: str = "h") -> str:
    return sub(
        "handler", el("startEvent", "hs", event, isInterrupting="true" if interrupting else "false"), user(inside),
        end("he"), line("hs", inside, "he"), triggeredByEvent="true",
    )  # fmt: skip


def test_an_interrupting_event_sub_process_takes_the_place_of_its_scope() -> None:
    case = run(start(), user("a"), end(), line("s", "a", "e"), event_subprocess(message(), interrupting=True))
    case.receive(reason="x")
    assert case.waiting == ["h"]
    with pytest.raises(NobodyWaits):
        case.receive()
    case.complete("h")
    assert case.ended is not None


def test_an_event_sub_process_beside_its_scope_runs_as_often_as_the_event_comes() -> None:
    case = run(
        start(), user("a"), end(), line("s", "a", "e"), event_subprocess(message(), interrupting=False)
    )
    case.receive()
    case.receive()
    assert case.waiting == ["a", "h", "h"]
    case.complete("a")
    assert case.ended is None
    case.complete("h")
    case.complete("h")
    assert case.ended is not None


def test_an_event_sub_process_belongs_to_the_sub_process_that_holds_it() -> None:
    case = run(
        start(), user("before"),
        sub("box", start("s2"), user("a"), end("e2"), line("s2", "a", "e2"),
            event_subprocess(error(), interrupting=True)),
        user("after"), end(), line("s", "before", "box", "after", "e"),
    )  # fmt: skip
    with pytest.raises(NobodyWaits):
        case.receive()
    case.complete("before")
    case.complete("a")
    assert case.waiting == ["after"]


def test_an_error_event_sub_process_catches_failed_work_of_its_scope() -> None:
    case = run(
        start(),
        sub("box", start("s2"), service("a"), end("e2"), line("s2", "a", "e2"),
            event_subprocess(error("lost"), interrupting=True)),
        user("after"), end(), line("s", "box", "after", "e"),
    )  # fmt: skip
    case.do(JobFailed(case.token("a").id, "lost"))
    assert case.waiting == ["h"]
    case.complete("h")
    assert case.waiting == ["after"]


def test_a_timer_event_sub_process_starts_with_its_scope() -> None:
    case = run(
        start(),
        sub("box", start("s2"), user("a"), end("e2"), line("s2", "a", "e2"),
            event_subprocess(timer("P1D"), interrupting=False)),
        end(), line("s", "box", "e"),
    )  # fmt: skip
    case.later(days=1)
    case.do(Fire(case.token("hs").id))
    assert case.waiting == ["a", "h"]


def test_an_escalation_tells_outward_and_the_work_goes_on() -> None:
    tell = el("intermediateThrowEvent", "tell", escalation())
    box = sub("box", start("s2"), tell, user("a"), end("e2"), line("s2", "tell", "a", "e2"))
    case = run(
        start(), box, boundary("told", "box", escalation(), interrupting=False), user("boss"), end(),
        line("s", "box", "e"), flow("told", "boss"),
    )  # fmt: skip
    assert sorted(case.waiting) == ["a", "boss"]
    unheard = run(start(), box, end(), line("s", "box", "e"))
    assert unheard.waiting == ["a"]
    stopped = run(
        start(), box, boundary("told", "box", escalation()), user("boss"), end(), line("s", "box", "e"),
        flow("told", "boss"),
    )  # fmt: skip
    assert stopped.waiting == ["boss"]


def test_a_thrown_signal_is_heard_in_the_case_and_outside() -> None:
    case = run(
        start(), gate("parallel", "f"), user("a"), boundary("b", "a", signal()), user("c"), user("d"),
        el("intermediateThrowEvent", "throw", signal()), user("after"),
        line("s", "f", "a"), flow("f", "d"), flow("b", "c"), line("d", "throw", "after"),
    )  # fmt: skip
    effects = case.complete("d")
    assert SignalThrown("alarm", {}) in effects
    assert sorted(case.waiting) == ["after", "c"]


def test_a_signal_that_interrupts_its_own_thrower_is_no_accident() -> None:
    case = run(
        start(),
        sub("box", start("s2"), el("intermediateThrowEvent", "throw", signal()), user("never"), end("e2"),
            line("s2", "throw", "never", "e2")),
        boundary("b", "box", signal()), user("c"), end(), line("s", "box", "e"), flow("b", "c"),
    )  # fmt: skip
    assert case.waiting == ["c"]
    assert case.entered("never") == 0


def test_a_condition_is_looked_at_whenever_the_case_rests() -> None:
    case = run(
        start(), el("intermediateCatchEvent", "c", conditional("=n > 3")), end(), line("s", "c", "e"), n=1
    )
    assert case.waiting == ["c"]
    case.do(Patch({"n": 2}))
    assert case.ended is None
    case.do(Patch({"n": 4}))
    assert case.ended is not None


def test_a_condition_beside_the_work_fires_when_it_becomes_true_not_while_it_stays_so() -> None:
    case = run(
        start(), user("a"), boundary("b", "a", conditional("=n > 3"), interrupting=False), user("extra"), end(),
        line("s", "a", "e"), flow("b", "extra"), n=1,
    )  # fmt: skip
    for n in (5, 6, 1, 7):
        case.do(Patch({"n": n}))
    assert case.waiting == ["a", "extra", "extra"]


def test_a_link_goes_on_at_its_target() -> None:
    link = '<bpmn:linkEventDefinition name="L"/>'
    case = run(
        start(), el("intermediateThrowEvent", "out", link), el("intermediateCatchEvent", "in", link), user("a"),
        line("s", "out"), line("in", "a"),
    )  # fmt: skip
    assert case.waiting == ["a"]


def test_a_boundary_on_a_multi_instance_ends_all_of_it() -> None:
    case = run(
        start(), user("a", multi("=list")), boundary("b", "a", message()), user("c"), end(), line("s", "a", "e"),
        flow("b", "c"), list=[1, 2, 3],
    )  # fmt: skip
    case.complete("a")
    case.receive()
    assert case.waiting == ["c"]
    assert case.state.scopes == ()


def test_a_signal_command_nobody_hears_changes_nothing() -> None:
    case = run(start(), user("a"), end(), line("s", "a", "e"))
    before = case.state
    case.do(Signal("alarm"))
    assert case.state == before
