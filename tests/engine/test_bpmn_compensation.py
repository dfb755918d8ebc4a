"""Undoing what was done: the last first, only what is finished, with the variables that it was done with."""

from tests.engine.bpmn_models import (
    Case,
    boundary,
    compensate,
    document,
    el,
    end,
    error,
    ext,
    flow,
    gate,
    handler,
    io,
    line,
    message,
    multi,
    run,
    script,
    service,
    standard,
    start,
    sub,
    undoes,
    user,
)

from ruta.engine.bpmn import CaseEnded, JobFailed, Retry, Waiting, check, read


def throw(id: str = "undo", activity: str = "") -> str:
    return el("intermediateThrowEvent", id, compensate(activity))


BOOKED = (
    start(), user("hotel"), undoes("hotel", "no_hotel"), handler("no_hotel"), user("flight"),
    undoes("flight", "no_flight"), handler("no_flight"), end(),
)  # fmt: skip


def both(*more: str) -> tuple[str, ...]:
    return (*BOOKED, *more, line("s", "hotel", "flight", "undo", "after", "e"), user("after"))


def test_what_was_done_is_undone_the_last_first_and_the_event_waits_for_it() -> None:
    case = run(*both(throw()))
    assert check(case.process) == ()
    case.complete("hotel")
    case.complete("flight")
    assert case.waiting == ["no_flight"]
    case.complete("no_flight")
    assert case.waiting == ["no_hotel"]
    case.complete("no_hotel")
    assert case.waiting == ["after"]
    case.complete("after")
    assert case.ended is not None
    assert case.state.done == () and case.state.scopes == ()


def test_one_activity_may_be_undone_alone_and_only_once() -> None:
    case = run(
        *BOOKED, throw("one", "hotel"), throw("all"), line("s", "hotel", "flight", "one", "all", "e"),
    )  # fmt: skip
    for each in ("hotel", "flight", "no_hotel", "no_flight"):
        assert case.waiting == [each]
        case.complete(each)
    assert case.ended is not None


def test_what_is_not_finished_is_not_undone() -> None:
    case = run(
        start(), gate("parallel", "f"), user("a"), undoes("a", "no_a"), handler("no_a"), user("b"),
        throw(), end(), line("s", "f", "a"), line("f", "b", "undo", "e"),
    )  # fmt: skip
    case.complete("b")
    assert case.waiting == ["a"]
    case.complete("a")
    assert case.ended is not None
    assert case.entered("no_a") == 0


def test_an_end_event_undoes_before_the_case_ends() -> None:
    case = run(*BOOKED[:-1], el("endEvent", "e", compensate()), line("s", "hotel", "flight", "e"))
    for each in ("hotel", "flight", "no_flight", "no_hotel"):
        assert case.ended is None
        case.complete(each)
    assert case.ended == CaseEnded("e", None)


def test_what_a_loop_did_is_undone_as_often_as_it_was_done() -> None:
    case = run(
        start(), gate("exclusive", "back"), user("a"), undoes("a", "no_a"), handler("no_a"),
        gate("exclusive", "x", default="x_undo"), throw(), end(), line("s", "back", "a", "x", "undo", "e"),
        flow("x", "back", "=again"),
    )  # fmt: skip
    case.complete("a", again=True)
    case.complete("a", again=False)
    case.complete("no_a")
    assert case.waiting == ["no_a"]
    case.complete("no_a")
    assert case.ended is not None


def trip(*inside: str, more: tuple[str, ...] = (), loop: str = "") -> tuple[str, ...]:
    box = sub(
        "trip", loop, ext(io({"city": '="Cali"'})), start("s2"), user("hotel"), undoes("hotel", "no_hotel"),
        handler("no_hotel"), user("flight"), undoes("flight", "no_flight"), handler("no_flight"), end("e2"),
        line("s2", "hotel", "flight", "e2"), *inside,
    )  # fmt: skip
    return (start(), box, throw(), end(), line("s", "trip", "undo", "e"), *more)


