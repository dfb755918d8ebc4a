"""A mail server that asks who we are, over an encrypted connection with a certificate that the machine trusts."""

import ipaddress
import ssl
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.handlers import Sink
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from notifications_builders import a_message
from pytest_django.fixtures import Settings

from ruta.config import mail
from ruta.kernel import clock, jobs
from ruta.notifications.models import Message
from ruta.sandbox.testing import free_port

pytestmark = pytest.mark.django_db


class Letters(Sink):
    """Keeps who signed in and what came."""

    def __init__(self) -> None:
        super().__init__()
        self.came: list[tuple[str, bool]] = []

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        self.came.append((str(session.auth_data.login.decode()), session.ssl is not None))
        return "250 OK"


def who(
    server: SMTP, session: Session, envelope: Envelope, mechanism: str, told: LoginPassword
) -> AuthResult:
    right = (told.login, told.password) == (b"ruta", b"una clave")
    return AuthResult(success=right, auth_data=told if right else None, handled=False)


def certificate(folder: Path) -> Path:
    """A certificate for the loopback, with its key, in one file."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "localhost")])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]), critical=False)
        .sign(key, hashes.SHA256())
    )  # fmt: skip
    path = folder / "server.pem"
    path.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
        + made.public_bytes(serialization.Encoding.PEM)
    )
    return path


@pytest.fixture
def server(tmp_path: Path, settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Iterator[Letters]:
    pem = certificate(tmp_path)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(pem)
    letters = Letters()
    running = Controller(
        letters,
        hostname="127.0.0.1",
        port=free_port(),
        tls_context=context,
        require_starttls=True,
        auth_required=True,
        authenticator=who,
    )
    running.start()
    monkeypatch.setenv("SSL_CERT_FILE", str(pem))
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", running.port
    settings.EMAIL_HOST_USER, settings.EMAIL_HOST_PASSWORD = "ruta", "una clave"
    settings.EMAIL_USE_TLS, settings.EMAIL_USE_SSL = mail.encryption("starttls")
    yield letters
    running.stop()


def attempts(message: Message) -> list[tuple[str, int | None]]:
    return [(row.status, row.code) for row in message.deliveries.filter(channel="email").order_by("id")]


def test_a_letter_goes_with_our_name_over_an_encrypted_connection(server: Letters) -> None:
    message = a_message()
    jobs.run_due()
    assert attempts(message) == [("delivered", 250)]
    assert server.came == [("ruta", True)]


def test_a_wrong_password_is_our_fault_and_loses_no_letter(server: Letters, settings: Settings) -> None:
    settings.EMAIL_HOST_PASSWORD = "otra"
    message = a_message()
    jobs.run_due()
    assert attempts(message) == [("deferred", 535)]
    settings.EMAIL_HOST_PASSWORD = "una clave"
    with clock.moved(clock.now() + timedelta(minutes=2)):
        jobs.run_due()
    assert attempts(message)[-1] == ("delivered", 250)


def test_a_server_that_the_machine_does_not_trust_gets_nothing(
    server: Letters, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    other = tmp_path / "other"
    other.mkdir()
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate(other)))
    message = a_message()
    jobs.run_due()
    assert attempts(message) == [("deferred", None)]
    assert server.came == []


def test_an_unknown_way_of_encrypting_is_refused_by_name() -> None:
    with pytest.raises(ValueError, match="RUTA_SMTP_TLS: 'ssl' is not known; write none, starttls, tls"):
        mail.encryption("ssl")
