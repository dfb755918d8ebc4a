"""The pages where a stranger checks a document, and their answers for machines."""

import io
from typing import Any

import pytest
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from ruta.documents import services, store

from .builders import an_output
from .test_verifying_a_file import printed_again, with_an_incremental_update

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _no_questions_yet() -> None:
    cache.clear()


def send(client: Client, data: bytes, name: str = "certificado.pdf", **more: Any) -> Any:
    file = SimpleUploadedFile(name, data, content_type="application/pdf")
    return client.post("/verificar/archivo/", {"archivo": file}, **more)


def test_a_code_typed_in_lower_case_without_hyphens_leads_to_its_page(client: Client) -> None:
    output = an_output()
    answer = client.get("/verificar/", {"codigo": output.code.lower().replace("-", "")})
    assert answer.status_code == 302
    assert answer["Location"] == f"/v/{output.code}"


def test_the_page_of_a_valid_code_says_so_in_words_and_shows_only_what_it_may(client: Client) -> None:
    output = an_output()
    page = client.get(f"/v/{output.code}").content.decode()
    for shown in (
        "Este documento existe y está vigente",
        "28451190",
        "M. F. R. P.",
        "4050",
        "Registrador especial",
        output.code,
    ):
        assert shown in page
    for hidden in ("Rojas", "María", "Lucía", "1020304050", "40 123 456", "Matrimonio"):
        assert hidden not in page


def test_the_page_needs_no_cookie_and_sets_none(client: Client) -> None:
    output = an_output()
    assert not client.get(f"/v/{output.code}").cookies
    assert not client.get("/verificar/").cookies


def test_it_speaks_english(client: Client) -> None:
    output = an_output()
    page = client.get(f"/v/{output.code}", headers={"accept-language": "en"}).content.decode()
    assert "This document exists and is valid" in page
    assert "Birth entry" in page
    assert "Special registrar" in page
    assert "Registrador" not in page


def test_a_superseded_document_says_since_when(client: Client) -> None:
    output = an_output()
    services.set_output_state(
        output.code, "superseded", {"es": "Se corrigió el registro.", "en": "Corrected."}
    )
    page = client.get(f"/v/{output.code}").content.decode()
    assert "ya no está al día" in page
    assert "Reemplazado desde el" in page
    assert "Se corrigió el registro." in page


def test_a_mistyped_code_keeps_what_was_typed_and_says_what_to_do(client: Client) -> None:
    answer = client.get("/verificar/", {"codigo": "K7QF-9M2P-XW4A"})
    page = answer.content.decode()
    assert answer.status_code == 422
    assert 'value="K7QF-9M2P-XW4A"' in page
    assert "hay una letra o un número equivocado" in page


def test_an_unknown_code_is_said_to_be_unknown(client: Client) -> None:
    answer = client.get("/v/K7QF-9M2P-XW4X")
    assert answer.status_code == 404
    assert "Ningún documento tiene este código" in answer.content.decode()


def test_four_files_get_four_different_answers(client: Client) -> None:
    output = an_output()
    pdf = store.read(output.pdf_sha256)
    place = len(pdf) // 2
    told = {
        "altered": send(client, pdf[:place] + bytes([pdf[place] ^ 8]) + pdf[place + 1 :]),
        "appended": send(client, with_an_incremental_update(pdf)),
        "copy": send(client, printed_again(pdf)),
        "foreign": send(client, b"%PDF-1.4 no es nuestro"),
    }
    titles = {
        "altered": "Este archivo fue cambiado después de firmarlo",
        "appended": "A este archivo le añadieron algo después de firmarlo",
        "copy": "Este archivo es una copia: por sí mismo no prueba nada",
        "foreign": "No encontramos nuestra firma ni nuestro código",
    }
    for kind, answer in told.items():
        page = answer.content.decode()
        assert [each for each, title in titles.items() if title in page] == [kind]
        assert ("Lo que dice el original" in page) == (kind != "foreign")


def test_the_very_file_is_told_as_such(client: Client) -> None:
    output = an_output()
    page = send(client, store.read(output.pdf_sha256)).content.decode()
    assert "Este es el archivo que expedimos, sin ningún cambio" in page


def test_a_machine_gets_json_at_the_same_address(client: Client) -> None:
    output = an_output()
    answer = client.get(f"/v/{output.code}", headers={"accept": "application/json"})
    assert answer["Content-Type"] == "application/json"
    told = answer.json()
    assert told["verdict"] == "valid"
    assert told["original"]["shown"] == {
        "kind": {"es": "Certificado", "en": "Certificate"},
        "serial": "28451190",
        "initials": "M. F. R. P.",
        "nuip_last_4": "4050",
    }


def test_a_machine_gets_a_problem_for_an_unknown_code(client: Client) -> None:
    answer = client.get("/v/K7QF-9M2P-XW4X", headers={"accept": "application/json"})
    assert answer.status_code == 404
    assert answer["Content-Type"] == "application/problem+json"
    assert answer.json()["type"] == "urn:ruta:problem:unknown-code"


def test_a_file_of_60_mb_is_refused_before_it_is_read(client: Client) -> None:
    class Unread(io.BytesIO):
        def read(self, *_: object) -> bytes:
            raise AssertionError("the body was read")

    environment: dict[str, Any] = {"wsgi.input": Unread()}
    answer = client.generic(
        "POST",
        "/verificar/archivo/",
        b"",
        content_type="multipart/form-data; boundary=x",
        CONTENT_LENGTH=str(60 * 1024 * 1024),
        **environment,
    )
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "pesa 60 MB y el máximo es 25 MB" in page


def test_no_file_is_told_beside_the_question(client: Client) -> None:
    answer = client.post("/verificar/archivo/")
    assert answer.status_code == 422
    assert "Archivo: no llegó ninguno" in answer.content.decode()


def test_guessing_codes_is_slowed_down(client: Client) -> None:
    for _ in range(60):
        client.get("/v/K7QF-9M2P-XW4X")
    answer = client.get("/v/K7QF-9M2P-XW4X")
    assert answer.status_code == 429
    assert answer["Retry-After"] == "60"
    assert client.get("/v/K7QF-9M2P-XW4X", REMOTE_ADDR="203.0.113.9").status_code == 404


def test_the_public_keys_are_published_for_other_readers(client: Client) -> None:
    keys = client.get("/verificar/llaves.json").json()["keys"]
    assert {"kty", "crv", "kid", "x", "y"} == set(keys[0])


def test_the_downloaded_folder_works_without_the_portal(client: Client) -> None:
    import zipfile

    archive = zipfile.ZipFile(io.BytesIO(client.get("/verificar/sin-conexion/verificador.zip").content))
    page = archive.read("verificador/index.html").decode()
    assert "/static/" not in page
    assert 'id="qr-keys"' in page
    assert archive.read("verificador/offline.js")
