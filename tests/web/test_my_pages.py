"""Signed in: my cases, the page of a case, receipts, messages, folder, account."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from urllib.parse import quote

import pytest
from django.test import Client
from tests.web import filling, queries
from tests.web.test_public_pages import CERTIFICATE

from ruta.cases import filing
from ruta.cases.models import Case
from ruta.cases.play.world import World
from ruta.definitions.selectors import current_version
from ruta.documents.models import Output
from ruta.identity.actors import Actor
from ruta.identity.models import Person
from ruta.kernel import audit, clock, identifiers
from ruta.notifications import services as notifications
from ruta.notifications.models import Message
from ruta.payments.models import Charge, Receipt

pytestmark = pytest.mark.django_db


@dataclass
class Ana:
    """Ana, her browser, and how she asks for things."""

    world: World
    actor: Actor
    client: Client
    filed: int = 0

    def files(self, *, pays: bool = True) -> Case:
        self.filed += 1
        case = filing.file_case(
            filing.Application(
                version_id=current_version("civil-registration").pk,
                act="copy",
                form=CERTIFICATE,
                actor=self.actor,
                channel="portal",
                lang="es",
                submission_key=f"ana-{self.filed}",
            )
        )
        self.world.settle()
        if pays:
            self.world.pay(Charge.objects.get(case_number=case.number))
            self.world.settle()
        case.refresh_from_db()
        return case

    def sees(self, path: str) -> str:
        """The text of a page, without its tags."""
        answer = self.client.get(path)
        assert answer.status_code == 200, (path, answer.status_code)
        html = re.sub(r"<script.*?</script>", "", answer.content.decode(), flags=re.DOTALL)
        return " ".join(re.sub(r"<[^>]+>", " ", html).split())


@pytest.fixture
def ana(db: None) -> Iterator[Ana]:
    clock.set_clock(datetime(2026, 3, 2, 9))
    with filling.registry() as world:
        actor = filling.ana(world)
        yield Ana(world, actor, filling.signed_in(actor))


def a_stranger(world: World) -> Client:
    return filling.signed_in(world.person("luis", {"document": "CC 79555123", "born": date(1970, 1, 5)}))


def test_an_unpaid_case_says_that_it_is_the_persons_turn(ana: Ana) -> None:
    case = ana.files(pays=False)
    text = ana.sees(f"/mis-tramites/{case.number}/")
    assert "Lo que le toca a usted ahora Pague $ 6.000" in text
    assert "El plazo está suspendido" in text
    assert "Lo tiene: Usted" in text
    assert (
        Charge.objects.get(case_number=case.number).number
        in ana.client.get(f"/mis-tramites/{case.number}/").content.decode()
    )


def test_the_progress_line_shows_only_stages_that_the_case_went_through(ana: Ana) -> None:
    case = ana.files()
    html = ana.client.get(f"/mis-tramites/{case.number}/").content.decode()
    line = re.findall(r'<li data-state="(\w+)".*?<strong>([^<]*)', html, flags=re.DOTALL)
    assert line[0] == ("done", "Recibimos su solicitud")
    assert line[-1] == ("done", "Concedido")
    assert "La oficina busca el registro en sus libros" not in [title for _, title in line]


def test_a_decided_case_shows_document_reasons_with_law_charge_and_appeal(ana: Ana) -> None:
    case = ana.files()
    text = ana.sees(f"/mis-tramites/{case.number}/")
    output = Output.objects.get(case_number=case.number)
    for told in (
        output.code,
        "Vigente",
        "Por qué se decidió así",
        "Decreto-Ley 1260 de 1970",
        "Pagado",
        "Respondido dentro del plazo legal",
        "Puede recurrir hasta el",
    ):
        assert told in text, told


def test_the_history_never_shows_what_officials_write_for_each_other(ana: Ana) -> None:
    from ruta.web.portal import case_words

    assert not case_words.TOLD & {"note", "incident", "rule", "task-done"}


def test_somebody_elses_case_answers_like_an_unknown_number(ana: Ana) -> None:
    case = ana.files(pays=False)
    stranger = a_stranger(ana.world)
    theirs = stranger.get(f"/mis-tramites/{case.number}/")
    unknown = stranger.get(f"/mis-tramites/{identifiers.case_number(2026, 'CRB', 999999)}/")
    assert theirs.status_code == unknown.status_code == 404


def test_a_stranger_is_sent_to_sign_in_and_back(ana: Ana) -> None:
    for path in (
        "/mis-tramites/",
        "/carpeta/",
        "/carpeta/registros/",
        "/carpeta/consultas/",
        "/mensajes/",
        "/cuenta/",
    ):
        answer = Client().get(path)
        assert answer.status_code == 302
        assert answer["Location"].endswith(f"?next={quote(path, safe='')}")


def test_without_cases_the_page_says_so_and_offers_the_search(ana: Ana) -> None:
    assert "No tiene trámites en curso" in ana.sees("/mis-tramites/")
    assert "Todavía no hay trámites terminados" in ana.sees("/mis-tramites/?ver=terminados")


def test_my_cases_shows_drafts_open_and_ended_ones(ana: Ana) -> None:
    filling.begin(ana.client)
    unpaid, ended = ana.files(pays=False), ana.files()
    now, before = ana.sees("/mis-tramites/"), ana.sees("/mis-tramites/?ver=terminados")
    assert "Formulario sin enviar" in now and "Falta el pago" in now and unpaid.number in now
    assert ended.number not in now
    assert ended.number in before and "Concedido" in before


def test_what_waits_is_on_the_first_page(ana: Ana) -> None:
    ana.files(pays=False)
    filling.begin(ana.client)
    text = ana.sees("/")
    assert "Lo que tiene pendiente" in text
    assert "Falta el pago" in text and "Formulario sin enviar" in text and "mensaje sin leer" in text


def test_the_receipt_of_filing_gives_number_instant_and_last_day(ana: Ana) -> None:
    case = ana.files()
    text = ana.sees(f"/mis-tramites/{case.number}/constancia/")
    assert case.number in text and "2 de marzo de 2026, 9:00" in text
    assert "Respuesta a más tardar el" in text and "Ley 1755 de 2015" in text


def test_the_receipt_of_payment_is_the_payers_alone(ana: Ana) -> None:
    case = ana.files()
    receipt = Receipt.objects.get(charge__case_number=case.number)
    text = ana.sees(f"/recibos/{receipt.number}/")
    assert receipt.number in text and "$ 6.000" in text and "Ley 1163 de 2007" in text
    assert a_stranger(ana.world).get(f"/recibos/{receipt.number}/").status_code == 404


def test_the_document_is_downloaded_by_its_holder_alone(ana: Ana) -> None:
    case = ana.files()
    code = Output.objects.get(case_number=case.number).code
    answer = ana.client.get(f"/carpeta/{code}/descargar/")
    assert answer.getvalue().startswith(b"%PDF-")
    assert answer["Content-Disposition"].startswith("attachment")
    assert a_stranger(ana.world).get(f"/carpeta/{code}/descargar/").status_code == 404


def test_an_ordinary_message_is_opened_by_looking_at_it(ana: Ana) -> None:
    case = ana.files(pays=False)
    letter = Message.objects.filter(case_number=case.number, person_id=ana.actor.person_id).first()
    assert letter is not None and letter.opened_at is None
    ana.sees(f"/mensajes/{letter.pk}/")
    letter.refresh_from_db()
    assert letter.opened_at is not None
    assert a_stranger(ana.world).get(f"/mensajes/{letter.pk}/").status_code == 404


def a_notice(ana: Ana) -> Message:
    return notifications.send_message(
        case_id=None,
        case_number="",
        token=None,
        person_id=ana.actor.person_id,
        email="ana@example.co",
        template="decided",
        subject="Decidimos su solicitud",
        body_markdown="La negamos porque falta una firma.",
        channels=["folder"],
        legal=True,
        lang="es",
    )


def test_a_legal_notice_is_not_shown_before_its_button_is_pressed(ana: Ana) -> None:
    letter = a_notice(ana)
    before = ana.sees(f"/mensajes/{letter.pk}/")
    letter.refresh_from_db()
    assert "falta una firma" not in before and "queda notificado" in before
    assert letter.opened_at is None
    ana.client.post(f"/mensajes/{letter.pk}/")
    after = ana.sees(f"/mensajes/{letter.pk}/")
    letter.refresh_from_db()
    assert "falta una firma" in after and letter.opened_at is not None


def test_an_unopened_notice_is_the_first_thing_that_waits(ana: Ana) -> None:
    a_notice(ana)
    assert "Decidimos su solicitud Notificación sin abrir" in ana.sees("/")


def test_the_folder_tells_what_registers_hold_in_words(ana: Ana) -> None:
    text = ana.sees("/carpeta/registros/")
    assert "Fecha de nacimiento 27 de marzo de 1998" in text
    assert "Nombres María Fernanda" in text
    assert "1501-15001" not in text


@pytest.mark.parametrize("hers", ["spouse_a", "spouse_b"])
def test_a_marriage_is_in_the_folder_of_either_spouse(ana: Ana, hers: str) -> None:
    couple = {"spouse_a": {"names": "Jorge Peña"}, "spouse_b": {"names": "Jorge Peña"}}
    couple[hers] = {"type": "CC", "number": "1020304050", "names": "María Fernanda Rojas Pérez"}
    celebrated = {
        "celebration_date": "2019-03-16",
        "celebration_place": "15001",
        "celebrant_type": "notary",
    }
    kept = {"serial": "10455120", "office": "1501-15001", "entry_date": "2019-03-18"}
    ana.world.entry("marriage", kept | couple | celebrated)
    text = ana.sees("/carpeta/registros/")
    assert "Jorge Peña" in text and "Fecha de celebración 16 de marzo de 2019" in text


def test_the_folder_tells_who_read_my_data_when_and_why(ana: Ana) -> None:
    registrar = ana.world.person("rosa", {"role": "registrar", "office": "1501-15001"})
    audit.log_read(registrar, persons=[ana.actor.document], purpose="case_processing", what="register:birth")
    text = ana.sees("/carpeta/consultas/")
    assert "Para tramitar un expediente" in text and "2 de marzo de 2026" in text
    assert registrar.name in text
    assert "Registro civil de nacimiento" in text or "Registro" in text


def test_many_reads_are_paged_by_key(ana: Ana) -> None:
    for _ in range(30):
        audit.log_read(
            Actor.system("step"), persons=[ana.actor.document], purpose="case_processing", what="case"
        )
    html = ana.client.get("/carpeta/consultas/").content.decode()
    following = re.search(r'href="(\?desde=[^"]+)"', html)
    assert following and html.count("<tr>") == 1 + 25
    assert ana.client.get("/carpeta/consultas/" + following[1]).content.decode().count("<tr>") == 1 + 5


@pytest.mark.parametrize("path", ["/carpeta/consultas/?desde=x", "/mensajes/?desde=x"])
def test_a_page_key_that_is_none_is_not_found(ana: Ana, path: str) -> None:
    assert ana.client.get(path).status_code == 404


def test_language_and_electronic_notice_are_set_by_the_person(ana: Ana) -> None:
    ana.client.post("/cuenta/", {"lang": "en", "notice": "no"})
    assert ana.actor.person_id is not None
    person = Person.objects.get(pk=ana.actor.person_id)
    assert person.accepts_electronic_notice is False
    assert "My account" in ana.sees("/cuenta/")
    ana.client.post("/cuenta/", {"lang": "es", "notice": "yes"})
    person.refresh_from_db()
    assert person.accepts_electronic_notice is True


def test_withdrawing_asks_first_and_then_closes_the_case(ana: Ana) -> None:
    case = ana.files(pays=False)
    assert "¿Retirar la solicitud?" in ana.sees(f"/mis-tramites/{case.number}/retirar/")
    case.refresh_from_db()
    assert case.status == "open"
    ana.client.post(f"/mis-tramites/{case.number}/retirar/")
    case.refresh_from_db()
    assert case.outcome == "withdrawn"
    page = ana.sees(f"/mis-tramites/{case.number}/")
    assert "Retirado por usted" in page
    # Nobody decided: no term was kept, and no rule is why it ended.
    assert "Respondido dentro del plazo legal" not in page
    assert "Por qué se decidió así" not in page


def test_lists_do_not_ask_more_questions_when_there_are_more_cases(ana: Ana) -> None:
    ana.files(), ana.files(pays=False)
    counted = {}
    for round_ in ("few", "many"):
        for path in ("/", "/mis-tramites/", "/mis-tramites/?ver=terminados", "/mensajes/", "/carpeta/"):
            ana.client.get(path)
            with queries.counted() as captured:
                ana.client.get(path)
            counted[round_, path] = queries.shapes(captured)
        if round_ == "few":
            ana.files(), ana.files(pays=False), ana.files()
    for (round_, path), asked in counted.items():
        if round_ == "many":
            assert len(asked) <= len(counted["few", path]), (path, asked)


def test_the_page_of_a_case_asks_a_bounded_number_of_questions(ana: Ana) -> None:
    case = ana.files()
    ana.client.get(f"/mis-tramites/{case.number}/")
    with queries.at_most(18):
        ana.client.get(f"/mis-tramites/{case.number}/")
