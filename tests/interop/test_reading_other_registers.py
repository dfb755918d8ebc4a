"""Reading another agency's register over X-Road: found, absent or unavailable, logged and never kept."""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from uuid import UUID

import pytest
from pytest_django.fixtures import Settings

from ruta.identity.actors import Actor
from ruta.interop import playing, services, xroad
from ruta.interop.breaker import Breaker
from ruta.interop.models import ExchangeRecord
from ruta.kernel import audit
from ruta.kernel.errors import RutaError
from ruta.registers.spec import spec_of
from ruta.sandbox import testing

pytestmark = pytest.mark.django_db

ANI = "CO/GOB/899999040/ANI/identity-cards/v1"
CARD = {
    "document_type": "CC",
    "document_number": "1020304050",
    "given_names": "María Fernanda",
    "first_surname": "Rojas",
    "birth_date": "1998-03-27",
}
VEHICLES = {
    "properties": {
        "plate": {"type": "string"},
        "owner": {"type": "object"},
        "registered_on": {"type": "string", "format": "date"},
        "colour": {"type": "string", "maxLength": 5},
    },
    "x-register": {
        "key": [["plate"]], "holder": "owner.number", "holder_type": "owner.kind", "source": {"xroad": ANI},
    },
    "x-checks": [
        {"id": "future", "at": "/registered_on", "wrong_when": "entry.registered_on > today",
         "say": {"es": "está en el futuro.", "en": "it is in the future."}},
    ],
}  # fmt: skip
KEY = {"document_type": "CC", "document_number": "1020304050"}
ana = Actor(kind="person", name="Ana", account_id=1, document_type="CC", document_number="52148963")


@pytest.fixture(scope="session")
def _sandbox() -> Iterator[testing.Playground]:
    with testing.running() as playground:
        playground.fill("ani", ANI, [CARD])
        yield playground


@pytest.fixture
def agencies(_sandbox: testing.Playground, settings: Settings) -> testing.Playground:
    """The sandbox's security server, well behaved."""
    _sandbox.misbehave("xroad:ani", "ok")
    xroad.breaker.forget()
    settings.XROAD_URL = _sandbox.xroad_url
    return _sandbox


def read(key: dict[str, Any] = KEY, wait: float = xroad.TIMEOUT, service: str = ANI) -> services.Answer:
    return services.read(
        "ani",
        {"xroad": service, "patience": "48 hours"},
        key,
        actor=ana,
        purpose="case_processing",
        case_number="2026-CRB-000123-7",
        wait=wait,
    )


def test_an_entry_comes_with_its_source_and_instant(agencies: testing.Playground) -> None:
    answer = read()
    assert (answer.status, answer.value, answer.source) == ("found", CARD, ANI)


def test_an_entry_that_is_not_there_is_absent_and_asked_for_once(agencies: testing.Playground) -> None:
    answer = read({"document_type": "CC", "document_number": "1"})
    assert (answer.status, answer.value) == ("absent", None)
    assert ExchangeRecord.objects.get().attempts == 1


def test_every_read_is_a_line_of_the_message_log_without_the_payload(agencies: testing.Playground) -> None:
    read()
    line = ExchangeRecord.objects.get(case_number="2026-CRB-000123-7")
    assert (line.status, line.http_status, line.purpose, line.attempts) == (
        "found",
        200,
        "case_processing",
        1,
    )
    assert (len(line.request_sha256), len(line.response_sha256), line.actor) == (64, 64, "account:1")
    kept = " ".join(str(getattr(line, field.attname)) for field in line._meta.concrete_fields)
    assert not any(value in kept for value in ("1020304050", "Rojas", "52148963"))


def test_what_was_found_is_told_to_the_person_it_is_about(agencies: testing.Playground) -> None:
    read()
    (told,) = audit.reads_about("1020304050")
    assert (told.what, told.purpose, told.case_number) == (
        "register:ani",
        "case_processing",
        "2026-CRB-000123-7",
    )
    assert "birth_date" in told.fields


def test_a_person_whom_a_register_names_in_its_own_words_is_told_too(agencies: testing.Playground) -> None:
    """A vehicle's owner: the register says in which fields the person stands (`x-register.holder`)."""
    owned = {"plate": "ABC123", "owner": {"kind": "CC", "number": "1020304050"}}
    with playing.using(playing.PlayingAgencies({"vehicles": [owned]})):
        services.read(
            "vehicles",
            {"xroad": ANI},
            {"plate": "ABC123"},
            actor=ana,
            purpose="case_processing",
            about=spec_of(VEHICLES),
        )
    (told,) = audit.reads_about("1020304050")
    assert (told.document_type, told.what) == ("CC", "register:vehicles")


def test_the_question_says_who_asks_for_whom_and_about_what(agencies: testing.Playground) -> None:
    envelope = xroad.Envelope(UUID(int=7), "CO/GOB/899999053/RUTA", "COCC52148963", "2026-CRB-000123-7")
    assert envelope.headers() == {
        "X-Road-Client": "CO/GOB/899999053/RUTA",
        "X-Road-Id": "00000000-0000-0000-0000-000000000007",
        "X-Road-UserId": "COCC52148963",
        "X-Road-Issue": "2026-CRB-000123-7",
    }


def test_a_register_that_stumbles_is_asked_again(agencies: testing.Playground) -> None:
    agencies.misbehave("xroad:ani", "down", times=2)
    assert read().status == "found"
    assert ExchangeRecord.objects.get().attempts == 3


