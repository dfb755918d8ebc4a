"""What is asked of somebody: on the first page, answered without JavaScript, told when it is over; at the counter too."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client
from tests.cases import asking_builders as kennel
from tests.web import filling

from ruta.cases import services
from ruta.cases.drafts import services as drafts
from ruta.cases.models import AskedPerson, Case
from ruta.cases.play.world import World
from ruta.identity.actors import Actor
from ruta.kernel import audit
from ruta.notifications.models import Message

pytestmark = pytest.mark.django_db
ASKED = ["data_right", "data_wrong", "data_note", "home", "farm", "since"]


@pytest.fixture
def world(db: None) -> Iterator[World]:
    with kennel.kennel() as opened:
        yield opened


@pytest.fixture
def ana(world: World) -> Actor:
    return kennel.ana(world)


@pytest.fixture
def luis(world: World) -> Actor:
    return kennel.luis(world)


@pytest.fixture
def case(world: World, ana: Actor, luis: Actor) -> Case:
    return kennel.handed_over(world, ana)


def entered(client: Client, case: Case, actor: Actor) -> str:
    """Open what is asked; the address of the page with the questions."""
    answer = client.get(f"/pedidos/{kennel.asked(case, actor).id}/", follow=True)
    assert answer.status_code == 200
    return str(answer.redirect_chain[-1][0])


def posted(client: Client, page: str, **typed: Any) -> Any:
    return client.post(page, {"asked": ASKED, "seen": "0", "action": "go-on", **typed})


def test_it_is_the_first_thing_that_waits_and_is_answered_without_javascript(case: Case, luis: Actor) -> None:
    client = filling.signed_in(luis)
    for path in ("/", "/mis-tramites/", f"/mis-tramites/{case.number}/"):
        assert "Le pedimos algo: Confirme los datos de su nuevo perro" in filling.text(client.get(path))
    page = entered(client, case, luis)
    shown = filling.text(client.get(page))
    assert "responda a más tardar el 6 de abril de 2026" in shown
    assert "1 de febrero de 2025" in shown
    wrong = posted(client, page, data_right="no")
    assert wrong.status_code == 422
    assert "Falta la respuesta. Elija una opción." in filling.text(wrong)
    opened = posted(
        client, page, data_right="no", data_wrong=["born"], data_note="En 2024", home="farm", farm="La Paz"
    )
    review = opened.headers["Location"]
    checked = filling.text(client.get(review))
    assert "Enviar la respuesta" in checked
    assert "La Paz" in checked
    assert "Cuánto cuesta" not in checked
    done = client.post(review, follow=True)
    told = filling.text(done)
    assert "Están mal: Nació el" in told
    assert "En 2024" in told
    row = AskedPerson.objects.get(ask__node="confirm")
    assert (row.status, row.disputed, row.values) == (
        "disputed",
        ["born"],
        {"home": "farm", "farm": "La Paz"},
    )


def test_a_party_reads_what_the_act_shows_and_nothing_of_money_papers_or_withdrawing(
    case: Case, ana: Actor, luis: Actor
) -> None:
    client = filling.signed_in(luis)
    shown = filling.text(client.get(f"/mis-tramites/{case.number}/"))
    assert "Usted está en este expediente como: los nuevos dueños." in shown
    assert "Canela" in shown
    assert "100.000" not in shown
    assert "Cédula del nuevo dueño" not in shown
    for path in ("retirar/", "constancia/", "documentos/1/"):
        assert client.get(f"/mis-tramites/{case.number}/{path}").status_code == 404
    assert [row.actor_name for row in audit.reads_about(ana.document_number)] == ["Luis Rojas"]
    own = filling.text(filling.signed_in(ana).get(f"/mis-tramites/{case.number}/"))
    assert "Lo tiene: los nuevos dueños" in own


def test_nobody_else_opens_it_and_the_letter_leads_to_no_page_that_is_hidden(
    world: World, case: Case, luis: Actor
) -> None:
    other = filling.signed_in(world.person("otto", {"document": "CC 79000111"}))
    address = f"/pedidos/{kennel.asked(case, luis).id}/"
    assert other.get(address).status_code == 404
    assert Client().get(address).headers["Location"].startswith("/cuenta/entrar/")
    Case.objects.filter(pk=case.pk).update(sealed=True, confidentiality="L3")
    letter = Message.objects.get(template="asked")
    shown = filling.text(filling.signed_in(luis).get(f"/mensajes/{letter.pk}/"))
    assert f"/mis-tramites/{case.number}/" not in shown


def test_who_is_not_known_surely_enough_is_not_told_what_is_asked_and_is_led_to_prove_it(
    world: World, ana: Actor
) -> None:
    luis = kennel.luis(world)
    case = kennel.handed_over(world, ana)
    from ruta.identity.models import Person

    Person.objects.filter(pk=luis.person_id).update(assurance="low")
    client = filling.signed_in(luis)
    shown = filling.text(client.get("/"))
    assert "Confirme su identidad para verlo" in shown
    assert "nuevo perro" not in shown
    for path in (f"/pedidos/{kennel.asked(case, luis).id}/", f"/mis-tramites/{case.number}/"):
        assert "nivel=medium" in client.get(path).headers["Location"]


def test_what_was_typed_is_on_the_page_when_it_is_no_longer_needed(
    case: Case, ana: Actor, luis: Actor
) -> None:
    client = filling.signed_in(luis)
    page = entered(client, case, luis)
    services.withdraw(case, actor=ana)
    late = posted(client, page, data_right="yes", home="farm", farm="La Esperanza")
    assert late.status_code == 409
    told = filling.text(late)
    assert "Ya no hace falta esta respuesta" in told
    assert "La Esperanza" in told
    assert client.get(page).headers["Location"] == f"/pedidos/{kennel.asked(case, luis).id}/"
    assert "Le pedimos algo" not in filling.text(client.get("/"))


def test_an_answer_posted_after_the_session_ended_is_on_the_page_after_signing_in(
    case: Case, luis: Actor
) -> None:
    client = filling.signed_in(luis)
    page = entered(client, case, luis)
    client.logout()
    posted(client, page, data_right="yes", home="farm", farm="La Esperanza")
    again = filling.text(filling.signed_in(luis).get(page))
    assert "La Esperanza" in again


def test_two_tabs_that_answer_differently_are_shown_both(case: Case, luis: Actor) -> None:
    client = filling.signed_in(luis)
    page = entered(client, case, luis)
    posted(client, page, tab="one", data_right="yes", home="house")
    clash = posted(client, page, tab="two", data_right="yes", home="farm", farm="La Paz")
    assert clash.status_code == 422
    assert "Esta respuesta cambió en otra pestaña o dispositivo" in filling.text(clash)


def test_an_official_answers_for_somebody_present_and_the_page_of_the_case_tells_who_wrote_it(
    world: World, case: Case, luis: Actor
) -> None:
    clara = kennel.clara(world)
    client = filling.signed_in(clara)
    desk = f"/escritorio/expedientes/{case.number}/"
    assert "falta que responda" in filling.text(client.get(desk))
    begun = client.post(f"/escritorio/pedidos/{kennel.asked(case, luis).id}/responder/", follow=True)
    page = str(begun.redirect_chain[-1][0])
    assert "Usted escribe lo que responde Luis Rojas" in filling.text(begun)
    review = posted(client, page, data_right="yes", home="house").headers["Location"]
    assert "vi su documento" in filling.text(client.get(review))
    done = client.post(review)
    assert done.headers["Location"].startswith(desk)
    told = filling.text(client.get(desk))
    assert "en la ventanilla, lo escribió Clara" in told
    assert "En una casa" in told
    assert filling.signed_in(luis).get(page).status_code == 403  # the draft is the official's, at the desk


def test_the_page_of_a_case_asks_the_database_no_more_often_when_more_was_asked(
    world: World, ana: Actor, luis: Actor
) -> None:
    from tests.web.queries import counted

    clara = filling.signed_in(kennel.clara(world))
    few = kennel.handed_over(world, ana)
    many = kennel.handed_over(world, ana, second_buyer="41556677")
    told = {"data_right": "no", "data_wrong": ["name"], "data_note": "No", "home": "house"}
    drafts.send_answer(kennel.answers(many, luis, told), luis)
    seen = []
    for case in (few, few, many):
        with counted() as captured:
            clara.get(f"/escritorio/expedientes/{case.number}/")
        seen.append(len(captured))
    assert seen[2] <= seen[1] + 1
