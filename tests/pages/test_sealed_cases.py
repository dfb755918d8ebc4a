"""A sealed case (peace P.3, L3) is denied to whom no grant names, in whatever way one asks for it."""

import re
from typing import Any

import pytest
from django.http.response import HttpResponseBase
from django.test import Client
from django.urls import reverse
from tests.desk.desk_builders import seal, seen
from tests.pages.whole_country import Country, table
from tests.web import filling

from ruta.cases.models import Case
from ruta.documents.models import Output
from ruta.identity.actors import actor_of_account
from ruta.kernel import audit
from ruta.kernel.identifiers import case_number, output_code
from ruta.kernel.ids import new_id

pytestmark = pytest.mark.django_db
NUMBER, CODE = case_number(2026, "CRB", 999999), output_code()
NAMES_A_CASE = frozenset({"number", "code", "task_id", "message_id"})
ANYBODYS = {"portal:payment-receipt", "portal:payment", "portal:pay"}  # they take numbers of payments


@pytest.fixture
def country(standing_country: Country) -> Country:
    seal(standing_country.weighed, standing_country.decided)
    return standing_country


def _asked(client: Client, path: str) -> HttpResponseBase:
    answer = client.get(path)
    return client.post(path, {"note": "¿hay algo aquí?"}) if answer.status_code == 405 else answer


def _plain(answer: HttpResponseBase, known: dict[str, Any], unknown: dict[str, Any]) -> tuple[int, str, str]:
    """Status, where it sends to, and body, without the thing asked for and what differs at every request."""
    body = b"".join(answer.streaming_content) if answer.streaming else answer.content  # type: ignore[attr-defined]
    text = f"{answer.headers.get('Location', '')}\n{body.decode(errors='replace')}"
    for given in (known, unknown):
        for value in given.values():
            text = text.replace(str(value), "…")
    text = re.sub(
        r'name="csrfmiddlewaretoken" value="[^"]+"|\{"X-CSRFToken": "[^"]+"\}|nonce="[^"]+"', "", text
    )
    return answer.status_code, "", text


@pytest.mark.parametrize("who", ["nobody yet", "edgar", "beatriz", "olga"])
def test_every_address_answers_for_a_sealed_case_as_for_an_unknown_one(country: Country, who: str) -> None:
    """Edgar and Beatriz are of the office that has the task; nobody yet is a citizen, Olga of another agency."""
    wrong, asked = {}, 0
    fresh = {"number": NUMBER, "code": CODE, "task_id": new_id(), "message_id": new_id()}
    for address in table():
        if not NAMES_A_CASE & set(address.arguments) or address.name in ANYBODYS:
            continue
        known = country.arguments(address)
        unknown = known | {name: value for name, value in fresh.items() if name in known}
        answers = [
            _plain(_asked(_client(country, who), reverse(address.name, kwargs=each)), known, unknown)
            for each in (known, unknown)
        ]
        asked += 1
        if answers[0] != answers[1]:
            wrong[address.name] = [answer[0] for answer in answers]
    assert wrong == {}
    assert asked > 15


def test_a_stranger_who_is_not_signed_in_learns_nothing_from_a_code(country: Country) -> None:
    code = Output.objects.get(case_number=country.decided.number).code
    for path in ("/v/{}", "/thread/{}"):
        answers = [Client().get(path.format(each)) for each in (code, CODE)]
        assert [answer.status_code for answer in answers] == [404, 404]
        first, second = (
            answer.content.decode().replace(each, "")
            for answer, each in zip(answers, (code, CODE), strict=True)
        )
        assert re.sub(r'nonce="[^"]+"', "", first) == re.sub(r'nonce="[^"]+"', "", second)


def test_the_holder_sees_the_case_and_verifies_its_document(country: Country) -> None:
    code = Output.objects.get(case_number=country.decided.number).code
    luis = _client(country, "luis")
    for path in (f"/mis-tramites/{country.decided.number}/", f"/v/{code}", f"/thread/{code}"):
        assert luis.get(path).status_code == 200, path


def test_whoever_has_the_file_may_check_that_it_is_ours(country: Country) -> None:
    from django.core.files.uploadedfile import SimpleUploadedFile

    from ruta.documents import store

    output = Output.objects.get(case_number=country.decided.number)
    file = SimpleUploadedFile("x.pdf", store.read(output.pdf_sha256), "application/pdf")
    answer = Client().post("/verificar/archivo/", {"archivo": file}, headers={"Accept": "application/json"})
    assert answer.json()["verdict"] == "valid"


def test_lists_counts_search_and_export_are_as_if_it_were_not(country: Country) -> None:
    """The same pages of the office, with the sealed cases and with none of Luis's at all, differ in nothing."""
    for path in ("/escritorio/", "/escritorio/?caja=team", "/escritorio/exportar/?caja=team"):
        text = _client(country, "beatriz").get(path).content.decode()
        assert country.weighed.number not in text, path
        assert country.decided.number not in text, path
    for query in (country.weighed.number, country.decided.number, "52148963"):
        text = seen(_client(country, "edgar"), f"/escritorio/buscar/?q={query}")
        assert not {country.weighed.number, country.decided.number} & set(
            re.findall(r"2026-CRB-\d{6}-\d", text)
        )
    counts = desk_counts(country, "edgar")
    _unseal(country)
    assert desk_counts(country, "edgar")["team"] == counts["team"] + 1


def desk_counts(country: Country, who: str) -> dict[str, int]:
    from ruta.cases.selectors import box_counts

    return box_counts(actor_of_account(country.accounts[who], desk=True, authenticator="very_high"))


def _unseal(country: Country) -> None:
    Case.objects.filter(id__in=[country.weighed.id, country.decided.id]).update(
        sealed=False, confidentiality="L1"
    )


def test_reads_under_the_seal_are_told_to_the_person_when_it_is_lifted(country: Country) -> None:
    """Nobody learns from the log of reads that a sealed case of somebody else names them."""
    about = country.office.somebody("pedro", "Pedro", "Paz")
    audit.log_read(
        country.office.clara,
        persons=[about.document],
        purpose="case_processing",
        what="register:birth",
        case_number=country.weighed.number,
    )
    pedro = filling.signed_in(about)
    assert country.weighed.number not in pedro.get("/carpeta/consultas/").content.decode()
    _unseal(country)
    assert country.weighed.number in pedro.get("/carpeta/consultas/").content.decode()


def _client(country: Country, who: str) -> Client:
    client = Client()
    client.force_login(country.accounts[who])
    return client
