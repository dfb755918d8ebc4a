"""The installation's keys: a small certificate authority, the document signing certificate, the key of QR
codes.

They live in `RUTA_HOME/keys`, encrypted with a passphrase from `RUTA_KEYS_PASSPHRASE` or from a file of mode
0600 beside them. An installation with a certificate of a recognised authority puts its PKCS#12 in
`signing.p12`. Public halves of former keys stay in `certificates/` and `qr/`, so that what they signed keeps
verifying.

RSA-3072 signs PDFs (an elliptic key would write PDF 2.0 into a PDF/A-3); P-256 signs QR codes (64 bytes).
"""

import fcntl
import hashlib
import os
import secrets
from base64 import urlsafe_b64encode
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import pkcs12
from cryptography.x509.oid import NameOID, ObjectIdentifier
from django.conf import settings

from ruta.kernel import clock
from ruta.kernel.errors import Unavailable

CA_YEARS, SIGNING_YEARS = 20, 6
DOCUMENT_SIGNING = ObjectIdentifier("1.3.6.1.5.5.7.3.36")
"""Extended key usage `id-kp-documentSigning` (RFC 9336)."""


@dataclass(frozen=True)
class SigningIdentity:
    """The key that signs documents, its certificate, and the certificates above it."""

    key: rsa.RSAPrivateKey
    certificate: x509.Certificate
    chain: tuple[x509.Certificate, ...]


@dataclass(frozen=True)
class QrKey:
    """The key that signs QR codes; `key_id` is 4 bytes of the digest of its public half."""

    key: ec.EllipticCurvePrivateKey
    key_id: bytes


def folder() -> Path:
    """Where keys are kept."""
    return Path(settings.KEYS_DIR)


def ensure_keys() -> list[str]:
    """Make what is missing, once, however many processes start together; return the names of the files
    made.
    """
    home = folder()
    home.mkdir(parents=True, exist_ok=True, mode=0o700)
    made: list[str] = []
    with _locked(home):
        passphrase = _passphrase(home)
        if not (home / "signing.p12").exists():
            _make_signing(home, passphrase)
            made += ["authority.p12", "signing.p12"]
        if not (home / "qr.pem").exists():
            _make_qr(home, passphrase)
            made.append("qr.pem")
    return made


@contextmanager
def _locked(home: Path) -> Iterator[None]:
    with (home / ".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _passphrase(home: Path) -> bytes:
    if value := os.environ.get("RUTA_KEYS_PASSPHRASE"):
        return value.encode()
    path = home / "passphrase"
    if not path.exists():
        _write(path, secrets.token_urlsafe(32).encode())
    return path.read_bytes().strip()


def _write(path: Path, data: bytes, mode: int = 0o600) -> None:
    aside = path.with_name(f".{path.name}.new")
    aside.unlink(missing_ok=True)
    handle = os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode)
    with os.fdopen(handle, "wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
    aside.replace(path)


def _name(common: str) -> x509.Name:
    return x509.Name(
        [
            x509.NameAttribute(NameOID.COUNTRY_NAME, "CO"),
            x509.NameAttribute(NameOID.ORGANIZATION_NAME, os.environ.get("RUTA_ISSUER", "Ruta")),
            x509.NameAttribute(NameOID.COMMON_NAME, common),
        ]
    )


def _certificate(
    *, subject: x509.Name, key: rsa.RSAPrivateKey, issuer: x509.Name, issuer_key: rsa.RSAPrivateKey, ca: bool
) -> x509.Certificate:
    # Backdated: a replayed past year must be signed by a certificate that was valid then.
    begins = datetime(2020, 1, 1, tzinfo=UTC)
    now = clock.now()
    builder = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(begins)
        .not_valid_after(now + timedelta(days=365 * (CA_YEARS if ca else SIGNING_YEARS)))
        .add_extension(x509.BasicConstraints(ca=ca, path_length=0 if ca else None), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .add_extension(
            x509.AuthorityKeyIdentifier.from_issuer_public_key(issuer_key.public_key()), critical=False
        )
        .add_extension(
            x509.KeyUsage(
                digital_signature=not ca,
                content_commitment=not ca,
                key_cert_sign=ca,
                crl_sign=ca,
                key_encipherment=False,
                data_encipherment=False,
                key_agreement=False,
                encipher_only=False,
                decipher_only=False,
            ),
            critical=True,
        )
    )
    if not ca:
        builder = builder.add_extension(x509.ExtendedKeyUsage([DOCUMENT_SIGNING]), critical=False)
    return builder.sign(issuer_key, hashes.SHA256())


def _make_signing(home: Path, passphrase: bytes) -> None:
    ca_key = rsa.generate_private_key(public_exponent=65537, key_size=3072)
    ca_name = _name("Autoridad de certificación de documentos")
    ca = _certificate(subject=ca_name, key=ca_key, issuer=ca_name, issuer_key=ca_key, ca=True)
    key = rsa.generate_private_key(public_exponent=65537, key_size=3072)
    certificate = _certificate(
        subject=_name("Sello digital de documentos"), key=key, issuer=ca_name, issuer_key=ca_key, ca=False
    )
    encryption = serialization.BestAvailableEncryption(passphrase)
    _write(
        home / "authority.p12",
        pkcs12.serialize_key_and_certificates(b"authority", ca_key, ca, None, encryption),
    )
    _write(
        home / "signing.p12",
        pkcs12.serialize_key_and_certificates(b"signing", key, certificate, [ca], encryption),
    )
    _publish_certificate(home, certificate)
    _write(home / "authority.pem", ca.public_bytes(serialization.Encoding.PEM), 0o644)


def _publish_certificate(home: Path, certificate: x509.Certificate) -> None:
    (home / "certificates").mkdir(exist_ok=True)
    name = certificate.fingerprint(hashes.SHA256()).hex()[:16]
    path = home / "certificates" / f"{name}.pem"
    if not path.exists():
        _write(path, certificate.public_bytes(serialization.Encoding.PEM), 0o644)


def _make_qr(home: Path, passphrase: bytes) -> None:
    key = ec.generate_private_key(ec.SECP256R1())
    _write(
        home / "qr.pem",
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.BestAvailableEncryption(passphrase),
        ),
    )
    (home / "qr").mkdir(exist_ok=True)
    public = key.public_key()
    _write(
        home / "qr" / f"{key_id(public).hex()}.pem",
        public.public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo),
        0o644,
    )


