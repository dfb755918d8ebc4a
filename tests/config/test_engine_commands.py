"""An engineer tries an expression, a decision file and the conformance kit from the command line."""

from __future__ import annotations

import csv
import io
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from tests.engine.dmn_models import decision, document, inputs, needs, requires, table
from typer.testing import CliRunner

from ruta.config.cli import loaded

RUN = CliRunner()


def ruta(*words: str) -> Any:
    return RUN.invoke(loaded(), [*words])


def value(*words: str) -> str:
    ended = ruta("feel", *words)
    assert ended.exit_code == 0, ended.output
    return str(ended.stdout.strip())


def test_an_expression_is_written_as_feel_with_all_its_digits() -> None:
    assert value("1 / 3") == "0.3333333333333333333333333333333333"
    assert value('[1, "a", null]') == '[1, "a", null]'
    assert value("price * 2", "--context", '{"price": 0.10}') == "0.20"
    assert value('{a: "x"}', "--json") == '{"a": "x"}'


def test_the_context_may_be_a_file(tmp_path: Path) -> None:
    (tmp_path / "c.json").write_text('{"first name": "Ana"}')
    assert value('first name + "!"', "--context", str(tmp_path / "c.json")) == '"Ana!"'


def test_the_day_can_be_set_and_terms_counted() -> None:
    assert value("today()", "--now", "2026-03-02") == '@"2026-03-02"'
    assert value('business days(date("2026-11-20"), 3)', "--now", "2026-03-02") == '@"2026-11-25"'


def test_a_null_says_why_on_standard_error_in_the_language_asked_for() -> None:
    ended = ruta("feel", "substring(nam, 1)", "--context", '{"name": "x"}', "--lang", "es")
    assert ended.stdout == "null\n"
    assert ended.stderr.splitlines() == [
        "1:11: No hay nada que se llame nam. ¿Quiso decir name?",
        "No hay ninguna variable nam.",
        "La función substring no recibe (null, number).",
    ]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["1 +"], "line 1, column 4: The expression ends here; a value was expected."),
        (["1 +", "--lang", "es"], "línea 1, columna 4: La expresión termina aquí"),
        (["for i in 1..1000000 return i"], "50,000 steps"),
        (["x", "--context", "{"], "--context is not JSON"),
        (["x", "--context", "[1]"], "must be a JSON object"),
        (["x", "--context", "/nowhere.json"], "/nowhere.json: No such file"),
        (['parameter("x")'], "cannot be used here"),
    ],
)
def test_a_mistake_is_told_in_one_sentence(words: list[str], said: str) -> None:
    ended = ruta("feel", *words)
    assert isinstance(ended.exception, ValueError)
    assert said in str(ended.exception)


def test_the_command_starts_without_django_and_without_the_other_commands() -> None:
    code = (
        "import sys; sys.argv = ['ruta', 'feel', '1 + 1']\n"
        "from ruta.config.cli import main\n"
        "try: main()\nexcept SystemExit as end: assert not end.code\n"
        "loaded = {name.partition('.')[0] for name in sys.modules}\n"
        "assert not {'django', 'psycopg', 'numpy', 'lxml', 'rich'} & loaded, loaded\n"
    )
    ended = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=False, env={**os.environ}
    )
    assert ended.returncode == 0, ended.stderr
    assert ended.stdout == "2\n"


KIND = decision(
    "kind", table([("< 18", '"child"', "Ley 1"), (">= 18", '"adult"', "Ley 2")], [("a", "")]), needs("a")
)
FEE = decision(
    "fee",
    table([('"adult"', "10 * b", "Ley 3"), ("-", "null", "Ley 4")], [("kind", "")], policy="FIRST"),
    needs("b") + requires("requiredDecision", "#kind"),
)


@pytest.fixture
def model(tmp_path: Path) -> Path:
    path = tmp_path / "fee.dmn"
    path.write_bytes(document(inputs("a", "b") + KIND + FEE))
    return path


def test_a_decision_answers_its_value_with_rules_law_and_sub_decisions(model: Path) -> None:
    ended = ruta("dmn", str(model), "fee", "--input", '{"a": 20, "b": 2.5}')
    told = json.loads(ended.stdout)
    assert told["value"] == 25
    assert told["decisions"] == {"kind": "adult"}
    assert [(hit["rule"], hit["annotations"]["law"]) for hit in told["hits"]] == [
        ("r2", "Ley 2"),
        ("r1", "Ley 3"),
    ]
    assert told["findings"] == []


def test_a_csv_is_answered_with_the_rule_beside_each_row(model: Path, tmp_path: Path) -> None:
    (tmp_path / "people.csv").write_text("who,a,b\nAna,20,2\nLuis,7,1\nEva,,1\n", encoding="utf-8")
    ended = ruta("dmn", str(model), "kind", "--input", str(tmp_path / "people.csv"), "--lang", "es")
    assert list(csv.reader(io.StringIO(ended.stdout))) == [
        ["who", "a", "b", "kind", "rule", "finding"],
        ["Ana", "20", "2", "adult", "r2", ""],
        ["Luis", "7", "1", "child", "r1", ""],
        ["Eva", "", "1", "", "", "kind: ninguna regla cubre estos datos."],
    ]


