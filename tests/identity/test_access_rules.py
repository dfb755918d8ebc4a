"""Every view declares who may open it, and the declaration is what opens or closes it."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser
from django.contrib.sessions.backends.signed_cookies import SessionStore
from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory
from django.urls import URLPattern
from identity_builders import a_person, an_account, an_official

from ruta.identity import access, urls
from ruta.kernel.errors import Forbidden, NotFound

pytestmark = pytest.mark.django_db

View = Callable[..., Any]


def page(request: HttpRequest) -> HttpResponse:
    return HttpResponse("dentro")


def asked(view: View, user: Any = None, *, method: str = "GET", **headers: str) -> HttpResponse:
    request = RequestFactory().generic(method, "/tramites/x/?p=2", **headers)  # type: ignore[arg-type]
    request.user = user or AnonymousUser()
    request.session = SessionStore()
    answer = view(request)
    assert isinstance(answer, HttpResponse)
    return answer


@pytest.fixture
def hooks() -> Iterator[list[Any]]:
    before = list(access.on_refused_post)
    yield access.on_refused_post
    access.on_refused_post[:] = before


def test_a_stranger_is_sent_to_sign_in_and_back() -> None:
    assert asked(access.public(page)).content == b"dentro"
    sent = asked(access.signed_in(page))
    assert sent.headers["Location"] == "/cuenta/entrar/?next=%2Ftramites%2Fx%2F%3Fp%3D2"
    assert asked(access.signed_in(page), an_account()).content == b"dentro"


def test_who_is_not_known_well_enough_is_sent_to_prove_it_and_back() -> None:
    view = access.level("medium")(page)
    assert "/cuenta/entrar/" in asked(view).headers["Location"]
    sent = asked(view, an_account())
    assert sent.headers["Location"] == "/cuenta/identidad/?siguiente=%2Ftramites%2Fx%2F%3Fp%3D2&nivel=medium"
    known = an_account("b@ejemplo.co", person=a_person(assurance="medium"))
    assert asked(view, known).content == b"dentro"
    assert "nivel=high" in asked(access.level("high")(page), known).headers["Location"]


def test_the_desk_is_for_officials() -> None:
    view = access.official(page)
    assert "/cuenta/entrar/" in asked(view).headers["Location"]
    with pytest.raises(Forbidden):
        asked(view, an_account())
    assert asked(view, an_official().account).content == b"dentro"


def test_pages_of_the_sample_country_exist_only_there(settings: Any) -> None:
    view = access.demo(page)
    settings.DEMO = False
    with pytest.raises(NotFound):
        asked(view)
    settings.DEMO = True
    assert asked(view).content == b"dentro"


def test_a_piece_of_a_page_asked_by_htmx_moves_the_whole_page() -> None:
    sent = asked(access.signed_in(page), HTTP_HX_REQUEST="true")
    assert (sent.status_code, sent.headers["HX-Redirect"]) == (
        200,
        "/cuenta/entrar/?next=%2Ftramites%2Fx%2F%3Fp%3D2",
    )


def test_what_was_posted_by_somebody_signed_out_can_be_kept(hooks: list[Any]) -> None:
    kept: list[str] = []

    def keep(request: HttpRequest, where: str) -> HttpResponse | None:
        kept.append(where)
        return HttpResponse("guardado", status=202)

    hooks[:] = [lambda request, where: None, keep]
    assert asked(access.signed_in(page), method="POST").content == b"guardado"
    assert kept == ["/cuenta/entrar/?next=%2Ftramites%2Fx%2F"]
    assert asked(access.signed_in(page)).status_code == 302


def test_an_unknown_rule_is_refused_when_the_code_is_loaded() -> None:
    with pytest.raises(ValueError, match="no such rule"):
        access.rule("everybody")
    assert access.rule_of(page) is None
    assert access.rule_of(access.level("high")(page)) == "level:high"


def test_every_page_of_accounts_declares_its_rule() -> None:
    pages = [each for each in (*urls.urlpatterns, *urls.step_up) if isinstance(each, URLPattern)]
    assert len(pages) > 12
    assert [each.name for each in pages if access.rule_of(each.callback) is None] == []
