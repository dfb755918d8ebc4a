"""What a hostile or careless author of a decision model writes: it is stopped by the budget of the evaluation."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from tests.engine.feel_world import WORLD

from ruta.engine import dmn, feel

HEAD = '<definitions xmlns="https://www.omg.org/spec/DMN/20230324/MODEL/" name="m" namespace="urn:m">'
CALLS = "for i in 1..1000000000 return dear(i)"


def text(content: str) -> str:
    return f"<literalExpression><text>{content}</text></literalExpression>"


def knowledge(body: str) -> str:
    """A model that calls the function `dear` without end."""
    return (
        f'{HEAD}<businessKnowledgeModel id="k" name="dear"><variable name="dear"/><encapsulatedLogic>'
        f'<formalParameter name="x"/>{body}</encapsulatedLogic></businessKnowledgeModel>'
        '<decision id="d" name="d"><variable name="d"/><knowledgeRequirement><requiredKnowledge href="#k"/>'
        f"</knowledgeRequirement>{text(CALLS)}</decision></definitions>"
    )


def service(body: str) -> str:
    return (
        f'{HEAD}<inputData id="x" name="x"><variable name="x"/></inputData><decision id="inner" name="inner">'
        '<variable name="inner"/><informationRequirement><requiredInput href="#x"/></informationRequirement>'
        f'{body}</decision><decisionService id="s" name="dear"><variable name="dear"/>'
        '<outputDecision href="#inner"/><inputData href="#x"/></decisionService>'
        '<decision id="d" name="d"><variable name="d"/><knowledgeRequirement><requiredKnowledge href="#s"/>'
        f"</knowledgeRequirement>{text(CALLS)}</decision></definitions>"
    )


def table(rules: int, policy: str = "COLLECT") -> str:
    row = "<rule>" + "<inputEntry><text>&gt; 0</text></inputEntry>" * 8
    row += "<outputEntry><text>1</text></outputEntry></rule>"
    inputs = "<input><inputExpression><text>x</text></inputExpression></input>" * 8
    return f'<decisionTable hitPolicy="{policy}">{inputs}<output/>{row * rules}</decisionTable>'


RELATION = (
    "<relation>"
    + "".join(f'<column name="c{at}"/>' for at in range(20))
    + f"<row>{text('1') * 20}</row>" * 50
) + "</relation>"
LIST = f"<list>{text('1') * 1000}</list>"
CONTEXT = (
    "<context>"
    + "".join(f'<contextEntry><variable name="c{at}"/>{text("1")}</contextEntry>' for at in range(300))
    + "</context>"
)


@pytest.mark.parametrize("around", [knowledge, service])
@pytest.mark.parametrize(
    ("body", "turns"),
    [(RELATION, 250), (LIST, 250), (CONTEXT, 700), (table(500), 60), (text("+".join(["1"] * 300)), 1_500)],
    ids=["relation", "list", "context", "table", "literal"],
)
def test_what_is_called_in_a_loop_costs_by_what_is_in_it(
    around: Callable[[str], str], body: str, turns: int
) -> None:
    model = dmn.load(around(body).encode())
    with pytest.raises(feel.OverBudget):
        model.evaluate("d", {}, WORLD)
    run = feel.Run(WORLD)
    model.evaluate("dear", {"x": 1}, WORLD, run=run)
    assert WORLD.budget.steps - run.left >= WORLD.budget.steps / turns / 2


def test_a_table_over_many_rules_and_an_order_of_many_values_is_paid() -> None:
    listed = ", ".join(str(number) for number in range(1_000))
    rules = (
        "<rule><inputEntry><text>-</text></inputEntry><outputEntry><text>999</text></outputEntry></rule>"
        * 400
    )
    model = dmn.load(
        (
            f'{HEAD}<decision id="d" name="d"><variable name="d"/><decisionTable hitPolicy="OUTPUT ORDER"><input>'
            f"<inputExpression><text>1</text></inputExpression></input><output><outputValues><text>{listed}</text>"
            f"</outputValues></output>{rules}</decisionTable></decision></definitions>"
        ).encode()
    )
    with pytest.raises(feel.OverBudget):
        model.evaluate("d", {}, WORLD)
