"""What was looked up stands on the page of the form, whole: of a look-up that may find several, all of them."""

from datetime import datetime

from ruta.cases.models import Draft
from ruta.cases.play.world import World
from ruta.web.forms.facts_shown import facts_shown


def test_every_entry_of_a_look_up_that_may_find_several_is_shown(world: World) -> None:
    first = {
        "spouse_a": {"names": "Luz Díaz"},
        "spouse_b": {"names": "Jorge Rojas"},
        "dissolved_on": "2020-05-04",
    }
    second = {"spouse_a": {"names": "Luz Díaz"}, "spouse_b": {"names": "Iván Mora"}}
    found = {"status": "found", "at": datetime(2026, 3, 2, 10).isoformat(), "value": [first, second]}
    page = world.compiled.act("birth").form.page("parents")  # type: ignore[union-attr]
    assert page is not None
    (shown,) = facts_shown(world.compiled, Draft(facts={"mother_marriages": found}), page)
    told = [row.value for row in shown.rows]
    assert told == ["Luz Díaz", "Jorge Rojas", "4 de mayo de 2020", "Luz Díaz", "Iván Mora"]
