"""Model texts of reasons, and several decisions on one page: each signed by itself, nothing typed lost."""

import html
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from playwright.sync_api import Browser
from pytest_django.live_server_helper import LiveServer
from tests.definitions.definitions_builders import GOOD, findings
from tests.desk.desk_builders import BOOKS, MOTIVATION, Office, desk, open_office, page_of, seen, task_of
from tests.web import axe, filling, queries, screens

from ruta.cases import services
from ruta.cases.models import Case, Task
from ruta.web.desk import batch

pytestmark = pytest.mark.django_db
BATCH = "/escritorio/decidir/"
REASONS = "acts/copy/reasons/purpose-proved.es.md"


def taken(office: Office, case: Case) -> Client:
    services.claim(task_of(case).id, actor=office.clara)
    return desk(office.clara)


def page_with(client: Client, case: Case, do: str, **typed: Any) -> tuple[int, str]:
    answer = client.post(f"/escritorio/tareas/{task_of(case).id}/{do}", typed)
    return answer.status_code, html.unescape(answer.content.decode())


def test_a_model_text_is_put_after_what_is_written_with_the_facts_of_the_case(office: Office) -> None:
    case = office.asks()
    client = taken(office, case)
    status, page = page_with(
        client, case, "texto/", template="purpose-not-proved", motivation="Visto lo pedido."
    )
    assert status == 200
    assert "Visto lo pedido.\n\nLuis Quiroga Díaz pidió el 16 de marzo de 2026 copia del registro" in page
    assert "«Soy apoderado de la inscrita en el proceso de sucesión de su padre" in page
    assert re.search(r'value="refuse" checked', page)
    assert task_of(case).status == "open"
    assert page_with(client, case, "texto/", motivation="Visto lo pedido.")[0] == 422, "none was chosen"


def test_a_text_with_a_blank_is_never_signed(office: Office) -> None:
    case = office.asks()
    client = taken(office, case)
    page = page_with(client, case, "texto/", template="purpose-proved")[1]
    found = re.search(r"<textarea[^>]*>(.*?)</textarea>", page, re.DOTALL)
    assert found is not None
    text = found[1]
    assert "[[documento o hecho que lo prueba]]" in text
    status, page = page_with(client, case, "", outcome="grant", motivation=text)
    assert status == 422
    assert "falta llenar [[documento o hecho que lo prueba]]" in page
    half = text.replace("[[documento o hecho que lo prueba]]", "el poder]]")
    assert page_with(client, case, "", outcome="grant", motivation=half)[0] == 422
    whole = text.replace("[[documento o hecho que lo prueba]]", "el poder autenticado")
    assert page_with(client, case, "", outcome="grant", motivation=whole)[0] == 302


def test_what_the_case_does_not_know_stays_a_blank(office: Office) -> None:
    case = office.asks()
    form = {name: value for name, value in case.form.items() if name != "purpose_text"}
    Case.objects.filter(id=case.id).update(form=form)
    page = page_with(taken(office, case), case, "texto/", template="purpose-proved")[1]
    assert "«[[form.purpose_text]]»" in page


@pytest.mark.parametrize(
    ("old", "new", "check", "says"),
    [
        ("title: El propósito está probado\n", "", "reason-invalid", "title"),
        (
            "tasks: [weigh_purpose, supervisor_weighs]",
            "tasks: [weigh_porpose]",
            "reason-invalid",
            "weigh_purpose",
        ),
        (
            "tasks: [weigh_purpose, supervisor_weighs]",
            "tasks: [find_in_books]",
            "reason-invalid",
            "find_in_books",
        ),
        ("outcome: grant", "outcome: grants", "reason-invalid", "grant"),
        ("outcome: grant", "outcom: grant", "unknown-key", "outcome"),
        ("form.purpose_text", "form.porpose_text", "feel-unknown-name", "purpose_text"),
    ],
)
def test_a_faulty_model_text_is_told_by_the_lint(old: str, new: str, check: str, says: str) -> None:
    text = GOOD.text(REASONS)
    assert old in text
    found = [
        one for one in findings(GOOD.replace(REASONS, text.replace(old, new)), check) if one.file == REASONS
    ]
    assert any(says in f"{one.say['en']} {one.cure['en']}" for one in found), found


