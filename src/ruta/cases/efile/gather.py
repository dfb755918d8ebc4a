"""What belongs to the electronic file of a case: its leaves, and the members of the ZIP with their digests."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from ruta.definitions import runtime
from ruta.documents import efile as format_
from ruta.documents import selectors as documents
from ruta.documents import store
from ruta.documents.efile.index import instant, path_of_leaf
from ruta.documents.models import CaseDocument
from ruta.kernel import canonical
from ruta.kernel.errors import Unavailable

from ..models import Case
from . import contents, page


@dataclass(frozen=True)
class View:
    """For whom: the agency (`office`), or the person who applied."""

    office: bool
    person_id: UUID | None = None

    @property
    def name(self) -> str:
        """As the index says it."""
        return "office" if self.office else "applicant"


@dataclass(frozen=True)
class Gathered:
    """The index and the members that it lists, ready to be packed; `at` is the instant of the index."""

    number: str
    index: format_.Index
    members: tuple[format_.Member, ...]
    at: datetime

    @property
    def size(self) -> int:
        """Bytes of all members together."""
        return sum(member.size for member in self.members)

    @property
    def name(self) -> str:
        """How the ZIP is called."""
        return f"expediente-{self.number}.zip"

    def chunks(self) -> Iterator[bytes]:
        """The ZIP in pieces. Raises Unavailable where a stored document is gone or is not what it was."""
        return format_.packed(self.index, self.members, at=self.at)


def gather(case: Case, view: View, *, at: datetime) -> Gathered:
    """Everything of the case that `view` may have, with its index as of `at`; nothing is written.

    The page is in the language in force.
    """
    told = contents.told(case, view.person_id, office=view.office)
    rows = list(documents.documents_of_case(case.number))
    leaves = tuple(_leaf(row) for row in rows)
    head = _head(case, view, at, told["history.json"])
    made = {name: canonical.dumps(value) for name, value in told.items()}
    made[format_.PAGE] = page.render(case, head, rows, leaves, told).encode()
    made["index.css"] = page.style()
    members = [_made(path, data) for path, data in made.items()]
    members += [_stored(leaf) for leaf in leaves if not leaf.erased]
    listed = [(member.path, member.size, member.digest) for member in members]
    return Gathered(case.number, format_.Index(head, leaves, listed), tuple(members), at)


def _head(case: Case, view: View, at: datetime, history: Mapping[str, Any]) -> dict[str, Any]:
    service = runtime.compiled(case.version_id).service
    kept = service.retention
    return {
        "file_id": case.number,
        "view": view.name,
        "index_date": instant(at),
        "agency": case.agency,
        "series": service.slug,
        "subseries": case.act,
        "retention_code": service.code,
        "title": {"service": dict(service.title), "act": dict(service.acts[case.act].title)},
        "retention": {"years": kept.years, "then": kept.then, "law": kept.law},
        "opened_on": instant(case.filed_at),
        "closed_on": instant(case.closed_at),
        "history": {"events": case.head_seq, "head": case.head_hash},
        "withheld": sum("public" not in event for event in history["events"]),
    }


def _leaf(row: CaseDocument) -> format_.Leaf:
    return format_.Leaf(
        order=row.order,
        document_id=str(row.id),
        path="" if row.is_erased else path_of_leaf(row.order, row.name),
        name=row.name,
        document_type=row.document_type,
        created_on=instant(row.created_on),
        added_on=instant(row.added_at),
        added_by=row.added_by,
        digest=row.sha256,
        digest_algorithm="SHA-256",
        first_page=row.first_page,
        last_page=row.last_page,
        format=row.blob.media_type,
        size_bytes=row.blob.size,
        origin=row.origin,
        erased=row.is_erased,
    )


def _made(path: str, data: bytes) -> format_.Member:
    return format_.Member.of(path, data, canonical.sha256_hex(data))


def _stored(leaf: format_.Leaf) -> format_.Member:
    path = store.path_of(leaf.digest)
    if not path.exists() or path.stat().st_size != leaf.size_bytes:
        raise _damaged(leaf)
    return format_.Member(leaf.path, leaf.size_bytes, leaf.digest, lambda: _checked(leaf))


def _checked(leaf: format_.Leaf) -> Iterator[bytes]:
    """The stored bytes; what is not what it was stops the download instead of completing it."""
    try:
        yield from store.checked_chunks(leaf.digest)
    except store.DamagedError as wrong:
        raise _damaged(leaf) from wrong


def _damaged(leaf: format_.Leaf) -> Unavailable:
    return Unavailable(
        {
            "es": f"El documento {leaf.order} del expediente no está en el almacén o está dañado. "
            "Avise al administrador: se recupera de la copia de seguridad.",
            "en": f"Document {leaf.order} of the file is not in the store or is damaged. "
            "Tell the administrator: it is brought back from the backup.",
        },
        code="file-missing",
    )
