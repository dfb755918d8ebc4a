"""Who may begin an act may file it, and nobody else: drafts and filing ask the one rule."""

import pytest
from tests.cases.case_builders import ana

from ruta.cases import perms
from ruta.cases.play.world import World
from ruta.identity import services as identity
from ruta.identity.actors import Actor, actor_of_account
from ruta.identity.models import Account, Official

pytestmark = pytest.mark.django_db
TUNJA = "1501-15001"


def may(world: World, actor: Actor, act: str, channel: str) -> bool:
    spec = world.compiled.service.acts[act]
    return bool(perms.may_start(actor, world.compiled, spec, channel))


def test_an_act_of_officials_is_begun_under_a_post_that_it_names(world: World) -> None:
    clara = world.person("clara", {"role": "registrar", "office": TUNJA})
    tomas = world.person("tomas", {"role": "treasurer", "office": TUNJA})
    citizen = ana(world)
    assert [may(world, each, "birth", "desk") for each in (clara, tomas, citizen)] == [True, False, False]
    assert [may(world, each, "birth", "portal") for each in (clara, citizen, Actor.anonymous())] == [
        False
    ] * 3
    assert [may(world, each, "copy", "portal") for each in (clara, citizen)] == [False, True]


def test_at_the_counter_only_posts_of_the_agency_that_assist_file_for_a_person(world: World) -> None:
    clara = world.person("clara", {"role": "registrar", "office": TUNJA})
    tomas = world.person("tomas", {"role": "treasurer", "office": TUNJA})
    elsewhere = official_of_another_agency("registrar")
    assert [may(world, each, "copy", "counter") for each in (clara, tomas, elsewhere, ana(world))] == [
        *(True, False, False, False)
    ]


def test_the_platform_itself_files_nothing(world: World) -> None:
    for channel in ("portal", "desk", "counter"):
        assert not may(world, Actor.system("step"), "copy", channel)


def test_an_official_of_two_agencies_acts_for_one_at_a_time(world: World) -> None:
    clara = world.person("clara", {"role": "registrar", "office": TUNJA})
    account = Account.objects.get(pk=clara.account_id)
    agency = identity.define_agency(nit="899999034-1", name="Otra entidad")
    team = identity.define_team(agency, code="otra", name="Otra oficina")
    identity.appoint_official(
        account, person=Official.objects.get(pk=clara.official_id).person, team=team, role="analyst"
    )
    first = actor_of_account(account, desk=True)
    other = actor_of_account(account, desk=True, agency="899999034-1")
    assert (first.agency, first.roles & {"registrar", "analyst"}) == (
        world.compiled.service.agency,
        {"registrar"},
    )
    assert (other.agency, other.roles & {"registrar", "analyst"}) == ("899999034-1", {"analyst"})
    assert set(first.agencies) == set(other.agencies) == {first.agency, other.agency}
    assert (may(world, first, "birth", "desk"), may(world, other, "birth", "desk")) == (True, False)


def official_of_another_agency(role: str) -> Actor:
    agency = identity.define_agency(nit="899999034-1", name="Otra entidad")
    team = identity.define_team(agency, code="otra", name="Otra oficina")
    person = identity.register_person(
        given_names="Olga", birth_date=None, document_type="CC", document_number="41000111"
    )
    account = identity.create_account("olga@otra.example.co", None, person=person, verified=True)
    identity.appoint_official(account, person=person, team=team, role=role)
    return actor_of_account(account, desk=True)
