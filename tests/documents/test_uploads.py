"""What a person may send. Each refusal names the field, the fault and the cure, in both languages (CO-B15)."""

import io
import socket
import struct
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pikepdf
import pytest
from PIL import Image

from ruta.config import checks
from ruta.documents import services, store
from ruta.kernel.errors import Invalid, Unavailable

from .builders import an_output

pytestmark = pytest.mark.django_db
PAPER = ["application/pdf", "image/jpeg", "image/png"]


def a_pdf(change: Callable[[pikepdf.Pdf], None] = lambda pdf: None, pages: int = 1, **save: Any) -> bytes:
    pdf = pikepdf.new()
    for _ in range(pages):
        pdf.add_blank_page()
    change(pdf)
    out = io.BytesIO()
    pdf.save(out, **save)
    return out.getvalue()


def an_image(kind: str = "PNG", size: tuple[int, int] = (30, 40)) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", size, "white").save(out, kind)
    return out.getvalue()


def refusal(data: bytes, name: str = "soporte.pdf", max_mb: int = 10) -> tuple[str, str, str, str]:
    with pytest.raises(Invalid) as refused:
        services.store_upload(
            io.BytesIO(data), accept=PAPER, max_mb=max_mb, name=name, at="/purpose_document"
        )
    (problem,) = refused.value.problems
    return problem.at, problem.check, problem.say["es"], problem.say["en"]


def test_a_pdf_is_kept_under_the_digest_of_its_bytes() -> None:
    data = a_pdf()
    blob = services.store_upload(io.BytesIO(data), accept=PAPER, max_mb=10, name="a.pdf")
    assert blob.media_type == "application/pdf"
    assert store.path_of(blob.sha256).parts[-3:] == (blob.sha256[:2], blob.sha256[2:4], blob.sha256)
    assert store.read(blob.sha256) == data


def test_the_same_bytes_are_kept_once() -> None:
    data = an_image()
    first = services.store_upload(io.BytesIO(data), accept=PAPER, max_mb=10, name="a.png")
    second = services.store_upload(io.BytesIO(data), accept=PAPER, max_mb=10, name="b.png")
    assert first == second


def test_a_damaged_file_in_the_store_is_noticed() -> None:
    blob = services.store_bytes(b"original", media_type="text/plain")
    path = store.path_of(blob.sha256)
    path.chmod(0o600)
    path.write_bytes(b"changed")
    with pytest.raises(Exception, match=r"missing|damaged"):
        store.read(blob.sha256)


def test_nothing_is_left_aside_when_writing_fails(tmp_path: Path) -> None:
    def breaks() -> Iterator[bytes]:
        yield b"half"
        raise OSError("the network went")

    with pytest.raises(OSError, match="went"):
        store.write(breaks())
    assert [path for path in (tmp_path / "files").rglob("*") if path.is_file()] == []


def test_co_b15_a_program_that_says_pdf_is_refused() -> None:
    at, check, es, en = refusal(b"MZ\x90\x00" + b"\x00" * 200)
    assert (at, check) == ("/purpose_document", "file-type")
    assert es.startswith("Archivo: no es un PDF, es un programa.")
    assert "Imprímalo de nuevo a PDF o tómele una foto." in es
    assert "it is not a PDF, it is a program" in en


@pytest.mark.parametrize(
    ("data", "told"),
    [
        (b"\x7fELF" + b"\x00" * 50, "es un programa"),
        (b"#!/bin/sh\nrm -rf /", "es un programa"),
        (b"<!DOCTYPE html><script>alert(1)</script>", "es una página web"),
        (b"PK\x03\x04" + b"\x00" * 60, "un archivo comprimido"),
        (b"PK\x03\x04" + b"\x00" * 22 + b"word/document.xml", "un documento de Word"),
        (b"Esto es texto", "de un tipo que no se reconoce"),
        (an_image("PNG"), "es una imagen PNG"),
    ],
    ids=["elf", "script", "html", "zip", "word", "text", "png-called-pdf"],
)
def test_co_b15_what_is_no_pdf_is_refused_whatever_its_name(data: bytes, told: str) -> None:
    _, check, es, _ = refusal(data)
    assert check == "file-type"
    assert "no es un PDF" in es
    assert told in es


