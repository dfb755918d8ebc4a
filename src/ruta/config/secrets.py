"""Secrets of an installation: from the environment, else made once and kept under RUTA_HOME, never in the repository."""

import os
import secrets as random
from pathlib import Path


def _kept(home: Path, name: str, variable: str) -> str:
    if value := os.environ.get(variable):
        return value
    path = home / "secrets" / name
    try:
        return path.read_text().strip()
    except FileNotFoundError:
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        try:
            with path.open("x") as file:
                file.write(random.token_urlsafe(48))
            path.chmod(0o600)
        except FileExistsError:
            pass
        return path.read_text().strip()


def secret_key(home: Path) -> str:
    """Django's signing key (`RUTA_SECRET_KEY`)."""
    return _kept(home, "django", "RUTA_SECRET_KEY")


def shared_secret(home: Path, name: str) -> str:
    """The secret shared with an outside party, e.g. `RUTA_GATEWAY_SECRET`."""
    return _kept(home, name, f"RUTA_{name.upper()}_SECRET")
