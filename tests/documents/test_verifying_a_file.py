"""A stranger holds a file. Four answers say that it is not the document itself."""

import io
from datetime import UTC, datetime
from typing import Any

import pikepdf
import pypdfium2
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import Image

from ruta.documents import rendering, services, store
from ruta.documents.models import Output
from ruta.documents.selectors import verify_pdf
from ruta.documents.templates import Template

from .builders import an_output

pytestmark = pytest.mark.django_db


def issued() -> tuple[Output, bytes]:
    output = an_output()
    return output, store.read(output.pdf_sha256)


def with_an_incremental_update(pdf: bytes) -> bytes:
    from pyhanko.pdf_utils import generic
    from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter

    writer: Any = IncrementalPdfFileWriter(io.BytesIO(pdf))
    writer.root["/Lang"] = generic.TextStringObject("fr")
    writer.update_root()
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def printed_again(pdf: bytes) -> bytes:
    """What a PDF printer makes: new objects, no signature, no attachment."""
    source = pypdfium2.PdfDocument(pdf)
    target = pypdfium2.PdfDocument.new()
    target.import_pages(source)
    out = io.BytesIO()
    target.save(out)
    with pikepdf.open(out) as document:
        for page in document.pages:
            del page["/Annots"]
        document.remove_unreferenced_resources()
        clean = io.BytesIO()
        document.save(clean)
    return clean.getvalue()


def test_the_very_file_is_valid() -> None:
    output, pdf = issued()
    verdict = verify_pdf(pdf)
    assert (verdict.kind, verdict.code, verdict.exact) == ("valid", output.code, True)


def test_the_very_file_of_a_revoked_output_is_revoked() -> None:
    output, pdf = issued()
    services.set_output_state(output.code, "revoked", {"es": "Anulado.", "en": "Annulled."})
    verdict = verify_pdf(pdf)
    assert verdict.kind == "revoked"
    assert verdict.original and verdict.original.reason["es"] == "Anulado."


def test_a_changed_byte_is_told_as_altered() -> None:
    output, pdf = issued()
    place = len(pdf) // 3
    verdict = verify_pdf(pdf[:place] + bytes([pdf[place] ^ 1]) + pdf[place + 1 :])
    assert (verdict.kind, verdict.code) == ("altered", output.code)


def test_an_incremental_update_is_told_as_something_added_after_the_signature() -> None:
    output, pdf = issued()
    changed = with_an_incremental_update(pdf)
    assert changed.startswith(pdf)
    verdict = verify_pdf(changed)
    assert (verdict.kind, verdict.code) == ("appended", output.code)
    assert verdict.added_bytes == len(changed) - len(pdf)


def test_one_byte_after_the_end_is_also_something_added() -> None:
    _, pdf = issued()
    assert verify_pdf(pdf + b"\n").kind == "appended"


def test_a_printers_copy_is_told_as_a_copy_with_the_state_of_the_original() -> None:
    output, pdf = issued()
    copy = printed_again(pdf)
    assert b"/ByteRange" not in copy
    services.set_output_state(output.code, "superseded", {"es": "Corregido.", "en": "Corrected."})
    verdict = verify_pdf(copy)
    assert (verdict.kind, verdict.code) == ("copy", output.code)
    assert verdict.original and verdict.original.state == "superseded"


def test_a_file_saved_again_without_its_signature_is_a_copy() -> None:
    output, pdf = issued()
    with pikepdf.open(io.BytesIO(pdf)) as document:
        del document.Root.AcroForm
        del document.Root.Perms
        for page in document.pages:
            del page["/Annots"]
        out = io.BytesIO()
        document.save(out, normalize_content=True)
    verdict = verify_pdf(out.getvalue())
    assert (verdict.kind, verdict.code) == ("copy", output.code)


def test_another_document_that_names_the_code_in_its_text_is_a_copy() -> None:
    output, _ = issued()
    letter = rendering.render(
        Template.alone(
            f'#set document(title: "Carta", date: datetime(year: 2026, month: 1, day: 1))\nAnexo: {output.code}.'
        ),
        {},
        at=datetime(2026, 1, 1, tzinfo=UTC),
    )
    assert verify_pdf(letter).kind == "copy"


def test_a_forgery_signed_by_somebody_else_is_a_copy_with_a_strange_signature() -> None:
    from cryptography.hazmat.primitives.asymmetric import rsa

    from ruta.documents import keys, signing

    output, pdf = issued()
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    name = keys._name("Registraduría (falsa)")
    certificate = keys._certificate(subject=name, key=key, issuer=name, issuer_key=key, ca=False)
    identity = keys.SigningIdentity(key, certificate, ())
    forged, _ = signing.sign(
        printed_again(pdf),
        at=datetime(2026, 1, 1, tzinfo=UTC),
        reason="",
        role="x",
        title="x",
        identity=identity,
    )
    verdict = verify_pdf(forged)
    assert (verdict.kind, verdict.code, verdict.foreign_signature) == ("copy", output.code, True)


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"hola",
        b"%PDF-1.7\n%%EOF",
        b"%PDF-1.4\n" + b"\x00" * 5000,
        b"/ByteRange [0 1 2 999999999999]" * 50,
    ],
    ids=["empty", "text", "hollow", "zeros", "absurd-ranges"],
)
def test_what_is_nothing_of_ours_is_foreign(data: bytes) -> None:
    assert verify_pdf(data).kind == "foreign"


def test_a_file_that_would_fill_the_memory_is_answered_without_opening_it() -> None:
    from .test_uploads import a_bomb

    assert verify_pdf(a_bomb()).kind == "foreign"


def test_a_foreign_pdf_is_foreign() -> None:
    _, _ = issued()
    letter = rendering.render(
        Template.alone(
            '#set document(title: "Carta", date: datetime(year: 2026, month: 1, day: 1))\nSin código.'
        ),
        {},
        at=datetime(2026, 1, 1, tzinfo=UTC),
    )
    assert verify_pdf(letter).kind == "foreign"


def test_a_photo_is_foreign() -> None:
    out = io.BytesIO()
    Image.new("RGB", (20, 20)).save(out, "PNG")
    assert verify_pdf(out.getvalue()).kind == "foreign"


def test_a_code_that_was_never_issued_makes_no_copy() -> None:
    letter = rendering.render(
        Template.alone(
            '#set document(title: "Carta", date: datetime(year: 2026, month: 1, day: 1))\nK7QF-9M2P-XW4X'
        ),
        {},
        at=datetime(2026, 1, 1, tzinfo=UTC),
    )
    assert verify_pdf(letter).kind == "foreign"


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(place=st.floats(0, 1, exclude_max=True), mask=st.integers(1, 255))
def test_flipping_any_single_byte_never_verifies_as_valid(
    certificate: bytes, place: float, mask: int
) -> None:
    at = int(place * len(certificate))
    changed = certificate[:at] + bytes([certificate[at] ^ mask]) + certificate[at + 1 :]
    assert verify_pdf(changed).kind == "altered"


@pytest.fixture
def certificate() -> bytes:
    return issued()[1]
