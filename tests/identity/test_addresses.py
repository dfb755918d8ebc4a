"""Limits count by who asks, also behind a proxy; nobody chooses the address that is counted."""

from typing import Any

import pytest
from django.test import Client, RequestFactory

from ruta.config import proxies
from ruta.identity.adapter import AccountAdapter
from ruta.identity.addresses import address_of
from ruta.web.portal.verify import limits

PROXIES = "10.0.0.0/8, 192.0.2.7, fd00::/8"


@pytest.mark.parametrize(
    ("peer", "header", "who"),
    [
        ("203.0.113.5", "", "203.0.113.5"),
        ("203.0.113.5", "198.51.100.1", "203.0.113.5"),  # anybody writes the header
        ("10.0.0.1", "", "10.0.0.1"),
        ("10.0.0.1", "198.51.100.1", "198.51.100.1"),
        ("10.0.0.1", "203.0.113.99, 198.51.100.1", "198.51.100.1"),  # the first one the asker wrote
        ("10.0.0.1", "198.51.100.1, 192.0.2.7", "198.51.100.1"),  # two proxies of ours
        ("10.0.0.1", "10.0.0.3, 10.0.0.2", "10.0.0.3"),  # one of us asks
        ("10.0.0.1", "198.51.100.1:4711", "198.51.100.1"),
        ("fd00::1", "[2001:db8::5]:4711", "2001:db8::5"),
        ("::ffff:10.0.0.1", "198.51.100.1", "198.51.100.1"),
        ("10.0.0.1", "198.51.100.1, unknown", "10.0.0.1"),
        ("10.0.0.1", "' OR 1=1 --", "10.0.0.1"),
        ("", "198.51.100.1", ""),
    ],
)
def test_the_header_is_believed_from_the_right_and_from_our_proxies_alone(
    settings: Any, peer: str, header: str, who: str
) -> None:
    settings.TRUSTED_PROXIES = proxies.read(PROXIES)
    headers = {"HTTP_X_FORWARDED_FOR": header} if header else {}
    request = RequestFactory().get("/", REMOTE_ADDR=peer, **headers)
    assert address_of(request) == who
    assert AccountAdapter().get_client_ip(request) == who


def test_no_proxy_is_believed_unless_named() -> None:
    request = RequestFactory().get("/", REMOTE_ADDR="127.0.0.1", HTTP_X_FORWARDED_FOR="198.51.100.1")
    assert address_of(request) == "127.0.0.1"


@pytest.mark.django_db
def test_behind_a_proxy_one_who_asks_too_much_does_not_keep_the_others_out(
    settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.TRUSTED_PROXIES = proxies.read(PROXIES)
    monkeypatch.setattr(limits, "CODES", 2)

    def asks(header: str, peer: str = "10.0.0.1") -> int:
        answer = Client().get("/v/K7QF-9M2P-XW4T", REMOTE_ADDR=peer, HTTP_X_FORWARDED_FOR=header)
        return answer.status_code

    assert [asks("198.51.100.1") for _ in range(3)] == [404, 404, 429]
    assert asks("203.0.113.99, 198.51.100.1") == 429
    assert asks("198.51.100.2") == 404
    assert [asks(f"198.51.100.{each}", peer="203.0.113.5") for each in (7, 8, 9)] == [404, 404, 429]


def test_what_is_no_network_is_named() -> None:
    with pytest.raises(ValueError, match=r"RUTA_TRUSTED_PROXIES: '10\.0\.0\.0/40' is no address nor network"):
        proxies.read("127.0.0.1, 10.0.0.0/40")
