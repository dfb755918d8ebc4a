"""A register's file is read once and refused by name when something in it is wrong."""

from typing import Any

import pytest
from registers_builders import PETS, pets

from ruta.kernel.errors import Conflict, Invalid
from ruta.registers import services
from ruta.registers.models import RegisterDefinition

pytestmark = pytest.mark.django_db


def with_rules(**rules: Any) -> dict[str, Any]:
    return {**PETS, "x-register": {**PETS["x-register"], **rules}}


def test_the_same_file_again_changes_nothing_and_another_one_makes_a_version() -> None:
    first = pets()
    assert pets() == first
    second = pets(never_reused=["chip", "serial"])
    assert second.version == first.version + 1
    assert [each.version for each in RegisterDefinition.objects.filter(name="pet", current=True)] == [2]


def test_a_name_belongs_to_one_service() -> None:
    pets()
    with pytest.raises(Conflict, match="belongs to service animals"):
        services.define_register("plants", "pet", PETS, 1)


@pytest.mark.parametrize(
    ("rules", "check", "said"),
    [
        ({"exclusive": ["chip"]}, "not-built", "exclusive: not built yet"),
        ({"serchable": [["chip"]]}, "unknown-key", "Did you mean searchable"),
        ({"key": [["serail"]]}, "unknown-field", "Did you mean serial"),
        ({"either": {"number": ["chip", "serail"]}}, "unknown-field", "Did you mean serial"),
        ({"key": []}, "required", "x-register.key: it is missing"),
        ({"source": {"xroad": "CO/GOB/1/A/b/v1", "patience": "PT10S"}}, "patience", "48 hours"),
        ({"sealed": "entry.reserved = = true"}, "feel", "x-register.sealed"),
    ],
)
def test_what_is_wrong_in_a_file_is_named(rules: dict[str, Any], check: str, said: str) -> None:
    with pytest.raises(Invalid) as refused:
        services.define_register("animals", "pet", with_rules(**rules), 1)
    assert refused.value.problems[0].check == check
    assert said in refused.value.say("en")
    assert refused.value.say("es") != refused.value.say("en") or check == "feel"


def test_a_schema_that_is_none_is_refused() -> None:
    with pytest.raises(Invalid) as refused:
        services.define_register("animals", "pet", {**PETS, "type": 7}, 1)
    assert refused.value.problems[0].check == "schema"
