"""What the law leaves to the person is looked up only with the person's authorisation, and never is a condition."""

import pytest
from tests.web.filling import ana, registry, signed_in

from ruta.cases.drafts import services as drafts
from ruta.cases.models import Draft
from ruta.cases.play.world import World
from ruta.kernel.models import AccessRead

pytestmark = pytest.mark.django_db

ANSWERS = {
    "search_by": "nuip",
    "nuip": "1020304050",
    "birth_date": "27/03/1998",
    "kind": "certificate",
    "copies": "1",
    "delivery": "online",
}


def _draft(world: World) -> tuple[Draft, str]:
    world.entry("ruv", {"document_type": "CC", "document_number": "1020304050", "displaced": True})
    draft = drafts.start_draft(ana(world), "civil-registration", "copy", typed=ANSWERS)
    return draft, f"/borradores/{draft.pk}/revisar/"


def test_the_register_is_not_asked_before_the_person_authorises_it() -> None:
    with registry() as world:
        _draft_made, review = _draft(world)
        page = signed_in(world.actor("ana")).get(review).content.decode()
        assert "Autorizo la consulta" in page
        assert "$ 6.000" in page
        assert not AccessRead.objects.filter(what__contains="ruv").exists()


def test_authorised_it_is_asked_and_what_favours_the_person_is_applied() -> None:
    with registry() as world:
        draft, review = _draft(world)
        client = signed_in(world.actor("ana"))
        client.post(f"/borradores/{draft.pk}/autorizar/victim/", {"given": "yes"})
        page = client.get(review).content.decode()
        assert "aparece allí" in page
        assert "$ 6.000" not in page


def test_the_authorisation_can_be_taken_back_and_the_answer_is_forgotten() -> None:
    with registry() as world:
        draft, review = _draft(world)
        client = signed_in(world.actor("ana"))
        client.post(f"/borradores/{draft.pk}/autorizar/victim/", {"given": "yes"})
        client.get(review)
        client.post(f"/borradores/{draft.pk}/autorizar/victim/", {"given": "no"})
        draft.refresh_from_db()
        assert draft.consents == {}
        assert "victim" not in draft.facts
        assert "$ 6.000" in client.get(review).content.decode()


def test_what_needs_no_authorisation_cannot_be_authorised() -> None:
    with registry() as world:
        draft, _review = _draft(world)
        client = signed_in(world.actor("ana"))
        assert client.post(f"/borradores/{draft.pk}/autorizar/entry/", {"given": "yes"}).status_code == 404