def test_a_csv_with_semicolons_is_answered_with_semicolons(model: Path, tmp_path: Path) -> None:
    (tmp_path / "people.csv").write_text("who;a;b\nAna;20;2\n", encoding="utf-8")
    ended = ruta("dmn", str(model), "kind", "--input", str(tmp_path / "people.csv"))
    header, row = ended.stdout.splitlines()
    assert header.startswith("who;a;b;kind")
    assert row.startswith("Ana;20;2;")


def test_a_csv_without_any_column_of_the_model_is_refused_with_its_inputs(
    model: Path, tmp_path: Path
) -> None:
    (tmp_path / "people.csv").write_text("who,when\nAna,20\n", encoding="utf-8")
    ended = ruta("dmn", str(model), "kind", "--input", str(tmp_path / "people.csv"))
    assert "no column is an input; the model's are a, b" in str(ended.exception)  # a line and exit code 2


def test_cells_and_json_texts_are_read_as_the_inputs_type_says(tmp_path: Path) -> None:
    items = (
        '<itemDefinition name="tPerson"><itemComponent name="born"><typeRef>date</typeRef></itemComponent>'
        '<itemComponent name="code"><typeRef>string</typeRef></itemComponent></itemDefinition>'
    )
    data = '<inputData id="in_p" name="p"><variable name="p" typeRef="tPerson"/></inputData>'
    logic = table(
        [('< date("2000-01-01")', "p.code", "p.born.year")],
        [("p.born", "")],
        outputs=[("code", ""), ("year", "")],
    )
    path = tmp_path / "p.dmn"
    path.write_bytes(document(items + data + decision("d", logic, needs("p"))))
    (tmp_path / "p.csv").write_text("p.born,p.code\n1999-12-31,007\n")
    ended = ruta("dmn", str(path), "d", "--input", str(tmp_path / "p.csv"))
    assert ended.stdout.splitlines() == [
        "p.born,p.code,d.code,d.year,rule,finding",
        "1999-12-31,007,007,1999,r1,",
    ]
    ended = ruta("dmn", str(path), "d", "--input", '{"p": {"born": "1999-12-31", "code": "007"}}')
    assert json.loads(ended.stdout)["value"] == {"code": "007", "year": 1999}


@pytest.mark.parametrize(
    ("decision_name", "given", "said"),
    [
        ("fe", "{}", "Did you mean fee?"),
        ("fee", "/nowhere.csv", "No such file"),
        ("fee", "{'a'}", "not JSON"),
    ],
)
def test_what_cannot_be_decided_is_told(model: Path, decision_name: str, given: str, said: str) -> None:
    ended = ruta("dmn", str(model), decision_name, "--input", given)
    assert isinstance(ended.exception, ValueError)
    assert said in str(ended.exception)


def test_a_row_of_another_width_is_refused(model: Path, tmp_path: Path) -> None:
    (tmp_path / "x.csv").write_text("a,b\n1\n")
    ended = ruta("dmn", str(model), "fee", "--input", str(tmp_path / "x.csv"))
    assert "not as many cells" in str(ended.exception)


CASES = """<testCases xmlns="http://www.omg.org/spec/DMN/20160719/testcase"
  xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"><modelName>fee.dmn</modelName>
  <testCase id="001"><inputNode name="a"><value>20</value></inputNode>
    <resultNode name="kind" type="decision"><expected><value>{0}</value></expected></resultNode></testCase>
  <testCase id="002"><resultNode name="kind" type="decision"><expected><value xsi:nil="true"/></expected></resultNode>
  </testCase></testCases>"""


@pytest.mark.parametrize(
    ("expected", "code", "last"), [("adult", 0, "2 passed, 0 failed"), ("x", 1, "1 passed, 1 failed")]
)
def test_the_kit_is_counted_and_its_failures_are_kept(
    model: Path, tmp_path: Path, expected: str, code: int, last: str
) -> None:
    folder = tmp_path / "kit" / "compliance-level-2" / "0001-x"
    folder.mkdir(parents=True)
    model.rename(folder / "fee.dmn")
    typed = CASES.replace("<value>20", '<value xsi:type="xsd:decimal">20')
    (folder / "test.xml").write_text(typed.format(expected))
    failures, results = tmp_path / "failures.csv", tmp_path / "results.txt"
    ended = ruta(
        "conformance", "dmn", str(tmp_path / "kit"), "--failures", str(failures), "--results", str(results)
    )
    assert ended.exit_code == code
    lines = ended.stdout.splitlines()
    assert lines[-1] == last
    assert lines[1].split() == ["0001-x", f"{2 - code}/2", f"{1 - code}/1", "1/2"]
    assert len(failures.read_text().splitlines()) == 1 + code
    assert "passed null compliance-level-2/0001-x/test/002/kind" in results.read_text()


def test_a_folder_without_the_kit_is_refused(tmp_path: Path) -> None:
    assert "compliance-level-2" in str(ruta("conformance", "dmn", str(tmp_path)).exception)
