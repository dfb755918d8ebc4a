"""Who supervises an office sees its load; who is absent has somebody who stands in."""

import csv
import io
from collections.abc import Iterator
from datetime import date, datetime, timedelta

import pytest
from django.conf import settings
from playwright.sync_api import Browser
from pytest_django.live_server_helper import LiveServer
from tests.desk.desk_builders import BOOKS, MOTIVATION, Office, desk, open_office, page_of, seen, task_of
from tests.web import axe, filling, queries, screens

from ruta.cases import selectors, services
from ruta.cases.models import CaseEvent, Correction, Task
from ruta.identity import absences
from ruta.identity.actors import Actor, actor_of_account
from ruta.identity.models import Absence, Account
from ruta.kernel import clock
from ruta.kernel.errors import Conflict, Forbidden, Invalid

pytestmark = pytest.mark.django_db
DECIDED = {"outcome": "grant", "motivation": MOTIVATION}
TEAM, ABSENCES = "/escritorio/equipo/", "/escritorio/ausencias/"


def again(actor: Actor) -> Actor:
    """The actor as the next page sees it."""
    return actor_of_account(Account.objects.get(pk=actor.account_id), desk=True, authenticator="very_high")


def absent(office: Office, *, days: int = 4) -> Absence:
    """Clara is away from today on, and Édgar stands in."""
    today = clock.today()
    return absences.tell(
        official=office.clara.official_id, substitute=office.edgar.official_id, first_day=today,
        last_day=today + timedelta(days=days), reason="Vacaciones", actor=office.clara,
    )  # fmt: skip


def test_the_load_counts_by_official_and_by_step_what_the_filtered_inbox_lists(office: Office) -> None:
    late, near, later, free = (office.asks() for _ in range(4))
    office.asks(BOOKS, pays=True)
    for case, due in ((late, date(2026, 3, 13)), (near, date(2026, 3, 18)), (later, date(2026, 3, 19))):
        Task.objects.filter(case=case).update(due_on=due)
        services.claim(task_of(case).id, actor=office.clara)
    Task.objects.filter(case=free).update(due_on=date(2026, 3, 12))
    hidden = office.sealed(office.asks())
    load = selectors.team_load(office.beatriz)
    held = {each.official.pk if each.official else None: each.standing for each in load.officials}
    at = held[office.clara.official_id]
    assert (at.open, at.overdue, at.soon, at.later) == (3, 1, 1, 1)
    assert (held[None].open, held[None].overdue) == (2, 1)
    assert held[office.edgar.official_id].open == 0
    assert {step.node: step.standing.open for step in load.steps} == {"weigh_purpose": 4, "find_in_books": 1}
    client = desk(office.beatriz)
    box = f"/escritorio/?caja=office&quien={office.clara.official_id}&plazo="
    assert near.number in seen(client, f"{box}soon") and late.number not in seen(client, f"{box}soon")
    assert late.number in seen(client, f"{box}overdue")
    nobody = seen(client, "/escritorio/?caja=office&quien=nobody")
    assert free.number in nobody and hidden.number not in nobody
    page = client.get(TEAM).content.decode()
    assert f"caja=office&amp;quien={office.clara.official_id}&amp;plazo=overdue" in page


def test_median_and_ninth_decile_leave_out_the_days_in_which_the_person_had_the_request(
    office: Office,
) -> None:
    cases = [office.asks() for _ in range(10)]
    began = clock.now()
    Task.objects.filter(case__in=cases).update(created_at=began)
    for hours, case in enumerate(cases, 1):
        clock.set_clock(began + timedelta(hours=hours))
        services.complete(task_of(case).id, actor=office.clara, typed=DECIDED)
    Task.objects.filter(case=cases[9]).update(done_at=began + timedelta(hours=40))
    Correction.objects.create(
        case=cases[9], number=1, by_id=office.clara.official_id, node="weigh_purpose", reason="x", asked=[],
        asked_at=began + timedelta(hours=2), term="correction", status="answered",
        ended_at=began + timedelta(hours=32),
    )  # fmt: skip
    Task.objects.filter(case=cases[0]).update(done_at=began - timedelta(days=91))  # out of the ninety days
    clock.set_clock(began + timedelta(hours=41))
    (step,) = (each for each in selectors.team_load(office.beatriz).steps if each.node == "weigh_purpose")
    assert step.standing.done == 9  # of 2, 3, … 9 and 40 - 30 = 10 hours
    assert (step.median, step.p90) == (timedelta(hours=6), timedelta(hours=10))
    page = seen(desk(office.beatriz), TEAM)
    assert "6,0 h" in page and "10 h" in page
    text = desk(office.beatriz).get(f"{TEAM}exportar/?tabla=pasos").content.decode("utf-8-sig")
    head, row, *_ = csv.reader(io.StringIO(text))
    assert dict(zip(head, row, strict=True))["Mediana"] == "6,0 h"


