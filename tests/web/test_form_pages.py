"""The form's pages without JavaScript: what a person sees, and what is never lost."""

import pytest
from django.test import Client
from tests.desk.desk_builders import PURPOSE, open_office
from tests.web import filling
from tests.web.filling import START, page_url, text

from ruta.cases.models import Case, Draft, ParkedPost
from ruta.cases.play.world import World
from ruta.definitions.lint.forms import RESERVED_PAGES
from ruta.identity.actors import Actor
from ruta.payments.models import Charge
from ruta.web.desk.filing import SIDE as DESK
from ruta.web.forms.urls import addresses
from ruta.web.portal.urls import SIDE as PORTAL

pytestmark = pytest.mark.django_db


def test_the_start_page_says_what_will_be_asked_to_anybody(world: World) -> None:
    page = Client().get(START)
    assert page.status_code == 200
    assert "¿Qué registro necesita?" in text(page)
    assert "Entrar y empezar" in text(page)


def test_a_stranger_who_starts_is_led_to_sign_in_and_back(world: World) -> None:
    answer = Client().post(START)
    assert answer.status_code == 302
    assert "next=%2Ftramites%2Fcivil-registration%2Fcopy%2Fempezar%2F" in answer["Location"]
    assert not Draft.objects.exists()


def test_starting_opens_the_first_page_with_what_is_known(client: Client) -> None:
    page = client.post(START, follow=True)
    assert page.status_code == 200
    assert 'value="1020304050"' in text(page)
    assert "Paso 1 de 4" in text(page)
    assert "(opcional)" not in text(page)


def test_a_saved_draft_is_offered_again(client: Client, draft: Draft) -> None:
    page = text(client.get(START))
    assert "Usted ya empezó" in page
    assert f"/borradores/{draft.pk}/" in page


def test_a_wrong_day_stays_typed_and_is_told_at_the_field_and_above_CR_B02(
    client: Client, draft: Draft
) -> None:
    wrong = filling.entry_answers(
        draft, **{"birth_date.day": "31", "birth_date.month": "02", "birth_date.year": "2026"}
    )
    page = client.post(page_url(draft.pk, "entry"), wrong)
    assert page.status_code == 422
    said = text(page)
    assert "Revise 1 dato para continuar" in said
    assert '<a href="#f-birth_date-day">Fecha de nacimiento: Febrero de 2026 tiene 28 días' in said
    assert 'name="birth_date.day" value="31"' in said
    assert 'aria-describedby="f-birth_date-hint f-birth_date-error"' in said
    again = text(client.get(page_url(draft.pk, "entry")))
    assert 'name="birth_date.month" value="02"' in again


def test_what_was_found_is_shown_with_source_and_time_before_going_on(client: Client, draft: Draft) -> None:
    page = client.post(page_url(draft.pk, "entry"), filling.entry_answers(draft))
    assert page.status_code == 200
    said = text(page)
    assert "Lo que encontramos" in said
    assert "María Fernanda" in said and "28451190" in said
    assert "Fuente: Registro civil de nacimiento, consultada el 2 de marzo de 2026, 10:00." in said
    draft.refresh_from_db()
    known = f"entry:{draft.facts['entry']['key']}"
    on = client.post(page_url(draft.pk, "entry"), filling.entry_answers(draft, known=known))
    assert on["Location"] == page_url(draft.pk, "document")


def test_an_error_in_what_was_found_is_reported_and_the_form_goes_on(client: Client, draft: Draft) -> None:
    client.post(page_url(draft.pk, "entry"), filling.entry_answers(draft))
    to = client.post(page_url(draft.pk, "entry"), filling.entry_answers(draft, action="dispute:entry"))
    assert to["Location"] == f"/borradores/{draft.pk}/entry/dato/entry/"
    assert "Informar un error" in text(client.get(to["Location"]))
    page = client.post(to["Location"], {"note": "El apellido es Peres"}, follow=True)
    assert "Usted informó un error; puede continuar." in text(page)
    draft.refresh_from_db()
    assert draft.disputes["entry"]["note"] == "El apellido es Peres"


