"""From the request to the signed document."""

import io
import json
import re
from datetime import UTC, datetime
from typing import Any

import pikepdf
import pytest
from cryptography.hazmat.primitives.serialization import Encoding
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.validation import validate_pdf_signature
from pyhanko_certvalidator import ValidationContext

from ruta.documents import jobs, keys, rendering, services, store
from ruta.documents.models import Output
from ruta.documents.templates import Template, gather, imports_of
from ruta.kernel import canonical, clock, events
from ruta.kernel.identifiers import parse_output_code
from ruta.kernel.ids import new_id
from ruta.kernel.models import DomainEvent

from .builders import DATA, an_output

pytestmark = pytest.mark.django_db


def pdf_of(output: Output) -> bytes:
    return store.read(output.pdf_sha256)


def test_the_request_gives_a_code_at_once_and_the_worker_the_document() -> None:
    output = an_output(render=False)
    assert parse_output_code(output.code) == output.code
    assert (output.pdf_sha256, output.issued_at) == ("", None)
    jobs.render(output.code)
    output.refresh_from_db()
    assert output.issued_at is not None
    assert pdf_of(output).startswith(b"%PDF-1.7")


def test_asked_twice_for_the_same_step_it_is_one_output() -> None:
    case = new_id()
    assert an_output(render=False, case_id=case) == an_output(render=False, case_id=case)
    assert Output.objects.count() == 1


def test_rendered_twice_it_is_the_same_document_and_told_once() -> None:
    output = an_output()
    before = output.pdf_sha256
    jobs.render(output.code)
    output.refresh_from_db()
    assert output.pdf_sha256 == before
    (news,) = DomainEvent.objects.filter(name="output.issued")
    assert news.payload == {"code": output.code, "case_id": str(output.case_id), "token": "7"}


def test_the_news_of_the_issue_carry_no_personal_data() -> None:
    an_output()
    for news in DomainEvent.objects.all():
        assert not re.search("Rojas|1020304050", json.dumps(news.payload))


def test_it_declares_pdf_a_3a_and_pdf_ua_1_and_stays_pdf_1_7() -> None:
    pdf = pdf_of(an_output())
    assert pdf.startswith(b"%PDF-1.7")
    with pikepdf.open(io.BytesIO(pdf)) as document:
        assert "/Version" not in document.Root
        with document.open_metadata() as metadata:
            assert (metadata["pdfaid:part"], metadata["pdfaid:conformance"]) == ("3", "A")
            assert metadata["pdfuaid:part"] == "1"
        assert document.Root.MarkInfo.Marked
        assert str(document.Root.Lang) == "es"
        assert document.Root.OutputIntents


def test_its_data_are_attached_for_machines() -> None:
    output = an_output()
    with pikepdf.open(io.BytesIO(pdf_of(output))) as document:
        (spec,) = document.Root.AF
        assert str(spec.AFRelationship) == "/Data"
        attached = json.loads(document.attachments["entry.json"].get_file().read_bytes())
    assert attached["code"] == output.code
    assert attached["entry"]["serial"] == "28451190"


def test_one_signature_of_ours_covers_the_whole_file() -> None:
    from asn1crypto import x509

    pdf = pdf_of(an_output())
    reader = PdfFileReader(io.BytesIO(pdf))
    (signature,) = reader.embedded_signatures
    authority = x509.Certificate.load(keys.signing_identity().chain[0].public_bytes(Encoding.DER))
    status = validate_pdf_signature(
        signature,
        ValidationContext(trust_roots=[authority], moment=datetime.now(UTC), allow_fetching=False),
    )
    assert status.bottom_line
    assert status.coverage and status.coverage.name == "ENTIRE_FILE"
    assert status.docmdp_ok
    assert signature.sig_object["/SubFilter"] == "/ETSI.CAdES.detached"
    assert signature.sig_field["/TU"].startswith("Registro civil de nacimiento")
    start, _gap, resume, rest = (int(number) for number in signature.byte_range)
    assert (start, resume + rest) == (0, len(pdf))


def test_the_invisible_field_lies_outside_the_page_and_prints() -> None:
    with pikepdf.open(io.BytesIO(pdf_of(an_output()))) as document:
        (field,) = document.Root.AcroForm.Fields
        assert [int(edge) for edge in field.Rect] == [-9999] * 4
        assert int(field.F) & 4


def test_without_a_time_stamping_authority_the_level_is_b_b() -> None:
    assert an_output().signature_level == "B-B"


def test_the_signature_is_dated_when_the_document_is_issued() -> None:
    with clock.moved(datetime(2024, 3, 5, 15, 30, tzinfo=UTC)):
        output = an_output()
    reader = PdfFileReader(io.BytesIO(pdf_of(output)))
    assert reader.embedded_signatures[0].self_reported_timestamp == datetime(2024, 3, 5, 15, 30, tzinfo=UTC)
    assert output.issued_at == datetime(2024, 3, 5, 15, 30, tzinfo=UTC)


def test_the_digest_of_the_data_is_that_of_their_canonical_form() -> None:
    output = an_output()
    assert output.data_sha256 == canonical.sha256_hex(canonical.dumps({"lang": "es", **DATA}))


def test_it_needs_no_font_of_the_machine() -> None:
    with pikepdf.open(io.BytesIO(pdf_of(an_output()))) as document:
        fonts = {str(font.BaseFont).split("+")[-1] for font in document.objects if is_font(font)}
    assert {font.split("-")[0] for font in fonts} == {"LibertinusSerif", "DejaVuSansMono"}


