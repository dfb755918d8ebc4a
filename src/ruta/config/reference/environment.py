"""What differs between installations: every variable of the environment that Ruta reads. The settings page is made from it."""

from dataclasses import dataclass

from . import markdown


@dataclass(frozen=True)
class Variable:
    """One variable: its default as a person reads it, and what it is for."""

    name: str
    default: str
    meaning: str


PLACES = (
    Variable("RUTA_HOME", "`./var`", "The folder of everything that is kept on disk: the embedded database, files, keys, secrets, copies of the seals, logs of the sample country."),
    Variable("RUTA_PORT", "`8000`", "Port of the web. The sandbox takes the next one for HTTP and the one after it for SMTP."),
    Variable("RUTA_PUBLIC_URL", "`http://localhost:RUTA_PORT`", "The address people use; QR codes are printed with it. With `https://` cookies are marked secure, and the header `X-Forwarded-Proto` of the proxy is believed, so the proxy must set it itself."),
    Variable("RUTA_HOSTS", "`localhost,127.0.0.1,[::1]`", "Names of hosts that are answered, with commas."),
    Variable("RUTA_TRUSTED_PROXIES", "none", "Addresses and networks of the proxies in front of `ruta serve`, with commas (`127.0.0.1,10.0.0.0/8`). From them alone the header `X-Forwarded-For` is believed, from the right; without it everybody behind one proxy shares the limits of one address."),
    Variable("RUTA_SERVICES", "`services/` of the project", "The folder that holds one folder for each service."),
    Variable("RUTA_DEMO", "empty", "`1` in the sample country: anybody may become any sample person at `/demo/`. Never set it where people are real."),
)  # fmt: skip
DATABASE = (
    Variable("DATABASE_URL", "the embedded PostgreSQL under `RUTA_HOME/postgres`", "A PostgreSQL of version 15 or newer, as `postgresql://…` or as keywords, with the role of the application: no superuser, no `BYPASSRLS`."),
    Variable("RUTA_OWNER_URL", "`DATABASE_URL`", "The same database with the role that owns the tables; only migrations and `ruta manage` use it."),
)  # fmt: skip
SECRETS = (
    Variable("RUTA_SECRET_KEY", "made once, kept in `RUTA_HOME/secrets/django`", "Signs sessions and forms, and encrypts parked posts."),
    Variable("RUTA_GATEWAY_SECRET", "made once, kept in `RUTA_HOME/secrets/gateway`", "The secret shared with the payment gateway; it signs its notices."),
    Variable("RUTA_KEYS_PASSPHRASE", "made once, kept in `RUTA_HOME/keys/passphrase`", "Opens the keys that sign documents, QR codes and seals."),
    Variable("RUTA_ISSUER", "`Ruta`", "The organisation named in the certificate that signs documents; read when the keys are made."),
)  # fmt: skip
OUTSIDE = (
    Variable("RUTA_SANDBOX_URL", "`http://127.0.0.1:(RUTA_PORT + 1)`", "Where `ruta sandbox` plays the world outside."),
    Variable("RUTA_GATEWAY_URL", "`RUTA_SANDBOX_URL/gateway`", "The payment gateway."),
    Variable("RUTA_XROAD_URL", "`RUTA_SANDBOX_URL/xroad`", "The X-Road security server through which registers of other agencies are read."),
    Variable("RUTA_XROAD_CLIENT", "`CO/GOB/899999053/RUTA`", "Who we are on X-Road: instance, class, member, subsystem."),
    Variable("RUTA_SMTP_HOST", "`127.0.0.1`", "The mail server."),
    Variable("RUTA_SMTP_PORT", "`RUTA_PORT + 2`", "Its port."),
    Variable("RUTA_SMTP_TLS", "`none`", "How the connection to it is encrypted: `none`, `starttls` (often port 587) or `tls` (often 465). Its certificate must be one that this machine trusts."),
    Variable("RUTA_SMTP_USER", "empty: without signing in", "The user with which we sign in to it."),
    Variable("RUTA_SMTP_PASSWORD", "empty", "And the password."),
    Variable("RUTA_FROM", "`Ruta <no-responda@ruta.example.co>`", "The sender of our mail."),
    Variable("RUTA_ARCHIVE", "`RUTA_HOME/archive`", "Where the files of cases go that the retention schedule transfers."),
    Variable("RUTA_CLAMD", "empty: files are not scanned", "A ClamAV daemon: path of its socket, or `host:port`."),
    Variable("RUTA_TSA_URL", "empty: signatures without a time stamp", "A time-stamping authority (RFC 3161); with it signatures are PAdES B-T."),
)  # fmt: skip
SIGN_IN = (
    Variable("RUTA_PASSWORD_LEVEL", "`medium`", "The highest level of assurance that signing in with a password alone gives."),
    Variable("RUTA_PROOFING_REGISTER", "`ani`", "The register whose answers prove who somebody is (level medium)."),
)  # fmt: skip
LOOKING = (
    Variable("RUTA_LOG", "`WARNING`", "How much is logged: `DEBUG`, `INFO`, `WARNING`, `ERROR`. Logs go to standard error and hold no personal data."),
    Variable("RUTA_TRACE", "empty", "With any value a command that fails shows the traceback instead of one line."),
    Variable("RUTA_CONFORMANCE", "empty: its tests are skipped where it is not found", "Only the tests: a folder that holds the conformance kit of DMN as `dmn-tck`."),
    Variable("RUTA_FUZZ_SECONDS", "60", "Only `make test-all`: how long the fuzzing of FEEL that is led by coverage takes."),
    Variable("RUTA_HYPOTHESIS", "`repeatable`", "Only the tests: `searching` looks for new examples each time, as `make test-all` does."),
    Variable("RUTA_TEST_DATABASE_URL", "an embedded PostgreSQL under `var/test-postgres`", "Only the tests: a superuser's address of the PostgreSQL on which they make their databases."),
)  # fmt: skip

GROUPS = {
    "Places and addresses": PLACES,
    "Database": DATABASE,
    "Secrets and keys": SECRETS,
    "The world outside": OUTSIDE,
    "Signing in": SIGN_IN,
    "Looking inside": LOOKING,
}


def page() -> str:
    """`reference/settings.md`."""
    parts = [
        "Everything that differs between installations comes from the environment. There is no other file of settings. "
        "`ruta check` says what of an installation works."
    ]
    for title, variables in GROUPS.items():
        rows = [[markdown.code(each.name), each.default, each.meaning] for each in variables]
        parts += [f"## {title}", markdown.table(["Variable", "Default", "Meaning"], rows)]
    return markdown.document("Settings", *parts)
