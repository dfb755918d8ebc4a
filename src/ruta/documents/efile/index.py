"""The index of an electronic file: its leaves in order, and the digest of everything that goes with it."""

import json
import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from importlib import resources
from typing import Any

from ruta.kernel import canonical

FORMAT = "ruta-electronic-file/1"
INDEX, SIGNATURE, PAGE = "index.json", "index.p7s", "index.html"
DIGEST = "SHA-256"
LONGEST_NAME = 80


@dataclass(frozen=True)
class Leaf:
    """One document of the file (AGN index, level of the document; common facts §13). Instants are ISO 8601.

    `path` is its place in the ZIP, empty where the law had its bytes erased: digest, size and pages stay told.
    `added_by` names without personal data who put it (`person:‹uuid›`, `official:12`, `system:…`).
    """

    order: int
    document_id: str
    path: str
    name: str
    document_type: str
    created_on: str
    added_on: str
    added_by: str
    digest: str
    digest_algorithm: str
    first_page: int
    last_page: int
    format: str
    size_bytes: int
    origin: str
    erased: bool = False


@dataclass(frozen=True)
class Index:
    """What is signed: `head` about the file, its leaves, and (path, size, digest) of every member of the ZIP."""

    head: Mapping[str, Any]
    leaves: Sequence[Leaf]
    members: Sequence[tuple[str, int, str]]

    def to_bytes(self) -> bytes:
        """The index as it is signed: canonical JSON (RFC 8785)."""
        return canonical.dumps(
            {
                "format": FORMAT,
                **self.head,
                "total_pages": self.leaves[-1].last_page if self.leaves else 0,
                "documents": [asdict(leaf) for leaf in self.leaves],
                "members": [
                    {"path": path, "size_bytes": size, "digest": digest}
                    for path, size, digest in self.members
                ],
            }
        )


def path_of_leaf(order: int, name: str) -> str:
    """`documents/0003-soporte.pdf`: where a leaf lies, by its order and a name that every system can write."""
    plain = re.sub(r"[^\w.\-]+", "_", unicodedata.normalize("NFC", name)).strip("._")
    stem, dot, ending = plain.rpartition(".")
    short = f"{(stem or ending)[: LONGEST_NAME - len(ending) - 1]}{dot}{ending}" if stem else plain
    return f"documents/{order:04d}-{short[:LONGEST_NAME] or 'document'}"


def schema() -> dict[str, Any]:
    """The JSON Schema (2020-12) of `index.json`."""
    text = resources.files(__package__).joinpath("index.schema.json").read_text(encoding="utf-8")
    loaded: dict[str, Any] = json.loads(text)
    return loaded


def faults_of_leaves(leaves: Iterable[Mapping[str, Any]]) -> str:
    """What is wrong with order and pages of an index, in words; empty where they follow each other without a gap."""
    order, page = 0, 0
    for leaf in leaves:
        if leaf["order"] != order + 1:
            return f"document {order + 1} is missing: {leaf['order']} follows {order}"
        if leaf["first_page"] != page + 1 or leaf["last_page"] < leaf["first_page"]:
            return f"document {leaf['order']} does not begin on page {page + 1}"
        order, page = leaf["order"], leaf["last_page"]
    return ""


def instant(at: datetime | None) -> str:
    """An instant as the index writes it; empty for none."""
    return canonical.instant_text(at) if at is not None else ""
