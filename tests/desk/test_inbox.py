"""The inbox: what is due first stands first; it is paged by key, filtered, searched, taken and exported."""

import csv
import io
import re
from datetime import date, timedelta

import openpyxl
import pytest
from tests.desk.desk_builders import BOOKS, MOTIVATION, PURPOSE, Office, desk, page_of, seen, task_of
from tests.web import queries

from ruta.cases import selectors, services
from ruta.cases.models import Case, FlowToken, Task
from ruta.cases.selectors import desk as desk_selectors
from ruta.kernel import audit, clock

pytestmark = pytest.mark.django_db
TEAM = "/escritorio/?caja=team"


def numbers_in(text: str) -> list[str]:
    return list(dict.fromkeys(re.findall(r"2026-CRB-\d{6}-\d", text)))


def test_what_is_due_first_stands_first(office: Office) -> None:
    first, second, third = (office.asks() for _ in range(3))
    for case, days in ((first, 9), (second, 2), (third, 5)):
        Task.objects.filter(case=case).update(due_on=date(2026, 3, 16) + timedelta(days=days))
    shown = numbers_in(seen(desk(office.clara), TEAM))
    assert shown == [second.number, third.number, first.number]


def test_due_dates_are_told_in_words(office: Office) -> None:
    cases = [office.asks() for _ in range(5)]
    for case, days in zip(cases, (-2, -1, 0, 1, 2), strict=True):
        Task.objects.filter(case=case).update(due_on=date(2026, 3, 17) + timedelta(days=days))
    clock.set_clock(clock.now() + timedelta(days=1))
    text = seen(desk(office.clara), TEAM)
    for said in ("venció el 15 de marzo de 2026", "venció ayer", "hoy", "mañana", "2 días hábiles"):
        assert said in text, said


def test_a_long_inbox_is_paged_by_key_and_shows_each_task_once(office: Office) -> None:
    made = {office.asks().number for _ in range(30)}
    client = desk(office.clara)
    html = client.get(TEAM).content.decode()
    following = re.search(r'rel="next" href="([^"]+)"', html)
    assert following is not None
    second = client.get(f"/escritorio/{following[1].replace('&amp;', '&')}").content.decode()
    pages = [numbers_in(html), numbers_in(second)]
    assert [len(page) for page in pages] == [25, 5]
    assert {*pages[0], *pages[1]} == made


def test_a_key_that_no_page_gave_is_refused_in_words(office: Office) -> None:
    office.asks()
    assert "Empiece otra vez desde la primera" in seen(desk(office.clara), f"{TEAM}&despues=abc_1", 422)


def test_it_is_searched_by_number_document_and_names_in_any_order(office: Office) -> None:
    hers = office.asks()
    other = office.asks(by=office.somebody("rosa", "Rosa", "Epiayú"))
    client = desk(office.clara)
    for query in (hers.number, hers.number.lower(), "52.148.963", "quiroga luis", "Díaz"):
        assert numbers_in(seen(client, f"{TEAM}&q={query}")) == [hers.number], query
    assert numbers_in(seen(client, f"{TEAM}&q=epiayu")) == [other.number]
    assert "Nada coincide" in seen(client, f"{TEAM}&q=---")


def test_a_case_is_found_by_the_serial_of_its_number(office: Office) -> None:
    hers, other = office.asks(), office.asks()
    client, serial = desk(office.clara), hers.number.split("-")[2]
    assert numbers_in(seen(client, f"{TEAM}&q={serial}")) == [hers.number]
    found = seen(client, f"/escritorio/buscar/?q={serial}")
    assert hers.number in found and other.number not in found
    assert hers.number not in seen(client, "/escritorio/buscar/?q=000000")


def test_it_is_filtered_by_step(office: Office) -> None:
    weighed = office.asks()
    sought = office.asks(BOOKS, pays=True)
    client = desk(office.clara)
    assert set(numbers_in(seen(client, TEAM))) == {weighed.number, sought.number}
    assert numbers_in(seen(client, f"{TEAM}&paso=find_in_books")) == [sought.number]
    assert "Nada coincide" in seen(client, f"{TEAM}&acto=other")