def test_a_model_text_in_one_language_is_told() -> None:
    (found,) = findings(GOOD.replace(REASONS, None), "reason-language")
    assert found.cure["en"] == "Write purpose-proved.es.md."


def line(case: Case, outcome: str = "grant", motivation: str = MOTIVATION) -> dict[str, Any]:
    task = Task.objects.get(case=case, node="weigh_purpose")
    case.refresh_from_db()
    return {f"outcome.{task.id}": outcome, f"motivation.{task.id}": motivation, f"rev.{task.id}": case.rev}


def signed(client: Client, cases: list[Case], do: str = "sign", **typed: Any) -> tuple[int, str]:
    ids = [str(Task.objects.get(case=case, node="weigh_purpose").id) for case in cases]
    answer = client.post(BATCH, {"task": ids, "do": do, **typed})
    return answer.status_code, html.unescape(answer.content.decode())


def decided(case: Case) -> bool:
    return not Task.objects.filter(case=case, node="weigh_purpose", status="open").exists()


def test_ticked_tasks_are_decided_each_with_its_own_reasons(office: Office) -> None:
    one, two, other = office.asks(), office.asks(), office.asks(BOOKS, pays=True)
    client = desk(office.clara)
    ids = [str(task_of(case).id) for case in (one, two, other)]
    there = client.post(BATCH, {"task": ids})
    assert there.status_code == 302
    page = seen(client, there["Location"])
    assert "Soy apoderado de la inscrita" in page
    assert f"{other.number} : no se decide con una decisión y sus motivos" in page
    reason = "No prueba a quién representa en el proceso que nombra; Decreto-Ley 1260 de 1970, art. 115."
    status, page = signed(client, [one, two], **line(one), **line(two, "refuse", reason))
    assert status == 200 and "2 decisiones firmadas" in page
    tasks = {
        task.case_id: task.result["decided"]
        for task in Task.objects.filter(case__in=[one, two], status="done")
    }
    assert (tasks[one.id]["outcome"], tasks[two.id]["motivation"]) == ("grant", reason)


def test_what_cannot_be_signed_stays_with_why_and_the_rest_is_done(office: Office) -> None:
    good, short, stale, taken_by, empty = (office.asks() for _ in range(5))
    typed = {
        **line(good),
        **line(short, "grant", "Sí."),
        **line(stale),
        **line(taken_by),
        **line(empty, "", ""),
    }
    Case.objects.filter(id=stale.id).update(rev=stale.rev + 1)
    services.claim(task_of(taken_by).id, actor=office.edgar)
    client = desk(office.clara)
    status, page = signed(client, [good, short, stale, taken_by, empty], **typed)
    assert status == 422
    assert [decided(case) for case in (good, short, stale, taken_by, empty)] == [
        True,
        False,
        False,
        False,
        False,
    ]
    assert "1 decisión firmada" in page
    assert f"{short.number}: Motivación: nombre al menos un hecho" in page
    assert "Sí.</textarea>" in page
    assert "El expediente cambió mientras usted escribía" in page
    assert f"{taken_by.number}</a>: la tiene Édgar Barrera." in page
    assert page.count(MOTIVATION) == 2, (
        "of the one that changed, to be signed again, and of the one to be copied"
    )
    finished = re.findall(r'name="finished" value="([^"]+)"', page)
    status, page = signed(client, [stale], finished=finished, **line(stale))
    assert status == 200 and "2 decisiones firmadas" in page


def test_a_model_text_fills_only_what_is_empty_and_signs_nothing(office: Office) -> None:
    one, two = office.asks(), office.asks(by=office.somebody("rosa", "Rosa", "Epiayú"))
    mine = line(one, "refuse", "Lo mío, que no se toca.")
    status, page = signed(desk(office.clara), [one, two], "fill", template="purpose-proved", **mine)
    assert status == 200
    assert "Lo mío, que no se toca.</textarea>" in page
    assert "Rosa Epiayú pidió el 16 de marzo de 2026" in page
    assert not decided(one) and not decided(two)