def with_script(pdf: pikepdf.Pdf) -> None:
    pdf.Root.OpenAction = pikepdf.Dictionary(S=pikepdf.Name.JavaScript, JS="app.alert(1)")


def with_launch_of_a_link(pdf: pikepdf.Pdf) -> None:
    link = pikepdf.Dictionary(
        Type=pikepdf.Name.Annot,
        Subtype=pikepdf.Name.Link,
        Rect=[0, 0, 9, 9],
        A=pikepdf.Dictionary(S=pikepdf.Name.Launch, F="cmd.exe"),
    )
    pdf.pages[0].Annots = pdf.make_indirect(pikepdf.Array([pdf.make_indirect(link)]))


def with_a_file_inside(pdf: pikepdf.Pdf) -> None:
    pdf.attachments["virus.exe"] = b"MZ"


def with_a_form_that_sends(pdf: pikepdf.Pdf) -> None:
    pdf.Root.AcroForm = pikepdf.Dictionary(
        Fields=[pikepdf.Dictionary(A=pikepdf.Dictionary(S=pikepdf.Name.SubmitForm, F="http://x"))]
    )


def with_an_xfa_form(pdf: pikepdf.Pdf) -> None:
    pdf.Root.AcroForm = pikepdf.Dictionary(XFA=pdf.make_stream(b"<xdp/>"))


def with_a_video(pdf: pikepdf.Pdf) -> None:
    pdf.pages[0].Annots = [pikepdf.Dictionary(Type=pikepdf.Name.Annot, Subtype=pikepdf.Name.RichMedia)]


@pytest.mark.parametrize(
    "change",
    [
        with_script,
        with_launch_of_a_link,
        with_a_file_inside,
        with_a_form_that_sends,
        with_an_xfa_form,
        with_a_video,
    ],
)
def test_co_b15_a_pdf_with_active_content_is_refused(change: Callable[[pikepdf.Pdf], None]) -> None:
    for packed in (False, True):
        mode = pikepdf.ObjectStreamMode.generate if packed else pikepdf.ObjectStreamMode.disable
        at, check, es, en = refusal(a_pdf(change, object_stream_mode=mode))
        assert (at, check) == ("/purpose_document", "file-active")
        assert es.startswith("Archivo: contiene un programa u otro archivo escondido")
        assert "Imprímalo de nuevo a PDF o tómele una foto." in es
        assert "Print it to PDF again or take a photo" in en


def test_a_name_written_in_escapes_hides_no_script() -> None:
    plain = a_pdf(with_script, object_stream_mode=pikepdf.ObjectStreamMode.disable)
    escaped = plain.replace(b"/JavaScript", b"/J#61vaScript").replace(b"/JS ", b"/#4aS ")
    assert escaped != plain
    assert refusal(escaped)[1] == "file-active"


def test_our_own_certificate_is_taken_although_it_carries_its_data() -> None:
    output = an_output()
    blob = services.store_upload(
        io.BytesIO(store.read(output.pdf_sha256)), accept=PAPER, max_mb=10, name="c.pdf"
    )
    assert blob.sha256 == output.pdf_sha256


def test_a_pdf_with_a_password_is_refused_with_its_cure() -> None:
    locked = a_pdf(encryption=pikepdf.Encryption(owner="a", user="b"))
    _, check, es, _ = refusal(locked)
    assert (check, "Guárdelo sin contraseña" in es) == ("file-locked", True)


def test_a_file_cut_in_half_is_refused() -> None:
    assert refusal(an_image("JPEG", (600, 600))[:900], "foto.jpg")[1] == "file-damaged"
    assert refusal(b"%PDF-1.7\nnada", "a.pdf")[1] == "file-damaged"


def test_an_image_that_would_fill_the_memory_is_refused() -> None:
    out = io.BytesIO()
    Image.new("1", (9000, 9000)).save(out, "PNG")
    assert len(out.getvalue()) < 50_000
    _, check, es, _ = refusal(out.getvalue(), "foto.png")
    assert (check, "menos resolución" in es) == ("file-pixels", True)


def test_a_photo_under_the_name_of_another_image_type_is_taken() -> None:
    blob = services.store_upload(io.BytesIO(an_image("PNG")), accept=PAPER, max_mb=10, name="IMG-01.jpg")
    assert blob.media_type == "image/png"