def test_a_sub_process_is_undone_by_undoing_what_is_in_it() -> None:
    case = run(*trip())
    for each in ("hotel", "flight", "no_flight", "no_hotel"):
        assert case.waiting == [each]
        case.complete(each)
    assert case.ended is not None


def test_a_handler_of_the_whole_sub_process_takes_the_place_of_those_in_it() -> None:
    case = run(*trip(more=(undoes("trip", "no_trip"), handler("no_trip"))))
    for each in ("hotel", "flight", "no_trip"):
        assert case.waiting == [each]
        case.complete(each)
    assert case.ended is not None


def test_an_event_sub_process_undoes_its_sub_process_and_may_ask_for_what_is_in_it() -> None:
    mine = sub(
        "mine", start("s3", compensate()), script("note", "seen", "city"), throw("hotel_only", "hotel"), end("e3"),
        line("s3", "note", "hotel_only", "e3"), triggeredByEvent="true",
    )  # fmt: skip
    case = run(*trip(mine))
    assert check(case.process) == ()
    for each in ("hotel", "flight", "no_hotel"):
        assert case.waiting == [each]
        case.complete(each)
    assert case.ended is not None
    assert case.variables["seen"] == "Cali"


def test_a_sub_process_with_its_own_way_of_being_undone_needs_nothing_inside() -> None:
    mine = sub("mine", start("s3", compensate()), user("sorry"), end("e3"), line("s3", "sorry", "e3"),
               triggeredByEvent="true")  # fmt: skip
    box = sub("trip", start("s2"), user("go"), end("e2"), line("s2", "go", "e2"), mine)
    case = run(start(), box, throw(), end(), line("s", "trip", "undo", "e"))
    case.complete("go")
    case.complete("sorry")
    assert case.ended is not None


def test_each_instance_is_undone_with_its_own_item() -> None:
    asks = user("no_a", ext(io({"who": "=item"})), isForCompensation="true")
    inner = sub(
        "each", multi("=list"), start("s2"), user("a"), undoes("a", "no_a"), asks, end("e2"), line("s2", "a", "e2"),
    )  # fmt: skip
    case = run(start(), inner, throw(), end(), line("s", "each", "undo", "e"), list=["ana", "luis"])
    case.complete("a")
    case.complete("a")
    undone = []
    while case.ended is None:
        id = case.token("no_a").id
        (asked,) = [e for e in case.effects if isinstance(e, Waiting) and e.token == id]
        undone.append(asked.inputs["who"])
        case.complete("no_a")
    assert undone == ["luis", "ana"]


def test_a_multi_instance_task_is_undone_once_when_all_of_it_is_done() -> None:
    case = run(
        start(), user("a", multi("=list")), undoes("a", "no_a"), handler("no_a"), user("b", standard("=false")),
        undoes("b", "no_b"), handler("no_b"), throw(), end(), line("s", "a", "b", "undo", "e"), list=[1, 2],
    )  # fmt: skip
    for each in ("a", "a", "b", "no_b", "no_a"):
        case.complete(each)
    assert case.ended is not None


def test_an_error_event_sub_process_undoes_what_its_scope_had_done() -> None:
    rescue = sub(
        "rescue", start("s3", error()), throw("all"), user("told"), end("e3"), line("s3", "all", "told", "e3"),
        triggeredByEvent="true",
    )  # fmt: skip
    case = run(
        start(), user("a"), undoes("a", "no_a"), handler("no_a"), service("pay"), end(), line("s", "a", "pay", "e"),
        rescue,
    )  # fmt: skip
    case.complete("a")
    case.do(JobFailed(case.token("pay").id, "broken"))
    assert case.waiting == ["no_a"]
    case.complete("no_a")
    assert case.waiting == ["told"]