def test_cases_that_wait_for_the_citizen_have_a_box_of_their_own(office: Office) -> None:
    unpaid = office.asks(BOOKS)
    office.asks()
    text = seen(desk(office.clara), "/escritorio/?caja=waiting")
    assert numbers_in(text) == [unpaid.number]
    assert "Esperan al ciudadano 1" in text


def test_cases_that_wait_in_several_places_stand_in_one_order(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As when an act asks twice, or when cases wait in two versions of a service."""
    made = []
    for turn in range(5):
        clock.set_clock(clock.now() + timedelta(minutes=1))
        made.append(office.asks(BOOKS if turn % 2 else PURPOSE))
    tokens = FlowToken.objects.filter(case__in=made, node__in=["charge", "weigh_purpose"])
    places = tokens.values_list("version_id", "node").distinct()
    assert len(places) == 2
    monkeypatch.setattr(desk_selectors, "places_of_waiting", lambda: list(places))
    first = selectors.waiting_for_people(office.clara, size=3)
    second = selectors.waiting_for_people(office.clara, size=3, after=first.next)
    assert [each.case for each in (*first.cases, *second.cases)] == made
    assert second.next == ""


def test_every_box_counts_what_it_lists_sealed_cases_and_other_agencies_too(office: Office) -> None:
    late, today, taken, sealed, elsewhere = (office.asks() for _ in range(5))
    done, unpaid, hidden, theirs = office.asks(), *(office.asks(BOOKS) for _ in range(3))
    Task.objects.filter(case=late).update(due_on=clock.today() - timedelta(days=1))
    Task.objects.filter(case__in=[today, elsewhere]).update(due_on=clock.today())
    services.claim(task_of(taken).id, actor=office.clara)
    services.complete(
        task_of(done).id, actor=office.clara, typed={"outcome": "grant", "motivation": MOTIVATION}
    )
    Case.objects.filter(id__in=[sealed.id, done.id, hidden.id]).update(sealed=True)
    Case.objects.filter(id__in=[elsewhere.id, theirs.id]).update(agency="800000000-1")
    stopped = {"node": "charge", "at": clock.now().isoformat(), "say": {"es": "x"}}
    Case.objects.filter(id__in=[unpaid.id, hidden.id, theirs.id]).update(incident=stopped)
    counted = selectors.box_counts(office.clara)
    listed = {
        box: [task.case_id for task in selectors.inbox(office.clara, box).tasks]
        for box in ("mine", "team", "today", "overdue")
    }
    listed["waiting"] = [each.case.id for each in selectors.waiting_for_people(office.clara).cases]
    listed["stopped"] = [each.case.id for each in selectors.stopped_cases(office.clara).cases]
    assert counted == {box: len(cases) for box, cases in listed.items()}
    assert {box: set(cases) for box, cases in listed.items()} == {
        "mine": {taken.id},
        "team": {late.id, today.id, taken.id},
        "today": {today.id},
        "overdue": {late.id},
        "waiting": {unpaid.id, done.id},  # of the sealed ones only what she decided herself
        "stopped": {unpaid.id},
    }


def test_the_next_free_task_is_taken_with_one_press(office: Office) -> None:
    first, second = office.asks(), office.asks()
    Task.objects.filter(case=second).update(due_on=date(2026, 3, 17))
    answer = desk(office.clara).post("/escritorio/tomar-siguiente/")
    assert answer.headers["Location"] == page_of(second)
    assert task_of(second).assignee_id == office.clara.official_id
    assert desk(office.edgar).post("/escritorio/tomar-siguiente/").headers["Location"] == page_of(first)
    client = desk(office.edgar)
    client.post("/escritorio/tomar-siguiente/")
    assert "No hay tareas sin tomar" in seen(client, "/escritorio/")


def test_many_are_taken_at_once_and_those_that_cannot_be_are_told(office: Office) -> None:
    free, taken = office.asks(), office.asks()
    services.claim(task_of(taken).id, actor=office.edgar)
    client = desk(office.clara)
    ticked = [str(task_of(free).id), str(task_of(taken).id), "no-es-una-tarea"]
    client.post("/escritorio/tomar/", {"task": ticked})
    text = seen(client, "/escritorio/")
    assert "Tomó 1 tarea." in text
    assert "Esta tarea ya la tomó Édgar Barrera" in text
    assert numbers_in(text.split("Tomó 1 tarea.")[1]) == [free.number]


def test_a_task_is_returned_to_the_team(office: Office) -> None:
    case = office.asks()
    services.claim(task_of(case).id, actor=office.clara)
    client = desk(office.clara)
    client.post(f"/escritorio/tareas/{task_of(case).id}/devolver/", {"reason": "Salgo de vacaciones"})
    assert "La tarea volvió al equipo" in seen(client, "/escritorio/")
    assert task_of(case).assignee_id is None
    assert "Salgo de vacaciones" in seen(client, page_of(case))


def test_what_is_done_stays_in_a_box_with_whether_it_was_in_time(office: Office) -> None:
    case = office.asks()
    services.complete(
        task_of(case).id, actor=office.clara, typed={"outcome": "grant", "motivation": MOTIVATION}
    )
    text = seen(desk(office.clara), "/escritorio/?caja=done")
    assert numbers_in(text) == [case.number]
    assert "a tiempo" in text


def test_a_cell_of_the_export_is_never_a_formula(office: Office) -> None:
    case = office.asks(by=office.somebody("mala", "=HYPERLINK(1)", "Rojas"))
    client = desk(office.clara)
    text = client.get("/escritorio/exportar/?caja=team").content.decode("utf-8-sig")
    head, row = list(csv.reader(io.StringIO(text)))
    assert head == ["Vence", "Expediente", "Trámite", "Solicitante", "Paso", "Desde", "La tiene"]
    assert row[1] == case.number
    assert row[3] == "'=HYPERLINK(1) Rojas"
    book = openpyxl.load_workbook(
        io.BytesIO(client.get("/escritorio/exportar/?caja=team&formato=xlsx").content)
    )
    cell = book.active["D2"]  # type: ignore[index]
    assert (cell.value, cell.data_type) == ("=HYPERLINK(1) Rojas", "s")


def test_the_export_holds_what_the_list_shows(office: Office) -> None:
    office.asks()
    sought = office.asks(BOOKS, pays=True)
    answer = desk(office.clara).get("/escritorio/exportar/?caja=team&paso=find_in_books")
    assert numbers_in(answer.content.decode()) == [sought.number]


@pytest.mark.parametrize(
    ("path", "what"),
    [
        (TEAM, "inbox"),
        ("/escritorio/exportar/?caja=team", "export"),
        ("/escritorio/buscar/?q=quiroga", "search"),
        ("/escritorio/?caja=waiting", "inbox"),
    ],
)
def test_every_list_of_people_is_written_in_the_log_of_reads(office: Office, path: str, what: str) -> None:
    office.asks()
    office.asks(BOOKS)
    assert not audit.reads_about("52148963").filter(actor_kind="official").exists()
    desk(office.clara).get(path)
    read = audit.reads_about("52148963").get(actor_kind="official")
    assert (read.what, read.purpose, read.actor_name) == (what, "case_processing", "Clara Inés Mojica")


def test_the_inbox_asks_the_database_no_more_often_with_more_rows(office: Office) -> None:
    for _ in range(10):
        office.asks()
    client = desk(office.clara)
    client.get(TEAM)
    with queries.counted() as few:
        client.get(TEAM)
    for _ in range(50):
        office.asks()
    with queries.counted() as many:
        client.get(TEAM)
    assert queries.shapes(many) == queries.shapes(few)
    assert len(few) <= 20, "\n".join(queries.shapes(few))
