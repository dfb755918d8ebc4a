"""What is unsound is found before publishing and shown as a way that a person can follow."""

from tests.engine.bpmn_models import (
    TERMINATE,
    boundary,
    document,
    end,
    flow,
    gate,
    line,
    message,
    start,
    sub,
    timer,
    user,
)

from ruta.engine.bpmn import BpmnProblem, check, read


def found(*parts: str) -> dict[str, BpmnProblem]:
    return {problem.check: problem for problem in check(read(document(*parts)))}


def test_a_sound_process_has_no_finding() -> None:
    parts = (start(), gate("parallel", "f"), user("a"), user("b"), gate("parallel", "j"), end())
    assert found(*parts, line("s", "f", "a", "j", "e"), line("f", "b", "j")) == {}


def test_a_parallel_join_after_a_choice_is_a_deadlock() -> None:
    problems = found(
        start(), gate("exclusive", "x", default="x_b"), user("a"), user("b"), gate("parallel", "j"), end(),
        line("s", "x"), flow("x", "a", "=n"), flow("x", "b"), line("a", "j", "e"), flow("b", "j"),
    )  # fmt: skip
    deadlock = problems.pop("deadlock")
    assert deadlock.element == "j"
    assert deadlock.path[:2] == ("s", "x")
    assert deadlock.path[-1] == "j"
    assert (
        deadlock.say["es"]
        == "Aquí se queda esperando para siempre lo que viene de «b». Camino: s → x → a → j."
    )
    assert deadlock.say["en"] == 'It waits here for ever for what comes from "b". Way: s → x → a → j.'
    assert problems == {}  # what comes after is not called dead beside it: one fault, one way


def test_a_choice_after_a_fork_multiplies() -> None:
    problems = found(
        start(), gate("parallel", "f"), user("a"), user("b"), gate("exclusive", "m"), user("c"), end(),
        line("s", "f", "a", "m", "c", "e"), line("f", "b", "m"),
    )  # fmt: skip
    assert set(problems) == {"multiplication"}
    assert problems["multiplication"].element == "m"


def test_a_process_without_exit_is_named() -> None:
    problems = found(start(), user("a"), user("b"), line("s", "a", "b", "a"))
    assert problems["no-exit"].path == ("s", "a")
    assert "ningún fin" in problems["no-exit"].say["es"]


def test_a_trap_beside_a_way_out_is_found() -> None:
    problems = found(
        start(), gate("exclusive", "x", default="x_e"), user("a"), user("b"), end(), flow("s", "x"), flow("x", "e"),
        flow("x", "a", "=n"), line("a", "b", "a"),
    )  # fmt: skip
    assert set(problems) == {"no-exit"}


def test_what_nobody_can_reach_is_dead() -> None:
    problems = found(start(), end(), line("s", "e"), user("a"), user("b"), line("a", "b", "a"))
    assert problems["dead"].element in ("a", "b")
    assert "ningún camino desde el inicio" in problems["dead"].say["es"]


def test_what_everything_else_ends_before_is_dead_although_a_way_leads_there() -> None:
    process = read(document(
        start(), gate("parallel", "f"), user("a"), end("stop", TERMINATE), user("b"), gate("parallel", "j"), user("c"),
        end(), user("z"), line("s", "f", "a", "stop"), line("f", "b", "j", "c", "e"), line("z", "j"),
    ))  # fmt: skip
    told = {problem.element: problem.say["en"] for problem in check(process)}
    assert told == {
        "z": "No way leads here from the start.",
        **dict.fromkeys(("j", "c", "e"), "It is never done: no case comes to pass here."),
    }


def test_an_inclusive_join_waits_for_exactly_what_was_split() -> None:
    parts = (
        start(), gate("inclusive", "o", default="o_b"), user("a"), user("b"), gate("inclusive", "j"), end(),
        line("s", "o"), flow("o", "a", "=n"), flow("o", "b"), line("a", "j", "e"), flow("b", "j"),
    )  # fmt: skip
    assert found(*parts) == {}


def test_a_parallel_join_after_an_inclusive_split_can_hang() -> None:
    problems = found(
        start(), gate("inclusive", "o", default="o_b"), user("a"), user("b"), gate("parallel", "j"), end(),
        line("s", "o"), flow("o", "a", "=n"), flow("o", "b"), line("a", "j", "e"), flow("b", "j"),
    )  # fmt: skip
    assert (
        "It can wait here for ever" in problems["deadlock"].say["en"]
        or "waits" in problems["deadlock"].say["en"]
    )


