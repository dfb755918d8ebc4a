"""A file where a form asks for one: kept by content, refused with the cure, never lost by another mistake."""

from io import BytesIO

import pikepdf
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from tests.web import filling
from tests.web.filling import page_url, text

from ruta.cases.models import Case, Draft
from ruta.cases.play.world import World
from ruta.documents.models import Blob, CaseDocument

pytestmark = pytest.mark.django_db
LONG = "Necesito probar el parentesco ante el juzgado de familia."


@pytest.fixture
def client(world: World) -> Client:
    """Luis, a stranger to the entry: an official will weigh his purpose, so a document is asked for."""
    return filling.signed_in(world.person("luis", {"document": "CC 79148963"}))


@pytest.fixture
def draft(client: Client) -> Draft:
    draft = filling.begin(client)
    client.post(page_url(draft.pk, "entry"), filling.entry_answers(draft))
    return draft


def pdf(*, script: bool = False) -> bytes:
    document = pikepdf.new()
    document.add_blank_page()
    if script:
        action = pikepdf.Dictionary(S=pikepdf.Name.JavaScript, JS="app.alert(1)")
        document.Root.OpenAction = document.make_indirect(action)
    whole = BytesIO()
    document.save(whole)
    return whole.getvalue()


def send(client: Client, draft: Draft, content: bytes, *, name: str = "poder.pdf", **other: str) -> object:
    asked = ["kind", "purpose", "purpose_text", "purpose_document"]
    answers = filling.document_answers(draft, purpose="court", purpose_text=LONG) | {"asked": asked} | other
    if content:
        answers["purpose_document"] = SimpleUploadedFile(name, content, "application/pdf")
    return client.post(page_url(draft.pk, "document"), answers)


def test_a_stranger_is_asked_for_a_document_with_what_is_taken(client: Client, draft: Draft) -> None:
    page = text(client.post(page_url(draft.pk, "document"), filling.document_answers(draft, purpose="court")))
    assert 'type="file"' in page
    assert 'data-max-bytes="10485760"' in page
    assert 'enctype="multipart/form-data"' in page


def test_a_file_is_kept_and_told_by_name_and_can_be_taken_away(client: Client, draft: Draft) -> None:
    assert send(client, draft, pdf()).status_code == 302  # type: ignore[attr-defined]
    blob = Blob.objects.get(media_type="application/pdf")
    draft.refresh_from_db()
    assert draft.values["purpose_document"] == f"sha256:{blob.sha256}"
    assert "poder.pdf" in text(client.get(page_url(draft.pk, "document")))
    assert "poder.pdf" in text(client.get(f"/borradores/{draft.pk}/revisar/"))
    send(client, draft, b"", **{"remove.purpose_document": "1"})
    draft.refresh_from_db()
    assert "purpose_document" not in draft.values


def test_a_file_stays_when_another_answer_is_wrong(client: Client, draft: Draft) -> None:
    page = send(client, draft, pdf(), purpose_text="muy corto")
    assert page.status_code == 422  # type: ignore[attr-defined]
    assert "poder.pdf" in text(page)
    again = send(client, draft, b"")
    assert again.status_code == 302  # type: ignore[attr-defined]
    draft.refresh_from_db()
    assert draft.values["purpose_document"].startswith("sha256:")


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"MZ\x90\x00" + b"\x00" * 200, "PDF"),
        (pdf(script=True), "programa"),
        (pdf() + b"\x00" * (11 * 1024 * 1024), "10 MB"),
    ],
    ids=["an executable that says PDF", "a PDF with a program", "larger than the limit"],
)
def test_a_file_that_cannot_be_taken_is_told_with_the_cure_CO_B15(
    client: Client, draft: Draft, content: bytes, said: str
) -> None:
    page = send(client, draft, content)
    assert page.status_code == 422  # type: ignore[attr-defined]
    shown = text(page)
    assert said in shown
    assert 'href="#f-purpose_document"' in shown
    assert LONG in shown
    draft.refresh_from_db()
    assert not draft.typed.get("purpose_document")


def test_what_was_attached_stands_in_the_electronic_file(client: Client, draft: Draft) -> None:
    send(client, draft, pdf())
    client.post(page_url(draft.pk, "delivery"), filling.delivery_answers(draft))
    client.post(f"/borradores/{draft.pk}/revisar/")
    case = Case.objects.get()
    kept = CaseDocument.objects.get(case_number=case.number, name="poder.pdf")
    assert case.form["purpose_document"] == f"sha256:{kept.blob_id}"
