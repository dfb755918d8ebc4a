"""The URL table, walked: every address declares who may open it, and a stranger gets no further."""

from collections.abc import Iterator, Sequence
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

from ruta.identity.access import rule_of

pytestmark = pytest.mark.django_db


def addresses(patterns: Sequence[Any], before: str = "/") -> Iterator[tuple[str, URLPattern]]:
    for each in patterns:
        if isinstance(each, URLResolver):
            yield from addresses(each.url_patterns, before + str(each.pattern))
        else:
            yield before + str(each.pattern), each


def table() -> list[tuple[str, URLPattern]]:
    return list(addresses(get_resolver().url_patterns))


def test_every_address_declares_its_rule() -> None:
    assert len(table()) > 50
    assert [address for address, pattern in table() if rule_of(pattern.callback) is None] == []


def test_a_stranger_is_sent_away_from_whatever_is_not_public() -> None:
    closed = [
        (address, rule_of(pattern.callback))
        for address, pattern in table()
        if "<" not in address and "(" not in address and rule_of(pattern.callback) != "public"
    ]
    assert len(closed) > 10
    for address, rule in closed:
        answer = Client().get(address)
        if rule == "demo":
            assert answer.status_code == (200 if settings.DEMO else 404), address
        elif answer.status_code != 405:
            assert answer.status_code == 302, address
            assert answer.headers["Location"].startswith("/cuenta/entrar/?next="), address
