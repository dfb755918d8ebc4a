"""Whether the rows of a case say what its events tell: pages and rules read rows, and only events are chained.

Each thing is compared by what the event holds; an event written before a thing was told holds nothing of it, and is
not asked. What no event tells (parties, notes, the positions in the process, facts looked up) is not compared.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import zip_longest
from typing import Any

from ruta.documents.models import Output
from ruta.kernel import canonical, clock

from .models import AskedPerson, Case, CaseEvent, CaseTerm, EventPayload, RuleResult
from .models.case import CaseStatus

STEP = timedelta(
    minutes=1
)  # a row and its event are written by one step, each with its own look at the clock
_STATUS_AFTER = {
    "decided": CaseStatus.DECIDED,
    "notified": CaseStatus.NOTIFIED,
    "firm": CaseStatus.FIRM,
    "closed": CaseStatus.CLOSED,
    "reopened": CaseStatus.OPEN,
}


@dataclass(frozen=True)
class Broken:
    """The first broken link: case id, number of the event, and what is wrong in words."""

    case: str
    seq: int
    say: dict[str, str]


@dataclass(frozen=True)
class Record:
    """A case with all that is compared; `events` by number, `results` in the order in which they were decided, those who
    were `asked` by id."""

    case: Case
    events: Sequence[CaseEvent]
    payloads: Mapping[int, EventPayload]
    terms: Sequence[CaseTerm]
    results: Sequence[RuleResult]
    outputs: Mapping[str, Output]
    asked: Mapping[str, AskedPerson]

    def of(self, *types: str) -> list[CaseEvent]:
        """The events of these types."""
        return [event for event in self.events if event.type in types]

    def private(self, event: CaseEvent) -> Mapping[str, Any]:
        """The personal part of an event; empty when it has none or it was erased."""
        row = self.payloads.get(event.seq)
        return dict(row.data or {}) if row is not None else {}

    def broken(self, seq: int, es: str, en: str) -> Broken:
        """A link of this case that does not hold."""
        return Broken(str(self.case.id), seq, {"es": es, "en": en})


def first_disagreement(record: Record) -> Broken | None:
    """The first thing in which a row does not say what its event tells, or None."""
    for look in (payloads_kept, case_row, terms_told, rules_told, outputs_told, answers_told):
        if (broken := look(record)) is not None:
            return broken
    return None


def payloads_kept(record: Record) -> Broken | None:
    """A commitment without its data needs a later `erased` event that names it."""
    told = erased(record)
    for event in record.events:
        row = record.payloads.get(event.seq)
        if event.commitment and (row is None or row.data is None) and event.seq not in told:
            return record.broken(
                event.seq,
                f"faltan los datos de la actuación {event.seq} y ninguna posterior dice que se borraran",
                f"the data of event {event.seq} are missing and no later event tells that they were erased",
            )
    return None


def erased(record: Record) -> set[int]:
    """Numbers of the events whose data the law had erased; an old event of erasure names all before it."""
    named: set[int] = set()
    for event in record.of("erased"):
        named |= {int(seq) for seq in event.public.get("of", range(1, event.seq)) if int(seq) < event.seq}
    return named


def case_row(record: Record) -> Broken | None:
    """What was filed, how it was decided, and where it stands."""
    for event, what, row, told in (*_filed(record), *_stands(record)):
        if row != told:
            return record.broken(
                event.seq if event is not None else len(record.events),
                f"el expediente guarda {what[0]} que no es lo que cuenta la actuación {event.seq}"
                if event is not None
                else f"el expediente guarda {what[0]} que ninguna actuación cuenta",
                f"the case holds {what[1]} that event {event.seq} does not tell"
                if event is not None
                else f"the case holds {what[1]} that no event tells",
            )
    return None


Compared = tuple[CaseEvent | None, tuple[str, str], Any, Any]  # event, what in words, the row's, the event's


def _filed(record: Record) -> Iterator[Compared]:
    case, filed = record.case, next(iter(record.of("filed")), None)
    if filed is None:
        yield None, ("una solicitud", "an application"), True, False
        return
    rows = {
        "number": (("un número", "a number"), case.number),
        "act": (("un acto", "an act"), case.act),
        "channel": (("un canal", "a channel"), case.channel),
        "received": (("un día de recibo", "a day of receipt"), case.received_on.isoformat()),
    }
    for name, (what, row) in rows.items():
        if name in filed.public:
            yield filed, what, row, filed.public[name]
    yield (
        filed,
        ("un servidor que radicó", "an official who filed"),
        case.filed_by_id,
        filed.public.get("posting"),
    )
    yield filed, ("un sistema que radicó", "a system that filed"), case.client_id, filed.public.get("client")
    # A case stays on the version it was filed on, unless it was moved to another one.
    told = [event for event in (filed, *record.of("migrated")) if "version" in event.public]
    if told:
        what = ("una versión del trámite", "a version of the service")
        yield told[-1], what, str(case.version_id), told[-1].public["version"]
    last = (record.of("corrected") or [filed])[-1]
    if "form" in record.private(last):
        yield last, ("respuestas", "answers"), case.form, record.private(last)["form"]
    private = record.private(filed)
    if "applicant" in private:
        applicant = private["applicant"]
        what = ("un solicitante", "an applicant")
        yield filed, what, case.applicant_facts, applicant
        yield filed, what, case.applicant_name, str(applicant.get("names") or "")
        yield filed, what, case.applicant_document, str(applicant.get("document_number") or "")


def _stands(record: Record) -> Iterator[Compared]:
    case, last = record.case, {event.type: event for event in _since_reopened(record)}
    ends = record.of(*_STATUS_AFTER)
    status = _STATUS_AFTER[ends[-1].type] if ends else CaseStatus.OPEN
    yield (ends[-1] if ends else None), ("un estado", "a status"), case.status, status
    decided, notified, closed = (last.get(name) for name in ("decided", "notified", "closed"))
    yield decided, ("un sentido", "an outcome"), case.outcome, decided.public["outcome"] if decided else ""
    yield decided, ("un día de decisión", "an instant of decision"), *_instant(case.decided_at, decided)
    yield closed, ("un día de cierre", "an instant of closing"), *_instant(case.closed_at, closed)
    # A decision that replaces the one before has a notice of its own.
    if notified is not None and decided is not None and notified.seq > decided.seq:
        on = clock.local_date(case.notified_at).isoformat() if case.notified_at else None
        yield notified, ("un día de notificación", "a day of notification"), on, notified.public["on"]
    stage = last.get("stage")
    yield stage, ("una etapa", "a stage"), case.stage, stage.public["stage"] if stage else ""


def _since_reopened(record: Record) -> Sequence[CaseEvent]:
    """The events since the case was taken up again, the stages of before it kept: its decision of then does not stand."""
    again = record.of("reopened")
    seq = again[-1].seq if again else 0
    return [event for event in record.events if event.seq >= seq or event.type == "stage"]


def _instant(row: datetime | None, event: CaseEvent | None) -> tuple[datetime | None, datetime | None]:
    """Both instants; the same where they lie within one step."""
    told = event.at if event is not None else None
    near = row is not None and told is not None and abs(row - told) <= STEP
    return (told, told) if near else (row, told)


def terms_told(record: Record) -> Broken | None:
    """Each term started has its row: article, last day, status and effect are those told; and no other row is there."""
    rows, told = {row.term: row for row in record.terms}, _terms(record)
    for name, (seq, expected) in told.items():
        row = rows.get(name)
        if row is None:
            return record.broken(
                seq,
                f"falta el plazo «{name}» que cuenta la actuación {seq}",
                f"the term “{name}” that event {seq} tells is missing",
            )
        kept = {
            "law": row.law,
            "due": row.due_on.isoformat(),
            "status": str(row.status),
            "effect": row.effect,
        }
        if kept != expected:
            return record.broken(
                seq,
                f"el plazo «{name}» no es el que cuenta la actuación {seq}",
                f"the term “{name}” is not what event {seq} tells",
            )
    if extra := sorted(set(rows) - set(told)):
        return record.broken(
            len(record.events),
            f"ninguna actuación cuenta el plazo «{extra[0]}»",
            f"no event tells the term “{extra[0]}”",
        )
    return None


def _terms(record: Record) -> dict[str, tuple[int, dict[str, str]]]:
    """Of each term: the event that told of it last, and what follows from all that were told."""
    told: dict[str, tuple[int, dict[str, str]]] = {}
    stops: dict[str, int] = {}
    for event in record.events:
        if not event.type.startswith("term-"):
            continue
        name, public = event.public["term"], event.public
        if event.type == "term-started":  # what was asked a second time counts from its beginning
            told.pop(name, None)
            stops.pop(name, None)
        known = told[name][1] if name in told else {"law": "", "due": "", "status": "running", "effect": ""}
        stops[name] = stops.get(name, 0) + {"term-paused": 1, "term-resumed": -1}.get(event.type, 0)
        ended = {"term-met": "met", "term-expired": "expired"}.get(event.type)
        now = {
            "law": public.get("law", known["law"]) if event.type == "term-started" else known["law"],
            "due": public.get("due", known["due"]),
            "status": ended or ("paused" if stops[name] else "running"),
            "effect": public.get("effect", known["effect"]),
        }
        told[name] = (event.seq, now)
    return told


def rules_told(record: Record) -> Broken | None:
    """Each rule applied has its row, in order: decision, rules that hit, value and inputs as told."""
    for event, row in zip_longest(record.of("rule"), record.results):
        if event is None:
            return record.broken(
                len(record.events),
                f"ninguna actuación cuenta el resultado de «{row.decision}»",
                f"no event tells the result of “{row.decision}”",
            )
        name = event.public.get("decision")
        if row is None:
            return record.broken(
                event.seq,
                f"falta el resultado de la regla «{name}» que cuenta la actuación {event.seq}",
                f"the result of the rule “{name}” that event {event.seq} tells is missing",
            )
        private = record.private(event)
        same = (row.decision, [hit["rule"] for hit in row.hits]) == (name, event.public.get("rules"))
        if not same or (private and (row.value, row.hits) != (private["value"], private["hits"])):
            return record.broken(
                event.seq,
                f"el resultado de la regla «{name}» no es el que cuenta la actuación {event.seq}",
                f"the result of the rule “{name}” is not what event {event.seq} tells",
            )
    return None


def outputs_told(record: Record) -> Broken | None:
    """Each document ordered has its row, with title, data, bytes and public view as told; no other is there."""
    codes = {event.public["code"] for event in record.of("output-asked")}
    for event in record.of("output-asked", "output-issued", "output-state"):
        code = event.public["code"]
        row = record.outputs.get(code)
        if row is None and code not in codes:
            continue  # the state of another case's document, verified there
        if row is None:
            return record.broken(
                event.seq,
                f"falta el documento {code} que cuenta la actuación {event.seq}",
                f"the document {code} that event {event.seq} tells is missing",
            )
        if not _output_as_told(record, event, row):
            return record.broken(
                event.seq,
                f"el documento {code} no es el que cuenta la actuación {event.seq}",
                f"the document {code} is not what event {event.seq} tells",
            )
    for code, row in record.outputs.items():
        if code not in codes:
            return record.broken(
                len(record.events),
                f"ninguna actuación cuenta el documento {code}",
                f"no event tells the document {code}",
            )
        if row.state != _last_state(row):
            return record.broken(
                len(record.events),
                f"el estado del documento {code} no es el de su último cambio",
                f"the state of the document {code} is not that of its last change",
            )
    return None


def _output_as_told(record: Record, event: CaseEvent, row: Output) -> bool:
    public = event.public
    if event.type == "output-state":
        return public["state"] in {"valid", *(change.state for change in row.changes.all())}
    if event.type == "output-issued":
        return bool(row.pdf_sha256 == public["sha256"])
    private = record.private(event)
    return (
        row.output_id == public["output"]
        and row.case_number == record.case.number
        and row.title == public.get("title", row.title)
        and row.data_sha256 == public.get("data", row.data_sha256)
        and (row.data is None or canonical.sha256_hex(canonical.dumps(row.data)) == row.data_sha256)
        and row.public == private.get("shown", row.public)
    )


def _last_state(row: Output) -> str:
    """The state after the last change; a document is born valid."""
    changes = list(row.changes.all())
    return str(changes[-1].state) if changes else "valid"


def answers_told(record: Record) -> Broken | None:
    """Each answer that somebody gave is the one told, and nobody has one of which no event tells."""
    told: set[str] = set()
    for event in record.of("answered"):
        private = record.private(event)
        if not private:
            continue  # erased
        row = record.asked.get(private["asked"])
        told.add(private["asked"])
        given = (row.status, row.values, row.disputed, row.note) if row else None
        if given != (event.public["status"], private["values"], private["disputed"], private["note"]):
            return record.broken(
                event.seq,
                f"la respuesta de un interviniente no es la que cuenta la actuación {event.seq}",
                f"the answer of a party is not what event {event.seq} tells",
            )
    untold = [one for one in record.asked.values() if one.at is not None and str(one.id) not in told]
    if untold and not erased(record):
        return record.broken(
            len(record.events),
            "ninguna actuación cuenta la respuesta de un interviniente",
            "no event tells the answer of a party",
        )
    return None
