"""What is too large is answered by its announced length: nobody waits for the body, and nothing saved is lost."""

from typing import Any

import pytest
from django.test import Client
from tests.web import filling
from tests.web.filling import page_url, text

from ruta.cases.models import Draft
from ruta.cases.play.world import World
from ruta.documents.verification.by_file import LARGEST_MB

pytestmark = pytest.mark.django_db
MB = 1024 * 1024


class Unread:
    """A body of which nobody may read."""

    def read(self, size: int = -1) -> bytes:
        raise AssertionError("the body was read")

    readline = read


def announce(client: Client, path: str, megabytes: float, **headers: str) -> Any:
    """Post a form that announces its size, and send none of it."""
    return client.post(
        path,
        content_type="multipart/form-data; boundary=x",
        **{"wsgi.input": Unread(), "CONTENT_LENGTH": str(int(megabytes * MB)), **headers},  # type: ignore[arg-type]
    )


@pytest.fixture
def client(world: World) -> Client:
    """Luis, whose purpose an official will weigh: a document of 10 MB at most is asked for."""
    return filling.signed_in(world.person("luis", {"document": "CC 79148963"}), enforce_csrf=True)


@pytest.fixture
def draft(client: Client, world: World) -> Draft:
    """Saved up to the second page."""
    luis = filling.signed_in(world.actor("luis"))
    draft = filling.begin(luis)
    luis.post(page_url(draft.pk, "entry"), filling.entry_answers(draft))
    asked = ["kind", "purpose", "purpose_text", "purpose_document"]
    typed = {"purpose": "court", "purpose_text": "Para el juzgado segundo de familia.", "asked": asked}
    luis.post(page_url(draft.pk, "document"), filling.document_answers(draft) | typed)
    draft.refresh_from_db()
    return draft


def test_60_mb_on_the_form_are_refused_unread_and_the_saved_answers_are_there(
    client: Client, draft: Draft
) -> None:
    answer = announce(client, page_url(draft.pk, "document"), 60)
    assert answer.status_code == 413
    page = text(answer)
    assert "pesa 60 MB y el máximo es 10 MB" in page
    assert 'href="#f-purpose_document"' in page
    assert "Para el juzgado segundo de familia." in page
    assert "como se guardaron la última vez" in page
    before = draft.typed
    draft.refresh_from_db()
    assert draft.typed == before


def test_a_page_of_the_form_without_files_takes_little(client: Client, draft: Draft) -> None:
    answer = announce(client, page_url(draft.pk, "delivery"), 3)
    assert answer.status_code == 413
    assert "pesa 3 MB y aquí se reciben hasta 2 MB" in text(answer)


def test_a_strangers_draft_takes_no_files(client: Client, draft: Draft, world: World) -> None:
    other = filling.signed_in(world.person("rosa", {"document": "CC 79555123"}))
    assert announce(other, page_url(draft.pk, "document"), 9).status_code == 413
    assert announce(Client(), page_url(draft.pk, "document"), 9).status_code == 413


@pytest.mark.parametrize("path", ["/pagos/aviso", "/tramites/civil-registration/copy/empezar/", "/"])
def test_every_other_address_takes_little(client: Client, path: str) -> None:
    answer = announce(client, path, 60)
    assert answer.status_code == 413
    assert "pesa 60 MB y aquí se reciben hasta 2 MB" in text(answer)


def test_a_machine_gets_a_problem(client: Client) -> None:
    answer = announce(client, "/pagos/aviso", 60, HTTP_ACCEPT="application/json")
    assert (answer.status_code, answer["Content-Type"]) == (413, "application/problem+json")
    assert "60 MB" in answer.json()["title"]


def test_a_file_to_verify_is_refused_unread_with_its_own_limit(client: Client) -> None:
    answer = announce(client, "/verificar/archivo/", 60)
    assert answer.status_code == 422
    assert f"pesa 60 MB y el máximo es {LARGEST_MB} MB" in text(answer)


def test_a_length_that_is_no_number_announces_nothing(client: Client, draft: Draft) -> None:
    answer = client.post(page_url(draft.pk, "document"), CONTENT_LENGTH="nonsense")
    assert answer.status_code != 413