def test_an_answer_that_opens_questions_shows_them_without_blaming(client: Client, draft: Draft) -> None:
    page = client.post(page_url(draft.pk, "entry"), filling.entry_answers(draft, search_by="names"))
    assert page.status_code == 200
    said = text(page)
    assert "Sus respuestas abren nuevas preguntas" in said
    assert 'name="given_names"' in said and 'name="nuip"' not in said
    assert "Falta la respuesta" not in said


def test_a_place_typed_in_part_is_offered_to_choose_from(client: Client, draft: Draft) -> None:
    asked = ["search_by", "given_names", "first_surname", "second_surname", "birth_date", "office"]
    names = {"search_by": "names", "given_names": "Ana", "first_surname": "Rojas", "second_surname": ""}
    answers = filling.entry_answers(draft, office="registraduría especial de") | names | {"asked": asked}
    page = client.post(page_url(draft.pk, "entry"), answers)
    assert page.status_code == 422
    assert 'name="office.pick" value="1501-15001"' in text(page)
    answers = filling.entry_answers(draft, office="tunja registraduria especial") | names | {"asked": asked}
    client.post(page_url(draft.pk, "entry"), answers)
    draft.refresh_from_db()
    assert draft.typed["office"] == "1501-15001"


def test_two_tabs_show_both_answers_and_let_the_person_choose(client: Client, draft: Draft) -> None:
    first = filling.delivery_answers(draft, copies="2")
    second = filling.delivery_answers(draft, copies="5")
    client.post(page_url(draft.pk, "delivery"), first)
    page = client.post(page_url(draft.pk, "delivery"), second)
    assert page.status_code == 422
    said = text(page)
    assert "Esta respuesta cambió en otra pestaña" in said
    assert "<strong>2</strong>" in said and "<strong>5</strong>" in said
    assert 'type="hidden" name="copies" value="5"' in said
    mine = filling.delivery_answers(draft, copies="5", **{"keep.copies": "mine"})
    assert client.post(page_url(draft.pk, "delivery"), mine).status_code == 302
    draft.refresh_from_db()
    assert draft.typed["copies"] == "5"


def test_of_two_tabs_the_other_answer_can_be_kept(client: Client, draft: Draft) -> None:
    second = filling.delivery_answers(draft, copies="5")
    client.post(page_url(draft.pk, "delivery"), filling.delivery_answers(draft, copies="2"))
    client.post(page_url(draft.pk, "delivery"), second)
    theirs = filling.delivery_answers(draft, copies="5", **{"keep.copies": "theirs"})
    client.post(page_url(draft.pk, "delivery"), theirs)
    draft.refresh_from_db()
    assert draft.typed["copies"] == "2"


def test_a_post_after_the_session_ended_comes_back_unsaved_after_signing_in(
    client: Client, draft: Draft, ana: Actor
) -> None:
    refused = Client().post(page_url(draft.pk, "entry"), filling.entry_answers(draft, nuip="52148963"))
    assert refused.status_code == 302 and "/cuenta/entrar/" in refused["Location"]
    draft.refresh_from_db()
    assert draft.typed["nuip"] == "1020304050"
    page = text(client.get(page_url(draft.pk, "entry")))
    assert 'value="52148963"' in page
    assert "Estas respuestas aún no están guardadas" in page
    client.post(page_url(draft.pk, "entry"), filling.entry_answers(draft, nuip="52148963"))
    assert not ParkedPost.objects.exists()
    draft.refresh_from_db()
    assert draft.typed["nuip"] == "52148963"


