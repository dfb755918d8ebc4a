"""The electronic file of a case: documents in order, pages without gaps, nothing changed or taken out."""

import io
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from ruta.documents import selectors, services
from ruta.documents.models import CaseDocument, Origin
from ruta.kernel import clock

from .test_uploads import PAPER, a_pdf, an_image

pytestmark = pytest.mark.django_db
CASE = "2026-CRB-000123-7"


def add(data: bytes, case: str = CASE, **more: Any) -> CaseDocument:
    blob = services.store_upload(io.BytesIO(data), accept=PAPER, max_mb=10)
    return services.add_document(
        case, blob=blob, name="Soporte", document_type="evidence", added_by="Ana", **more
    )


def test_co_46_documents_of_3_1_and_12_pages_have_pages_1_to_3_4_and_5_to_16() -> None:
    for pages in (3, 1, 12):
        add(a_pdf(pages=pages))
    index = [(each.order, each.first_page, each.last_page) for each in selectors.documents_of_case(CASE)]
    assert index == [(1, 1, 3), (2, 4, 4), (3, 5, 16)]


def test_a_document_without_pages_counts_one() -> None:
    add(an_image(), origin=Origin.DIGITISED)
    (document,) = selectors.documents_of_case(CASE)
    assert (document.first_page, document.last_page, document.origin) == (1, 1, "digitised")


def test_each_case_counts_for_itself() -> None:
    add(a_pdf(pages=2))
    other = add(a_pdf(pages=2), "2026-CRB-000124-5")
    assert (other.order, other.first_page) == (1, 1)


def test_the_digest_of_a_document_is_that_of_its_bytes() -> None:
    import hashlib

    data = a_pdf()
    assert add(data).sha256 == hashlib.sha256(data).hexdigest()


def test_a_document_does_not_enter_before_it_was_created() -> None:
    from datetime import timedelta

    document = add(a_pdf(), created_on=clock.now() + timedelta(days=2))
    assert document.created_on <= document.added_at


def test_the_database_refuses_to_change_or_remove_a_document() -> None:
    add(a_pdf())
    with pytest.raises(IntegrityError, match="never changed nor removed"), transaction.atomic():
        CaseDocument.objects.update(name="Otro")
    with pytest.raises(IntegrityError, match="never changed nor removed"), transaction.atomic():
        CaseDocument.objects.all().delete()


def test_the_database_refuses_a_gap() -> None:
    document = add(a_pdf())
    with pytest.raises(IntegrityError, match="no gaps"), transaction.atomic():
        CaseDocument.objects.create(
            case_number=CASE,
            order=3,
            blob=document.blob,
            name="x",
            document_type="x",
            first_page=2,
            pages=1,
            created_on=clock.now(),
            added_at=clock.now(),
            added_by="x",
        )