def test_long_work_stops_after_its_time_and_goes_on_where_it_was(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    cases = [office.asks() for _ in range(3)]
    typed = {name: value for case in cases for name, value in line(case).items()}
    now = iter(range(0, 100, 5))
    monkeypatch.setattr(batch.time, "monotonic", lambda: next(now))
    client = desk(office.clara)
    page = signed(client, cases, **typed)[1]
    assert [decided(case) for case in cases] == [True, False, False]
    assert "Faltan 2 por intentar" in page
    assert '<progress class="wide" max="3" value="1"' in page
    monkeypatch.undo()
    finished = re.findall(r'name="finished" value="([^"]+)"', page)
    page = signed(client, cases[1:], finished=finished, **typed)[1]
    assert "3 decisiones firmadas" in page


def test_who_filed_or_prepared_is_told_before_signing_and_after_it(office: Office) -> None:
    one, two = office.asks(), office.asks()
    Case.objects.filter(id=one.id).update(filed_by=office.clara.official_id)
    _status, page = signed(desk(office.clara), [one, two], **line(one), **line(two))
    assert f"{one.number}</a>: quien preparó no aprueba." in page
    assert (decided(one), decided(two)) == (False, True)


def test_a_session_that_ended_keeps_every_motivation(office: Office) -> None:
    case = office.asks()
    answer = Client().post(BATCH, {"task": str(task_of(case).id), "do": "sign", **line(case)})
    assert answer.status_code == 403
    assert MOTIVATION in html.unescape(answer.content.decode())


def test_the_page_asks_the_database_no_more_often_with_more_lines(office: Office) -> None:
    client = desk(office.clara)

    def path(cases: list[Case]) -> str:
        return BATCH + "?" + "&".join(f"tarea={task_of(case).id}" for case in cases)

    one = path([office.asks()])
    client.get(one)
    with queries.counted() as few:
        client.get(one)
    seven = path([office.asks() for _ in range(7)])
    with queries.counted() as many:
        client.get(seven)
    assert len(many) == len(few), "\n".join(queries.shapes(many))


@pytest.fixture
def bureau(transactional_db: None) -> Iterator[Office]:
    """The office today, with rows that the server's threads see."""
    with filling.registry() as world:
        yield open_office(world)


@pytest.mark.browser
@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_templates_and_batches_are_done_by_keyboard_and_hold_to_the_bar(
    bureau: Office, browser: Browser, live_server: LiveServer
) -> None:
    screens.PICTURES.mkdir(parents=True, exist_ok=True)
    cases = [bureau.asks() for _ in range(3)]
    services.claim(task_of(cases[0]).id, actor=bureau.clara)
    name = settings.SESSION_COOKIE_NAME
    cookies = {name: filling.signed_in(bureau.clara).cookies[name].value}

    def picture(title: str) -> Path:
        return screens.PICTURES / f"batch-{title}.png"

    with screens.a_page(browser, cookies=cookies, base_url=live_server.url) as page:

        def looked(title: str) -> None:
            for width in screens.WIDTHS:
                page.set_viewport_size({"width": width, "height": 800})
                axe.assert_accessible(page)
                axe.assert_reflows(page)
                page.screenshot(path=picture(f"{title}-{width}"), full_page=True)

        page.goto(page_of(cases[0]))
        page.keyboard.press("m")
        page.keyboard.press("ArrowDown")
        page.keyboard.press("Tab")
        page.keyboard.press("Enter")
        page.get_by_text("Falta llenar lo que está entre corchetes").wait_for()
        assert page.evaluate("document.activeElement.id") == "f-motivation"
        looked("inserted")
        page.goto("/escritorio/?caja=team")
        boxes = page.locator("input[name=task]")
        boxes.nth(0).click()
        boxes.nth(2).click(modifiers=["Shift"])
        assert boxes.nth(1).is_checked()
        page.get_by_role("button", name="Decidir las marcadas").press("Enter")
        page.locator("h1", has_text="Decidir varias").wait_for()
        page.locator("#f-template").focus()
        page.keyboard.press("ArrowDown")
        page.keyboard.press("Tab")
        page.keyboard.press("Enter")
        page.locator("textarea").first.wait_for()
        looked("filled")
        page.locator("textarea").first.fill(MOTIVATION)
        page.locator("button[value=sign]").press("Enter")
        page.get_by_text("1 decisión firmada").wait_for()
        looked("signed")