def test_only_who_supervises_sees_the_load_and_the_work_of_the_office(office: Office) -> None:
    case = office.asks()
    client = desk(office.clara)
    for path in (TEAM, f"{TEAM}exportar/"):
        assert client.get(path).status_code == 403
    assert "Carga del equipo" not in seen(client, "/escritorio/")
    assert not selectors.inbox(office.clara, "office").tasks
    assert [task.case for task in selectors.inbox(office.beatriz, "office").tasks] == [case]


def test_the_load_asks_the_database_no_more_often_with_more_work(office: Office) -> None:
    office.asks()
    client = desk(office.beatriz)
    client.get(TEAM)
    with queries.counted() as few:
        client.get(TEAM)
    for _ in range(8):
        services.claim(task_of(office.asks()).id, actor=office.clara)
    with queries.counted() as many:
        client.get(TEAM)
    assert queries.shapes(many) == queries.shapes(few)
    assert len(few) <= 16, "\n".join(queries.shapes(few))


def test_who_stands_in_sees_and_takes_the_work_and_the_history_says_for_whom(office: Office) -> None:
    case = office.asks()
    services.claim(task_of(case).id, actor=office.clara)
    with pytest.raises(Conflict):
        services.claim(task_of(case).id, actor=again(office.edgar))
    absent(office)
    edgar = again(office.edgar)
    client = desk(office.edgar)
    page = seen(client, page_of(case))
    assert "Usted reemplaza a Clara Inés Mojica hasta el 20 de marzo de 2026." in page
    assert "Es de Clara Inés Mojica, a quien usted reemplaza." in page
    assert f'aria-label="Marcar {case.number}"' in client.get("/escritorio/?caja=team").content.decode()
    services.claim(task_of(case).id, actor=edgar)
    services.complete(task_of(case).id, actor=edgar, typed=DECIDED)
    done = CaseEvent.objects.get(case_id=case.id, type="task-done")
    assert (done.actor, done.public["for_official"]) == (edgar.ref, office.clara.official_id)
    assert "Édgar Barrera en reemplazo de Clara Inés Mojica" in seen(client, page_of(case))
    own = office.asks()
    services.complete(task_of(own).id, actor=edgar, typed=DECIDED)
    assert "for_official" not in CaseEvent.objects.get(case_id=own.id, type="task-done").public


def test_a_post_of_another_group_is_stood_in_for_but_only_for_its_work(office: Office) -> None:
    case = office.asks()
    absences.tell(
        official=office.clara.official_id, substitute=office.beatriz.official_id, first_day=clock.today(),
        last_day=clock.today(), reason="", actor=office.beatriz, offices={"1501-15001"},
    )  # fmt: skip
    beatriz = again(office.beatriz)
    assert [task.case for task in selectors.inbox(beatriz, "team").tasks] == [case]
    hidden = office.sealed(office.asks())
    services.complete(task_of(case).id, actor=beatriz, typed=DECIDED)
    assert Task.objects.get(case=case, node="weigh_purpose").stood_in_for_id == office.clara.official_id
    assert hidden.number not in seen(desk(office.beatriz), "/escritorio/?caja=team")
    absences.tell(
        official=office.beatriz.official_id, substitute=office.edgar.official_id, first_day=clock.today(),
        last_day=clock.today(), reason="", actor=office.beatriz,
    )  # fmt: skip
    assert desk(office.edgar).get(TEAM).status_code == 403, "to stand in gives no power to supervise"


def test_who_prepared_may_not_approve_in_the_name_of_somebody_else_either(office: Office) -> None:
    case = office.asks()
    task = task_of(case)
    Task.objects.create(
        case=case, token=900, node="prepare", form_key="ruta.decide", groups=["registrar"], due_on=task.due_on,
        created_at=task.created_at, status="done", done_by_id=office.edgar.official_id, done_at=task.created_at,
    )  # fmt: skip
    Task.objects.filter(id=task.id).update(not_by=["prepare"], assignee=office.clara.official_id)
    absent(office)
    with pytest.raises(Forbidden, match="prepared"):
        services.complete(task.id, actor=again(office.edgar), typed=DECIDED)