def test_two_joins_that_wait_for_each_other_say_so() -> None:
    problems = check(read(document(
        start(), gate("parallel", "f"), user("a"), user("b"), gate("parallel", "j"), gate("parallel", "k"), end(),
        end("e2"), line("s", "f", "a", "j", "e"), line("f", "b", "k", "e2"), flow("j", "k"), flow("k", "j"),
    )))  # fmt: skip
    assert {problem.element: problem.say["en"].split(". ")[0] for problem in problems} == {
        "j": 'It waits here for ever for what comes from "k"',
        "k": 'It waits here for ever for what comes from "j"',
    }


def test_a_join_that_some_cases_pass_can_wait() -> None:
    parts = (
        start(), gate("inclusive", "o", default="o_b"), user("a"), user("b", name="Pagar"), gate("parallel", "j"), end(),
        line("s", "o"), flow("o", "a", "=n"), flow("o", "b", "=m"), line("a", "j", "e"), flow("b", "j"),
    )  # fmt: skip
    told = found(*(part.replace(' default="o_b"', "") for part in parts))["deadlock"].say["es"]
    assert told.startswith("Aquí se puede quedar esperando para siempre lo que viene de «")


def test_a_reminder_beside_the_work_is_sound_even_in_a_loop() -> None:
    parts = (
        start(), gate("exclusive", "back"), user("a"), boundary("late", "a", timer("P1D"), interrupting=False),
        user("remind"), end("e2"), gate("exclusive", "x", default="x_e"), end(),
        line("s", "back", "a", "x", "e"), flow("x", "back", "=again"), line("late", "remind", "e2"),
    )  # fmt: skip
    assert found(*parts) == {}


def test_a_reminder_that_comes_back_into_the_main_line_multiplies() -> None:
    problems = found(
        start(), user("a"), boundary("late", "a", timer("P1D"), interrupting=False), gate("exclusive", "m"),
        user("b"), end(), line("s", "a", "m", "b", "e"), flow("late", "m"),
    )  # fmt: skip
    assert set(problems) == {"multiplication"}


def test_an_interrupting_event_is_another_way_out() -> None:
    parts = (
        start(), user("a"), boundary("stop", "a", message()), user("b"), gate("exclusive", "m"), end(),
        line("s", "a", "m", "e"), line("stop", "b", "m"),
    )  # fmt: skip
    assert found(*parts) == {}
    joined = tuple(part.replace("exclusiveGateway", "parallelGateway") for part in parts)
    assert "deadlock" in found(*joined)


def test_a_terminate_end_clears_what_else_runs() -> None:
    parts = (
        start(), gate("parallel", "f"), user("a"), user("b"), end("stop", TERMINATE), end(),
        line("s", "f", "a", "stop"), line("f", "b", "e"),
    )  # fmt: skip
    assert found(*parts) == {}


def test_the_inside_of_a_sub_process_is_checked_too() -> None:
    problems = found(
        start(), sub("box", start("s2"), user("a"), line("s2", "a"), flow("a", "a", id="loop")), end(),
        line("s", "box", "e"),
    )  # fmt: skip
    assert problems["no-exit"].element == "a"


def test_many_parallel_branches_are_decided_because_they_fold() -> None:
    parts = [start(), gate("parallel", "f"), gate("parallel", "j"), end(), line("s", "f"), line("j", "e")]
    for number in range(40):
        parts += [user(f"a{number}"), user(f"b{number}"), line("f", f"a{number}", f"b{number}", "j")]
    assert found(*parts) == {}


def test_many_branches_that_each_end_on_their_own_are_decided() -> None:
    parts = [start(), gate("parallel", "f"), line("s", "f")]
    for number in range(60):
        parts += [user(f"a{number}"), end(f"e{number}"), line("f", f"a{number}", f"e{number}")]
    assert found(*parts) == {}
    assert found(*(user(f"a{number}") for number in range(60))) == {}


def test_an_inclusive_split_of_many_ways_is_given_up_in_time() -> None:
    parts = [start(), gate("inclusive", "o"), line("s", "o")]
    for number in range(60):
        parts += [user(f"a{number}"), flow("o", f"a{number}", "=x")]
    assert set(found(*parts)) == {"undecided"}


def test_too_many_states_are_undecided_and_not_guessed() -> None:
    parts = [start(), gate("parallel", "f"), end("all"), line("s", "f")]
    for number in range(10):
        name = f"x{number}"
        parts += [
            gate("exclusive", name, default=f"{name}_c{name}"), user(f"a{name}"), user(f"b{name}"), user(f"c{name}"),
            flow("f", name), flow(name, f"a{name}", "=p"), flow(name, f"b{name}", "=q"), flow(name, f"c{name}"),
            end(f"e{name}"), flow(f"a{name}", f"b{name}"), flow(f"b{name}", f"a{name}", "=r"),
            flow(f"b{name}", f"e{name}"), flow(f"c{name}", "all"),
        ]  # fmt: skip
    process = read(document(*parts))
    assert [problem.check for problem in check(process, most=100)] in (
        ["undecided"],
        ["multiplication", "undecided"],
    )
