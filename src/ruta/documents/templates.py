"""A document's template: a Typst file, and the files beside it that it imports, kept as one piece.

What an output was made with is one digest. So the files are kept together, under the paths by which they import each
other, and a template sees no other file.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from posixpath import commonpath, dirname, join, normpath, relpath

from ruta.kernel import canonical

_IMPORT = re.compile(r'(?:^|[^\w.])(?:import|include)\s*\(?\s*"(@[^"\n]*|[^"\n]*\.typ)"')
_COMMENT = re.compile(r"/\*.*?\*/|(?<!:)//[^\n]*", re.DOTALL)


@dataclass(frozen=True)
class Import:
    """A file that a template names: as it is written, its path beside the importing one, and the line."""

    written: str
    path: str
    line: int

    @property
    def is_package(self) -> bool:
        """Whether it would come from the internet."""
        return self.written.startswith("@")


@dataclass(frozen=True)
class Template:
    """`files` by path, texts of Typst; `main` is the path of the one that is compiled."""

    main: str
    files: Mapping[str, str]

    @classmethod
    def alone(cls, text: str) -> Template:
        """A template of one file."""
        return cls("main.typ", {"main.typ": text})

    def packed(self) -> bytes:
        """The bytes that are kept: the same files give the same bytes."""
        return canonical.dumps({"main": self.main, "files": dict(self.files)})

    @classmethod
    def unpacked(cls, kept: bytes) -> Template:
        """The template that `packed` kept."""
        told = json.loads(kept)
        return cls(told["main"], told["files"])


def imports_of(path: str, text: str) -> list[Import]:
    """What the template at `path` imports and includes, in order. Comments are not read."""
    bare = _COMMENT.sub(lambda comment: "\n" * comment[0].count("\n"), text)
    return [
        Import(
            found[1],
            normpath(join(dirname(path), found[1])),
            bare.count("\n", 0, found.start(1)) + 1,
        )
        for found in _IMPORT.finditer(bare)
    ]


def gather(main: str, read: Callable[[str], str]) -> Template:
    """The template at `main` with all that it imports, and what those import, under the paths that they have for each
    other: the folder that holds them all is left out. `read` gives the text of a path, and raises for one that there
    is not.
    """
    files: dict[str, str] = {}
    waiting = [main]
    while waiting:
        path = waiting.pop()
        if path in files:
            continue
        files[path] = read(path)
        waiting += [each.path for each in imports_of(path, files[path]) if not each.is_package]
    root = commonpath([dirname(path) or "." for path in files]) or "."
    return Template(relpath(main, root), {relpath(path, root): files[path] for path in sorted(files)})
