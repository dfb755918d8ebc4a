"""Writes of the room: store a file, add it to a case's electronic file, issue an output, change its state."""

import logging
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from datetime import datetime
from typing import IO, Any
from uuid import UUID

from django.core.files.base import File
from django.db import connection, transaction

from ruta.identity.actors import Actor
from ruta.kernel import canonical, clock, events
from ruta.kernel.errors import Conflict, NotFound
from ruta.kernel.identifiers import output_code, parse_output_code

from . import rules, store, uploads
from .models import Blob, CaseDocument, Origin, Output, OutputChange, OutputState, Upload

logger = logging.getLogger(__name__)

Texts = Mapping[str, str]
Source = tuple[str, str, int]


def store_bytes(data: bytes | Iterable[bytes], *, media_type: str) -> Blob:
    """Keep bytes that the platform itself made (a rendered document, a template)."""
    stored = store.write([data] if isinstance(data, bytes) else data)
    return _blob(stored, media_type)


def store_upload(
    file: "IO[bytes] | File[bytes]",
    *,
    accept: Sequence[str],
    max_mb: int,
    name: str = "",
    at: str = "/file",
    by: Actor | None = None,
) -> Blob:
    """Check and keep a file that a person sends; `accept` are media types, `max_mb` megabytes of 2^20 bytes.

    The account of `by` may attach it from then on. The content decides what it is, never its name. Raises
    Invalid, with field `at`, for a file that is
    empty, too large, of another type, damaged, or that carries a program (common facts CO-B15).
    """
    called = name or str(getattr(file, "name", "") or "")
    checked = uploads.check(file, accept=accept, max_mb=max_mb, name=called, at=at)
    blob = _blob(store.write(checked.chunks()), checked.media_type)
    if by is not None and by.account_id is not None:
        Upload.objects.update_or_create(
            account_id=by.account_id, blob=blob, defaults={"name": called[:200], "at": clock.now()}
        )
    return blob


def _blob(stored: store.Stored, media_type: str) -> Blob:
    blob, _ = Blob.objects.get_or_create(
        sha256=stored.sha256,
        defaults={"size": stored.size, "media_type": media_type, "added_at": clock.now()},
    )
    return blob