@pytest.mark.parametrize("mode", ["down", "lying"])
def test_a_register_that_is_down_or_unreadable_is_unavailable_never_absent(
    agencies: testing.Playground, mode: str
) -> None:
    agencies.misbehave("xroad:ani", mode)
    assert read(wait=5).status == "unavailable"


def test_a_service_that_the_other_side_does_not_know_is_unavailable_not_absent(
    agencies: testing.Playground,
) -> None:
    assert read(service="CO/GOB/899999040/ANI/unknown/v1").status == "unavailable"


def test_a_register_that_never_answers_is_left_when_the_wait_is_over(agencies: testing.Playground) -> None:
    agencies.misbehave("xroad:ani", "lost")
    begun = time.monotonic()
    assert read(wait=1).status == "unavailable"
    assert time.monotonic() - begun < 10  # not the 30 s of the protocol


def test_after_five_failures_in_a_row_a_register_is_spared(agencies: testing.Playground) -> None:
    agencies.misbehave("xroad:ani", "down")
    read()
    read()
    assert sum(ExchangeRecord.objects.values_list("attempts", flat=True)) == 5
    read()
    assert ExchangeRecord.objects.order_by("-id").values_list("attempts", flat=True)[0] == 0


def test_a_spared_register_gets_one_try_after_a_rest_and_all_when_it_answers() -> None:
    now = 0.0
    breaker = Breaker(limit=2, rest=30, time=lambda: now)
    for _ in range(2):
        breaker.failed("ani")
    assert not breaker.allows("ani")
    assert breaker.allows("ruv")
    now = 30.0
    assert breaker.allows("ani")
    assert not breaker.allows("ani")
    breaker.answered("ani")
    assert breaker.allows("ani")
    assert breaker.allows("ani")


@pytest.mark.parametrize("service", ["", "http://elsewhere.example", "CO/GOB/899999040/ANI/../v1"])
def test_a_source_that_is_no_x_road_service_is_named(service: str) -> None:
    with pytest.raises(RutaError) as wrong:
        read(service=service)
    assert wrong.value.field == "source.xroad"


CAR = {"plate": "ABC123", "owner": {"kind": "CC", "number": "1020304050"}, "registered_on": "2020-05-01"}


def of_a_vehicle(agencies: testing.Playground, mode: str = "ok", **asked: Any) -> services.Answer:
    agencies.fill("vehicles", ANI.replace("ANI", "RUNT"), [CAR, CAR | {"plate": "XYZ987"}])
    agencies.misbehave("xroad:vehicles", mode)
    said: dict[str, Any] = {"fields": ("plate", "registered_on")} | asked
    return services.read(
        "vehicles",
        {"xroad": ANI.replace("ANI", "RUNT")},
        {"plate": "ABC123"},
        actor=ana,
        purpose="case_processing",
        about=spec_of(VEHICLES),
        **said,
    )


def test_only_the_fields_that_are_read_come_in_and_are_told(agencies: testing.Playground) -> None:
    answer = of_a_vehicle(agencies)
    assert answer.value == {"plate": "ABC123", "registered_on": "2020-05-01"}
    assert audit.reads_about("1020304050")[0].fields == ["plate", "registered_on"]


@pytest.mark.parametrize(
    ("mode", "status", "fault"),
    [
        ("another", "unavailable", "another"),
        ("impossible", "unavailable", "impossible"),
        ("twice", "ambiguous", ""),
        ("absent", "absent", ""),
        ("lying", "unavailable", "unreadable"),
    ],
)
def test_an_answer_that_cannot_be_used_is_told_apart_and_kept_nowhere(
    agencies: testing.Playground, mode: str, status: str, fault: str
) -> None:
    answer = of_a_vehicle(agencies, mode)
    assert (answer.status, answer.fault, answer.value) == (status, fault, None)
    line = ExchangeRecord.objects.get(register="vehicles")
    assert (line.status, line.fault) == (status, fault)
    assert not audit.reads_about("1020304050").exists()
    if mode == "impossible":
        assert [(problem.at, problem.check) for problem in answer.problems] == [("/registered_on", "future")]


def test_a_field_that_nobody_reads_may_be_wrong(agencies: testing.Playground) -> None:
    assert of_a_vehicle(agencies, "impossible", fields=("plate",)).status == "found"


def test_many_are_found_where_many_are_asked_for(agencies: testing.Playground) -> None:
    answer = of_a_vehicle(agencies, "twice", match="many")
    assert [each["registered_on"] for each in answer.value] == ["2020-05-01", "2020-05-02"]
    assert of_a_vehicle(agencies, "ok", match="many").value[0]["plate"] == "ABC123"


def test_the_same_entry_said_twice_is_one(agencies: testing.Playground) -> None:
    played = playing.PlayingAgencies({"vehicles": [CAR]})
    played.twice.add("vehicles")
    with playing.using(played):
        assert of_a_vehicle(agencies).status == "found"


def test_an_answer_that_trickles_in_is_left_when_the_wait_is_over(settings: Settings) -> None:
    """Each byte in time, the whole never: no page waits for it."""
    with a_trickle() as url:
        settings.XROAD_URL = url
        xroad.breaker.forget()
        begun = time.monotonic()
        assert read(wait=0.5).status == "unavailable"
        assert time.monotonic() - begun < 5
    xroad.breaker.forget()


@contextmanager
def a_trickle() -> Iterator[str]:
    class Slow(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("Content-Length", "1000")
            self.end_headers()
            with suppress(OSError):
                for _ in range(100):
                    self.wfile.write(b" ")
                    self.wfile.flush()
                    time.sleep(0.1)

        def log_message(self, *args: object) -> None:
            """Quiet."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Slow)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()
