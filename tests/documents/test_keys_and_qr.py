"""The installation's keys, and what they sign into a QR code."""

import stat
from base64 import urlsafe_b64decode, urlsafe_b64encode
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ruta.documents import keys, qr
from ruta.kernel.errors import Unavailable
from ruta.kernel.identifiers import output_code

FACTS = qr.Facts(
    "K7QF-9M2P-XW4X", "Registro civil de nacimiento", "MFRP 4050", date(2026, 11, 24), "d98e0836da4e" * 5
)


@pytest.fixture
def home(tmp_path: Path, settings: Any) -> Path:
    settings.KEYS_DIR = tmp_path / "keys"
    return tmp_path / "keys"


def test_keys_are_made_once_and_lie_closed(home: Path) -> None:
    assert keys.ensure_keys() == ["authority.p12", "signing.p12", "qr.pem"]
    assert keys.ensure_keys() == []
    for name in ("authority.p12", "signing.p12", "qr.pem", "passphrase"):
        assert stat.S_IMODE((home / name).stat().st_mode) == 0o600


def test_processes_that_start_together_make_one_set(home: Path) -> None:
    with ThreadPoolExecutor(4) as pool:
        made = list(pool.map(lambda _: keys.ensure_keys(), range(4)))
    assert sorted(map(len, made)) == [0, 0, 0, 3]


def test_a_private_key_does_not_open_with_another_passphrase(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("RUTA_KEYS_PASSPHRASE", "correcta")
    keys.ensure_keys()
    assert not (home / "passphrase").exists()
    monkeypatch.setenv("RUTA_KEYS_PASSPHRASE", "otra")
    with pytest.raises(Unavailable, match="does not open"):
        keys.signing_identity()
    with pytest.raises(Unavailable, match="does not open"):
        keys.qr_key()


def test_documents_are_signed_by_rsa_3072_under_our_authority() -> None:
    identity = keys.signing_identity()
    assert identity.key.key_size == 3072
    (authority,) = identity.chain
    identity.certificate.verify_directly_issued_by(authority)


def test_a_former_qr_key_keeps_verifying(home: Path) -> None:
    signed = qr.fragment(FACTS)
    former = keys.qr_key().key_id.hex()
    assert keys.rotate_qr_key() != former
    assert qr.open_fragment(signed).code == FACTS.code
    assert qr.open_fragment(qr.fragment(FACTS)).code == FACTS.code
    assert {each["kid"] for each in keys.public_qr_keys()} == {former, keys.qr_key().key_id.hex()}


def test_the_fragment_says_what_was_signed() -> None:
    opened = qr.open_fragment(qr.fragment(FACTS))
    assert opened == qr.Facts(FACTS.code, FACTS.kind, FACTS.holder, FACTS.issued_on, "d98e0836da4e")


@given(
    kind=st.text(max_size=200), holder=st.text(max_size=60), day=st.dates(date(2000, 1, 1), date(2150, 1, 1))
)
def test_the_fragment_never_exceeds_150_bytes(kind: str, holder: str, day: date) -> None:
    signed = qr.fragment(qr.Facts(output_code(), kind, holder, day, "ab" * 32))
    assert len(urlsafe_b64decode(signed + "=" * (-len(signed) % 4))) <= 150


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(place=st.integers(0, 10_000), mask=st.integers(1, 255))
def test_a_fragment_with_any_byte_changed_is_not_ours(place: int, mask: int) -> None:
    text = qr.fragment(FACTS)
    signed = bytearray(urlsafe_b64decode(text + "=" * (-len(text) % 4)))
    signed[place % len(signed)] ^= mask
    with pytest.raises(qr.NotOursError):
        qr.open_fragment(urlsafe_b64encode(bytes(signed)).decode().rstrip("="))


@pytest.mark.parametrize("text", ["", "a", "====", "ñ" * 90, "A" * 300])
def test_nonsense_is_not_ours(text: str) -> None:
    with pytest.raises(qr.NotOursError):
        qr.open_fragment(text)


def test_the_qr_code_is_an_svg_that_opens_the_verification() -> None:
    svg = qr.svg(FACTS)
    assert svg.startswith("<svg")
    assert "viewBox" in svg


def test_a_code_survives_its_packing() -> None:
    for _ in range(50):
        code = output_code()
        assert qr._unpack_code(qr._pack_code(code)) == code


def test_of_two_persons_as_many_are_in_the_code_as_fit_whole() -> None:
    both = replace(FACTS, holder="MFRP 4050 GPC 3114")
    assert qr.open_fragment(qr.fragment(both)).holder == "MFRP 4050"
