"""Hourly, the heads of all cases are signed: what was removed, the newest event or a whole case, shows (contract §6).

Each sealing covers the cases that moved since the one before, and the root of the one before. So its cost grows with
what happened, not with all cases, and the newest root stands for everything. A copy is kept outside the database.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from django.conf import settings
from django.db import connection, transaction

from ruta.documents import statements
from ruta.kernel import canonical, chain, clock

from . import history
from .models import Case, CaseEvent, EventPayload, SealedHeads

LOCK = 7302
OVERLAP = timedelta(minutes=15)


@dataclass(frozen=True)
class Broken:
    """The first broken link: where, and in words."""

    case: str
    seq: int
    say: dict[str, str]


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
    """Read everything again: each case's chain, each case against the sealed heads, each seal against its signature
    and its copy outside. The first broken link, or None."""
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
    for case in Case.objects.order_by("id").only("id", "head_seq", "head_hash").iterator(chunk_size=500):
        broken = verify_case(case)
        if broken is not None:
            return broken
    orphan = (
        CaseEvent.objects.exclude(case_id__in=Case.objects.values("id")).order_by("case_id", "seq").first()
    )
    if orphan is not None:
        return _broken(
            str(orphan.case_id),
            orphan.seq,
            "hay actuaciones de un expediente que no existe",
            "there are events of a case that does not exist",
        )
    return None


def verify_case(case: Case) -> Broken | None:
    """The first broken link of one case, or None."""
    events = list(CaseEvent.objects.filter(case_id=case.id).order_by("seq"))
    payloads = {
        row.seq: (dict(row.data or {}), bytes.fromhex(row.salt))
        for row in EventPayload.objects.filter(case_id=case.id, data__isnull=False)
    }
    found = chain.verify([history.link_of(event) for event in events], payloads)
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
