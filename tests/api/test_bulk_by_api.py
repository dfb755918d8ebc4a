"""A system files many by one call, and asks until each line has its answer."""

import json

import pytest
from django.test import Client
from tests.api.api_builders import BULK, DEATH, Hospital, body_of, hospital_of

from ruta.cases.models import Case
from ruta.kernel import jobs

pytestmark = pytest.mark.django_db


def lines(*more: dict[str, str]) -> str:
    base = {**DEATH, "identified": "unidentified"}
    del base["deceased_number"]
    return "\n".join(json.dumps({**base, **each}) for each in more)


def test_many_are_filed_by_one_call_each_with_its_answer(hospital: Hospital) -> None:
    bearer = {"Authorization": f"Bearer {hospital.key}", "Accept-Language": "en", "Idempotency-Key": "march"}
    body = lines(
        {"_key": "a"}, {"_key": "b", "death_date": "2026-03-20"}, {"_key": "c", "death_time": "10:00"}
    )
    answers = [
        Client().post(BULK, body, content_type="application/x-ndjson", headers=bearer) for _ in range(2)
    ]
    assert [answer.status_code for answer in answers] == [202, 202]
    assert answers[0]["Location"] == answers[1]["Location"]  # the same key, the same sending
    assert body_of(hospital.get(answers[0]["Location"]))["waiting"] == 3
    jobs.run_due()
    told = body_of(hospital.get(answers[0]["Location"]))
    assert (told["status"], told["filed"], told["refused"]) == ("done", 2, 1)
    given = b"".join(hospital.get(told["answers"], **{"Accept-Language": "en"}).streaming_content).decode()  # type: ignore[attr-defined]
    rows = [json.loads(row) for row in given.splitlines()]
    assert [row["status"] for row in rows] == ["filed", "refused", "filed"]
    assert rows[1]["problems"][0]["detail"].startswith("it is in the future")
    assert {row.get("number") for row in rows if "number" in row} == set(
        Case.objects.filter(act="death").values_list("number", flat=True)
    )
    csv = hospital.get(told["answers"], Accept="text/csv")
    assert csv["Content-Type"].startswith("text/csv")
    other = Client().post(BULK, lines({}), content_type="application/x-ndjson", headers=bearer)
    assert (other.status_code, body_of(other)["type"]) == (422, "urn:ruta:problem:key-reused")
    assert hospital_of(hospital.office).get(told["answers"]).status_code == 404


def test_too_much_and_what_is_no_file_is_refused_before_it_is_read(hospital: Hospital) -> None:
    bearer = {"Authorization": f"Bearer {hospital.key}", "Idempotency-Key": "x"}
    large = Client().post(
        BULK, b"{}", content_type="application/x-ndjson", headers=bearer, CONTENT_LENGTH=str(60 * 1024 * 1024)
    )
    assert (large.status_code, body_of(large)["type"]) == (413, "urn:ruta:problem:too-large")
    book = Client().post(BULK, b"PK", content_type="application/zip", headers=bearer)
    assert book.status_code == 415
