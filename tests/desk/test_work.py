"""Deciding, entering, approving: what is wrong is said beside what was written, and nothing written is lost."""

import html
import re

import pytest
from django.test import Client
from tests.definitions.definitions_builders import changed
from tests.desk.desk_builders import (
    BOOKS,
    MOTIVATION,
    WRITTEN,
    Office,
    desk,
    page_of,
    seen,
    task_of,
    words_of,
)

from ruta.cases import services
from ruta.cases.models import Case, Task
from ruta.definitions.services import publish
from ruta.kernel import clock
from ruta.payments.models import Charge
from ruta.registers.models import Entry

pytestmark = pytest.mark.django_db
DECIDED = {"outcome": "grant", "motivation": MOTIVATION}


def taken(office: Office, case: Case) -> Client:
    """Clara's browser, with the task of the case hers."""
    services.claim(task_of(case).id, actor=office.clara)
    return desk(office.clara)


def address(task: Task) -> str:
    return f"/escritorio/tareas/{task.id}/"


def test_coming_back_to_the_address_of_a_refused_decision_leads_to_the_case(office: Office) -> None:
    case = office.asks()
    client = taken(office, case)
    assert client.post(address(task_of(case)), {"outcome": "grant"}).status_code == 422
    back = client.get(address(task_of(case)))
    assert (back.status_code, back["Location"]) == (302, page_of(case))


def test_the_outcomes_are_those_that_the_diagram_names(office: Office) -> None:
    published = changed("acts/copy/process.bpmn", 'value="grant, refuse"', 'value="approve, reject"')
    for reasons in published.under("acts/copy/reasons/"):  # they argue for outcomes that are no more
        published = published.replace(reasons, None)
    publish(published, in_force_from=clock.today())
    case = office.asks()
    client = taken(office, case)
    text = seen(client, page_of(case))
    assert "Aprobar" in text
    assert "Conceder" not in text
    assert client.post(address(task_of(case)), DECIDED).status_code == 422


def test_a_decision_with_its_motivation_lets_the_case_go_on(office: Office) -> None:
    case = office.asks()
    client = taken(office, case)
    case.refresh_from_db()
    answer = client.post(address(task_of(case)), {**DECIDED, "rev": case.rev})
    assert answer.headers["Location"] == "/escritorio/"
    assert f"Terminó la tarea «Revisar el propósito» del expediente {case.number}" in seen(
        client, "/escritorio/"
    )
    office.world.settle()
    assert Charge.objects.get(case_number=case.number).status == "open"
    text = seen(client, page_of(case))
    assert "Nada que hacer por ahora" in text
    assert "Se terminó una tarea" in text


def test_co_b16_a_motivation_of_fewer_than_forty_characters_is_refused_with_words(office: Office) -> None:
    case = office.asks()
    client = taken(office, case)
    answer = client.post(address(task_of(case)), {"outcome": "refuse", "motivation": "No procede."})
    assert answer.status_code == 422
    page = answer.content.decode()
    assert "nombre al menos un hecho de este expediente y una norma" in page
    assert 'href="#f-motivation"' in page
    assert "No procede.</textarea>" in page
    assert re.search(r'value="refuse" checked', page)
    assert task_of(case).status == "open"


def test_without_a_choice_the_decision_is_asked_for_by_its_field(office: Office) -> None:
    case = office.asks()
    answer = taken(office, case).post(address(task_of(case)), {"motivation": MOTIVATION})
    assert answer.status_code == 422
    assert 'href="#f-outcome-0"' in answer.content.decode()


def test_when_the_case_changed_meanwhile_the_motivation_stays_and_one_confirms_again(office: Office) -> None:
    case = office.asks()
    client = taken(office, case)
    case.refresh_from_db()
    stale = case.rev
    Case.objects.filter(id=case.id).update(rev=stale + 1)
    answer = client.post(address(task_of(case)), {**DECIDED, "rev": stale})
    assert answer.status_code == 409
    page = html.unescape(answer.content.decode())
    assert "El expediente cambió mientras usted escribía" in page
    assert f"{MOTIVATION}</textarea>" in page
    assert f'name="rev" value="{stale + 1}"' in page
    again = client.post(address(task_of(case)), {**DECIDED, "rev": stale + 1})
    assert again.status_code == 302


@pytest.mark.parametrize("meanwhile", ["taken", "done"])
def test_what_was_written_for_a_task_that_is_anothers_by_now_is_shown_to_be_copied(
    office: Office, meanwhile: str
) -> None:
    case = office.asks()
    task = task_of(case)
    if meanwhile == "taken":
        services.claim(task.id, actor=office.edgar)
    else:
        services.complete(task.id, actor=office.edgar, typed={"outcome": "refuse", "motivation": MOTIVATION})
    answer = desk(office.clara).post(address(task), DECIDED)
    assert answer.status_code == 409
    text = html.unescape(words_of(answer.content.decode()))
    assert f"Lo que usted escribió Decisión Conceder Motivación {MOTIVATION}" in text
    told = {"taken": "La tarea la tiene Édgar Barrera", "done": "Esta tarea ya se terminó"}
    assert told[meanwhile] in text


