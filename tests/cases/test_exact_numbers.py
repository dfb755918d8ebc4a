"""What a rule computes to 34 digits is kept so with the case, and hashed into its history whatever its size."""

from decimal import Decimal

import pytest
from tests.cases.case_builders import a_case, ana

from ruta.cases.machine import CLOCK, Machine
from ruta.cases.models import Case
from ruta.cases.play.world import World
from ruta.engine import feel
from ruta.kernel import canonical

pytestmark = pytest.mark.django_db
THIRD = Decimal("0.3333333333333333333333333333333333")


def test_a_variable_of_a_case_keeps_its_digits_in_the_database(world: World) -> None:
    case = a_case(world, ana(world))
    case.variables |= {"share": feel.to_json(THIRD), "parts": [{"of": feel.to_json(THIRD)}], "plain": 0.5}
    case.save()
    kept = Case.objects.get(id=case.id).variables
    assert feel.to_feel(kept["share"]) == feel.to_feel(kept["parts"])[0]["of"] == THIRD
    assert (kept["share"], kept["plain"]) == (1 / 3, 0.5)


def test_numbers_that_no_float_holds_are_hashed_and_come_back(world: World) -> None:
    rules = Machine.load(a_case(world, ana(world)).id, CLOCK).rules
    large = rules.evaluate("10 ** 20 + 1", {})
    assert canonical.dumps([large, feel.to_json(THIRD)]) == canonical.dumps([1e20, 1 / 3])
    assert rules.evaluate("large - 10 ** 20", {"large": large}) == 1
