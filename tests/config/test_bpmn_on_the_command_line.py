"""`ruta bpmn`: a file of any tool is checked, drawn and run by hand, without Django and without a database."""

import subprocess
import sys
from pathlib import Path
from xml.etree import ElementTree

import pytest
from tests.engine.bpmn_models import (
    boundary,
    document,
    el,
    end,
    error,
    ext,
    flow,
    gate,
    line,
    message,
    service,
    start,
    timer,
    user,
)
from typer.testing import CliRunner

from ruta.config import cli

RUN = CliRunner()

WORK = (
    start(),
    user("work", name="Revisar"),
    boundary("late", "work", timer("P3D"), interrupting=False),
    user("remind"),
    gate("exclusive", "x", default="x_no"),
    end("yes", outcome="granted"),
    end("no", outcome="refused"),
    end("e2"),
    line("s", "work", "x", "no"),
    flow("x", "yes", "=n > 2"),
    line("late", "remind", "e2"),
)
DECISION = (
    '<definitions xmlns="https://www.omg.org/spec/DMN/20230324/MODEL/" name="m" namespace="urn:m">'
    '<inputData id="i" name="n"><variable name="n"/></inputData>'
    '<decision id="d" name="twice"><variable name="twice"/><informationRequirement><requiredInput href="#i"/>'
    "</informationRequirement><literalExpression><text>n * 2</text></literalExpression></decision></definitions>"
)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "work.bpmn").write_bytes(document(*WORK))
    return tmp_path


def ruta(*words: str | Path, stdin: str = "") -> tuple[int, str]:
    done = RUN.invoke(cli.loaded(), ["bpmn", *map(str, words)], input=stdin)
    if done.exception is not None and not isinstance(done.exception, SystemExit):
        return 2, str(done.exception)
    return done.exit_code, done.output


def played(file: Path, *lines: str, more: tuple[str, ...] = ()) -> tuple[int, str]:
    return ruta("run", file, *more, *(word for each in lines for word in ("--do", each)))


def test_a_sound_file_is_said_to_be_so(folder: Path) -> None:
    code, told = ruta("check", folder / "work.bpmn")
    assert code == 0
    assert "p «Proceso»: can be executed and always ends" in told


def test_what_is_wrong_is_told_by_line_id_and_name_with_exit_code_1(folder: Path) -> None:
    bad = folder / "bad.bpmn"
    bad.write_bytes(document(start(), el("complexGateway", "cg", name="Elegir"), end(), line("s", "e")))
    code, told = ruta("check", bad, "--lang", "es")
    assert code == 1
    assert f'{bad}:12: [unsupported] cg "Elegir": El elemento «complexGateway» no se puede ejecutar.' in told
    trap = folder / "trap.bpmn"
    trap.write_bytes(document(start(), user("a"), user("b"), line("s", "a", "b", "a")))
    code, told = ruta("check", trap)
    assert code == 1
    assert "Way: s → a" in told
    feel = folder / "feel.bpmn"
    feel.write_bytes(document(start(), gate("exclusive", "x", default="x_e"), end(), end("e2"), line("s", "x", "e"),
                              flow("x", "e2", "=n >")))  # fmt: skip
    assert "[feel-syntax] x_e2" in ruta("check", feel)[1]


def test_a_file_that_is_no_bpmn_or_not_there_has_exit_code_2(folder: Path) -> None:
    (folder / "no.bpmn").write_text("<a/>")
    (folder / "empty.bpmn").write_bytes(document().replace(b'id="p"', b'id="p" '))
    assert ruta("check", folder / "no.bpmn")[0] == 2
    code, told = ruta("check", folder / "empty.bpmn")
    assert (code, told.count("[empty] p")) == (1, 1)
    assert ruta("check", folder / "missing.bpmn", folder / "work.bpmn")[0] == 2
    assert "No such file" in ruta("run", folder / "missing.bpmn")[1]
    assert ruta("svg", folder / "no.bpmn")[0] == 2


@pytest.mark.parametrize("command", ["check", "run", "svg"])
@pytest.mark.parametrize(
    "given", [b"", b'{"a": 1}', b"PK\x03\x04\x00", b"<!DOCTYPE a><a/>", b"\xff\xfe<", b"<a>"]
)
def test_what_is_no_bpmn_gives_one_line_and_exit_code_2(folder: Path, command: str, given: bytes) -> None:
    (folder / "bad.bpmn").write_bytes(given)
    code, told = ruta(command, folder / "bad.bpmn")
    assert code == 2
    assert len(told.strip().splitlines()) == 1 and "bad.bpmn" in told


def test_a_process_is_run_by_hand_and_the_clock_moves(folder: Path) -> None:
    code, told = played(
        folder / "work.bpmn", "clock P1D", "clock P5D", "done remind", "done work n=3",
        more=("--now", "2026-05-04"),
    )  # fmt: skip
    assert code == 0
    assert "→ task work «Revisar» (token 2)" in told
    assert "timer of token 3 at 2026-05-07 00:00:00" in told
    assert "now: done 2 · fire 3 (2026-05-07 00:00:00)" in told
    assert "□ remind [5]" in told
    assert "→ ended at yes: granted" in told
    assert "2026-05-10 00:00:00 · ended (granted)" in told


