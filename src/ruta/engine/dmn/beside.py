"""A DMN file in its folder, where what it imports is found."""

from pathlib import Path

from ruta.engine.dmn.elements import Import
from ruta.engine.dmn.reader import read


class Beside:
    """Finds what a file imports among the files of its folder."""

    def __init__(self, path: Path | str) -> None:
        self._path = Path(path)

    def read_bytes(self) -> bytes:
        """The file itself."""
        return self._path.read_bytes()

    def __call__(self, wanted: Import) -> bytes | None:
        folder = self._path.parent
        named = folder / wanted.location if wanted.location else None
        if named is not None and named.is_file() and named.resolve().parent == folder.resolve():
            return named.read_bytes()
        for other in self._others():
            content = other.read_bytes()
            if wanted.namespace.encode() in content and read(content).namespace == wanted.namespace:
                return content
        return None

    def known(self) -> list[str]:
        """The names of the files there are, to propose one."""
        return [other.name for other in self._others()]

    def _others(self) -> list[Path]:
        return [other for other in sorted(self._path.parent.glob("*.dmn")) if other != self._path]
