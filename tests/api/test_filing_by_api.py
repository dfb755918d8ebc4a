"""An agency's system files by API: once per key, by the form's own rules, and reads only what it filed."""

from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from pytest_django import Settings
from tests.api.api_builders import CASES, DEATH, Hospital, body_of, hospital_of
from tests.desk.desk_builders import task_of

from ruta.cases import sealing, services
from ruta.cases.models import Case
from ruta.identity import clients
from ruta.kernel import clock, jobs

pytestmark = pytest.mark.django_db


def test_a_hospital_files_a_death_and_follows_it_to_the_certificate(
    hospital: Hospital, settings: Settings, tmp_path: Path
) -> None:
    settings.HOME = tmp_path  # whose signed heads are of no other test
    answer = hospital.send(DEATH)
    told = body_of(answer)
    assert (answer.status_code, told["status"], told["terms"][0]["due_on"]) == (201, "open", "2026-03-24")
    case = Case.objects.get(number=told["number"])
    assert (case.channel, case.client_id, case.filed_by_id, case.applicant_id) == (
        "api",
        hospital.client.pk,
        None,
        None,
    )
    facts = case.applicant_facts
    assert (facts["acts_as"], facts["role"], facts["office"]) == (
        "authority",
        "hospital_registrar",
        "1501-15001",
    )
    grant = {"outcome": "grant", "motivation": "Certificado 72345678; Decreto-Ley 1260 de 1970, artículo 73."}
    services.complete(task_of(case).id, actor=hospital.office.clara, typed=grant)
    jobs.run_due()
    after = body_of(hospital.get(answer["Location"], **{"Accept-Language": "en"}))
    assert after["outcome"] == "granted"
    (output,) = after["outputs"]
    assert (output["title"], output["state"]) == ("Certificate of death entry", "valid")
    assert Client().get(output["verify"].partition("8000")[2]).status_code == 200
    assert sealing.verify() is None
    assert hospital.client.last_used_at is None
    hospital.client.refresh_from_db()
    assert hospital.client.last_used_at == clock.now()


def test_the_same_key_files_once_and_something_else_under_it_is_refused(hospital: Hospital) -> None:
    first, again = hospital.send(DEATH), hospital.send(DEATH)
    assert (first.status_code, again.status_code) == (201, 200)
    assert body_of(first)["number"] == body_of(again)["number"]
    other = hospital.send({**DEATH, "death_time": "10:00"})
    assert (other.status_code, body_of(other)["type"]) == (422, "urn:ruta:problem:key-reused")
    assert Case.objects.filter(act="death").count() == 1
    # Another system's keys are its own.
    neighbour = hospital_of(hospital.office)
    assert body_of(neighbour.send(DEATH))["number"] != body_of(first)["number"]
    assert neighbour.get(first["Location"]).status_code == 404


@pytest.mark.parametrize(
    ("lang", "said"), [("es", "está en el futuro"), ("en", "it is in the future")], ids=["es", "en"]
)
def test_what_is_wrong_is_named_by_pointer_check_and_cure_in_the_language_asked_for(
    hospital: Hospital, lang: str, said: str
) -> None:
    wrong = {**DEATH, "death_date": "2026-03-20", "certificate_number": "7-2", "serial": "1"}
    answer = hospital.send(wrong, lang=lang)
    body = body_of(answer)
    assert (answer.status_code, answer["Content-Type"], body["lang"]) == (
        422,
        "application/problem+json",
        lang,
    )
    found = {(each["pointer"], each["check"]): each["detail"] for each in body["problems"]}
    assert set(found) >= {
        ("/death_date", "in-future"),
        ("/certificate_number", "pattern"),
        ("/serial", "additionalProperties"),
    }
    assert said in found["/death_date", "in-future"]
    assert not Case.objects.filter(act="death").exists()


def test_only_a_key_that_holds_and_has_the_scope_files(hospital: Hospital) -> None:
    without = Client().post(CASES, DEATH, content_type="application/json")
    assert (without.status_code, without["WWW-Authenticate"]) == (401, 'Bearer realm="ruta"')
    scopeless = hospital_of(hospital.office, scopes=("births",)).send(DEATH)
    assert (scopeless.status_code, body_of(scopeless)["type"]) == (403, "urn:ruta:problem:who")
    weak, key = clients.make_client(
        name="Sin convenio", team="1501-15001", role="hospital_registrar", scopes=["deaths"], level="low"
    )
    assert body_of(Hospital(hospital.office, weak, key).send(DEATH))["type"] == "urn:ruta:problem:level"
    clients.revoke_client(hospital.client.pk)
    assert hospital.send(DEATH).status_code == 401
    short, key = clients.make_client(
        name="Prueba",
        team="1501-15001",
        role="hospital_registrar",
        scopes=["deaths"],
        expires_at=clock.now() + timedelta(days=1),
    )
    clock.set_clock(datetime(2026, 3, 18, 10))
    assert Hospital(hospital.office, short, key).send(DEATH).status_code == 401
    assert not Case.objects.filter(act="death").exists()


@pytest.mark.parametrize(
    ("body", "status", "kind"),
    [
        ("{", 400, "unreadable"),
        ("[]", 400, "unreadable"),
        ('{"situation": "\\ud800", "x": 1e400, "death_date": 99999999999999999999999}', 422, "invalid"),
        ("[" * 100_000, 400, "unreadable"),
    ],
    ids=["cut", "list", "strange values", "deep"],
)
def test_whatever_is_sent_is_answered_by_a_problem(
    hospital: Hospital, body: str, status: int, kind: str
) -> None:
    headers = {"Authorization": f"Bearer {hospital.key}", "Idempotency-Key": "k"}
    answer = Client().post(CASES, body, content_type="application/json", headers=headers)
    assert (answer.status_code, body_of(answer)["type"]) == (status, f"urn:ruta:problem:{kind}")


def test_addresses_methods_keys_and_media_types_are_refused_in_words(hospital: Hospital) -> None:
    bearer = {"Authorization": f"Bearer {hospital.key}"}
    got: dict[str, Any] = {
        "method": Client().get(CASES, headers=bearer),
        "no key": Client().post(CASES, "{}", content_type="application/json", headers=bearer),
        "media type": Client().post(CASES, {"a": "b"}, headers={**bearer, "Idempotency-Key": "k"}),
        "no such act": hospital.send(DEATH, address="/api/v1/civil-registration/copy/cases"),
        "no such address": hospital.get("/api/v1/nothing/here/at/all"),
        "no such case": hospital.get("/api/v1/cases/2026-CRB-999999-0"),
        "no number": hospital.get("/api/v1/cases/x"),
    }
    assert {name: answer.status_code for name, answer in got.items()} == {
        "method": 405,
        "no key": 400,
        "media type": 415,
        "no such act": 404,
        "no such address": 404,
        "no such case": 404,
        "no number": 404,
    }
    assert {answer["Content-Type"] for answer in got.values()} == {"application/problem+json"}


def test_a_key_that_asks_too_often_waits(hospital: Hospital, monkeypatch: pytest.MonkeyPatch) -> None:
    from ruta.api import answers

    monkeypatch.setattr(answers, "PER_MINUTE", 2)
    codes = [hospital.get("/api/v1/cases/2026-CRB-999999-0").status_code for _ in range(3)]
    assert codes == [404, 404, 429]
