"""Who may begin an act may file it, and nobody else: drafts and filing ask the one rule."""

import pytest
from tests.cases.case_builders import ana

from ruta.cases import perms
from ruta.cases.play.world import World
from ruta.identity.actors import Actor

pytestmark = pytest.mark.django_db


def test_an_act_of_officials_is_begun_under_a_post_that_it_names(world: World) -> None:
    acts = world.compiled.service.acts
    clara = world.person("clara", {"role": "registrar", "office": "1501-15001"})
    tomas = world.person("tomas", {"role": "treasurer", "office": "1501-15001"})
    citizen = ana(world)
    assert [perms.may_start(each, acts["birth"]) for each in (clara, tomas, citizen)] == [True, False, False]
    assert [perms.may_start(each, acts["copy"]) for each in (clara, citizen)] == [False, True]
    assert not perms.may_start(Actor.anonymous(), acts["birth"])
