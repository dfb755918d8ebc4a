"""An official files: for the office in the own role, and for a person who is at the counter."""

import re
from typing import Any

import pytest
from django.test import Client
from tests.desk.desk_builders import Office, desk, seen, task_of, words_of

from ruta.cases import perms, services
from ruta.cases.models import Case, CaseEvent, Draft
from ruta.identity import counter
from ruta.identity import services as identity
from ruta.identity.actors import actor_of_account
from ruta.identity.models import Account, Official, Person
from ruta.kernel.audit import AccessRead
from ruta.kernel.errors import Forbidden, Invalid
from ruta.notifications.models import Message
from ruta.registers.models import EntryNote
from ruta.registers.services import open_range

pytestmark = pytest.mark.django_db
NEW = "/escritorio/tramites/"
DEATH = f"{NEW}civil-registration/death/"
COPY = f"{NEW}civil-registration/copy/persona/"
PAGES: dict[str, dict[str, str]] = {
    "deceased": {"situation": "body", "identified": "number", "deceased_number": "1020304050"},
    "death": {
        "death_date.day": "14", "death_date.month": "3", "death_date.year": "2026", "death_time": "",
        "death_place": "15001", "cause_type": "natural", "certificate_number": "72345678",
        "known_on.day": "15", "known_on.month": "3", "known_on.year": "2026",
    },
    "declarant": {
        "relation": "spouse", "purpose": "pension", "declarant_type": "CC", "declarant_number": "40023114",
        "declarant_given_names": "Rosa", "declarant_first_surname": "Pérez", "declarant_second_surname": "",
        "declarant_email": "rosa@example.co", "office": "1501-15001",
    },
}  # fmt: skip
ENTRY = {"search_by": "nuip", "nuip": "1020304050", "birth_date.day": "27", "birth_date.month": "3"}
COPY_PAGES: dict[str, dict[str, str]] = {
    "entry": {**ENTRY, "birth_date.year": "1998"},
    "document": {"kind": "certificate"},
    "delivery": {"copies": "1", "delivery": "online", "receipts": ""},
}


def fill(client: Client, draft: Draft, pages: dict[str, dict[str, Any]]) -> str:
    """Save the pages as the browser does; where the last one leads."""
    where = ""
    for page, answers in pages.items():
        known = ""
        for _ in range(2):  # once more, where what was looked up is shown first
            draft.refresh_from_db()
            asked = list(dict.fromkeys(name.partition(".")[0] for name in answers))
            posted = {"asked": asked, "seen": str(draft.revision), "known": known, **answers}
            answer = client.post(f"/escritorio/borradores/{draft.pk}/{page}/", posted)
            where = answer.headers.get("Location", "")
            if answer.status_code == 302:
                break
            known = re.findall(r'name="known" value="([^"]*)"', answer.content.decode())[0]
        assert answer.status_code == 302, (page, words_of(answer.content.decode()))
    return where


def filed(client: Client, draft: Draft) -> Case:
    answer = client.post(f"/escritorio/borradores/{draft.pk}/revisar/")
    assert answer.status_code == 302, words_of(answer.content.decode())
    draft.refresh_from_db()
    return Case.objects.get(pk=draft.case_id)


@pytest.fixture
def clara(office: Office) -> Client:
    open_range("death", "serial", first=150100001, last=150199999, office="1501-15001")
    return desk(office.clara)


def test_the_acts_of_ones_posts_are_listed_and_found_by_words(office: Office, clara: Client) -> None:
    page = seen(clara, NEW)
    own = page.partition("Los presenta su oficina")[2]
    assert "Registro de una defunción" in own and "Registro de un recién nacido" in own
    assert "Copia o certificado de un registro de nacimiento" in page
    assert "Registro de una defunción" in seen(clara, f"{NEW}?q=murió")
    assert "Ningún trámite suyo coincide" in seen(clara, f"{NEW}?q=pasaporte")
    treasurer = office.world.person("tomas", {"role": "treasurer", "office": "1501-15001"})
    assert "Su cargo no presenta trámites" in seen(desk(treasurer), NEW)


