"""What any logger writes, ours or a library's, on good days and bad, names nobody."""

import io
import logging
import threading
from collections.abc import Iterator
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.http import HttpRequest, HttpResponse
from django.test import Client
from django.urls import path
from procrastinate.contrib.django import app

from ruta.config import logs, urls
from ruta.config.urls import handler400, handler403, handler404, handler500  # noqa: F401  of this URL table too
from ruta.identity import access
from ruta.identity.models import Account
from ruta.kernel import jobs

SECRETS = (
    "luis@example.co",
    "luis%40example.co",
    "1020304050",
    "52148963",
    "52.148.963",
    "2026-CRB-000123-0",
)
SECRETS += ("K7QF-9M2P-XW4T", "AB123456")


def twice() -> None:
    """What the database says of a second account of the same address holds the address."""
    with transaction.atomic():
        for _ in range(2):
            Account.objects.create(email="luis@example.co")


@access.public
def fails(request: HttpRequest, number: str) -> HttpResponse:
    twice()
    return HttpResponse()


@access.public
def fails_in_words(request: HttpRequest, number: str) -> HttpResponse:
    try:
        twice()
    except IntegrityError as wrong:
        raise ValueError(
            f"{wrong!r} of CC 52.148.963, passport AB123456, case {number}, K7QF-9M2P-XW4T"
        ) from wrong
    return HttpResponse()


urlpatterns = [
    path("falla/<str:number>/", fails),
    path("falla/con/<str:number>/", fails_in_words),
    *urls.urlpatterns,
]


@jobs.job(name="tests.fails")
def fail(*, id: str) -> None:
    twice()


@pytest.fixture
def written(monkeypatch: pytest.MonkeyPatch) -> Iterator[io.StringIO]:
    """What reaches standard error through the handler of the settings, from level INFO."""
    (handler,) = (each for each in logging.getLogger().handlers if isinstance(each.formatter, logs.Line))
    assert isinstance(handler, logging.StreamHandler)
    into = io.StringIO()
    # Not by setStream, which flushes the stream before: another test's capture of it may be closed by now.
    before, handler.stream = handler.stream, into
    level = logging.getLogger().level
    logging.getLogger().setLevel(logging.INFO)
    yield into
    logging.getLogger().setLevel(level)
    handler.stream = before


def names_nobody(told: str) -> None:
    assert told
    for secret in SECRETS:
        assert secret not in told, told
    assert "DETAIL" not in told


def test_no_logger_has_a_handler_that_writes_in_another_way() -> None:
    loggers = [logging.getLogger(name) for name in logging.root.manager.loggerDict]
    other = [
        (logger.name, handler)
        for logger in loggers
        for handler in logger.handlers
        if isinstance(handler, logging.StreamHandler)
        and not isinstance(handler.formatter, logs.Line)
        and not type(handler).__module__.startswith("_pytest")
    ]
    assert other == []


@pytest.mark.django_db
@pytest.mark.parametrize("address", ["/falla/2026-CRB-000123-0/", "/falla/con/2026-CRB-000123-0/"])
def test_a_page_that_fails_tells_the_fault_and_its_place_but_not_the_values(
    written: io.StringIO, settings: Any, address: str
) -> None:
    settings.ROOT_URLCONF = __name__
    client = Client(raise_request_exception=False)
    assert client.get(address, HTTP_ACCEPT_LANGUAGE="es").status_code == 500
    told = written.getvalue()
    names_nobody(told)
    for word in ("Traceback", "IntegrityError", "23505", "duplicate key", "test_logs.py", "<str:number>"):
        assert word in told


@pytest.mark.django_db
@pytest.mark.parametrize(
    "address",
    [
        "/escritorio/expedientes/2026-CRB-000123-0/",
        "/no-existe/2026-CRB-000123-0/luis@example.co/1020304050/",
        "/no-existe/luis%2540example.co/",
        "/no-existe/2026crb0001230/",
        "/v/K7QF-9M2P-XW4T/nada/",
    ],
)
def test_an_address_that_is_not_found_is_told_without_its_numbers(
    written: io.StringIO, address: str, client: Client
) -> None:
    response = client.get(address)
    logging.getLogger("django.request").warning(
        "Not Found: %s", address, extra={"request": response.wsgi_request}
    )
    names_nobody(written.getvalue())
    assert "2026crb0001230" not in written.getvalue()


@pytest.mark.django_db(transaction=True)
def test_a_job_that_fails_at_a_worker_tells_which_and_why_but_not_the_values(written: io.StringIO) -> None:
    fail.defer(id="01a20d78-066e-772e-8bc8-b7744546770d")
    connector: Any = app.connector

    def work() -> None:
        with app.replace_connector(connector.get_worker_connector()) as working:
            working.run_worker(
                wait=False, listen_notify=False, install_signal_handlers=False, queues=["default"]
            )

    worker = threading.Thread(target=work)  # the browser's tests leave an event loop running in this one
    worker.start()
    worker.join(60)
    told = written.getvalue()
    names_nobody(told)
    for word in (
        "tests.fails[",
        "01a20d78-066e-772e-8bc8-b7744546770d",
        "IntegrityError",
        "23505",
        "Traceback",
    ):
        assert word in told


@pytest.mark.django_db
def test_a_value_that_a_column_does_not_take_is_not_repeated(written: io.StringIO) -> None:
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SELECT %s::date", ["María Rojas"])
    except Exception:
        logging.getLogger("a.library").exception("could not read")
    told = written.getvalue()
    assert "22007" in told
    assert "María" not in told.replace('["María Rojas"]', "")


@pytest.mark.parametrize(
    "kept",
    [
        "job 01a20d78-066e-772e-8bc8-b7744546770d waits",
        "cases.finish[1234567](case_id='01a20d78-066e-772e-8bc8-b7744546770d', token=3)",
        'File "/srv/ruta/cases/machine.py", line 1234, in save',
        "lasted 12.345 s at 127.0.0.1:54321",
        "blob 2c26b46b68ffc68ff99b453c1d30413413422d706483bfa0f98a5e886266e7ae",
        "term of 10 business days until 2026-11-24",
    ],
)
def test_what_operators_need_stays(kept: str) -> None:
    assert logs.without_identifiers(kept) == kept
