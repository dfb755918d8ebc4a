"""Many applications in one file at the desk: template, upload, preview, confirm, progress, answers."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from tests.cases.test_bulk_filing import death, table
from tests.desk.desk_builders import Office, desk, words_of

from ruta.cases.models import Batch, Case
from ruta.kernel import jobs

pytestmark = pytest.mark.django_db
DEATH = "/escritorio/tramites/civil-registration/death/"
UPLOAD = f"{DEATH}archivo/"


def upload(client: Client, data: bytes, name: str = "muertes.csv") -> Batch:
    answer = client.post(UPLOAD, {"archivo": SimpleUploadedFile(name, data)})
    batch = Batch.objects.latest("created_at")
    assert answer["Location"] == f"/escritorio/lotes/{batch.pk}/"
    return batch


def read(client: Client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200, answer
    return words_of(answer.content.decode())


def test_from_the_template_to_an_answer_per_line(office: Office) -> None:
    clara = desk(office.clara)
    assert UPLOAD in clara.get(DEATH).content.decode()
    page = read(clara, UPLOAD)
    assert "código de la lista registry_offices" in page and "Fecha de la muerte" in page
    head = clara.get(f"{UPLOAD}plantilla.csv").content.decode("utf-8-sig").strip()
    assert head.startswith("_key;situation;")
    batch = upload(clara, table(death(1), death(2, death_date="20/03/2026", known_on="20/03/2026"), death(3)))
    page = read(clara, f"/escritorio/lotes/{batch.pk}/")
    assert "De las primeras 3 filas, 1 tiene algo por corregir." in page and "está en el futuro" in page
    assert "CSV · UTF-8 · punto y coma" in page
    clara.post(f"/escritorio/lotes/{batch.pk}/", {"action": "confirm"})
    assert "Van 0 de 3" in read(clara, f"/escritorio/lotes/{batch.pk}/avance/")
    jobs.run_due()
    page = read(clara, f"/escritorio/lotes/{batch.pk}/")
    assert "Radicadas 2" in page and "No radicadas 1" in page and "Terminó" in page
    answer = clara.get(f"/escritorio/lotes/{batch.pk}/respuestas.csv")
    given = b"".join(answer.streaming_content).decode("utf-8-sig")  # type: ignore[attr-defined]
    assert given.count("2026-CRB-") == 2 and "death_date;in-future" in given
    assert Case.objects.filter(act="death").count() == 2
    assert desk(office.edgar).get(f"/escritorio/lotes/{batch.pk}/").status_code == 404


def test_what_cannot_be_read_comes_back_with_every_fault_and_a_discarded_file_is_gone(office: Office) -> None:
    clara = desk(office.clara)
    wrong = table({**death(1), "fecha": "1"}).replace(b"cause_type", b"cause_typ")
    answer = clara.post(UPLOAD, {"archivo": SimpleUploadedFile("m.csv", wrong)})
    page = words_of(answer.content.decode())
    assert answer.status_code == 422
    assert (
        "la columna «fecha»" in page
        and "¿quiso decir «cause_type»?" in page
        and "Falta la columna «cause_type»" in page
    )
    assert clara.post(UPLOAD).status_code == 422
    large = clara.generic(
        "POST", UPLOAD, b"x", content_type="multipart/form-data; boundary=x", CONTENT_LENGTH=str(60 << 20)
    )
    assert large.status_code == 413 and "20 MB" in words_of(large.content.decode())
    batch = upload(clara, table(death(1)))
    clara.post(f"/escritorio/lotes/{batch.pk}/", {"action": "discard"})
    assert not Batch.objects.exists() and not Case.objects.filter(act="death").exists()


def test_who_may_not_file_the_act_sees_no_page_for_files(office: Office) -> None:
    treasurer = desk(office.world.person("tomas", {"role": "treasurer", "office": "1501-15001"}))
    assert treasurer.get(UPLOAD).status_code == 403
    assert desk(office.clara).get("/escritorio/tramites/civil-registration/copy/archivo/").status_code == 403