def test_an_official_files_for_the_office_and_several_in_a_row(office: Office, clara: Client) -> None:
    answer = clara.post(DEATH)
    draft = Draft.objects.get()
    assert answer["Location"] == f"/escritorio/borradores/{draft.pk}/deceased/"
    first = clara.get(answer["Location"]).content.decode()
    assert 'value="body" autofocus' in first  # the first question has the focus
    assert fill(clara, draft, PAGES) == f"/escritorio/borradores/{draft.pk}/revisar/"
    case = filed(clara, draft)
    assert (case.channel, case.applicant_id, case.applicant_name) == ("desk", None, "1501-15001")
    assert case.filed_by_id == office.clara.official_id
    facts = case.applicant_facts
    assert (facts["acts_as"], facts["role"], facts["office"]) == ("authority", "registrar", "1501-15001")
    page = clara.get(f"/escritorio/borradores/{draft.pk}/radicado/").content.decode()
    assert case.number in page
    assert '<button class="ds-button" type="submit" autofocus>Radicar otro igual</button>' in page
    again = clara.post(DEATH, {"posting": str(draft.posting_id)})
    assert again["Location"].endswith("/deceased/") and Draft.objects.filter(case_id=None).count() == 1


def test_who_filed_prepared_and_does_not_sign(office: Office, clara: Client) -> None:
    clara.post(DEATH)
    draft = Draft.objects.get()
    fill(clara, draft, PAGES)
    case = filed(clara, draft)
    grant = {"outcome": "grant", "motivation": "Certificado 72345678; Decreto-Ley 1260 de 1970, artículo 73."}
    assert "otro servidor" in seen(clara, f"/escritorio/expedientes/{case.number}/")
    with pytest.raises(Forbidden, match="Who prepared may not approve"):
        services.complete(task_of(case).id, actor=office.clara, typed=grant)
    # Nor under another post, of another agency.
    account = Account.objects.get(pk=office.clara.account_id)
    agency = identity.define_agency(nit="899999034-1", name="Otra entidad")
    team = identity.define_team(agency, code="otra", name="Otra oficina")
    person = Official.objects.get(pk=office.clara.official_id).person
    identity.appoint_official(account, person=person, team=team, role="registrar")
    assert perms.prepared_by(actor_of_account(account, desk=True, agency="899999034-1"), task_of(case))
    services.complete(task_of(case).id, actor=office.edgar, typed=grant)
    office.world.settle()
    case.refresh_from_db()
    assert case.outcome == "granted"
    assert EntryNote.objects.get(case_number=case.number).kind == "death"
    rosa = Person.objects.get(documents__number="40023114")  # who reported had no account
    message = Message.objects.get(case_id=case.id, template="registered")
    assert (message.person_id, message.email, rosa.accounts.count()) == (rosa.pk, "rosa@example.co", 0)


def test_the_only_registrar_of_an_office_files_and_another_office_signs(
    office: Office, clara: Client
) -> None:
    Official.objects.filter(pk=office.edgar.official_id).update(active=False)
    cali = office.world.person("yuliana", {"role": "registrar", "office": "7601-76001"})
    clara.post(DEATH)
    draft = Draft.objects.get()
    fill(clara, draft, PAGES)
    assert task_of(filed(clara, draft)).groups == ["registrar@7601-76001"]
    assert cali.official_id


def test_what_is_wrong_stays_as_typed_at_the_desk_too_CR_B09(office: Office, clara: Client) -> None:
    clara.post(DEATH)
    draft = Draft.objects.get()
    late = {**PAGES["death"], "known_on.day": "2", "death_date.day": "1"}
    fill(clara, draft, {"deceased": PAGES["deceased"]})
    posted = {"asked": [*{name.partition(".")[0] for name in late}], "seen": "9", **late}
    page = clara.post(f"/escritorio/borradores/{draft.pk}/death/", posted)
    assert page.status_code in (200, 422)  # the order is asked for first, then missed
    posted |= {"asked": [*posted["asked"], "authority_order"], "authority_order": ""}
    page = clara.post(f"/escritorio/borradores/{draft.pk}/death/", posted)
    assert "después de 2 días hábiles hace falta la orden" in words_of(page.content.decode())
    draft.refresh_from_db()
    assert draft.typed["certificate_number"] == "72345678"


