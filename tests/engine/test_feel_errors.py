"""What an author reads when a text is not FEEL: where, what was expected, what was probably meant."""

from __future__ import annotations

import pytest

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
