"""Only a file that one sent, or may see, is evidence: who learns the digest of somebody's file has no part in it."""

import io
from typing import Any

import pikepdf
import pytest
from tests.cases.case_builders import ANSWERS, a_case, ana
from tests.web import filling
from tests.web.filling import page_url

from ruta.cases.models import Case
from ruta.cases.play.world import World
from ruta.documents import services as documents
from ruta.documents.models import Blob, CaseDocument
from ruta.identity.actors import Actor
from ruta.kernel.errors import Invalid

pytestmark = pytest.mark.django_db
PURPOSE: dict[str, Any] = {
    **ANSWERS,
    "purpose": "court",
    "purpose_text": "Necesito probar el parentesco ante el juzgado de familia.",
}


def a_pdf() -> bytes:
    """A PDF of one page, another each time."""
    document, whole = pikepdf.new(), io.BytesIO()
    document.add_blank_page()
    document.save(whole)
    return whole.getvalue()


def sent(actor: Actor, name: str) -> Blob:
    """A file that the actor uploads."""
    return documents.store_upload(
        io.BytesIO(a_pdf()), accept=["application/pdf"], max_mb=10, name=name, by=actor
    )


def with_file(blob: Blob) -> dict[str, Any]:
    return {**PURPOSE, "purpose_document": f"sha256:{blob.sha256}"}


@pytest.fixture
def luis(world: World) -> Actor:
    ana(world)
    return world.person("luis", {"document": "CC 79148963"})


@pytest.fixture
def eve(world: World, luis: Actor) -> Actor:
    return world.person("eve", {"document": "CC 52148963"})


def test_the_digest_of_somebody_elses_file_is_refused_and_nothing_is_filed(
    world: World, luis: Actor, eve: Actor
) -> None:
    blob = sent(luis, "poder.pdf")
    with pytest.raises(Invalid) as refused:
        a_case(world, eve, answers=with_file(blob))
    assert [(each.at, each.check) for each in refused.value.problems] == [
        ("/purpose_document", "evidence-not-sent")
    ]
    assert not Case.objects.exists()


def test_a_digest_that_no_file_has_answers_the_same(world: World, luis: Actor) -> None:
    with pytest.raises(Invalid) as refused:
        a_case(world, luis, answers={**PURPOSE, "purpose_document": f"sha256:{'0' * 64}"})
    assert [each.check for each in refused.value.problems] == ["evidence-not-sent"]


def test_who_sent_it_attaches_it_by_every_channel_under_its_name(world: World, luis: Actor) -> None:
    case = a_case(world, luis, answers=with_file(sent(luis, "poder.pdf")))
    kept = CaseDocument.objects.get(case_number=case.number)
    assert (kept.name, kept.added_by) == ("poder.pdf", luis.ref)


def test_two_people_may_send_the_very_same_file(world: World, luis: Actor, eve: Actor) -> None:
    data = a_pdf()
    for actor, name in ((luis, "poder.pdf"), (eve, "copia del poder.pdf")):
        blob = documents.store_upload(
            io.BytesIO(data), accept=["application/pdf"], max_mb=10, name=name, by=actor
        )
        case = a_case(world, actor, answers=with_file(blob), key=name)
        assert CaseDocument.objects.get(case_number=case.number).name == name
    assert Blob.objects.filter(sha256=blob.sha256).count() == 1


def test_a_document_of_ones_own_case_serves_again(world: World, luis: Actor, eve: Actor) -> None:
    case = a_case(world, luis, answers=with_file(sent(luis, "poder.pdf")))
    issued = documents.store_bytes(a_pdf() + b"\n", media_type="application/pdf")
    documents.add_document(
        case.number, blob=issued, name="auto.pdf", document_type="Auto", added_by="official:1"
    )
    again = a_case(world, luis, answers=with_file(issued), key="again")
    assert CaseDocument.objects.get(case_number=again.number).name == "auto.pdf"
    with pytest.raises(Invalid):
        a_case(world, eve, answers=with_file(issued), key="eve")


def test_a_digest_typed_into_the_page_attaches_nothing(world: World, luis: Actor, eve: Actor) -> None:
    blob = sent(luis, "poder.pdf")
    client = filling.signed_in(eve)
    draft = filling.begin(client)
    client.post(page_url(draft.pk, "entry"), filling.entry_answers(draft))
    answers = filling.document_answers(draft, **{k: PURPOSE[k] for k in ("purpose", "purpose_text")})
    asked = ["kind", "purpose", "purpose_text", "purpose_document"]
    page = client.post(
        page_url(draft.pk, "document"),
        {**answers, "asked": asked, "purpose_document": f"sha256:{blob.sha256}"},
    )
    draft.refresh_from_db()
    assert page.status_code == 302 or "poder.pdf" not in page.content.decode()
    assert blob.sha256 not in str(draft.typed) + str(draft.files)