def test_a_parked_post_is_not_given_to_somebody_else(client: Client, draft: Draft, world: World) -> None:
    Client().post(page_url(draft.pk, "entry"), filling.entry_answers(draft, nuip="52148963"))
    luis = filling.signed_in(world.person("luis", {"document": "CC 79148963"}))
    assert luis.get(page_url(draft.pk, "entry")).status_code == 404


def test_a_post_with_a_stale_guard_comes_back_unsaved(ana: Actor, client: Client, draft: Draft) -> None:
    strict = filling.signed_in(ana, enforce_csrf=True)
    page = strict.post(
        page_url(draft.pk, "entry"), filling.entry_answers(draft, nuip="52148963"), follow=True
    )
    assert page.status_code == 200
    assert 'value="52148963"' in text(page)
    assert "Estas respuestas aún no están guardadas" in text(page)


def test_the_answers_are_checked_with_the_fee_line_by_line_CR_08(client: Client, draft: Draft) -> None:
    filling.fill(client, draft)
    page = text(client.get(f"/borradores/{draft.pk}/revisar/"))
    assert "27 de marzo de 1998" in page
    assert "3 × $ 18.750" in page and "$ 56.250" in page
    assert "Ley 1163 de 2007" in page
    assert "Radicar la solicitud" in page


def test_an_incomplete_form_is_not_filed_and_says_where(client: Client, draft: Draft) -> None:
    page = client.post(f"/borradores/{draft.pk}/revisar/")
    assert page.status_code == 422
    said = text(page)
    assert '<a href="#a-birth_date">Fecha de nacimiento: Falta la respuesta' in said
    assert f"/borradores/{draft.pk}/entry/?volver=revisar&amp;revisar=1" in said
    assert "Radicar la solicitud" not in said
    assert "Revise" in text(client.get(page_url(draft.pk, "entry") + "?volver=revisar&revisar=1"))


def test_filing_twice_gives_one_number_and_leads_to_pay(client: Client, draft: Draft, world: World) -> None:
    filling.fill(client, draft)
    first = client.post(f"/borradores/{draft.pk}/revisar/", follow=True)
    second = client.post(f"/borradores/{draft.pk}/revisar/", follow=True)
    case = Case.objects.get()
    assert case.number in text(first) and case.number in text(second)
    assert "Pagar $ 56.250" in text(first)
    charge = Charge.objects.get()
    assert client.post(f"/pagos/{charge.number}/pagar/").status_code == 302
    stale = client.post(page_url(draft.pk, "entry"), filling.entry_answers(draft))
    assert stale["Location"] == f"/borradores/{draft.pk}/radicado/"


def test_the_page_after_filing_tells_the_day_of_the_answer_not_of_an_internal_term(world: World) -> None:
    office = open_office(world)
    case, browser = office.asks(PURPOSE), filling.signed_in(office.luis)
    draft = filling.begin(browser)
    draft.case_id = case.pk
    draft.save()
    search, answer = (case.terms.get(term=name) for name in ("search", "answer"))
    assert search.status == answer.status == "running"
    said = text(browser.get(f"/borradores/{draft.pk}/radicado/"))
    assert f'datetime="{answer.due_on.isoformat()}"' in said
    assert f'datetime="{search.due_on.isoformat()}"' not in said


def test_the_payment_page_tells_each_state_and_what_to_do(client: Client, draft: Draft, world: World) -> None:
    filling.fill(client, draft)
    client.post(f"/borradores/{draft.pk}/revisar/")
    charge = Charge.objects.get()
    page = f"/pagos/{charge.number}/"
    assert "Falta el pago" in text(client.get(page))
    charge.status = Charge.Status.PENDING
    charge.save()
    pending = text(client.get(page))
    assert "No pague otra vez" in pending and "/pagar/" not in pending
    charge.status = Charge.Status.EXPIRED
    charge.save()
    assert "El cobro venció" in text(client.get(page))
    charge.status = Charge.Status.OPEN
    charge.save()
    world.pay(charge)
    assert "Su pago llegó" in text(client.get(page)) and "RC-2026-" in text(client.get(page))


