"""The page of a case: all of it on one screen, for who may see it and nobody else."""

import io
import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from PIL import Image
from tests.desk.desk_builders import BOOKS, MOTIVATION, PURPOSE, Office, desk, page_of, seen, task_of
from tests.web import filling, queries

from ruta.cases import history, services
from ruta.documents import services as documents
from ruta.documents.models import Output
from ruta.identity import services as identity
from ruta.identity.actors import actor_of_account
from ruta.kernel import audit
from ruta.kernel.identifiers import case_number
from ruta.payments.models import Charge

pytestmark = pytest.mark.django_db


def test_the_page_tells_what_is_asked_who_asks_and_what_the_registers_said(office: Office) -> None:
    case = office.asks()
    text = seen(desk(office.clara), page_of(case))
    for said in (
        case.number,
        "Soy apoderado de la inscrita",
        "Luis Quiroga Díaz",
        "Cédula de ciudadanía 52.148.963",
        "Portal",
        "Registro civil de nacimiento encontrado",
        "28451190",
        "Revisar el propósito",
        "Quedan",
        "10 días hábiles (Ley 1755 de 2015, art. 14",
    ):
        assert said in text, said


def test_nobody_reads_a_code_that_only_machines_use(office: Office) -> None:
    case = office.asks()
    services.claim(task_of(case).id, actor=office.clara)
    text = seen(desk(office.edgar), page_of(case)).replace("Regla y datos que vio", "")
    text = re.sub(r"who_may_ask · \S+", "", text)  # the rule's own id, for who checks it
    assert not re.search(r"registrar|weigh_purpose|\bofficial:|\banswer\b|find_in_books|\bportal\b", text)
    assert "Clara Inés Mojica" in text


def test_each_rule_is_explained_with_its_article(office: Office) -> None:
    text = seen(desk(office.clara), page_of(office.asks()))
    assert "Otro con propósito legítimo" in text
    assert "Decreto-Ley 1260 de 1970, art. 115" in text


def test_the_diagram_marks_where_the_case_is_and_what_is_behind_it(office: Office) -> None:
    html = desk(office.clara).get(page_of(office.asks())).content.decode()
    marked = {
        (element, state)
        for state, element in re.findall(r'class="[^"]*bpmn-(live|done)[^"]*" data-element="(\w+)"', html)
    }
    assert {("weigh_purpose", "live"), ("check_right", "done")} <= marked
    assert ("find_in_books", "live") not in marked
    assert "Está en: Revisar el propósito." in html


def test_documents_are_listed_with_a_picture_and_open(office: Office) -> None:
    case = office.asks({**BOOKS, **PURPOSE})
    services.complete(
        task_of(case).id, actor=office.clara, typed={"outcome": "grant", "motivation": MOTIVATION}
    )
    office.world.settle()
    office.world.pay(Charge.objects.get(case_number=case.number))
    output = Output.objects.get(case_number=case.number)
    client = desk(office.clara)
    assert output.code in seen(client, page_of(case))
    picture = client.get(f"{page_of(case)}resultados/{output.code}/vista.png")
    assert picture.content.startswith(b"\x89PNG")
    looked = audit.AccessRead.objects.filter(what="output", document_number=office.luis.document_number)
    assert [read.case_number for read in looked] == [case.number]
    opened = client.get(f"{page_of(case)}resultados/{output.code}/")
    assert b"".join(opened.streaming_content).startswith(b"%PDF")  # type: ignore[attr-defined]
    assert opened.headers["Content-Disposition"].startswith("inline")


def test_a_charge_lessened_by_receipts_is_told_by_what_is_due(office: Office) -> None:
    case = office.asks()
    history.append(
        case,
        "charged",
        actor=office.clara,
        public={"charge": "CO-1", "total": 10_000, "credited": 4_000, "due": 6_000},
    )
    history.write(case)
    assert "Se liquidó un cobro $ 6.000" in seen(desk(office.clara), page_of(case))
    assert "Se liquidó un cobro $ 6.000" in seen(
        filling.signed_in(office.luis), f"/mis-tramites/{case.number}/"
    )


def test_a_paper_of_the_file_opens_and_one_that_is_not_there_is_told(office: Office) -> None:
    case = office.asks()
    picture = io.BytesIO()
    Image.new("RGB", (60, 80), "white").save(picture, "PNG")
    sent = SimpleUploadedFile("poder.png", picture.getvalue())
    blob = documents.store_upload(sent, accept=["image/png"], max_mb=1)
    documents.add_document(
        case.number, blob=blob, name="poder.png", document_type="poder", added_by="person:luis"
    )
    client = desk(office.clara)
    text = seen(client, page_of(case))
    assert "poder.png" in text
    assert "folio 1" in text
    assert client.get(f"{page_of(case)}documentos/1/vista.png").status_code == 200
    assert client.get(f"{page_of(case)}documentos/1/").headers["Content-Type"] == "image/png"
    assert "Ese documento no está en el expediente" in seen(client, f"{page_of(case)}documentos/2/", 404)
    reads = audit.reads_about("52148963").filter(what="document", case_number=case.number)
    assert reads.count() == 2


def test_reading_a_case_is_written_in_the_log_of_reads(office: Office) -> None:
    case = office.asks()
    desk(office.clara).get(page_of(case))
    read = audit.reads_about("52148963").get(what="case")
    assert (read.case_number, read.actor_name) == (case.number, "Clara Inés Mojica")