def test_it_ends_by_itself_and_can_be_undone(office: Office) -> None:
    case, taken = office.asks(), office.asks()
    for each in (case, taken):
        services.claim(task_of(each).id, actor=office.clara)
    absent(office)
    services.claim(task_of(taken).id, actor=again(office.edgar))
    clock.set_clock(datetime(2026, 3, 20, 23, 59))
    assert again(office.edgar).work_of
    clock.set_clock(datetime(2026, 3, 21, 0, 1))
    edgar = again(office.edgar)
    assert not edgar.work_of
    with pytest.raises(Conflict):
        services.claim(task_of(case).id, actor=edgar)
    services.complete(
        task_of(taken).id, actor=edgar, typed=DECIDED
    )  # what was begun is finished, and says for whom
    done = CaseEvent.objects.get(case_id=taken.id, type="task-done")
    assert done.public["for_official"] == office.clara.official_id
    told = absent(office)
    assert desk(office.edgar).post(f"{ABSENCES}{told.pk}/terminar/").status_code == 403
    assert again(office.edgar).work_of, "who stands in does not end it"
    desk(office.beatriz).post(f"{ABSENCES}{told.pk}/terminar/")
    assert not again(office.edgar).work_of


def test_an_absence_that_cannot_be_is_refused_at_its_field_and_nothing_typed_is_lost(office: Office) -> None:
    client = desk(office.clara)
    mine = {"official": office.clara.official_id, "substitute": office.edgar.official_id}

    def refused(**typed: object) -> str:
        days = {"first_day": "20/03/2026", "last_day": "25/03/2026", **mine, **typed}
        answer = client.post(ABSENCES, days)
        assert answer.status_code == 422, typed
        page = answer.content.decode()
        assert f'value="{days["last_day"]}"' in page
        return page

    assert "Marzo de 2026 tiene 31 días" in refused(first_day="32/03/2026")
    assert "ese día ya pasó" in refused(first_day="01/03/2026")
    assert "debe ser el mismo día o uno posterior" in refused(last_day="19/03/2026")
    assert "nadie se reemplaza a sí mismo" in refused(substitute=office.clara.official_id)
    assert "elija un cargo suyo" in refused(official=office.edgar.official_id)
    assert "elija a alguien de la lista" in refused(substitute="999999")
    assert (
        client.post(ABSENCES, {"first_day": "20/03/2026", "last_day": "25/03/2026", **mine}).status_code
        == 302
    )
    assert "ya hay una ausencia del 20/03/2026 al 25/03/2026" in refused(
        first_day="25/03/2026", last_day="26/03/2026"
    )
    with pytest.raises(Invalid):
        absences.tell(
            official=office.edgar.official_id, substitute=office.clara.official_id, first_day=date(2026, 3, 24),
            last_day=date(2026, 3, 24), reason="", actor=office.edgar,
        )  # fmt: skip
    assert Absence.objects.count() == 1


@pytest.fixture
def bureau(transactional_db: None) -> Iterator[Office]:
    """The office today, with rows that the server's threads see."""
    with filling.registry() as world:
        yield open_office(world)


@pytest.mark.browser
@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_load_and_absences_hold_to_the_bar_and_are_done_by_keyboard(
    bureau: Office, browser: Browser, live_server: LiveServer
) -> None:
    screens.PICTURES.mkdir(parents=True, exist_ok=True)
    for place in range(6):
        case = bureau.asks()
        Task.objects.filter(case=case).update(due_on=clock.today() + timedelta(days=place - 1))
        if place % 3:
            services.claim(task_of(case).id, actor=bureau.clara)
        if place == 5:
            services.complete(task_of(case).id, actor=bureau.clara, typed=DECIDED)
    cookies = {
        settings.SESSION_COOKIE_NAME: filling.signed_in(bureau.beatriz)
        .cookies[settings.SESSION_COOKIE_NAME]
        .value
    }
    with screens.a_page(browser, cookies=cookies, base_url=live_server.url) as page:
        for path, name in (
            (TEAM, "load"),
            ("/escritorio/?caja=office&plazo=soon", "office"),
            (ABSENCES, "absences"),
        ):
            page.goto(path)
            for width in screens.WIDTHS:
                page.set_viewport_size({"width": width, "height": 800})
                axe.assert_accessible(page)
                axe.assert_reflows(page)
                page.screenshot(path=screens.PICTURES / f"team-{name}-{width}.png", full_page=True)
        page.locator("#f-official").focus()
        page.keyboard.type("Clara")
        page.keyboard.press("Tab")
        page.keyboard.press("ArrowDown")
        page.keyboard.press("ArrowDown")
        for text in (f"{clock.today():%d/%m/%Y}", f"{clock.today() + timedelta(days=3):%d/%m/%Y}"):
            page.keyboard.press("Tab")
            page.keyboard.type(text)
        page.keyboard.press("Enter")
        page.get_by_text("Quedó escrita la ausencia").wait_for()
        page.screenshot(path=screens.PICTURES / "team-absences-told.png", full_page=True)
    assert Absence.objects.get().substitute_id == bureau.edgar.official_id