def test_variables_are_set_read_and_undone(folder: Path) -> None:
    code, told = played(
        folder / "work.bpmn", "set 'name=\"Ana María\"'", "vars", "back", "vars", "done 2", more=("--set", "n=1 + 1")
    )  # fmt: skip
    assert code == 0
    assert told.count('name = "Ana María"') == 1
    assert told.count("n = 2") == 2
    assert "ended (refused)" in told


@pytest.mark.parametrize(
    "line",
    ["dance", "done", "done nobody", "done 99", "set n", "set n=)", "clock soon", "message nothing", "retry work",
     "back", "decide d", "'", "fire work", "start", "start nowhere"],
)  # fmt: skip
def test_a_line_that_cannot_be_carried_out_changes_nothing(folder: Path, line: str) -> None:
    before = ["back"] if line == "back" else []
    code, told = played(folder / "work.bpmn", *before, line, *([] if before else ["done work n=1"]))
    assert code == 1
    assert told.count("! ") == 1
    assert before or "ended (refused)" in told


def test_work_messages_signals_and_errors_are_played(folder: Path) -> None:
    file = folder / "many.bpmn"
    file.write_bytes(
        document(
            start(), service("pay", "bank.pay"), boundary("broken", "pay", error()), user("fix"),
            el("intermediateCatchEvent", "m", message()), el("intermediateThrowEvent", "t", message("news")), end(),
            line("s", "pay", "m", "t", "e"), line("broken", "fix", "m"),
        )
    )  # fmt: skip
    code, told = played(file, "fail pay broken", "done fix", "message go answer=42", "vars", "help")
    assert code == 0
    assert "→ work «bank.pay» at pay (token 2) {}" in told
    assert "now: message go" in told
    assert "→ message «news» key None {}" in told
    assert "answer = 42" in told
    assert "clock P3D" in told
    assert "cancel" in told


def test_decisions_come_from_a_model_or_are_told(folder: Path) -> None:
    file = folder / "rule.bpmn"
    called = ext('<zeebe:calledDecision decisionId="twice" resultVariable="r"/>')
    file.write_bytes(document(start(), el("businessRuleTask", "d", called), end(), line("s", "d", "e")))
    model = folder / "twice.dmn"
    model.write_text(DECISION)
    assert "decision «twice» = 4 → r" in played(file, more=("--set", "n=2", "--dmn", str(model)))[1]
    assert "now: retry 2" in played(file)[1]
    assert 'r = {"total": "a b"}' in played(file, 'decide twice {total: "a b"}', "retry d", "vars")[1]
    assert 'r = "c"' in played(file, """decide twice '"c"'""", "retry d", "vars")[1]
    code, told = played(file, "decide twice 7", "retry d", "vars")
    assert code == 0
    assert 'No model has the decision "twice"' in told
    assert "r = 7" in told
    assert played(file, more=("--dmn", str(file)))[0] == 2


def test_a_process_that_begins_at_events_is_begun_at_one(folder: Path) -> None:
    file = folder / "events.bpmn"
    file.write_bytes(
        document(
            start("byMessage", message()), start("byTime", timer("R/P1D", "timeCycle")), user("a"), user("b"), end(),
            line("byMessage", "a", "e"), line("byTime", "b", "e"),
        )
    )  # fmt: skip
    assert ruta("check", file)[0] == 0
    code, told = played(file, "start byTime")
    assert code == 1  # begun without saying where, then at one
    assert "byMessage, byTime" in told
    assert "□ b [2]" in told


def test_lines_may_come_from_standard_input(folder: Path) -> None:
    code, told = ruta("run", folder / "work.bpmn", stdin="done work n=5\n\n# a remark\nquit\nnever\n")
    assert code == 0
    assert "ended (granted)" in told


def test_a_file_is_drawn_with_its_positions_as_a_picture_that_stands_alone(folder: Path) -> None:
    out = folder / "work.svg"
    assert ruta("svg", folder / "work.bpmn", "--out", out, "--at", "work", "--done", "s")[0] == 0
    drawn = out.read_text()
    ElementTree.fromstring(drawn)
    assert "<style>" in drawn
    assert "Está en: Revisar." in drawn
    assert ruta("svg", folder / "work.bpmn", "--at", "nowhere")[0] == 2
    assert ruta("svg", folder / "work.bpmn", "--layout", "--lang", "en")[1].startswith("<svg")


def test_neither_django_nor_a_database_is_needed(folder: Path) -> None:
    asks = (
        "import sys; from ruta.config import processes; from pathlib import Path;"
        f"processes.check(Path({str(folder / 'work.bpmn')!r}), '', 'en');"
        "sys.exit(any(name in sys.modules for name in ('django', 'psycopg', 'ruta.kernel')))"
    )
    assert subprocess.run([sys.executable, "-c", asks], check=False).returncode == 0