def a_bomb() -> bytes:
    import zlib

    def inflate(pdf: pikepdf.Pdf) -> None:
        stream = pikepdf.Stream(pdf, b"")
        stream.write(zlib.compress(b"\0" * 90_000_000, 9), filter=pikepdf.Name.FlateDecode)
        pdf.pages[0].Contents = pdf.make_indirect(stream)

    return a_pdf(inflate, stream_decode_level=pikepdf.StreamDecodeLevel.none, compress_streams=False)


def test_a_small_pdf_that_inflates_to_fill_the_memory_is_refused() -> None:
    bomb = a_bomb()
    assert len(bomb) < 100_000
    assert refusal(bomb)[1] == "file-damaged"


def test_a_pdf_with_an_enormous_picture_is_refused() -> None:
    def enormous(pdf: pikepdf.Pdf) -> None:
        picture = pikepdf.Stream(pdf, b"x", Subtype=pikepdf.Name.Image, Width=60_000, Height=60_000)
        pdf.pages[0].Resources = pikepdf.Dictionary(XObject=pikepdf.Dictionary(P=pdf.make_indirect(picture)))

    assert refusal(a_pdf(enormous))[1] == "file-damaged"


def test_an_empty_file_is_refused() -> None:
    assert refusal(b"")[1] == "file-empty"


def test_a_file_larger_than_the_limit_is_refused_with_both_sizes() -> None:
    _, check, es, en = refusal(b"%PDF-1.7" + b"0" * (2 * 1024 * 1024), max_mb=1)
    assert check == "file-size"
    assert "pesa 2 MB y el máximo es 1 MB" in es
    assert "is 2 MB and the most is 1 MB" in en


@pytest.fixture
def clamd(settings: object) -> Iterator[list[bytes]]:
    """A scanner that finds what contains EICAR, speaking clamd's INSTREAM and VERSION."""
    received: list[bytes] = []
    server = socket.create_server(("127.0.0.1", 0))

    def serve() -> None:
        while True:
            try:
                link, _ = server.accept()
            except OSError:
                return
            with link, link.makefile("rb") as stream:
                command = b""
                while not command.endswith(b"\0"):
                    command += stream.read(1)
                if command == b"zVERSION\0":
                    link.sendall(b"ClamAV 1.4.2/27500/Mon Mar 16 2026\0")
                    continue
                assert command == b"zINSTREAM\0"
                data = b""
                while size := struct.unpack("!I", stream.read(4))[0]:
                    data += stream.read(size)
                received.append(data)
                link.sendall(b"stream: Eicar-Signature FOUND\0" if b"EICAR" in data else b"stream: OK\0")

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    settings.CLAMD = f"127.0.0.1:{server.getsockname()[1]}"  # type: ignore[attr-defined]
    yield received
    server.close()


def test_a_virus_is_refused_by_its_name_and_not_kept(clamd: list[bytes]) -> None:
    data = a_pdf(lambda pdf: pdf.docinfo.update({"/Title": "EICAR"}))
    _, check, es, _ = refusal(data)
    assert (check, "Eicar-Signature" in es) == ("file-virus", True)
    assert clamd == [data]


def test_a_clean_file_is_scanned_and_kept(clamd: list[bytes]) -> None:
    blob = services.store_upload(io.BytesIO(a_pdf()), accept=PAPER, max_mb=10, name="a.pdf")
    assert store.read(blob.sha256) == clamd[0]


def test_a_scanner_that_is_configured_and_down_stops_the_upload(settings: object) -> None:
    settings.CLAMD = "127.0.0.1:1"  # type: ignore[attr-defined]
    with pytest.raises(Unavailable):
        services.store_upload(io.BytesIO(a_pdf()), accept=PAPER, max_mb=10, name="a.pdf")


def test_the_check_of_an_installation_says_whether_files_are_scanned(
    clamd: list[bytes], settings: object
) -> None:
    assert (checks._scanner().state, "ClamAV 1.4.2" in checks._scanner().said) == ("ok", True)
    settings.CLAMD = "127.0.0.1:1"  # type: ignore[attr-defined]
    assert checks._scanner().state == "missing"
    settings.CLAMD = ""  # type: ignore[attr-defined]
    assert (checks._scanner().state, "not scanned" in checks._scanner().said) == ("warning", True)
