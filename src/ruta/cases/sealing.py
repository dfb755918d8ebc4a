"""Hourly, the heads of all cases are signed: what was removed, the newest event or a whole case, shows (contract §6).

Each sealing covers the cases that moved since the one before, and the root of the one before. So its cost grows with
what happened, not with all cases, and the newest root stands for everything. A copy is kept outside the database.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import connection, transaction
from django.db.models import Exists, OuterRef

from ruta.documents import statements
from ruta.documents.models import Output
from ruta.kernel import canonical, chain, clock

from . import agreement, history
from .agreement import Broken, Record
from .models import AskedPerson, Case, CaseEvent, CaseTerm, EventPayload, RuleResult, SealedHeads

LOCK = 7302
OVERLAP = timedelta(minutes=15)
CHUNK = 200  # cases read at once: memory stays the same however many there are


def seal_heads() -> SealedHeads | None:
    """Sign the heads that changed since the last sealing; None when nothing did."""
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])
        last = SealedHeads.objects.order_by("-number").first()
        moved = Case.objects.exclude(head_seq=0)
        if last is not None:
            # A step that began before the last seal may have committed after it: look back over it.
            moved = moved.filter(head_at__gte=last.at - OVERLAP)
        leaves = [
            [str(i), h, n] for i, h, n in moved.order_by("id").values_list("id", "head_hash", "head_seq")
        ]
        known = _latest(last) if last else {}
        leaves = [leaf for leaf in leaves if known.get(str(leaf[0])) != (leaf[1], leaf[2])]
        if not leaves:
            return None
        number = last.number + 1 if last else 1
        root = _root(last.root if last else chain.GENESIS, leaves)
        at = clock.now()
        signature = statements.sign(_signed(number, root, at.isoformat()))
        sealed = SealedHeads.objects.create(
            number=number, at=at, root=root, leaves=leaves, signature=signature.value, key_id=signature.key_id
        )
    _keep_outside(sealed)
    return sealed


def _latest(last: SealedHeads) -> dict[str, tuple[str, int]]:
    return {case: (head, count) for case, head, count in last.leaves}


def _root(previous: str, leaves: list[list[object]]) -> str:
    return chain.merkle_root(
        [chain.leaf("previous", previous, 0)]
        + [chain.leaf(str(c), str(h), int(str(n))) for c, h, n in leaves]
    )


def _signed(number: int, root: str, at: str) -> bytes:
    return canonical.dumps({"number": number, "root": root, "at": at})


def folder() -> Path:
    """Where sealed heads are kept outside the database."""
    return Path(settings.HOME) / "heads"


def _keep_outside(sealed: SealedHeads) -> None:
    folder().mkdir(parents=True, exist_ok=True)
    path = folder() / f"{sealed.number:012d}.json"
    path.write_text(
        json.dumps(
            {
                "number": sealed.number,
                "at": sealed.at.isoformat(),
                "root": sealed.root,
                "leaves": sealed.leaves,
                "signature": sealed.signature,
                "key_id": sealed.key_id,
            }
        )
    )


def verify() -> Broken | None:
    """Read everything again: each case's chain, its rows against its events, each case against the sealed heads, each
    seal against its signature and its copy outside. The first broken link, or None."""
    return _verify_seals() or _verify_chains()


def _verify_seals() -> Broken | None:
    previous, expected = chain.GENESIS, 1
    heads: dict[str, tuple[str, int]] = {}
    for sealed in SealedHeads.objects.order_by("number").iterator():
        if sealed.number != expected:
            return _broken("", expected, f"falta el sello {expected}", f"seal {expected} is missing")
        if _root(previous, sealed.leaves) != sealed.root:
            return _broken("", expected, f"el sello {expected} fue cambiado", f"seal {expected} was changed")
        signature = statements.Signature(sealed.signature, sealed.key_id)
        if not statements.is_ours(_signed(sealed.number, sealed.root, sealed.at.isoformat()), signature):
            return _broken(
                "", expected, f"la firma del sello {expected} no vale", f"seal {expected} is not signed by us"
            )
        outside = folder() / f"{sealed.number:012d}.json"
        if outside.exists() and json.loads(outside.read_text())["root"] != sealed.root:
            return _broken(
                "",
                expected,
                f"el sello {expected} no es el que se guardó fuera",
                f"seal {expected} differs from the copy kept outside",
            )
        heads.update(_latest(sealed))
        previous, expected = sealed.root, expected + 1
    newest = max((int(path.stem) for path in folder().glob("*.json")), default=0)
    if newest >= expected:
        return _broken("", expected, f"falta el sello {expected}", f"seal {expected} is missing")
    return _verify_heads(heads)


def _verify_heads(heads: dict[str, tuple[str, int]]) -> Broken | None:
    ids = list(heads)
    for start in range(0, len(ids), 1000):
        part = ids[start : start + 1000]
        at = {case: heads[case][1] for case in part}
        found = {
            (str(case), seq): hash_
            for case, seq, hash_ in CaseEvent.objects.filter(
                case_id__in=part, seq__in=set(at.values())
            ).values_list("case_id", "seq", "hash")
        }
        present = {str(i) for i in Case.objects.filter(id__in=part).values_list("id", flat=True)}
        for case in part:
            head, count = heads[case]
            if case not in present:
                return _broken(case, count, "falta el expediente entero", "the whole case is missing")
            if found.get((case, count)) != head:
                return _broken(
                    case,
                    count,
                    f"la actuación {count} falta o fue cambiada después de sellada",
                    f"event {count} is missing or was changed after it was sealed",
                )
    return None


def _verify_chains() -> Broken | None:
    last: UUID | None = None
    while True:
        with _one_moment():
            after = Case.objects.filter(id__gt=last) if last is not None else Case.objects.all()
            cases = list(after.order_by("id")[:CHUNK])
            for record in records(cases):
                if (broken := verify_record(record)) is not None:
                    return broken
        if len(cases) < CHUNK:
            return _verify_orphans()
        last = cases[-1].id


@contextmanager
def _one_moment() -> Iterator[None]:
    """Read a case and its rows as of one moment: steps go on meanwhile."""
    inside = connection.in_atomic_block
    with transaction.atomic():
        if not inside:
            with connection.cursor() as cursor:
                cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
        yield


def _verify_orphans() -> Broken | None:
    nobody = ~Exists(Case.objects.filter(id=OuterRef("case_id")))
    event = CaseEvent.objects.filter(nobody).order_by("case_id", "seq").first()
    if event is not None:
        return _broken(
            str(event.case_id),
            event.seq,
            "hay actuaciones de un expediente que no existe",
            "there are events of a case that does not exist",
        )
    output = Output.objects.filter(nobody).order_by("case_id").first()
    if output is not None:
        return _broken(
            str(output.case_id),
            0,
            f"el documento {output.code} es de un expediente que no existe",
            f"the document {output.code} is of a case that does not exist",
        )
    return None


def records(cases: Sequence[Case]) -> list[Record]:
    """The cases with all that is verified of them, in as many statements as there are tables."""
    ids = [case.id for case in cases]
    events = CaseEvent.objects.filter(case_id__in=ids).order_by("case_id", "seq")
    terms = CaseTerm.objects.filter(case_id__in=ids).order_by("id")
    results = RuleResult.objects.filter(case_id__in=ids).order_by("id")
    payloads = EventPayload.objects.filter(case_id__in=ids)
    outputs = Output.objects.filter(case_id__in=ids).order_by("code").prefetch_related("changes")
    by_case = [_by_case(rows) for rows in (events, payloads, terms, results, outputs)]
    asked: defaultdict[UUID, dict[str, AskedPerson]] = defaultdict(dict)
    for one in AskedPerson.objects.filter(ask__case_id__in=ids).select_related("ask"):
        asked[one.ask.case_id][str(one.id)] = one
    return [
        Record(
            case,
            by_case[0][case.id],
            {row.seq: row for row in by_case[1][case.id]},
            by_case[2][case.id],
            by_case[3][case.id],
            {row.code: row for row in by_case[4][case.id]},
            asked[case.id],
        )
        for case in cases
    ]


def _by_case(rows: Iterable[Any]) -> defaultdict[UUID, list[Any]]:
    found: defaultdict[UUID, list[Any]] = defaultdict(list)
    for row in rows:
        found[row.case_id].append(row)
    return found


def verify_record(record: Record) -> Broken | None:
    """The first broken link of one case: in its chain, or between its rows and what the chain tells; or None."""
    return verify_chain(record) or agreement.first_disagreement(record)


def verify_chain(record: Record) -> Broken | None:
    """The first broken link of the chain of one case, or None."""
    case, events = record.case, record.events
    data = {
        seq: (dict(row.data), bytes.fromhex(row.salt))
        for seq, row in record.payloads.items()
        if row.data is not None
    }
    found = chain.verify([history.link_of(event) for event in events], data)
    if found is not None:
        return Broken(found.case, found.seq, dict(found.say))
    if len(events) != case.head_seq or (events and events[-1].hash != case.head_hash):
        at = min(len(events), case.head_seq) + 1
        return _broken(
            str(case.id), at, f"la actuación {at} falta o sobra", f"event {at} is missing or was added"
        )
    return None


def _broken(case: str, seq: int, es: str, en: str) -> Broken:
    return Broken(case, seq, {"es": es, "en": en})
