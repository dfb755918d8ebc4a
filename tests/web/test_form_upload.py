"""A file sent in pieces (tus 1.0): a cut goes on where it stopped, and nothing is reached before it was judged."""

import base64
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import settings
from django.http import HttpResponse
from django.test import Client
from tests.cases import asking_builders as kennel
from tests.documents.test_uploads import a_pdf, clamd  # noqa: F401  a fixture
from tests.web import filling
from tests.web.filling import text

from ruta.cases.drafts import services as drafts
from ruta.cases.models import Case, Draft
from ruta.cases.play.world import World
from ruta.documents.models import Blob, CaseDocument, PartialUpload
from ruta.documents.uploads import resumable
from ruta.identity.actors import Actor
from ruta.kernel import clock
from ruta.registers import services as registers

pytestmark = pytest.mark.django_db
PIECES = "application/offset+octet-stream"


@pytest.fixture
def world(db: None) -> Iterator[World]:
    with kennel.kennel(at=None) as world:
        registers.open_range("dog", "number", first=100, last=104, office=kennel.OFFICE)
        yield world


@pytest.fixture
def ana(world: World) -> Actor:
    return world.person("ana", {"document": "CC 1020304050"})


@pytest.fixture
def client(ana: Actor) -> Client:
    return filling.signed_in(ana)


@pytest.fixture
def draft(ana: Actor) -> Draft:
    return drafts.start_draft(ana, "dog-register", "licence")


def begin(client: Client, draft: Draft, length: int, *, name: str = "carné.pdf") -> HttpResponse:
    told = base64.b64encode(name.encode()).decode()
    return client.post(  # type: ignore[return-value]
        f"/borradores/{draft.pk}/data/archivo/pedigree/",
        headers={
            "Tus-Resumable": "1.0.0",
            "Upload-Length": str(length),
            "Upload-Metadata": f"filename {told}",
        },
    )


def send(client: Client, url: str, piece: bytes, at: int) -> HttpResponse:
    return client.patch(url, piece, content_type=PIECES, headers={"Upload-Offset": str(at)})  # type: ignore[return-value]


def save(client: Client, draft: Draft, **more: str) -> HttpResponse:
    asked = ["name", "count", "mother", "office", "pedigree"]
    answers = {
        "name": "Canela",
        "count": "1",
        "mother": "",
        "office": kennel.OFFICE,
        "asked": asked,
        "seen": "0",
        "tab": "one",
    }
    return client.post(f"/borradores/{draft.pk}/data/", answers | more)  # type: ignore[return-value]


def test_a_file_cut_on_its_way_goes_on_and_is_attached_when_whole(client: Client, draft: Draft) -> None:
    data = a_pdf(pages=2)
    url = begin(client, draft, len(data))["Location"]
    assert send(client, url, data[:100], 0)["Upload-Offset"] == "100"
    assert send(client, url, data[:100], 0).status_code == 409
    early = save(client, draft, **{"upload.pedigree": url.split("/")[-2]})
    assert (early.status_code, "no terminó de llegar" in text(early)) == (422, True)
    head = client.head(url)
    assert (head["Upload-Offset"], head["Upload-Length"], head["Tus-Resumable"]) == (
        "100",
        str(len(data)),
        "1.0.0",
    )
    assert send(client, url, data[100:], 100).status_code == 204
    assert save(client, draft, **{"upload.pedigree": url.split("/")[-2]}).status_code == 302
    page = text(client.get(f"/borradores/{draft.pk}/data/"))
    assert "carné.pdf" in page
    assert f"/borradores/{draft.pk}/data/archivo/pedigree/vista.png" in page
    picture = client.get(f"/borradores/{draft.pk}/data/archivo/pedigree/vista.png")
    assert picture.content.startswith(b"\x89PNG")
    client.post(f"/borradores/{draft.pk}/revisar/")
    assert CaseDocument.objects.get(case_number=Case.objects.get().number).name == "carné.pdf"


def test_what_is_too_large_is_refused_when_it_is_announced(client: Client, draft: Draft) -> None:
    answer = begin(client, draft, 60 * 1024 * 1024)
    assert (answer.status_code, "pesa 60 MB y el máximo es 10 MB" in text(answer)) == (413, True)
    assert not PartialUpload.objects.exists()


def test_a_program_that_says_pdf_is_refused_with_the_cure_and_forgotten(client: Client, draft: Draft) -> None:
    data, before = b"MZ\x90\x00" + bytes(500), _in_parts()
    url = begin(client, draft, len(data))["Location"]
    answer = send(client, url, data, 0)
    assert (answer.status_code, "es un programa" in text(answer)) == (422, True)
    assert client.head(url).status_code == 404
    assert not Blob.objects.exists()
    assert _in_parts() == before


def _in_parts() -> set[Path]:
    return set((Path(settings.FILES_DIR) / "incoming").glob("partial-*"))


def test_an_infected_file_is_refused_by_its_name(
    client: Client,
    draft: Draft,
    clamd: list[bytes],  # noqa: F811
) -> None:
    data = a_pdf(lambda pdf: pdf.docinfo.update({"/Title": "EICAR"}))
    answer = send(client, begin(client, draft, len(data))["Location"], data, 0)
    assert (answer.status_code, "el antivirus encontró" in text(answer)) == (422, True)
    assert clamd == [data]
    assert not Blob.objects.exists()


def test_somebody_elses_file_is_no_ones(client: Client, draft: Draft, world: World) -> None:
    data = a_pdf()
    url = begin(client, draft, len(data))["Location"]
    other = world.person("luis", {"document": "CC 52148963"})
    stranger = filling.signed_in(other)
    assert send(stranger, url, data, 0).status_code == 404
    assert stranger.delete(url).status_code == 404
    send(client, url, data, 0)
    theirs = drafts.start_draft(other, "dog-register", "licence")
    assert save(stranger, theirs, **{"upload.pedigree": url.split("/")[-2]}).status_code == 422
    assert stranger.get(f"/borradores/{draft.pk}/data/archivo/pedigree/vista.png").status_code == 404


def test_what_is_not_finished_in_a_day_is_taken_away(client: Client, draft: Draft) -> None:
    url = begin(client, draft, 5000)["Location"]
    send(client, url, b"%PDF-1.7", 0)
    with clock.moved(clock.now() + timedelta(hours=25)):
        assert resumable.drop_old() == 1
    assert client.head(url).status_code == 404


def test_a_paper_is_not_asked_while_the_register_answers_in_its_place(
    client: Client, ana: Actor, world: World
) -> None:
    """D.-L. 19/2012, art. 9: `instead_of`."""
    draft = drafts.start_draft(
        ana, "dog-register", "licence", typed={"name": "Luna", "count": 1, "office": kennel.OFFICE}
    )
    drafts.file_draft(draft, ana)
    puppy = drafts.start_draft(ana, "dog-register", "licence")
    page = f"/borradores/{puppy.pk}/data/"
    assert 'type="file"' in text(client.get(page))
    save(client, puppy, mother="000199")
    assert 'type="file"' in text(client.get(page))
    save(client, puppy, mother="000100")
    assert 'type="file"' not in text(client.get(page))
