"""People keep one id for life; documents change and still find them."""

from datetime import date

import pytest
from identity_builders import a_person, an_account, an_official

from ruta.identity import selectors, services
from ruta.identity.actors import Actor, actor_of_account, has_level
from ruta.identity.models import DocumentStatus, Person
from ruta.kernel.errors import Conflict, Invalid

pytestmark = pytest.mark.django_db


def test_an_old_document_still_finds_the_person_and_the_new_one_names_her() -> None:
    child = a_person(document_type="TI", document_number="98032712345")
    services.add_document(child, type="CC", number="1020304050", valid_from=date(2016, 6, 5), replaces="TI")
    assert selectors.find_person("TI", "980327-12345") == child
    assert selectors.find_person("CC", "1.020.304.050") == child
    current = selectors.current_document(child.id)
    assert current is not None and current.type == "CC"
    assert actor_of_account(an_account(person=child)).document == (current.type, current.number)
    assert child.documents.get(type="TI").status == DocumentStatus.REPLACED


def test_the_nuip_finds_its_holder_under_any_of_her_documents() -> None:
    ana = a_person(document_type="RC", document_number="1020304050")
    assert selectors.find_person("NUIP", "1020304050") == ana
    assert selectors.find_person("CC", "1020304050") == ana
    assert selectors.find_person("CE", "1020304") is None


def test_a_document_belongs_to_one_person() -> None:
    a_person()
    with pytest.raises(Conflict) as refused:
        a_person(given_names="Otra")
    assert refused.value.field == "/document_number"
    assert Person.objects.count() == 1


def test_a_passport_needs_its_country() -> None:
    with pytest.raises(Invalid, match="Country of the passport"):
        a_person(document_type="PA", document_number="AB123456")
    assert (
        a_person(document_type="PA", document_number="ab 123456", country="ESP").documents.get().number
        == "AB123456"
    )


def test_officials_find_people_by_number_part_of_the_name_or_a_slip() -> None:
    ana = a_person(given_names="Íngrid", first_surname="Muñoz")
    clerk = Actor.system("tests")
    assert selectors.search_people(clerk, "1.020.304.050") == [ana]
    assert selectors.search_people(clerk, "munoz ing") == [ana]
    assert selectors.search_people(clerk, "ingrit munos") == [ana]
    assert selectors.search_people(clerk, "zzz") == []


def test_a_person_sees_only_herself() -> None:
    ana, other = a_person(), a_person(document_number="52148963")
    me = actor_of_account(an_account(person=ana))
    assert list(selectors.visible_to(me)) == [ana]
    assert selectors.search_people(me, "Rojas") == [ana]
    assert not selectors.visible_to(Actor.anonymous()).exists()
    assert other in selectors.visible_to(Actor.system("tests"))


def test_a_session_is_as_sure_as_its_weakest_link() -> None:
    ana = a_person(assurance="high")
    account = an_account(person=ana)
    assert actor_of_account(account, authenticator="medium").level == "medium"
    assert actor_of_account(account, authenticator="very_high").level == "high"
    assert actor_of_account(an_account("otra@ejemplo.co")).level == "low"
    assert has_level(actor_of_account(account), "low")
    assert not has_level(Actor.anonymous(), "low")
    assert has_level(Actor.anonymous(), "none")


def test_an_official_acts_as_one_only_at_the_desk() -> None:
    clara = an_official()
    services.give_grant(clara.account, scope="register:x", reason="Orden 12", given_by=Actor.system("tests"))
    services.give_grant(
        clara.account, scope="register:y", key="k1", reason="Orden 13", given_by=Actor.system("tests")
    )
    at_home = actor_of_account(clara.account)
    assert (at_home.kind, at_home.roles, at_home.grants) == ("person", frozenset(), frozenset())
    at_work = actor_of_account(clara.account, desk=True)
    assert at_work.kind == "official"
    assert at_work.roles == {"registrar", "registrar@1501-15001"}
    assert at_work.teams == {"1501-15001"}
    assert (at_work.agency_name, at_work.document) == ("Registraduría", ("CC", "52148963"))
    assert at_work.may_see_sealed("register:x", "anything")
    assert at_work.may_see_sealed("register:y", "k1")
    assert not at_work.may_see_sealed("register:y", "k2")


def test_who_was_dismissed_is_an_official_no_more() -> None:
    clara = an_official()
    services.dismiss_official(clara)
    assert actor_of_account(clara.account, desk=True).kind == "person"
    assert not selectors.officials_of_team(["1501-15001"]).exists()


def test_an_agency_is_found_by_its_nit_however_it_is_written() -> None:
    an_official()
    for nit in ("899999040-4", "899.999.040-4", "899999040"):
        agency = selectors.find_agency(nit)
        assert agency is not None and agency.short_name == "Registraduría"
    assert selectors.find_agency("800197268-4") is None


def test_an_address_has_one_account_in_whatever_case() -> None:
    an_account("Ana@Ejemplo.co")
    with pytest.raises(Conflict) as refused:
        an_account("ana@ejemplo.CO")
    assert refused.value.field == "/email"
