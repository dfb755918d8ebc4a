"""Days on which something is wrong: the database is away, the form is a new one, the page is weighed and counted."""

import gzip
import json
from datetime import date
from unittest import mock

import pytest
from django.db import OperationalError
from django.test import Client
from tests.web import filling
from tests.web.filling import page_url, text
from tests.web.queries import at_most

from ruta.cases.drafts import services
from ruta.cases.models import Case, Draft
from ruta.cases.play.world import World
from ruta.definitions.models import ServiceVersion
from ruta.definitions.runtime import compiled
from ruta.definitions.selectors import current_version
from ruta.identity.actors import Actor
from ruta.kernel import clock
from ruta.kernel.ids import new_id

pytestmark = pytest.mark.django_db
FORM = "acts/copy/form.json"


def publish_without_receipts(since: date) -> ServiceVersion:
    """A newer version of the same act: receipts are no longer asked, a telephone is, and two copies are the most."""
    old = current_version("civil-registration")
    form = json.loads(old.files[FORM])
    del form["properties"]["receipts"]
    form["properties"]["phone"] = {"type": "string", "x-ui": {"label": {"es": "Celular", "en": "Mobile"}}}
    form["properties"]["copies"]["maximum"] = 2
    fields = form["x-ui"]["pages"][-1]["fields"]
    fields[fields.index("receipts")] = "phone"
    files = {**old.files, FORM: json.dumps(form)}
    decisions = {path: body for path, body in files.items() if "receipts" not in str(body) or path == FORM}
    return ServiceVersion.objects.create(
        id=new_id(),
        service_id=old.service_id,
        number=old.number + 1,
        content_hash="f" * 64,
        files=decisions,
        in_force_from=since,
        published_at=clock.now(),
    )


def test_with_the_database_away_the_answers_come_back_with_try_again(client: Client, draft: Draft) -> None:
    answers = filling.entry_answers(draft, nuip="52148963")
    client.raise_request_exception = False
    with mock.patch.object(services, "save_page", side_effect=OperationalError("gone")):
        page = client.post(page_url(draft.pk, "entry"), answers)
    assert page.status_code == 503
    said = text(page)
    assert 'name="nuip" value="52148963"' in said
    assert 'name="birth_date.day" value="27"' in said
    assert page_url(draft.pk, "entry") in said


def test_a_database_lost_in_the_middle_of_filing_files_nothing_and_then_once(
    client: Client, draft: Draft
) -> None:
    filling.fill(client, draft)
    client.raise_request_exception = False
    with mock.patch("ruta.cases.filing.history.append", side_effect=OperationalError("gone")):
        assert client.post(f"/borradores/{draft.pk}/revisar/").status_code == 503
    assert not Case.objects.exists()
    draft.refresh_from_db()
    assert draft.typed["nuip"] == "1020304050"
    client.post(f"/borradores/{draft.pk}/revisar/")
    assert Case.objects.count() == 1


def test_a_draft_is_brought_to_the_version_in_force_and_says_what_changed(
    client: Client, draft: Draft, ana: Actor
) -> None:
    client.post(page_url(draft.pk, "delivery"), filling.delivery_answers(draft, receipts="RC-2026-000081"))
    newer = publish_without_receipts(date(2026, 3, 2))
    page = text(client.get(page_url(draft.pk, "delivery")))
    assert "El formulario cambió desde la última vez" in page
    assert "Usted había escrito: RC-2026-000081." in page
    assert "Ahora se pregunta «Celular»." in page
    assert "Revise «" in page
    draft.refresh_from_db()
    assert draft.version_id == newer.pk
    assert draft.typed["copies"] == "3"
    assert "delivery" not in draft.pages
    assert "receipts" not in compiled(newer.pk).act("copy").form.fields  # type: ignore[union-attr]


def test_a_form_that_changed_before_filing_is_shown_again_first(client: Client, draft: Draft) -> None:
    filling.fill(client, draft)
    publish_without_receipts(date(2026, 3, 2))
    page = client.post(f"/borradores/{draft.pk}/revisar/")
    assert page.status_code == 409
    assert "El formulario cambió" in text(page)
    assert not Case.objects.exists()


def test_the_form_page_is_light_and_asks_the_database_little(client: Client, draft: Draft) -> None:
    address = page_url(draft.pk, "entry")
    client.get(address)
    with at_most(10):
        page = client.get(address)
    assert len(gzip.compress(page.content)) < 12_000
    client.post(address, filling.entry_answers(draft))
    answers = filling.entry_answers(draft)
    with at_most(24):
        client.post(address, answers)


def test_somebody_elses_draft_answers_like_none_on_every_page(
    client: Client, draft: Draft, world: World
) -> None:
    luis = filling.signed_in(world.person("luis", {"document": "CC 79148963"}))
    for place in (
        "",
        "entry/",
        "revisar/",
        "radicado/",
        "despues/",
        "borrar/",
        "entry/lista/office/",
        "entry/dato/entry/",
    ):
        theirs = luis.get(f"/borradores/{draft.pk}/{place}")
        none = luis.get(f"/borradores/{new_id()}/{place}")
        assert (theirs.status_code, none.status_code) == (404, 404), place
    for place in ("entry/", "entry/parte/", "entry/guardar/", "revisar/", "borrar/"):
        assert (
            luis.post(f"/borradores/{draft.pk}/{place}", {"asked": "nuip", "nuip": "1"}).status_code == 404
        ), place
    assert Draft.objects.filter(pk=draft.pk).exists()
