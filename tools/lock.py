"""The lock without the names of the hosts it was made from.

`uv lock` writes full addresses of one package index into `uv.lock`. Ours keeps names, versions and digests, and leaves the
host out, so that a mirror serves as well as the index that pip knows. `strip` makes `uv.lock` so; `expand FOLDER` writes a
lock that uv reads, with the addresses of this machine's index, into FOLDER.
"""

import subprocess
import sys
from pathlib import Path

INDEX, FILES = "index:", "files:"


def hosts() -> tuple[str, str]:
    """The index of packages and the host of their files, as this machine's pip knows them."""
    from pip._internal.models.index import PyPI

    configured = subprocess.run(
        [sys.executable, "-m", "pip", "config", "get", "global.index-url"],
        capture_output=True,
        text=True,
        check=False,
    ).stdout.strip()
    return (configured or PyPI.simple_url).rstrip("/"), f"https://{PyPI.file_storage_domain}"


def strip(path: Path) -> None:
    """Take the hosts out of the lock at `path`."""
    _, files = hosts()
    from pip._internal.models.index import PyPI

    text = path.read_text().replace(PyPI.simple_url.rstrip("/"), INDEX).replace(files, FILES)
    path.write_text(text)


def expand(path: Path, folder: Path) -> None:
    """Write the lock with this machine's hosts, and the project's file beside it, into `folder`."""
    index, files = hosts()
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "uv.lock").write_text(path.read_text().replace(INDEX, index).replace(FILES, files))
    (folder / "pyproject.toml").write_text(Path("pyproject.toml").read_text())
    (folder / "README.md").touch()


if __name__ == "__main__":
    match sys.argv[1:]:
        case ["strip"]:
            strip(Path("uv.lock"))
        case ["expand", target]:
            expand(Path("uv.lock"), Path(target))
        case _:
            sys.exit(__doc__)
