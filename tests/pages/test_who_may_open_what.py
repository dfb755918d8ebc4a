"""The URL table, walked by everybody: each address declares its rule and behaves as it says."""

import re

import pytest
from django.conf import settings
from django.http.response import HttpResponseBase
from django.shortcuts import resolve_url
from django.test import Client
from tests.pages.whole_country import Address, Country, table

pytestmark = pytest.mark.django_db
NOT_PAGES = 405  # the address takes posts only
HIDDEN = (403, 404)
WRITTEN = ("desk:complete", "desk:decide-many", "desk:insert", "desk:note")
SUPERVISED = {"desk:team", "desk:team-export"}  # of the officials, only for who supervises an office
NOT_GUARDED = {
    "payments:notice",  # the gateway signs its notices instead
    "portal:verify_file",  # anybody's check of a file: it changes nothing
}


@pytest.fixture
def country(standing_country: Country) -> Country:
    return standing_country


def as_somebody(country: Country, who: str, *, enforce_csrf: bool = False) -> Client:
    client = Client(enforce_csrf_checks=enforce_csrf)
    if who != "nobody":
        client.force_login(country.accounts[who])
    return client


def ask(country: Country, who: str, address: Address) -> HttpResponseBase:
    """GET the address, or POST it where it takes nothing else; each time as a fresh visitor."""
    path = country.path(address)
    answer = as_somebody(country, who).get(path)
    return as_somebody(country, who).post(path) if answer.status_code == NOT_PAGES else answer


def sends_to_sign_in(answer: HttpResponseBase) -> bool:
    where = answer.headers.get("Location", "")
    return answer.status_code == 302 and where.startswith(f"{resolve_url(settings.LOGIN_URL)}?next=")


def test_every_address_declares_its_rule() -> None:
    assert len(table()) > 60
    assert [address.pattern for address in table() if address.rule is None] == []


def test_whatever_is_not_public_sends_nobody_further_than_the_entrance(country: Country) -> None:
    wrong = {}
    for address in table():
        answer = ask(country, "nobody", address)
        match address.rule:
            case "public":
                right = answer.status_code < 500
            case "demo":
                right = answer.status_code == 404
            case "client":
                right = answer.status_code == 401
            case _:  # a posted decision or note comes back to its writer as 403
                right = sends_to_sign_in(answer) or address.name in WRITTEN
        if not right:
            wrong[address.pattern] = (address.rule, answer.status_code)
    assert wrong == {}


def test_what_belongs_to_luis_is_hidden_from_other_people(country: Country) -> None:
    wrong = {}
    for who in ("nobody yet", "olga"):
        for address in table():
            if address.rule in ("public", "demo") or not address.personal:
                continue
            answer = ask(country, who, address)
            hidden = (401,) if address.rule == "client" else HIDDEN
            if answer.status_code not in hidden:
                wrong[who, address.pattern] = answer.status_code
    assert wrong == {}


def test_the_desk_is_closed_to_who_has_no_posting(country: Country) -> None:
    desk = [address for address in table() if address.rule == "official"]
    assert len(desk) > 10
    for who in ("luis", "nobody yet"):
        got = {address.name: ask(country, who, address).status_code for address in desk}
        assert got == {address.name: 403 for address in desk}


@pytest.mark.parametrize(
    ("who", "rules"), [("luis", ("public", "signed-in")), ("clara", ("public", "official"))]
)
def test_every_page_opens_for_those_whom_it_is_for(
    country: Country, who: str, rules: tuple[str, ...]
) -> None:
    wrong = {}
    opened = 0
    for address in table():
        if address.rule not in rules or (who == "clara" and address.personal and address.rule != "official"):
            continue
        answer = as_somebody(country, who).get(country.path(address))
        if answer.status_code == NOT_PAGES:
            continue
        opened += 1
        nothing_there = address.name in NOTHING_THERE | SUPERVISED
        if sends_to_sign_in(answer) or (answer.status_code >= 400) is not nothing_there:
            wrong[address.name] = (answer.status_code, answer.headers.get("Location"))
    assert wrong == {}
    assert opened > 20


NOTHING_THERE = {  # the case and the draft have no paper of their own
    "api:nothing",
    "portal:case-document",
    "portal:form-upload-preview",
    "desk:document",
    "desk:preview",
    "desk:form-upload-preview",
}


def test_a_post_without_the_token_changes_nothing(country: Country) -> None:
    wrong = {}
    for address in table():
        if address.name in NOT_GUARDED or address.name.startswith("api:"):  # the API knows no cookie
            continue
        who = "clara" if address.rule == "official" else "luis"
        answer = as_somebody(country, who, enforce_csrf=True).post(country.path(address), {"note": "x"})
        parked = answer.status_code in (204, 302) and address.name in ("portal:form-page", "desk:form-page")
        if answer.status_code != 403 and not parked:
            wrong[address.pattern] = answer.status_code
    assert wrong == {}


def test_every_answer_says_what_a_browser_may_do_and_no_page_has_style_or_script_of_its_own(
    country: Country,
) -> None:
    pages = 0
    for address in table():
        who = "clara" if address.rule == "official" else "luis"
        answer = as_somebody(country, who).get(country.path(address))
        policy = answer.headers.get("Content-Security-Policy", "")
        assert "default-src" in policy, address.pattern
        assert "unsafe-inline" not in policy, address.pattern
        assert answer.headers["X-Frame-Options"] == "DENY", address.pattern
        assert answer.headers["X-Content-Type-Options"] == "nosniff", address.pattern
        if answer.headers.get("Content-Type", "").startswith("text/html") and not answer.streaming:
            pages += 1
            assert own_style_or_script(answer.content.decode()) == [], address.pattern  # type: ignore[attr-defined]
    assert pages > 40


def own_style_or_script(html: str) -> list[str]:
    """Tags that a strict policy would refuse; data for machines inside a script is none."""
    found = [tag for tag in re.findall(r"<[a-zA-Z][^>]*>", html) if re.search(r"\s(style|on[a-z]+)=", tag)]
    found += re.findall(r"<style[^>]*>", html)
    scripts = re.findall(r"<script([^>]*)>", html)
    return found + [each for each in scripts if "src=" not in each and "application/" not in each]
