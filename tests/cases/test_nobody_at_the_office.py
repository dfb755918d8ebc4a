"""An office without staff: its work goes to the nearest one that can do it, in the open, and nothing lies unseen."""

from typing import Any

import pytest
from tests.cases.case_builders import a_case, ana
from tests.desk.desk_builders import desk, page_of, seen

from ruta.cases import perms, routing
from ruta.cases.models import Case, CaseEvent, Task
from ruta.cases.play.world import World
from ruta.config import checks
from ruta.identity import services as identity
from ruta.identity.actors import Actor
from ruta.identity.models import Account, Official
from ruta.payments.models import Charge

pytestmark = pytest.mark.django_db
MEDELLIN, TUNJA, NOTARY = "0501-05001", "1501-15001", "1101-11001"
BOOKS: dict[str, Any] = {
    "search_by": "names",
    "given_names": "José",
    "first_surname": "Rojas",
    "birth_date": "14/08/1951",
    "kind": "certificate",
    "copies": "1",
    "delivery": "online",
}


def sought(world: World, office: str, *, key: str = "once") -> Case:
    """A case whose entry an office must look for in its books."""
    case = a_case(world, world.actors.get("ana") or ana(world), answers={**BOOKS, "office": office}, key=key)
    world.settle()
    world.pay(Charge.objects.get(case_number=case.number))
    case.refresh_from_db()
    return case


def registrar(world: World, name: str, office: str, role: str = "registrar") -> Actor:
    return world.person(name, {"role": role, "office": office})


def told(case: Case) -> dict[str, Any]:
    return CaseEvent.objects.get(case_id=case.id, type="task-opened").public


def test_the_work_goes_to_the_nearest_office_and_everybody_reads_why(world: World) -> None:
    """Barranquilla is older than Tunja, but nobody works in Atlántico: the oldest office of the agency is next."""
    registrar(world, "dayana", "0801-08001")
    clara = registrar(world, "clara", TUNJA)
    case = sought(world, TUNJA)
    assert Task.objects.get(case=case).groups == [f"registrar@{TUNJA}"]
    assert "instead_of" not in told(case)
    away = sought(world, MEDELLIN, key="away")
    assert Task.objects.get(case=away).groups == ["registrar@0801-08001"]
    assert (told(away)["for"], told(away)["instead_of"]) == (
        ["registrar@0801-08001"],
        [f"registrar@{MEDELLIN}"],
    )
    assert perms.visible_to(clara).filter(id=away.id).exists()
    text = seen(desk(world.actors["dayana"]), page_of(away))
    assert f"no hay quien lo haga en: Registrador · {MEDELLIN}" in text
    assert away.number in seen(desk(world.actors["dayana"]), "/escritorio/?caja=team")


def test_the_same_municipality_and_the_same_department_come_first(world: World) -> None:
    registrar(world, "dayana", "0801-08001")
    registrar(world, "other", TUNJA)
    agency = Official.objects.first().team.agency  # type: ignore[union-attr]
    identity.define_team(agency, code="near", name="Envigado", municipality="05266")
    registrar(world, "near", "near")
    assert routing.who_can(world.compiled, [f"registrar@{MEDELLIN}"]) == ["registrar@near"]
    identity.define_team(agency, code="here", name="Medellín Sur", municipality="05001")
    registrar(world, "here", "here")
    assert routing.who_can(world.compiled, [f"registrar@{MEDELLIN}"]) == ["registrar@here"]


def test_another_post_at_the_nearest_office_does_not_count(world: World) -> None:
    registrar(world, "tomas", "0801-08001", "treasurer")
    registrar(world, "clara", TUNJA)
    assert routing.who_can(world.compiled, [f"registrar@{NOTARY}"]) == [f"registrar@{TUNJA}"]


def test_who_was_dismissed_is_nobody(world: World) -> None:
    registrar(world, "clara", TUNJA)
    dayana = registrar(world, "dayana", "0801-08001")
    identity.dismiss_official(Official.objects.get(pk=dayana.official_id))
    assert routing.who_can(world.compiled, ["registrar@0801-08001"]) == [f"registrar@{TUNJA}"]


def test_work_that_the_whole_agency_cannot_do_is_told_to_the_operator(world: World) -> None:
    case = sought(world, MEDELLIN)
    assert Task.objects.get(case=case).groups == [f"registrar@{MEDELLIN}"]
    assert [(one.state, one.said[:15]) for one in checks.run() if one.what == "work"] == [
        ("warning", "1 open tasks th")
    ]
    registrar(world, "catalina", MEDELLIN)
    assert routing.undoable() == 0


def test_a_sealed_case_that_no_grant_opens_is_told_to_the_operator(world: World) -> None:
    clara = registrar(world, "clara", TUNJA)
    case = sought(world, TUNJA)
    assert routing.undoable() == 0
    Case.objects.filter(id=case.id).update(sealed=True, confidentiality="L3")
    assert routing.undoable() == 1
    account = Account.objects.get(pk=clara.account_id)
    identity.give_grant(account, scope=f"case:{case.number}", reason="x", given_by=Actor.system("test"))
    assert routing.undoable() == 0
