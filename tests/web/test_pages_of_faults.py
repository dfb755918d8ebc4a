"""Pages for what went wrong pass the same bar as any other: axe-core, and no scrolling sideways when narrow or enlarged."""

from collections.abc import Callable

import pytest
from django.db import OperationalError
from django.db.backends.base.base import BaseDatabaseWrapper
from django.http import HttpRequest
from django.test import RequestFactory
from playwright.sync_api import Browser
from pytest_django.live_server_helper import LiveServer
from tests.web import axe, screens

from ruta.web.site import errors
from ruta.web.site.again import unavailable

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
SOMEWHERE = "/borradores/00000000-0000-7000-8000-000000000000/entry/"
POSTED = {"nuip": "1020304050", "motivation": "Una razón que tomó media hora escribir. " * 8}


def broken(request: HttpRequest) -> object:
    return errors.server_error(request)


def database_down(request: HttpRequest) -> object:
    return unavailable(request)


def stale(request: HttpRequest) -> object:
    return errors.csrf_failure(request, "")


def signed_out_at_the_desk(request: HttpRequest) -> object:
    return unavailable(request, template="desk/signed-out.html", status=403)


@pytest.mark.parametrize(
    ("lang", "appearance", "width"),
    [("es", "light", 360), pytest.param("en", "dark", 1280, marks=pytest.mark.slow)],
)
@pytest.mark.parametrize("answer", [broken, database_down, stale, signed_out_at_the_desk])
def test_a_page_of_a_fault_is_accessible(
    browser: Browser,
    live_server: LiveServer,
    monkeypatch: pytest.MonkeyPatch,
    answer: Callable[[HttpRequest], object],
    lang: str,
    appearance: str,
    width: int,
) -> None:
    request = RequestFactory().post(SOMEWHERE, POSTED)
    request.COOKIES.update(django_language=lang, ruta_appearance=appearance)

    def refuse(_: BaseDatabaseWrapper) -> None:
        raise OperationalError("connection refused")

    with monkeypatch.context() as down:
        down.setattr(BaseDatabaseWrapper, "ensure_connection", refuse)  # none of them may ask the database
        told = answer(request)
    with screens.a_page(
        browser, width=width, appearance=appearance, lang=lang, base_url=live_server.url
    ) as page:
        page.route(
            f"**{SOMEWHERE}",
            lambda route: route.fulfill(body=told.content, content_type="text/html; charset=utf-8"),  # type: ignore[attr-defined]
        )
        page.goto(SOMEWHERE)
        assert page.locator("h1").count() == 1
        screens.picture(page, f"fault-{answer.__name__}-{width}-{appearance}")
        axe.assert_accessible(page)
        axe.assert_reflows(page)