def test_when_the_session_ended_what_was_written_comes_back(office: Office) -> None:
    case = office.asks()
    path = address(task_of(case))
    answer = Client().post(path, DECIDED)
    assert answer.status_code == 403
    page = html.unescape(answer.content.decode())
    assert "Su sesión terminó" in page
    assert f'name="motivation" value="{MOTIVATION}"' in page
    assert f'action="{path}"' in page


def test_a_page_open_too_long_carries_the_motivation_with_a_new_token(office: Office) -> None:
    case = office.asks()
    services.claim(task_of(case).id, actor=office.clara)
    client = Client(enforce_csrf_checks=True)
    client.cookies = desk(office.clara).cookies
    answer = client.post(address(task_of(case)), DECIDED)
    assert answer.status_code == 403
    page = html.unescape(answer.content.decode())
    assert MOTIVATION in page
    token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', page)
    assert token is not None
    assert task_of(case).status == "open"
    again = client.post(address(task_of(case)), {**DECIDED, "csrfmiddlewaretoken": token[1]})
    assert again.status_code == 302


def test_a_task_of_another_group_is_refused_by_its_peoples_name(office: Office) -> None:
    case = office.asks()
    answer = desk(office.beatriz).post(address(task_of(case)), DECIDED)
    assert answer.status_code == 403
    assert "Esta tarea es de otro grupo: Registrador · " in answer.content.decode()


def test_who_prepared_may_not_approve(office: Office) -> None:
    case = office.asks()
    task = task_of(case)
    Task.objects.create(
        case=case,
        token=900,
        node="prepare",
        form_key="ruta.decide",
        groups=["registrar"],
        due_on=task.due_on,
        created_at=task.created_at,
        status="done",
        done_by_id=office.clara.official_id,
        done_at=task.created_at,
    )
    Task.objects.filter(id=task.id).update(not_by=["prepare"])
    client = desk(office.clara)
    assert "Quien preparó no aprueba" in seen(client, page_of(case))
    assert client.post(address(task), DECIDED).status_code == 403
    client.post("/escritorio/tomar-siguiente/")
    assert task_of(case).assignee_id is None
    assert desk(office.edgar).post(address(task), DECIDED).status_code == 302


def test_the_entry_is_typed_from_the_books_with_what_the_application_says_filled_in(office: Office) -> None:
    case = office.asks(BOOKS, pays=True)
    page = taken(office, case).get(page_of(case)).content.decode()
    assert 'name="given_names" value="José"' in page
    assert 'name="birth_date.year" value="1951"' in page
    assert '<option value="15001">Tunja</option>' in page


def test_a_wrong_entry_comes_back_with_each_fault_beside_its_field(office: Office) -> None:
    case = office.asks(BOOKS, pays=True)
    client = taken(office, case)
    wrong = {**WRITTEN, "serial": "12A", "entry_date.month": "13", "given_names": ""}
    answer = client.post(address(task_of(case)), wrong)
    assert answer.status_code == 422
    page = html.unescape(answer.content.decode())
    assert "Son de 8 a 10 dígitos, sin espacios." in page
    assert "Fecha de inscripción: el mes 13 no existe." in page
    assert ">Nombres: falta. Escriba este dato.</a>" in page
    for field in ("f-serial", "f-entry_date-day", "f-given_names"):
        assert f'href="#{field}"' in page
        assert f'id="{field}"' in page
    assert 'name="serial" value="12A"' in page
    assert 'name="entry_date.month" value="13"' in page


