"""Decision tables: hit policies, and the explanation that a decision is motivated by."""

from __future__ import annotations

from typing import Any

import pytest
from tests.engine.dmn_models import decide, decision, document, inputs, model_of, needs, table
from tests.engine.feel_world import WORLD

from ruta.engine import dmn, feel

ROWS = [("> 0", "-", '"low"'), ("> 10", "-", '"high"'), ("> 10", "true", '"top"')]
ORDER = [("", '"top", "high", "low"')]


@pytest.mark.parametrize(
    ("policy", "aggregation", "expected"),
    [
        ("FIRST", "", "low"),
        ("PRIORITY", "", "top"),
        ("RULE ORDER", "", ["low", "high", "top"]),
        ("OUTPUT ORDER", "", ["top", "high", "low"]),
        ("COLLECT", "", ["low", "high", "top"]),
        ("COLLECT", "COUNT", 3),
        ("COLLECT", "MIN", "high"),
        ("UNIQUE", "", None),
        ("ANY", "", None),
    ],
)
def test_each_hit_policy_chooses_its_way(policy: str, aggregation: str, expected: Any) -> None:
    model = model_of(table(ROWS, policy=policy, aggregation=aggregation, outputs=ORDER))
    assert decide(model, a=11, b=True) == expected


def test_numbers_are_collected_into_a_sum() -> None:
    model = model_of(table([("> 0", "-", "a * 2"), ("-", "true", "5")], policy="COLLECT", aggregation="SUM"))
    assert decide(model, a=4, b=True) == 13


def test_several_outputs_make_a_context_and_types_are_kept() -> None:
    model = model_of(table([("-", "-", '"x"', "a + 1")], outputs=[("what", ""), ("how much", "")]))
    assert decide(model, a=2, b=None) == {"what": "x", "how much": 3}


def test_the_default_answers_when_no_rule_holds() -> None:
    assert decide(model_of(table([("> 0", "-", "1")], default="0")), a=-1, b=None) == 0


def test_a_case_that_no_rule_covers_is_null_and_is_told() -> None:
    outcome = model_of(table([("> 0", "-", "1")])).evaluate("d", {"a": -1, "b": None}, WORLD)
    assert outcome.value is None
    assert [finding.check for finding in outcome.findings] == ["no-rule"]
    assert outcome.findings[0].say["es"] == "d: ninguna regla cubre estos datos."


def test_two_rules_of_a_unique_table_are_told_by_their_ids() -> None:
    outcome = model_of(table(ROWS)).evaluate("d", {"a": 11, "b": True}, WORLD)
    assert outcome.findings[0].check == "not-unique"
    assert outcome.findings[0].rules == ("r1", "r2", "r3")
    assert outcome.hits == ()


def test_a_value_outside_the_listed_ones_is_refused_by_the_column() -> None:
    outcome = model_of(table([("-", "-", "1")], [("a", '"x", "y"'), ("b", "")])).evaluate(
        "d", {"a": "z"}, WORLD
    )
    assert outcome.value is None
    assert outcome.findings[0].say["en"] == "d: the value a = z is not among those its column allows."


def test_hits_of_sub_decisions_come_first_with_law_inputs_and_outputs() -> None:
    kind = decision(
        "kind", table([("< 18", '"child"', "Ley 1"), (">= 18", '"adult"', "Ley 2")], [("a", "")]), needs("a")
    )
    required = (
        needs("b") + '<informationRequirement><requiredDecision href="#kind"/></informationRequirement>'
    )
    fee = decision(
        "fee",
        table([('"adult"', "10 * b", "Ley 3"), ("-", "0", "Ley 4")], [("kind", "")], policy="FIRST"),
        required,
    )
    model = dmn.load(document(inputs("a", "b") + kind + fee))
    outcome = model.evaluate("fee", {"a": 20, "b": 2}, WORLD)
    assert (model.decisions, model.inputs) == (("kind", "fee"), ("a", "b"))
    assert feel.to_json(outcome.value) == 20
    assert [(hit.decision, hit.rule_id, hit.annotations["law"]) for hit in outcome.hits] == [
        ("kind", "r2", "Ley 2"),
        ("fee", "r1", "Ley 3"),
    ]
    assert feel.to_json(outcome.hits[0].inputs) == {"a": 20}
    assert feel.to_json(outcome.hits[1].outputs) == {"fee": 20}


def test_a_decision_sees_only_what_it_requires() -> None:
    model = dmn.load(
        document(inputs("a", "b") + decision("d", table([("-", "b", "Ley 1")], [("a", "")]), needs("a")))
    )
    assert decide(model, a=1, b=2) is None


def test_a_host_function_can_stop_a_decision() -> None:
    model = model_of(table([("-", "-", 'parameter("tariffs.copy", today())')]))
    with pytest.raises(feel.Stop):
        model.evaluate("d", {}, WORLD)


def test_a_table_pays_from_the_same_budget() -> None:
    model = model_of(table([("-", "-", "count(for i in 1..100000 return i)")]))
    with pytest.raises(feel.OverBudget):
        model.evaluate("d", {}, WORLD)


def test_a_hit_tells_the_label_of_what_it_saw_in_both_languages_where_the_table_has_them() -> None:
    written = table([("1", "2", "3", "Ley 1")]).replace(
        "<input>", '<input label="Edad" ruta:label-en="Age" xmlns:ruta="urn:ruta:schema">', 1
    )
    (hit,) = model_of(written).evaluate("d", {"a": 1, "b": 2}, WORLD).hits
    assert feel.to_json(hit.inputs) == {"Edad": 1, "b": 2}
    assert hit.labels == {"Edad": {"es": "Edad", "en": "Age"}}