def test_an_interrupted_sub_process_is_not_undone_from_outside() -> None:
    box = sub("box", start("s2"), user("a"), undoes("a", "no_a"), handler("no_a"), user("b"), end("e2"),
              line("s2", "a", "b", "e2"))  # fmt: skip
    case = run(
        start(), box, boundary("stop", "box", message()), gate("exclusive", "m"), throw(), end(),
        line("s", "box", "m", "undo", "e"), flow("stop", "m"),
    )  # fmt: skip
    case.complete("a")
    case.receive()
    assert case.ended is not None
    assert case.state.done == ()


def test_a_handler_that_fails_waits_for_somebody_to_mend_it() -> None:
    undo = el("serviceTask", "no_a", ext('<zeebe:taskDefinition type="t"/>'), isForCompensation="true")
    case = run(start(), user("a"), undoes("a", "no_a"), undo, throw(), end(), line("s", "a", "undo", "e"))
    case.complete("a")
    case.do(JobFailed(case.token("no_a").id, "down"))
    assert case.token("no_a").status == "stuck"
    case.do(Retry(case.token("no_a").id))
    case.complete("no_a")
    assert case.ended is not None


def test_a_handler_may_be_a_sub_process_and_what_it_does_is_not_undone_again() -> None:
    undo = sub("no_a", start("s2"), user("c"), undoes("c", "no_c"), handler("no_c"), end("e2"), line("s2", "c", "e2"),
               isForCompensation="true")  # fmt: skip
    case = run(
        start(), user("a"), undoes("a", "no_a"), undo, throw(), throw("more"), end(),
        line("s", "a", "undo", "more", "e"),
    )  # fmt: skip
    case.complete("a")
    case.complete("c")
    assert case.ended is not None


def test_a_boundary_that_stops_the_undoing_takes_its_handlers_away() -> None:
    box = sub("box", start("s2"), user("a"), undoes("a", "no_a"), handler("no_a"), throw(), end("e2"),
              line("s2", "a", "undo", "e2"))  # fmt: skip
    case = run(start(), box, boundary("stop", "box", message()), user("b"), end(), line("s", "box", "e"),
               flow("stop", "b"))  # fmt: skip
    case.complete("a")
    assert case.waiting == ["no_a"]
    case.receive()
    assert case.waiting == ["b"]
    assert case.state.scopes == () and case.state.done == ()


def test_the_association_may_be_drawn_from_either_end() -> None:
    turned = undoes("a", "no_a").replace(
        'sourceRef="undo.a" targetRef="no_a"', 'sourceRef="no_a" targetRef="undo.a"'
    )
    process = read(document(start(), user("a"), turned, handler("no_a"), end(), line("s", "a", "e")))
    assert process.node("undo.a").handler == "no_a"
    case = Case(process)
    case.complete("a")
    assert case.ended is not None


def test_what_a_multi_instance_did_is_undone_where_it_ended_and_each_by_its_own_event_sub_process() -> None:
    mine = sub("mine", start("s3", compensate()), user("sorry", ext(io({"who": "=item"}))), end("e3"),
               line("s3", "sorry", "e3"), triggeredByEvent="true")  # fmt: skip
    each = sub("each", multi("=list"), start("s2"), user("a"), end("e2"), line("s2", "a", "e2"), mine)
    case = run(
        start(), gate("parallel", "f"), each, user("b"), undoes("b", "no_b"), handler("no_b"), gate("parallel", "j"),
        throw(), end(), line("s", "f", "each", "j", "undo", "e"), line("f", "b", "j"), list=["ana", "luis"],
    )  # fmt: skip
    case.complete("a")
    case.complete("b")
    case.complete("a")
    for expected in ("sorry", "sorry", "no_b"):
        assert case.waiting == [expected]
        case.complete(expected)
    assert [e.inputs["who"] for e in case.effects if isinstance(e, Waiting) and e.node == "sorry"] == [
        "luis",
        "ana",
    ]
    assert case.ended is not None