def test_notes_are_kept_for_the_team_and_hidden_from_the_applicant(office: Office) -> None:
    case = office.asks()
    client = desk(office.clara)
    client.post(f"{page_of(case)}notas/", {"note": "Llamé al juzgado: confirman el proceso."})
    text = seen(desk(office.edgar), page_of(case))
    assert "Llamé al juzgado" in text
    assert "Clara Inés Mojica" in text
    assert "Llamé al juzgado" not in seen(filling.signed_in(office.luis), f"/mis-tramites/{case.number}/")


def test_a_note_that_cannot_be_taken_comes_back_as_it_was_written(office: Office) -> None:
    case = office.asks()
    long = "x" * 4001
    answer = desk(office.clara).post(f"{page_of(case)}notas/", {"note": long})
    assert answer.status_code == 422
    html = answer.content.decode()
    assert "escriba entre 1 y 4.000 caracteres" in html
    assert long in html


def test_a_second_official_is_shown_and_told(office: Office) -> None:
    case = office.asks()
    seen(desk(office.clara), page_of(case))
    assert "También lo tiene abierto: Clara Inés Mojica" in seen(desk(office.edgar), page_of(case))
    text = seen(desk(office.clara), f"{page_of(case)}presencia/?rev={case.rev}")
    assert "También lo tiene abierto: Édgar Barrera" in text
    assert "cambió" not in text


def test_who_has_the_page_open_is_told_when_the_case_changes(office: Office) -> None:
    case = office.asks()
    services.complete(
        task_of(case).id, actor=office.edgar, typed={"outcome": "grant", "motivation": MOTIVATION}
    )
    text = seen(desk(office.clara), f"{page_of(case)}presencia/?rev={case.rev}")
    assert "El expediente cambió mientras usted lo veía" in text


def strangers_desk(office: Office) -> Client:
    """An official of another agency."""
    agency = identity.define_agency(nit="899999034-1", name="Otra entidad")
    team = identity.define_team(agency, code="otra", name="Otra oficina")
    person = identity.register_person(
        given_names="Olga",
        first_surname="Paz",
        birth_date=None,
        document_type="CC",
        document_number="41000111",
    )
    account = identity.create_account("olga@otra.example.co", None, person=person, verified=True)
    identity.appoint_official(account, person=person, team=team, role="registrar")
    return desk(actor_of_account(account, desk=True, authenticator="very_high"))


@pytest.mark.parametrize("rest", ["", "presencia/", "documentos/1/", "resultados/AAAA-AAAA-AAAA/"])
def test_a_sealed_case_and_another_agencys_answer_exactly_like_an_unknown_number(
    office: Office, rest: str
) -> None:
    case = office.asks()
    unknown = f"/escritorio/expedientes/{case_number(2026, 'CRB', 999999)}/"
    stranger = strangers_desk(office)
    for client, found in ((stranger, case), (desk(office.beatriz), office.sealed(case))):
        answers = [client.get(f"{path}{rest}") for path in (page_of(found), unknown)]
        assert [answer.status_code for answer in answers] == [404, 404]
        said = [re.sub(r"2026-CRB-\d{6}-\d", "", answer.content.decode()) for answer in answers]
        assert said[0] == said[1]


def test_a_sealed_case_is_in_no_list_search_or_export_of_who_has_no_part_in_it(office: Office) -> None:
    case = office.asks()
    services.claim(task_of(case).id, actor=office.clara)
    office.sealed(case)
    mine, other = desk(office.clara), desk(office.beatriz)
    for path in (
        "/escritorio/?caja=team",
        "/escritorio/exportar/?caja=team",
        "/escritorio/buscar/?q=quiroga",
    ):
        assert case.number in mine.get(path).content.decode(), path
        assert case.number not in other.get(path).content.decode(), path


def test_searching_finds_decided_cases_too_with_their_outcome(office: Office) -> None:
    case = office.asks()
    services.withdraw(case, actor=office.luis)
    for query in (case.number, "52148963", "quiroga díaz"):
        text = seen(desk(office.clara), f"/escritorio/buscar/?q={query}")
        assert case.number in text, query
        assert "Retirado" in text
    assert "No hay expedientes con eso" in seen(desk(office.clara), "/escritorio/buscar/?q=nadie")


def test_searching_a_number_with_a_wrong_control_digit_says_so(office: Office) -> None:
    """Common facts CO-B05: the same words as at the address of the case."""
    case = office.asks()
    wrong = f"{case.number[:-1]}{(int(case.number[-1]) + 1) % 10}"
    text = seen(desk(office.clara), f"/escritorio/buscar/?q={wrong}")
    assert "el dígito de control no coincide" in text
    assert "No hay expedientes con eso" not in text
    assert "control digit does not match" in seen(
        desk(office.clara, django_language="en"), f"/escritorio/buscar/?q={wrong.lower().replace('-', ' ')}"
    )


def test_the_page_in_english_is_in_english(office: Office) -> None:
    case = office.asks()
    text = seen(desk(office.clara, django_language="en"), page_of(case))
    for said in ("What is asked", "Who asks", "Take the task", "Birth register", "Legal terms", "History"):
        assert said in text, said
    assert not re.search(r"Quién lo pide|Plazos legales|Historia", text)


def test_the_page_of_a_case_asks_the_database_no_more_often_when_it_holds_more(office: Office) -> None:
    case = office.asks()
    client = desk(office.clara)
    services.add_note(case, "La primera", actor=office.edgar)
    client.get(page_of(case))
    with queries.counted() as few:
        client.get(page_of(case))
    for number in range(20):
        services.add_note(case, f"Nota {number}", actor=office.edgar)
    with queries.counted() as many:
        client.get(page_of(case))
    assert queries.shapes(many) == queries.shapes(few)
    assert len(few) <= 27, "\n".join(queries.shapes(few))
