"""A service's folder on disk, or a published version of it, as one set of files."""

import base64
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from ruta.kernel.errors import RutaError

SHARED = "shared/"
_KINDS = frozenset({".yaml", ".json", ".bpmn", ".dmn", ".csv", ".md", ".typ", ".svg", ".png", ".pdf", ".txt"})
_LARGEST = 5 * 1024 * 1024


class FolderError(RutaError):
    """The folder cannot be read as a service."""

    code = "service-folder"


@dataclass(frozen=True)
class Folder:
    """All files of a service by path relative to its folder; those of the shared folder begin with `shared/`.

    `path` is where it was read from; None when it comes from the database.
    """

    slug: str
    files: Mapping[str, bytes]
    path: Path | None = None

    @cached_property
    def content_hash(self) -> str:
        """SHA-256 over every path and its bytes, in the order of the paths."""
        digest = hashlib.sha256()
        for path in sorted(self.files):
            content = self.files[path]
            digest.update(f"{len(path.encode())}:{path}:{len(content)}:".encode())
            digest.update(content)
        return digest.hexdigest()

    def text(self, path: str) -> str:
        """The file as UTF-8 text; raises FolderError when it is missing or not text."""
        if path not in self.files:
            raise FolderError(
                {"es": f"Falta el archivo {path}.", "en": f"The file {path} is missing."}, field=path
            )
        try:
            return self.files[path].decode("utf-8-sig")
        except UnicodeDecodeError:
            raise FolderError(
                {
                    "es": f"{path} no es texto UTF-8; guárdelo con esa codificación.",
                    "en": f"{path} is not UTF-8 text; save it in that encoding.",
                },
                field=path,
            ) from None

    def under(self, prefix: str, suffix: str = "", *, shared: bool = False) -> tuple[str, ...]:
        """Paths that begin with `prefix` and end with `suffix`, in order; with `shared`, the shared folder's after."""
        own = sorted(path for path in self.files if path.startswith(prefix) and path.endswith(suffix))
        if not shared:
            return tuple(own)
        start = SHARED + prefix
        return (
            *own,
            *sorted(path for path in self.files if path.startswith(start) and path.endswith(suffix)),
        )

    def named(self, prefix: str, suffix: str) -> dict[str, str]:
        """The path of each file under `prefix` by its name without ending; the service's own wins over a shared one."""
        paths: dict[str, str] = {}
        for path in self.under(prefix, suffix, shared=True):
            paths.setdefault(stem(path), path)
        return paths

    def packed(self) -> dict[str, Any]:
        """The files as they are kept in the database."""
        return {path: _pack(content) for path, content in sorted(self.files.items())}

    def replace(self, path: str, content: str | bytes | None) -> "Folder":
        """The same folder with one file changed, added, or (None) taken away."""
        files = dict(self.files)
        if content is None:
            files.pop(path, None)
        else:
            files[path] = content.encode() if isinstance(content, str) else content
        return Folder(self.slug, files, self.path)


def read_folder(path: Path | str, *, shared: Path | str | None = None) -> Folder:
    """Read the folder of a service and the shared folder beside it (or the one given).

    Raises FolderError when there is no `service.yaml`, or a file is larger than 5 MB.
    """
    root = Path(path)
    if not (root / "service.yaml").is_file():
        raise FolderError(
            {
                "es": f"No hay service.yaml en {root}; indique la carpeta de un trámite.",
                "en": f"There is no service.yaml in {root}; name the folder of a service.",
            }
        )
    files = _read(root, "")
    common = Path(shared) if shared is not None else root.parent / "shared"
    if common.is_dir():
        files |= _read(common, SHARED)
    return Folder(root.name, files, root)


def stem(path: str) -> str:
    """The name of a file without folder and ending."""
    return path.rpartition("/")[2].rpartition(".")[0]


def unpack(slug: str, files: Mapping[str, Any]) -> Folder:
    """The folder that a published version holds."""
    return Folder(
        slug,
        {
            path: content.encode() if isinstance(content, str) else base64.b64decode(content["base64"])
            for path, content in files.items()
        },
    )


def _read(root: Path, prefix: str) -> dict[str, bytes]:
    files: dict[str, bytes] = {}
    for path in sorted(root.rglob("*")):
        relative = path.relative_to(root)
        if (
            not path.is_file()
            or path.suffix not in _KINDS
            or any(part.startswith(".") for part in relative.parts)
        ):
            continue
        if path.stat().st_size > _LARGEST:
            raise FolderError(
                {
                    "es": f"{relative} pesa más de 5 MB; una definición no lleva archivos así.",
                    "en": f"{relative} is larger than 5 MB; a definition holds no such file.",
                }
            )
        files[prefix + relative.as_posix()] = path.read_bytes()
    return files


def _pack(content: bytes) -> Any:
    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError:
        return {"base64": base64.b64encode(content).decode("ascii")}
    if "\x00" in text:  # PostgreSQL's JSONB holds no NUL
        return {"base64": base64.b64encode(content).decode("ascii")}
    return text
