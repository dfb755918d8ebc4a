"""What an author reads when a text is not FEEL: where, what was expected, what was probably meant."""

from __future__ import annotations

import pytest
from tests.engine.feel_world import WORLD

from ruta.engine import feel


def refused(text: str, **kwargs: object) -> feel.FeelError:
    with pytest.raises(feel.FeelError) as error:
        feel.compile(text, **kwargs)  # type: ignore[arg-type]
    return error.value


def test_the_place_is_given_by_line_and_column() -> None:
    error = refused('if a = 1\nthen "x"\nelze "y"')
    assert (error.line, error.column) == (3, 1)
    assert error.expected == "“else”"
    assert error.say["es"].startswith("línea 3, columna 1: ")


def test_the_end_of_the_text_is_said() -> None:
    error = refused("1 +")
    assert error.message == "The expression ends here; a value was expected."
    assert error.message_es == "La expresión termina aquí; se esperaba un valor."


def test_the_nearest_known_name_is_offered() -> None:
    error = refused("amount applicnt", names=["amount", "applicant"])
    assert error.nearest == "applicant"
    assert "¿Quiso decir applicant?" in error.message_es


@pytest.mark.parametrize(
    ("text", "column"),
    [
        ('"abc', 1),
        ("[1, 2", 6),
        ("{a 1}", 5),
        ("for in [1]", 8),
        ("f(a: 1, 2)", 9),
        ("1e99999", 1),
        ("@2020", 2),
        ("a b", 3),
    ],
)
def test_each_fault_names_its_column(text: str, column: int) -> None:
    assert refused(text).column == column


@pytest.mark.parametrize(
    ("text", "english", "spanish"),
    [
        ("min(1 2)", "“,” or “)” was expected", "se esperaba «,» o «)»"),
        ('date("2026-01-01"', "ends here; “,” or “)” was expected", "termina aquí; se esperaba «,» o «)»"),
        ("[1 2]", "“,” or “]” was expected", "se esperaba «,» o «]»"),
        ("{a: 1 b: 2}", "“,” or “}” was expected", "se esperaba «,» o «}»"),
        ("1 in (1 2)", "“,” or “)” was expected", "se esperaba «,» o «)»"),
        ("(1 2)", "“)” was expected", "se esperaba «)»"),
    ],
)
def test_between_items_a_comma_or_the_end_was_expected(text: str, english: str, spanish: str) -> None:
    error = refused(text)
    assert error.message.endswith(f"{english}.") and error.message_es.endswith(f"{spanish}.")


def test_a_long_cascade_of_else_if_is_not_deep() -> None:
    rungs = " else ".join(f"if x = {at} then {at * 10}" for at in range(200))
    program = feel.compile(f"{rungs} else 7", types={"x": feel.Type("number")})
    assert [program({"x": feel.to_feel(x)}, WORLD) for x in (0, 64, 199, 200)] == [0, 640, 1990, 7]
    assert program.names == {"x"} and program.type.name == "number" and not program.remarks
    assert "deeper than 64" in refused("if true then (" * 65 + "1" + ") else 2" * 65).message


def test_python_is_not_feel() -> None:
    for text in ("a == b", "lambda x: x", "x if y else z", "a && b", "a;b", "'x'", "`id`", "${x}", "#x"):
        refused(text)


def test_a_template_counts_lines_in_its_whole_text() -> None:
    with pytest.raises(feel.FeelError) as error:
        feel.Template("Hola {{ name }}.\n\nSu caso: {{ case. }}")
    assert (error.value.line, error.value.column) == (3, 19)
    with pytest.raises(feel.FeelError) as unclosed:
        feel.Template("Hola {{ name }")
    assert unclosed.value.expected == "}}"
