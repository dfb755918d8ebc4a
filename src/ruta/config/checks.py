"""What an installation needs, looked at one by one."""

import os
import socket
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from django.conf import settings
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor

from . import setup


@dataclass(frozen=True)
class Finding:
    """One thing that was looked at: `state` ok, warning (works, but) or missing (does not work)."""

    what: str
    state: Literal["ok", "warning", "missing"]
    said: str


def run() -> Iterator[Finding]:
    """Every check, in the order in which one would mend things."""
    for look in (
        _database,
        _role,
        _extensions,
        _migrations,
        _assets,
        _translations,
        _keys,
        _services,
        _work,
        _agencies,
        _proxies,
        _mail,
        _gateway,
        _scanner,
        _stopped,
    ):
        try:
            yield look()
        except DatabaseError as wrong:
            yield Finding(_name(look), "missing", " ".join(str(wrong).split()))
    if os.geteuid() == 0:
        yield Finding(
            "user", "warning",
            "running as root: the embedded PostgreSQL runs as the user embedded_postgres, "
            "which was given leave to enter every folder above RUTA_HOME",
        )  # fmt: skip


def _name(look: Callable[[], Finding]) -> str:
    return look.__name__.removeprefix("_")


def _ask(query: str) -> str:
    with connection.cursor() as cursor:
        cursor.execute(query)
        return str(cursor.fetchone()[0])


def _database() -> Finding:
    version = _ask("SHOW server_version")
    old = int(version.split(".")[0].split()[0]) < 15
    return Finding(
        "database", "missing" if old else "ok", f"PostgreSQL {version}" + (", 15 is needed" if old else "")
    )


def _role() -> Finding:
    risky = _ask("SELECT rolsuper OR rolbypassrls FROM pg_roles WHERE rolname = current_user") == "True"
    who = _ask("SELECT current_user")
    if risky:
        return Finding("role", "missing", f"{who} is a superuser or passes row security: use the app's role")
    return Finding("role", "ok", f"{who} reads and writes rows and may do no more")


def _extensions() -> Finding:
    from .database import EXTENSIONS

    with connection.cursor() as cursor:
        cursor.execute("SELECT extname FROM pg_extension")
        known = {row[0] for row in cursor.fetchall()}
    lacking = [name for name in EXTENSIONS if name not in known]
    return Finding(
        "extensions",
        "missing" if lacking else "ok",
        f"lacking {', '.join(lacking)}" if lacking else "all there",
    )


def _migrations() -> Finding:
    executor = MigrationExecutor(connection)
    plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
    return Finding(
        "schema",
        "missing" if plan else "ok",
        f"{len(plan)} migrations to apply: ruta migrate" if plan else "up to date",
    )


def _assets() -> Finding:
    there = setup.assets_are_there()
    return Finding("assets", "ok" if there else "missing", "collected" if there else "not built: ruta assets")


def _translations() -> Finding:
    catalogues = list(Path(settings.BASE_DIR).rglob("locale/en/LC_MESSAGES/django.po"))
    stale = [po for po in catalogues if not po.with_suffix(".mo").exists()]
    if stale:
        return Finding(
            "translations", "missing", f"{len(stale)} catalogues not compiled: ruta messages compile"
        )
    return Finding("translations", "ok", f"{len(catalogues)} catalogues")


def _keys() -> Finding:
    there = (Path(settings.KEYS_DIR) / "signing.p12").exists()
    return Finding(
        "keys",
        "ok" if there else "warning",
        "there" if there else "made at the first signature: ruta keys ensure",
    )


def _services() -> Finding:
    from ruta.definitions.selectors import current_services

    names = [version.service_id for version in current_services()]
    return Finding(
        "services", "ok" if names else "missing", ", ".join(names) or "none published: ruta service publish"
    )


def _work() -> Finding:
    from ruta.cases.routing import undoable

    lost = undoable()
    if lost:
        return Finding(
            "work", "warning", f"{lost} open tasks that no official may do: appoint somebody in their offices"
        )
    return Finding("work", "ok", "every open task has somebody who may do it")


def _agencies() -> Finding:
    from ruta.interop.selectors import waiting_since

    waiting = waiting_since()
    if waiting:
        told = ", ".join(f"{name} {count} since {since:%Y-%m-%d %H:%M}" for name, count, since in waiting[:5])
        return Finding("agencies", "warning", f"other agencies have not answered yet: {told}")
    return Finding("agencies", "ok", "every agency answered what it was told")


def _reach(host: str, port: int) -> bool:
    try:
        with socket.create_connection((host, port), timeout=2):
            return True
    except OSError:
        return False


def _proxies() -> Finding:
    networks = settings.TRUSTED_PROXIES
    if networks:
        return Finding("proxies", "ok", f"believed: {', '.join(map(str, networks))}")
    if settings.PUBLIC_URL.startswith("https://"):
        return Finding(
            "proxies", "warning",
            "RUTA_TRUSTED_PROXIES names none: everybody behind the proxy that speaks TLS shares one limit",
        )  # fmt: skip
    return Finding("proxies", "ok", "none: who asks is told by the connection")


def _mail() -> Finding:
    reached = _reach(settings.EMAIL_HOST, settings.EMAIL_PORT)
    where = f"{settings.EMAIL_HOST}:{settings.EMAIL_PORT}"
    if settings.EMAIL_HOST_PASSWORD and not (settings.EMAIL_USE_TLS or settings.EMAIL_USE_SSL):
        return Finding("mail", "warning", f"{where}: the password goes in the clear; set RUTA_SMTP_TLS")
    return Finding(
        "mail",
        "ok" if reached else "warning",
        where if reached else f"{where} does not answer; messages wait",
    )


def _stopped() -> Finding:
    count = int(_ask("SELECT count(*) FROM cases_case WHERE incident IS NOT NULL"))
    if count:
        return Finding("steps", "warning", f"{count} cases have a stopped step: ruta case stopped")
    return Finding("steps", "ok", "no step is stopped")


def _gateway() -> Finding:
    host, _, port = settings.GATEWAY_URL.split("/")[2].partition(":")
    reached = _reach(host, int(port or (443 if settings.GATEWAY_URL.startswith("https") else 80)))
    return Finding(
        "gateway", "ok" if reached else "warning",
        settings.GATEWAY_URL if reached else f"{settings.GATEWAY_URL} does not answer; nobody can pay",
    )  # fmt: skip


def _scanner() -> Finding:
    from ruta.documents.uploads import scanner

    if not settings.CLAMD:
        return Finding(
            "scanner", "warning", "RUTA_CLAMD is empty: files that people send are not scanned for viruses"
        )
    said = scanner.version(settings.CLAMD)
    if said is None:
        return Finding("scanner", "missing", f"{settings.CLAMD} does not answer; every file is refused")
    return Finding("scanner", "ok", f"{settings.CLAMD}: {said}")
