"""Grants, tasks and levels that open or close a case to an official (peace P.3)."""

from typing import Any

import pytest
from tests import standing
from tests.desk.desk_builders import BOOKS, PURPOSE, Office, desk, open_office, page_of, seal, seen, task_of
from tests.pages.whole_country import MONDAY
from tests.web import filling

from ruta.cases import perms, services
from ruta.cases.models import Case
from ruta.definitions import services as definitions
from ruta.definitions.loader import read_folder
from ruta.definitions.services import publish
from ruta.identity import services as identity
from ruta.identity.actors import Actor, actor_of_account
from ruta.identity.models import Account
from ruta.kernel import clock

pytestmark = pytest.mark.django_db


@pytest.fixture
def office(db: None) -> Any:
    clock.set_clock(MONDAY)
    with filling.registry() as world:
        yield open_office(world)


def _granted(official: Actor, scope: str) -> Actor:
    account = Account.objects.get(pk=official.account_id)
    identity.give_grant(account, scope=scope, reason="Equipo del caso", given_by=Actor.system("test"))
    return actor_of_account(account, desk=True, authenticator="very_high")


def test_a_grant_for_the_case_or_for_the_service_opens_it_to_the_one_named(office: Office) -> None:
    case, other = office.asks(), office.asks(BOOKS, pays=True)
    seal(case, other)
    clara = _granted(office.clara, f"case:{case.number}")
    assert set(perms.visible_to(clara)) == {case}
    edgar = _granted(office.edgar, "service:civil-registration")
    assert set(perms.visible_to(edgar)) == {case, other}
    assert not perms.visible_to(office.beatriz).exists()
    services.claim(task_of(case).id, actor=clara)
    assert case.number in seen(desk(clara), page_of(case))


def test_who_took_the_task_before_the_seal_keeps_the_case(office: Office) -> None:
    case = office.asks()
    services.claim(task_of(case).id, actor=office.clara)
    seal(case)
    assert perms.visible_to(office.clara).filter(id=case.id).exists()
    assert not perms.visible_to(office.edgar).filter(id=case.id).exists()


def test_a_reserved_case_is_of_the_team_that_has_it(office: Office) -> None:
    """L2: the registrars who may do the task see it, the supervisor of the same office does not."""
    case = office.asks()
    Case.objects.filter(id=case.id).update(confidentiality="L2")
    assert perms.visible_to(office.clara).filter(id=case.id).exists()
    assert not perms.visible_to(office.beatriz).filter(id=case.id).exists()


@pytest.mark.parametrize(
    ("rule", "level"),
    [
        ("L2", "L2"),
        ('\'=if form.kind = "copy" then "L3" else "L1"\'', "L3"),
        ('\'=if form.kind = "certificate" then "L3" else "L1"\'', "L1"),
        ("'=form.kind'", "L3"),
        ("'=parameter(\"nothing\", today)'", "L3"),
    ],
)
def test_the_first_level_is_what_the_service_says_and_sealed_where_its_rule_fails(
    db: None, rule: str, level: str
) -> None:
    clock.set_clock(MONDAY)
    folder = read_folder(standing.SERVICES / "civil-registration")
    text = folder.text("service.yaml").replace("confidentiality: L1", f"confidentiality: {rule}")
    if rule.startswith("'="):  # the lint refuses what not every act has: a rule may fail in life too
        changed = folder.replace("service.yaml", text)
        definitions._found_good.add(changed.content_hash)
    with filling.registry() as world:
        publish(folder.replace("service.yaml", text))
        case = open_office(world).asks(PURPOSE)
    assert (case.confidentiality, case.sealed) == (level, level == "L3")
