"""What is known of an expression before it runs: its type from the form's schema, and slips that give null."""

from __future__ import annotations

from typing import Any

import pytest

from ruta.engine import feel
from ruta.engine.feel.types import ANY, NULL, SIMPLE, Type, join, shown

SCHEMA: dict[str, Any] = {
    "$defs": {
        "person": {"properties": {"age": {"type": "integer"}, "born": {"type": "string", "format": "date"}}}
    },
    "type": "object",
    "properties": {
        "copies": {"type": "integer"},
        "kind": {"enum": ["copy", "certificate"]},
        "note": {"type": ["string", "null"]},
        "paid": {"type": "boolean"},
        "people": {"type": "array", "items": {"$ref": "#/$defs/person"}},
        "born": {"type": "string", "format": "date"},
        "open": {},
    },
}
FORM = feel.type_of_schema(SCHEMA)
NUMBER_NO = "A condition stands here, and this is a number: it is never true."


def program(text: str) -> feel.Program:
    return feel.compile(text, types={"form": FORM, "first name": SIMPLE["string"]})


def told(text: str) -> list[tuple[str, tuple[int, int], str]]:
    found = program(text)
    return [(remark.check, found.place(remark.at), remark.say["en"]) for remark in found.remarks]


@pytest.mark.parametrize(
    ("schema", "expected"),
    [
        (SCHEMA["properties"]["people"], "list<Any>"),
        ({"type": "number"}, "number"),
        ({"const": 1}, "number"),
        ({"enum": ["a", None]}, "string"),
        ({"enum": ["a", 1]}, "Any"),
        ({"enum": [[1]]}, "Any"),
        ({"type": "null"}, "Null"),
        ({"type": "string", "format": "date-time"}, "date and time"),
        ({"type": "string", "format": "email"}, "string"),
        ({"oneOf": [{"type": "string"}, {"type": "string", "maxLength": 2}]}, "string"),
        ({"anyOf": [{"type": "string"}, {"type": "number"}]}, "Any"),
        ({"type": "array"}, "list<Any>"),
        ({"type": "object"}, "context"),
        ({"$ref": "#/nowhere"}, "Any"),
        ({"$ref": "other.json"}, "Any"),
        ({"$ref": "#"}, "Any"),
        ({"type": "odd"}, "Any"),
        (True, "Any"),
    ],
)
def test_a_schema_has_a_type(schema: Any, expected: str) -> None:
    assert shown(feel.type_of_schema(schema)) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("form.copies * 2.5", "number"),
        ("form.born.year", "number"),
        ("today() - form.born", "days and time duration"),
        ('form.born + duration("P1Y")', "Any"),
        ('form.born + @"P1Y"', "date"),
        ('@"P1Y" + form.born', "date"),
        ('@"P1Y" * 2', "years and months duration"),
        ('2 * @"PT1H"', "days and time duration"),
        ('@"PT1H" / @"PT1H"', "number"),
        ('@"P1Y" - @"P1M"', "years and months duration"),
        ('@"10:00:00" - @"09:00:00"', "days and time duration"),
        ('@"10:00:00".time offset', "days and time duration"),
        ('@"P1Y".years', "number"),
        ("[1..3].start included", "boolean"),
        ("[1..3].start", "number"),
        ("form.people[age > 3]", "list<context<age: number, born: date>>"),
        ("form.people[1].age", "number"),
        ("form.people[form.copies]", "Any"),
        ("form.people.age", "list<number>"),
        ("max(form.people.age)", "number"),
        ("sum(1, 2)", "number"),
        ("abs(-1)", "number"),
        ("sort(form.people, function(a, b) a.age < b.age)", "list<context<age: number, born: date>>"),
        ("reverse(1)", "list<number>"),
        ("if form.paid then 1 else null", "number"),
        ('if form.paid then 1 else "a"', "Any"),
        ("for p in form.people return p.age * 2", "list<number>"),
        ("for i in 1..3, j in [1, 2] return i + j", "list<number>"),
        ("some p in form.people satisfies p.age > 1", "boolean"),
        ("{a: 1, b: a + 1}", "context<a: number, b: number>"),
        ("{f: function(n) f(n)}.f", "function<Any> -> Any"),
        ("function(x: number) x + 1", "function<number> -> number"),
        ('(function(x) "a")(1)', "string"),
        ("form.open.anything", "Any"),
        ("-form.copies", "number"),
        ("form.copies between 1 and 3 and form.copies in [1..3]", "boolean"),
        ("form.kind instance of string", "boolean"),
        ('first name + "x"', "string"),
        ("[]", "list<Any>"),
        ("abs", "function"),
        ("null", "Null"),
    ],
)
def test_every_expression_has_a_type(text: str, expected: str) -> None:
    assert shown(program(text).type) == expected
    assert told(text) == []