def test_the_payment_page_cites_the_law_of_each_line_with_its_article(client: Client, draft: Draft) -> None:
    filling.fill(client, draft)
    client.post(f"/borradores/{draft.pk}/revisar/")
    charge = Charge.objects.get()
    charge.lines = [{**charge.lines[0], "law": "DL1260-115"}]
    charge.save()
    assert "Decreto-Ley 1260 de 1970, art. 115" in text(client.get(f"/pagos/{charge.number}/"))


def test_another_persons_charge_answers_like_one_that_does_not_exist(
    client: Client, draft: Draft, world: World
) -> None:
    filling.fill(client, draft)
    client.post(f"/borradores/{draft.pk}/revisar/")
    charge = Charge.objects.get()
    luis = filling.signed_in(world.person("luis", {"document": "CC 79148963"}))
    assert luis.get(f"/pagos/{charge.number}/").status_code == 404
    assert luis.post(f"/pagos/{charge.number}/pagar/").status_code == 404


def test_somebody_not_yet_known_steps_up_with_everything_kept(world: World) -> None:
    weak = filling.ana(world, assurance="low")
    client = filling.signed_in(weak)
    draft = filling.begin(client)
    away = client.post(page_url(draft.pk, "entry"), filling.entry_answers(draft))
    assert away.status_code == 302 and "/cuenta/identidad/" in away["Location"]
    assert f"borradores%2F{draft.pk}%2Fentry" in away["Location"]
    page = text(client.get(page_url(draft.pk, "entry")))
    assert 'name="birth_date.year" value="1998"' in page


def test_a_draft_is_deleted_only_after_asking(client: Client, draft: Draft) -> None:
    address = f"/borradores/{draft.pk}/borrar/"
    assert "No se puede recuperar" in text(client.get(address))
    assert Draft.objects.filter(pk=draft.pk).exists()
    client.post(address)
    assert not Draft.objects.filter(pk=draft.pk).exists()


def test_a_background_save_answers_only_that_it_is_saved(client: Client, draft: Draft) -> None:
    kept = client.post(
        page_url(draft.pk, "entry") + "guardar/",
        filling.entry_answers(draft, nuip="5214"),
        headers={"HX-Request": "true"},
    )
    draft.refresh_from_db()
    assert draft.typed["nuip"] == "5214"
    assert f'name="seen" value="{draft.revision}"' in text(kept)
    assert "<html" not in text(kept)


def test_redrawn_questions_write_nothing(client: Client, draft: Draft) -> None:
    drawn = client.post(
        page_url(draft.pk, "entry") + "parte/", filling.entry_answers(draft, search_by="names")
    )
    assert 'name="given_names"' in text(drawn)
    draft.refresh_from_db()
    assert draft.typed["search_by"] == "nuip"


def test_the_page_is_in_english_too(client: Client, draft: Draft) -> None:
    client.cookies["django_language"] = "en"
    page = text(client.get(page_url(draft.pk, "entry")))
    assert "Which entry do you need?" in page
    assert "Save and continue" in page
    assert "Guardar" not in page


def test_every_address_of_the_form_declares_who_may_open_it() -> None:
    from ruta.identity.access import rule_of

    for side, rule in ((PORTAL, "signed-in"), (DESK, "official")):
        assert {rule_of(pattern.callback) for pattern in addresses(side)} == {rule}


def test_every_address_beside_those_of_the_pages_is_refused_as_a_page_id() -> None:
    """The lint's list is that of the addresses (a page of such an id would never open)."""
    of_a_draft = "borradores/<uuid:draft_id>/"
    parts = [
        str(each.pattern).removeprefix(of_a_draft)
        for each in addresses(PORTAL)
        if of_a_draft in str(each.pattern)
    ]
    assert {part.split("/")[0] for part in parts if part and not part.startswith("<")} == RESERVED_PAGES