def is_font(item: Any) -> bool:
    return isinstance(item, pikepdf.Dictionary) and item.get("/Type") == "/Font" and "/BaseFont" in item


def test_a_template_with_a_fault_tells_its_author_where() -> None:
    with pytest.raises(rendering.TemplateError, match="unknown variable: nada"):
        rendering.render(Template.alone("#nada"), {}, at=datetime(2026, 1, 1, tzinfo=UTC))


def test_a_template_may_not_fetch_from_the_internet() -> None:
    with pytest.raises(rendering.TemplateError, match="package from the internet"):
        rendering.render(
            Template.alone('#import "@preview/cetz:0.3.0"'), {}, at=datetime(2026, 1, 1, tzinfo=UTC)
        )


@pytest.mark.parametrize("path", ["/etc/passwd", "../../../../etc/passwd"])
def test_a_template_may_not_read_files(path: str) -> None:
    with pytest.raises(rendering.TemplateError):
        rendering.render(Template.alone(f'#read("{path}")'), {}, at=datetime(2026, 1, 1, tzinfo=UTC))


def test_a_template_without_an_accessible_title_is_refused() -> None:
    with pytest.raises(rendering.TemplateError, match="PDF/UA-1"):
        rendering.render(Template.alone("Hola"), {}, at=datetime(2026, 1, 1, tzinfo=UTC))


def test_the_same_template_data_and_day_make_the_same_bytes() -> None:
    template = Template.alone(
        '#set document(title: "a", date: datetime(year: 2026, month: 1, day: 1))\n#sys.inputs.doc'
    )
    at = datetime(2026, 1, 1, tzinfo=UTC)
    assert rendering.render(template, {"a": 1}, at=at) == rendering.render(template, {"a": 1}, at=at)


def test_a_template_sees_the_files_that_it_imports_and_no_other() -> None:
    files = {
        "outputs/a.typ": '#import "_sheet.typ": hola\n#set document(title: "a")\n#hola',
        "outputs/_sheet.typ": '#let hola = [#include "parts/b.typ"]',
        "outputs/parts/b.typ": "Hola",
        "outputs/other.typ": "Otra",
    }
    template = gather("outputs/a.typ", files.__getitem__)
    assert sorted(template.files) == ["_sheet.typ", "a.typ", "parts/b.typ"]
    assert Template.unpacked(template.packed()) == template
    assert rendering.render(template, {}, at=datetime(2026, 1, 1, tzinfo=UTC)).startswith(b"%PDF")
    hidden = Template("a.typ", {"a.typ": '#include "other.typ"'})
    with pytest.raises(rendering.TemplateError, match="not found"):
        rendering.render(hidden, {}, at=datetime(2026, 1, 1, tzinfo=UTC))


def test_imports_are_read_with_their_lines_and_not_in_comments() -> None:
    text = (
        '// #import "no.typ"\n/* #include "no.typ"\n*/ #import "../a.typ": x\n'
        '#link("https://a.co")\n#include "@local/b:1"'
    )
    found = [(each.path, each.line, each.is_package) for each in imports_of("outputs/main.typ", text)]
    assert found == [("a.typ", 3, False), ("outputs/@local/b:1", 5, True)]


def test_erased_data_leave_the_document_and_its_state() -> None:
    output = an_output()
    services.erase_data(output.code)
    output.refresh_from_db()
    assert output.data is None
    assert pdf_of(output)
    assert output.data_sha256


def test_nothing_is_told_when_the_transaction_of_the_request_is_undone() -> None:
    heard: list[str] = []

    @events.handles("output.issued")
    def listen(news: events.News) -> None:
        heard.append(news.key)

    output = an_output(render=False)
    Output.objects.all().delete()
    jobs.render(output.code)
    assert heard == []


def test_the_qr_code_on_the_page_reads_back_as_the_signed_address() -> None:
    import pypdfium2
    import zxingcpp

    from ruta.documents import qr

    output = an_output()
    picture = pypdfium2.PdfDocument(pdf_of(output))[0].render(scale=1.6).to_pil()  # 115 dpi: a poor scan
    (code,) = zxingcpp.read_barcodes(picture)
    address, _, fragment = code.text.partition("#")
    assert address == qr.url(output.code)
    assert qr.open_fragment(fragment).code == output.code
    assert qr.open_fragment(fragment).holder == "MFRP 4050"


def test_with_a_time_stamping_authority_the_level_is_b_t(monkeypatch: pytest.MonkeyPatch) -> None:
    from asn1crypto import keys as asn1_keys
    from asn1crypto import x509
    from cryptography.hazmat.primitives.serialization import NoEncryption, PrivateFormat
    from pyhanko.sign.timestamps import DummyTimeStamper

    from ruta.documents import signing

    identity = keys.signing_identity()
    private = identity.key.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())
    authority = DummyTimeStamper(
        x509.Certificate.load(identity.certificate.public_bytes(Encoding.DER)),
        asn1_keys.PrivateKeyInfo.load(private),
    )
    monkeypatch.setattr(signing, "_time_stamper", lambda url: authority)
    output = an_output()
    assert output.signature_level == "B-T"
    signature = PdfFileReader(io.BytesIO(pdf_of(output))).embedded_signatures[0]
    attributes = [each["type"].native for each in signature.signer_info["unsigned_attrs"]]
    assert attributes == ["signature_time_stamp_token"]