@pytest.mark.parametrize(
    ("text", "check", "column", "says"),
    [
        ("form.copis", "unknown-entry", 6, "A value of type context has no copis here. Did you mean copies?"),
        ("form.people[ag > 3]", "unknown-name", 13, "Nothing is called ag. Did you mean age?"),
        ("form.born.hours", "unknown-entry", 11, "A value of type date has no hours here. Did you mean hour?"),
        ("frm", "unknown-name", 1, "Nothing is called frm. Did you mean form?"),
        ("1 + form.kind", "operator", 3, "number + string has no value."),
        ("-form.kind", "operator", 1, "-string has no value."),
        ("2 ** form.kind", "operator", 3, "number ** string has no value."),
        ('form.copies = "2"', "comparison", 13, "number = string is always null: they do not compare."),
        ("form.paid < true", "comparison", 11, "boolean < boolean is always null: they do not compare."),
        ('form.copies between 1 and "x"', "comparison", 13, "number between string is always null: they do not compare."),
        ('form.copies in ["a", "b"]', "comparison", 16, "number = string is always null: they do not compare."),
        ("form.kind in [1..2]", "comparison", 14, "string in number is always null: they do not compare."),
        ('[1.."a"]', "comparison", 1, "number .. string is always null: they do not compare."),
        ("if form.copies then 1 else 2", "condition", 9, NUMBER_NO),
        ("form.copies and true", "condition", 6, NUMBER_NO),
        ('form.people["x"]', "condition", 13, NUMBER_NO.replace("number", "string")),
        ("upper case(form.copies)", "arguments", 1, "The function upper case does not take (number)."),
        ("abs(1, 2)", "arguments", 1, "The function abs does not take (number, number)."),
        ("abs(m: 1)", "arguments", 1, "The function abs does not take (number) by the name m."),
        ("replace(inputs: form.kind, pattern: \"a\", replacement: \"b\")", "arguments", 1,
         "The function replace does not take (string, string, string) by the name inputs. Did you mean input?"),
        ("(function(x) x)(1, 2)", "arguments", 2, "The function takes 1 arguments and here are 2."),
        ("form.copies(1)", "arguments", 6, "A value of type number is not a function."),
    ],
)  # fmt: skip
def test_a_slip_is_told_with_its_place(text: str, check: str, column: int, says: str) -> None:
    assert (check, (1, column), says) in told(text)


def test_a_remark_is_told_in_spanish_too_with_the_name_that_was_meant() -> None:
    remark = program("form.copis").remarks[0]
    assert remark.say["es"] == "Un valor de tipo context no tiene aquí copis. ¿Quiso decir copies?"
    assert remark.nearest == "copies"


def test_a_cell_is_judged_by_the_type_of_its_input() -> None:
    def checks(text: str, of: Type) -> list[str]:
        return [remark.check for remark in feel.compile_unary(text, types={"?": of, "other": ANY}).remarks]

    assert checks('"a", "b"', SIMPLE["number"]) == ["comparison", "comparison"]
    assert checks("< 5, [1..2], other, ? > 3, null", SIMPLE["number"]) == []
    assert checks("= true", SIMPLE["boolean"]) == []
    assert checks("-", SIMPLE["number"]) == []
    assert checks('contains(?, "a")', SIMPLE["string"]) == []


def test_what_may_be_right_is_never_doubted() -> None:
    for text in (
        "form.open + 1",
        "form.open.a.b[c > 1]",
        "null + 1",
        "x.y",
        "items[price > limit]",
        "parameter(1)",
    ):
        assert feel.compile(text, names=["x", "items", "limit"], types={"form": FORM}).remarks == ()


def test_types_are_joined_by_what_they_share() -> None:
    one, two = (
        Type("context", fields={"a": ANY, "b": SIMPLE["number"]}),
        Type("context", fields={"b": SIMPLE["number"]}),
    )
    assert shown(join(one, two)) == "context<b: number>"
    assert shown(join(Type("list", SIMPLE["number"]), Type("list", NULL))) == "list<number>"
    assert shown(join(Type("context", fields={}), one)) == "context"
    assert shown(join(Type("range", SIMPLE["number"]), SIMPLE["number"])) == "Any"