def rotate_qr_key() -> str:
    """Put a new key in the place of the one that signs QR codes; return its id in hexadecimal.

    The public half of the former stays. Running processes sign with the former until they start again.
    """
    ensure_keys()
    home = folder()
    with _locked(home):
        _make_qr(home, _passphrase(home))
    _load_qr.cache_clear()
    return qr_key().key_id.hex()


def key_id(key: ec.EllipticCurvePublicKey) -> bytes:
    """The first 4 bytes of SHA-256 of the public key (SubjectPublicKeyInfo)."""
    info = key.public_bytes(serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo)
    return hashlib.sha256(info).digest()[:4]


def _unreadable(name: str) -> Unavailable:
    return Unavailable(
        {
            "es": f"La llave {name} no abre con la clave dada. Revise RUTA_KEYS_PASSPHRASE.",
            "en": f"The key {name} does not open with the passphrase. Check RUTA_KEYS_PASSPHRASE.",
        },
        code="keys",
    )


def signing_identity() -> SigningIdentity:
    """The key and certificates that sign documents, parsed once per process; made when missing."""
    if not (folder() / "signing.p12").exists():
        ensure_keys()
    return _load_signing(folder())


@lru_cache(maxsize=4)
def _load_signing(home: Path) -> SigningIdentity:
    try:
        key, certificate, chain = pkcs12.load_key_and_certificates(
            (home / "signing.p12").read_bytes(), _passphrase(home)
        )
    except ValueError as wrong:
        raise _unreadable("signing.p12") from wrong
    if not isinstance(key, rsa.RSAPrivateKey) or certificate is None:
        raise Unavailable(
            {
                "es": "signing.p12 no trae una llave RSA con su certificado. Use RSA de 3072 bits.",
                "en": "signing.p12 has no RSA key with its certificate. Use 3072-bit RSA.",
            },
            code="keys",
        )
    _publish_certificate(home, certificate)
    return SigningIdentity(key, certificate, tuple(chain))


def qr_key() -> QrKey:
    """The key that signs QR codes, parsed once per process; made when missing."""
    if not (folder() / "qr.pem").exists():
        ensure_keys()
    return _load_qr(folder())


@lru_cache(maxsize=4)
def _load_qr(home: Path) -> QrKey:
    try:
        key = serialization.load_pem_private_key((home / "qr.pem").read_bytes(), _passphrase(home))
    except ValueError as wrong:
        raise _unreadable("qr.pem") from wrong
    if not isinstance(key, ec.EllipticCurvePrivateKey):
        raise _unreadable("qr.pem")
    return QrKey(key, key_id(key.public_key()))


def issued_certificates() -> tuple[x509.Certificate, ...]:
    """Every certificate that has signed documents here, present and former."""
    signing_identity()
    return tuple(
        x509.load_pem_x509_certificate(path.read_bytes())
        for path in sorted((folder() / "certificates").glob("*.pem"))
    )


def public_qr_keys() -> list[dict[str, str]]:
    """Public keys of QR codes, present and former, as JSON Web Keys (RFC 7517); `kid` is the key id in
    hexadecimal.
    """
    qr_key()
    keys: list[dict[str, str]] = []
    for path in sorted((folder() / "qr").glob("*.pem")):
        public = serialization.load_pem_public_key(path.read_bytes())
        assert isinstance(public, ec.EllipticCurvePublicKey)
        numbers = public.public_numbers()
        keys.append(
            {
                "kty": "EC",
                "crv": "P-256",
                "kid": key_id(public).hex(),
                "x": _base64url(numbers.x.to_bytes(32, "big")),
                "y": _base64url(numbers.y.to_bytes(32, "big")),
            }
        )
    return keys


def _base64url(data: bytes) -> str:
    return urlsafe_b64encode(data).rstrip(b"=").decode()