@transaction.atomic
def add_document(
    case_number: str,
    *,
    blob: Blob,
    name: str,
    document_type: str,
    added_by: str,
    origin: str = Origin.ELECTRONIC,
    created_on: datetime | None = None,
    output: str = "",
) -> CaseDocument:
    """Add a document at the end of a case's electronic file: the next order, the next pages (common facts
    CO-46). `output` is the code of the output that it is, where it is one.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 4601))", [case_number])
    last = CaseDocument.objects.filter(case_number=case_number).order_by("-order").first()
    now = clock.now()
    return CaseDocument.objects.create(
        case_number=case_number,
        order=last.order + 1 if last else 1,
        blob=blob,
        name=name[:200],
        document_type=document_type[:80],
        first_page=last.last_page + 1 if last else 1,
        pages=uploads.count_pages(blob),
        origin=origin,
        created_on=min(created_on or now, now),
        added_at=now,
        added_by=added_by,
        output=output,
    )


def request_issue(
    *,
    case_id: UUID,
    case_number: str,
    token: str | int,
    service: str,
    service_title: Texts | str,
    output_id: str,
    title: Texts | str,
    template_sha256: str,
    data: Mapping[str, Any],
    holder_id: UUID | None,
    lang: str,
    source: Source | None,
    verify_shows: Sequence[str],
    role: Texts | str,
    official: str,
) -> Output:
    """Give an output its code and have it rendered and signed by a worker, which then tells `output.issued`.

    `data` is what the template reads as `doc` (the platform adds `doc.output`); `source` = (register, entry,
    version) that the output follows: replaced → superseded, annulled → revoked; ("charge", charge id, 1)
    follows a charge. `verify_shows` are the only names that a stranger sees (`rules.public_view`). Asked
    again for the same case, token and output it gives the same row.
    """
    from .jobs import render

    doc = {"lang": lang, **data}
    made: dict[str, Any] = {
        "case_number": case_number,
        "service": service,
        "service_title": _both(service_title),
        "title": _both(title),
        "lang": lang,
        "role": _both(role),
        "official": official,
        "holder_id": holder_id,
        "source_register": source[0] if source else "",
        "source_entry_id": str(source[1]) if source else "",
        "source_version": source[2] if source else None,
        "template_sha256": template_sha256,
        "data": doc,
        "data_sha256": canonical.sha256_hex(canonical.dumps(doc)),
        "public": rules.public_view(doc, verify_shows),
        "state_since": clock.now(),
        "requested_at": clock.now(),
    }
    key = {"case_id": case_id, "token": str(token), "output_id": output_id}
    with transaction.atomic():
        before = Output.objects.filter(**key).first()
        if before is not None:
            return before
        output = Output.objects.create(code=_unused_code(), **key, **made)
        render.defer(code=output.code)
    return output


def _both(text: Texts | str) -> dict[str, str]:
    return {"es": text, "en": text} if isinstance(text, str) else dict(text)


def _unused_code() -> str:
    while Output.objects.filter(code=(code := output_code())).exists():
        logger.info("an output code came up twice")
    return code


@transaction.atomic
def set_output_state(code: str, state: str, reason: Texts | str = "") -> Output:
    """Change what an output is worth; `reason` is shown to anyone who verifies it, so it holds no personal
    data.

    Publishes `output.changed` {code, case_id, state}. The same state again changes nothing. Raises
    NotFound for an unknown code and Conflict where the change is not allowed (`rules.FOLLOWS`).
    """
    output = Output.objects.select_for_update().filter(code=parse_output_code(code)).first()
    if output is None:
        raise NotFound(
            {
                "es": "Ningún documento tiene ese código. Revise el código.",
                "en": "No document has that code. Check the code.",
            },
            field="/code",
        )
    return _change(output, state, _both(reason) if reason else {})


def _change(output: Output, state: str, reason: dict[str, str]) -> Output:
    if output.state == state:
        return output
    if not rules.may_follow(output.state, state):
        was, will = OutputState(output.state).label, OutputState(state).label
        raise Conflict(
            {
                "es": f"El documento está {was} y ya no puede pasar a {will}. Expida uno nuevo.",
                "en": f"The document is {output.state} and can no longer become {state}. Issue a new one.",
            },
            field="/state",
            code="output-state",
        )
    output.state = state
    output.state_since = clock.now()
    output.reason = reason
    output.save(update_fields=["state", "state_since", "reason"])
    OutputChange.objects.create(output=output, at=output.state_since, state=state, reason=reason)
    events.publish(
        "output.changed",
        key=output.code,
        payload={"code": output.code, "case_id": str(output.case_id), "state": state},
    )
    return output


@transaction.atomic
def follow_source(
    register: str, entry_id: str, *, state: str, reason: Texts, before_version: int | None = None
) -> int:
    """Bring every output of an entry to `state`, as far as it is allowed; return how many changed.

    With `before_version` only outputs of an earlier version of the entry.
    """
    outputs = Output.objects.select_for_update().filter(
        source_register=register, source_entry_id=str(entry_id)
    )
    if before_version is not None:
        outputs = outputs.filter(source_version__lt=before_version)
    changed = 0
    for output in outputs.order_by("code"):
        if rules.may_follow(output.state, state):
            _change(output, state, dict(reason))
            changed += 1
    return changed


def erase_data(code: str) -> None:
    """Forget what an output was made of (lawful erasure); its digest, its state and the signed file stay."""
    Output.objects.filter(code=parse_output_code(code)).update(data=None)


STANDING = (OutputState.VALID, OutputState.SUSPENDED)


@transaction.atomic
def erase_file(case_number: str) -> list[int]:
    """Forget, by law, what the electronic file of a case holds, and return the orders of the leaves erased.

    Names and bytes of leaves go, digests and folios stay. An output that still stands is left to its holder and to who
    verifies it, without the data that it was made of; of one that no longer stands the file and what a stranger saw go
    too. Bytes that another case, an unfiled draft or another output needs stay.
    """
    outputs = Output.objects.filter(case_number=case_number)
    standing = set(outputs.filter(state__in=STANDING).values_list("code", flat=True))
    outputs.exclude(code__in=standing).update(public=[])
    outputs.update(data=None)
    leaves = list(
        CaseDocument.objects.filter(case_number=case_number, erased_at=None).exclude(output__in=standing)
    )
    CaseDocument.objects.filter(pk__in=[leaf.pk for leaf in leaves]).update(name="", erased_at=clock.now())
    forget_bytes({leaf.sha256 for leaf in leaves})
    return sorted(leaf.order for leaf in leaves)


def forget_bytes(digests: Collection[str]) -> set[str]:
    """Take away, once this transaction has committed, those of the bytes that nothing needs; return their digests."""
    needed = set(
        CaseDocument.objects.filter(blob_id__in=digests, erased_at=None).values_list("blob_id", flat=True)
    )
    issued = Output.objects.filter(pdf_sha256__in=digests, state__in=STANDING)
    needed |= set(issued.values_list("pdf_sha256", flat=True))
    for keeps in _keepers:
        needed |= keeps(set(digests) - needed)
    gone = set(digests) - needed
    Upload.objects.filter(blob_id__in=gone).delete()
    transaction.on_commit(lambda: _remove(gone))
    return gone


def _remove(digests: Collection[str]) -> None:
    for sha256 in digests:
        store.remove(sha256)


_keepers: list[Callable[[set[str]], set[str]]] = []


def keep_bytes_for(keeps: Callable[[set[str]], set[str]]) -> None:
    """Tell the room, once, at start, which of some digests a room above still needs (a draft that names them)."""
    if keeps not in _keepers:
        _keepers.append(keeps)
