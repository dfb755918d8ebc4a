"""The electronic file of a case on a page, and its download: the same at portal and desk; `cases` says who may."""

from collections.abc import Iterator, Sequence
from typing import Any

from django.http import HttpResponseRedirect, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _

from ruta.cases import efile
from ruta.documents.efile import Leaf
from ruta.documents.uploads import weight
from ruta.identity.actors import Actor

from . import parts


def context(number: str, actor: Actor) -> dict[str, Any]:
    """The index as a table, what the ZIP weighs, and the packed file where one waits or is made."""
    found = efile.open_file(number, actor)
    leaves = found.gathered.index.leaves
    export = efile.export_of(found.case, actor) if found.large else None
    return {
        "case": found.case,
        "table": _table(found, leaves) if leaves else None,
        "pages": leaves[-1].last_page if leaves else 0,
        "weight": weight(found.gathered.size),
        "large": found.large,
        "packing": export is not None and not export.ready,
        "packed": export if export is not None and export.ready else None,
        "events": found.case.head_seq,
    }


def _table(found: efile.EFile, leaves: Sequence[Leaf]) -> parts.Table:
    who = efile.who_put(found.case, (leaf.added_by for leaf in leaves))
    return parts.Table(
        _("Índice del expediente"),
        (_("Orden"), _("Documento"), _("Folios"), _("Entró"), _("Lo puso"), _("Tamaño"), _("Huella SHA-256")),
        tuple(_row(leaf, who[leaf.added_by]) for leaf in leaves),
    )


def _row(leaf: Leaf, who: str) -> tuple[parts.Cell, ...]:
    folios = (
        str(leaf.first_page) if leaf.first_page == leaf.last_page else f"{leaf.first_page}–{leaf.last_page}"
    )
    name = _("Borrado por ley") if leaf.erased else leaf.name
    return (
        parts.Cell(str(leaf.order)),
        parts.Cell(f"{name} · {leaf.document_type}"),
        parts.Cell(folios),
        parts.Cell(efile.in_minutes(leaf.added_on)),
        parts.Cell(who),
        parts.Cell(weight(leaf.size_bytes), kind="nowrap"),
        parts.Cell(f"{leaf.digest[:12]}…"),
    )


def download(number: str, actor: Actor, *, page: str) -> HttpResponseBase:
    """The ZIP: at once when it is small, as it was packed when it is large; else the page that tells how to get it."""
    found = efile.open_file(number, actor)
    if not found.large:
        return _send(found.hand_over(), found.gathered.name)
    export = efile.export_of(found.case, actor)
    if export is None or not export.ready:
        return HttpResponseRedirect(page)
    return _send(export.hand_over(), found.gathered.name, export.size)


def _send(chunks: Iterator[bytes], name: str, size: int | None = None) -> StreamingHttpResponse:
    answer = StreamingHttpResponse(chunks, content_type="application/zip")
    answer["Content-Disposition"] = content_disposition_header(True, name) or "attachment"
    answer["Content-Encoding"] = "identity"  # nothing in it gets smaller, and its length stays told
    answer["X-Content-Type-Options"] = "nosniff"
    if size is not None:
        answer["Content-Length"] = str(size)
    return answer