@pytest.mark.parametrize(
    ("typed", "field", "said"),
    [
        ({"given_names": "Mar1a"}, "f-given_names", "Nombres: no puede llevar números."),  # CO-B08
        (
            {"birth_place": "05999"},  # CO-B07
            "f-birth_place",
            "Municipio de nacimiento: en la lista ninguno tiene el código 05999. Elíjalo de la lista.",
        ),
        (
            {"birth_place": "5001"},  # CO-B07
            "f-birth_place",
            "Municipio de nacimiento: el código tiene cinco cifras (¿05001 Medellín?). Elíjalo de la lista.",
        ),
        (
            {"birth_place": "Medelin"},
            "f-birth_place",
            "en la lista ninguno tiene el código Medelin (¿05001 Medellín?).",
        ),
        ({"office": "9999-99999"}, "f-office", "Oficina: en la lista ninguno tiene el código 9999-99999."),
        (
            {"mother.names": "Ana Rojas", "mother.type": "CC", "mother.number": "52.148.96A"},  # CO-B02
            "f-mother-number",
            "Número: solo lleva números. Escríbalo sin letras, puntos ni espacios.",
        ),
        (
            {"birth_date.year": "2051", "entry_date.year": "2051"},
            "f-birth_date-day",
            "Fecha de nacimiento: está en el futuro. Copie la que dice el folio.",
        ),
        (
            {"entry_date.day": "13"},
            "f-entry_date-day",
            "Fecha de inscripción: es anterior al nacimiento. Revise las dos fechas.",
        ),
    ],
)
def test_what_no_book_can_say_is_refused_beside_its_field_and_nothing_is_entered(
    office: Office, typed: dict[str, str], field: str, said: str
) -> None:
    case = office.asks(BOOKS, pays=True)
    wrong = {**WRITTEN, **typed}
    answer = taken(office, case).post(address(task_of(case)), wrong)
    assert answer.status_code == 422
    page = html.unescape(answer.content.decode())
    assert said in page
    assert f'href="#{field}"' in page
    assert all(f'value="{value}"' in page for name, value in typed.items() if name != "office")
    assert not Entry.objects.filter(register="birth", data__serial=WRITTEN["serial"]).exists()


def test_what_the_books_say_becomes_an_entry_and_the_document_is_issued(office: Office) -> None:
    case = office.asks(BOOKS, pays=True)
    assert taken(office, case).post(address(task_of(case)), WRITTEN).status_code == 302
    office.world.settle()
    case.refresh_from_db()
    assert case.outcome == "granted"
    text = seen(desk(office.clara), page_of(case))
    assert "Se hizo un asiento en el registro" in text
    assert "Concedido" in text
    assert "El expediente ya se decidió" in text


WEDDING = {
    "search_by": "names",
    "spouse_names": "José Rojas Pinto",
    "celebration_date": "12/10/1968",
    "office": "1501-15001",
    "kind": "certificate",
    "copies": "1",
    "delivery": "online",
}
WEDDING_WRITTEN = {
    "serial": "10233899",
    "office": "1501-15001",
    "entry_date.day": "14",
    "entry_date.month": "10",
    "entry_date.year": "1968",
    "spouse_a.names": "Carmen Ortiz Vargas",
    "spouse_b.names": "José Rojas Pinto",
    "celebration_date.day": "12",
    "celebration_date.month": "10",
    "celebration_date.year": "1968",
    "celebration_place": "15001",
    "celebrant_type": "religious",
    "legitimated_children": "1020304050, 1020304051",
}


def test_an_entry_that_names_two_persons_is_typed_person_by_person(office: Office) -> None:
    case = office.asks(WEDDING, act="marriage-copy", pays=True)
    client = taken(office, case)
    assert "Segundo contrayente: Nombres y apellidos" in seen(client, page_of(case))
    wrong = {**WEDDING_WRITTEN, "spouse_b.names": "", "legitimated_children": "1020304050, 10A"}
    page = html.unescape(client.post(address(task_of(case)), wrong).content.decode())
    for field in ("f-spouse_b-names", "f-legitimated_children"):
        assert f'href="#{field}"' in page
    assert 'value="1020304050, 10A"' in page
    assert client.post(address(task_of(case)), WEDDING_WRITTEN).status_code == 302
    office.world.settle()
    case.refresh_from_db()
    assert case.outcome == "granted"
    entry = Entry.objects.get(register="marriage")
    assert entry.data["legitimated_children"] == ["1020304050", "1020304051"]


def test_what_is_not_found_goes_back_to_the_payer_when_another_official_approves(office: Office) -> None:
    case = office.asks(BOOKS, pays=True)
    client = taken(office, case)
    assert client.post(address(task_of(case)), {"not_found": "true"}).status_code == 302
    office.world.settle()
    refund = task_of(case)
    text = seen(client, page_of(case))
    assert re.search(r"Es para: Supervisor · \S+\.", text)
    boss = desk(office.beatriz)
    services.claim(refund.id, actor=office.beatriz)
    text = seen(boss, page_of(case))
    assert "Se devuelven $ 6.000 a quien pagó" in text
    assert boss.post(address(refund), {}).status_code == 302
    office.world.settle()
    assert Charge.objects.get(case_number=case.number).status == "refunded"


def test_claiming_what_another_has_taken_is_told_by_name(office: Office) -> None:
    case = office.asks()
    services.claim(task_of(case).id, actor=office.edgar)
    client = desk(office.clara)
    client.post(f"{address(task_of(case))}tomar/")
    text = seen(client, page_of(case))
    assert "Esta tarea ya la tomó Édgar Barrera" in text
    assert "La tiene Édgar Barrera" in text