def test_a_person_at_the_counter_is_the_applicant_and_the_record_says_who_assisted(
    office: Office, clara: Client
) -> None:
    page = seen(clara, COPY)
    assert "¿Quién está en la ventanilla?" in page
    found = clara.post(COPY, {"document_type": "CC", "document_number": "52.148.963", "action": "look"})
    assert "Luis Quiroga Díaz" in words_of(found.content.decode())
    read = AccessRead.objects.get(document_number="52148963", what="identity")
    assert read.actor_id == str(office.clara.official_id)
    begun = clara.post(COPY, {"document_type": "CC", "document_number": "52148963", "action": "begin"})
    draft = Draft.objects.get()
    assert begun["Location"] == f"/escritorio/borradores/{draft.pk}/entry/"
    fill(clara, draft, COPY_PAGES)
    case = filed(clara, draft)
    assert (case.channel, case.applicant_id, case.filed_by_id) == (
        "counter", office.luis.person_id, office.clara.official_id
    )  # fmt: skip
    event = CaseEvent.objects.get(case_id=case.id, type="filed")
    assert (event.actor, event.public["channel"]) == (office.clara.ref, "counter")
    assert case.number in seen(desk(office.luis), f"/mis-tramites/{case.number}/")
    assert Message.objects.filter(case_id=case.id, person_id=office.luis.person_id, template="filed").exists()
    receipt = seen(clara, f"/escritorio/expedientes/{case.number}/constancia/")
    assert "Lo asistió Clara Inés Mojica" in receipt and "Referencia de pago" in receipt
    after = clara.get(f"/escritorio/borradores/{draft.pk}/radicado/").content.decode()
    assert f'href="{COPY}" autofocus' in after


def test_for_somebody_whom_no_register_confirms_an_act_that_needs_more_is_not_begun(
    office: Office, clara: Client
) -> None:
    who = {"document_type": "CC", "document_number": "1053998877", "action": "begin"}
    named = {**who, "given_names": "Nelly", "first_surname": "Cuero", "email": "nelly@example.co"}
    assert "Nadie con ese documento" in words_of(clara.post(COPY, {**who, "action": "look"}).content.decode())
    refused = clara.post(COPY, named).content.decode()
    assert "por ahora no se puede radicar por esta persona" in words_of(refused)
    assert 'value="Nelly"' in refused
    assert not Draft.objects.exists()


def test_a_person_nobody_knows_is_written_down_with_what_the_document_says(office: Office) -> None:
    seen_here = counter.look("CC", "1053998877", by=office.clara)
    assert (seen_here.person, seen_here.level) == (None, "low")
    about = {"document_type": "CC", "document_number": "1053998877"}
    with pytest.raises(Invalid) as wrong:
        counter.receive(seen_here, **about, typed={"given_names": "N3lly"})
    assert {each.at for each in wrong.value.problems} == {"/given_names", "/first_surname"}
    typed = {"given_names": "Nelly", "first_surname": "Cuero"}
    with pytest.raises(Invalid):
        counter.receive(seen_here, **about, typed=typed, email="nelly@")
    person = counter.receive(seen_here, **about, typed=typed, email="Nelly@example.co")
    assert (person.full_name, person.email, person.assurance) == ("Nelly Cuero", "nelly@example.co", "low")
    with pytest.raises(Forbidden):
        counter.look("CC", "1053998877", by=office.luis)


def test_drafts_of_the_desk_are_not_those_of_the_folder(office: Office, clara: Client) -> None:
    clara.post(DEATH)
    draft = Draft.objects.get()
    assert "Sin terminar" in seen(clara, NEW)
    assert clara.get(f"/borradores/{draft.pk}/").status_code == 404
    assert desk(office.edgar).get(f"/escritorio/borradores/{draft.pk}/deceased/").status_code == 404
    assert desk(office.luis).get(DEATH).status_code == 403
