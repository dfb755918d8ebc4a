"""The case's history: events are added, never changed (contract §6)."""

from collections.abc import Mapping
from typing import Any

from ruta.identity.actors import Actor
from ruta.kernel import canonical, chain, clock

from .models import Case, CaseEvent, EventPayload

EVENT_TYPES: dict[str, dict[str, str]] = {
    "filed": {"es": "Solicitud radicada", "en": "Application filed"},
    "filed-offline": {
        "es": "La oficina la recibió sin conexión",
        "en": "The office took it without a network",
    },
    "stage": {"es": "Pasó a otra etapa", "en": "Moved to another stage"},
    "looked-up": {"es": "Se consultó un registro", "en": "A register was read"},
    "case-started": {"es": "Se inició otro expediente", "en": "Another case was started"},
    "started-by": {"es": "Lo inició otro expediente", "en": "Another case started this one"},
    "telling": {"es": "Se avisa a otra entidad", "en": "Another agency is being told"},
    "told": {"es": "Otra entidad contestó al aviso", "en": "Another agency answered what it was told"},
    "rule": {"es": "Se aplicó una regla", "en": "A rule was applied"},
    "task-opened": {"es": "Quedó una tarea en la entidad", "en": "Work was given to the agency"},
    "task-claimed": {"es": "Un servidor tomó la tarea", "en": "An official took the work"},
    "task-returned": {"es": "La tarea volvió al grupo", "en": "The work went back to the team"},
    "task-reassigned": {
        "es": "La tarea pasó a otro servidor",
        "en": "The work was given to another official",
    },
    "task-done": {"es": "Se terminó una tarea", "en": "Work was finished"},
    "escalated": {"es": "Pasó al superior", "en": "It went to the superior"},
    "task-withdrawn": {"es": "Una tarea ya no hace falta", "en": "Work is no longer needed"},
    "charged": {"es": "Se liquidó un cobro", "en": "A charge was made"},
    "paid": {"es": "Se recibió el pago", "en": "The payment arrived"},
    "charge-expired": {"es": "El cobro venció sin pago", "en": "The charge expired unpaid"},
    "receipt-not-credited": {
        "es": "Un recibo ya no se pudo abonar: se usó en otro cobro",
        "en": "A receipt could no longer be credited: it was used for another charge",
    },
    "charge-void": {"es": "Se anuló el cobro", "en": "The charge was withdrawn"},
    "money-held": {
        "es": "Llegó dinero que no se debía; queda como saldo a favor",
        "en": "Money that was not due arrived; it is held as credit",
    },
    "refund-opened": {"es": "Se abrió una devolución", "en": "A refund was opened"},
    "refund-declined": {"es": "No se aprobó la devolución", "en": "The refund was not approved"},
    "refunded": {"es": "Se devolvió el pago", "en": "The payment was sent back"},
    "recorded": {"es": "Se hizo un asiento en el registro", "en": "An entry was recorded"},
    "output-asked": {"es": "Se ordenó expedir el documento", "en": "The document was ordered"},
    "output-issued": {"es": "Se expidió el documento", "en": "The document was issued"},
    "output-state": {"es": "Cambió el estado del documento", "en": "The document's state changed"},
    "message-sent": {"es": "Se envió un mensaje", "en": "A message was sent"},
    "message-failed": {"es": "Un mensaje no se pudo entregar", "en": "A message could not be delivered"},
    "notice-opened": {"es": "La persona abrió la notificación", "en": "The person opened the notice"},
    "notified": {"es": "Se notificó la decisión", "en": "The decision was notified"},
    "party-named": {"es": "Se vinculó a un interviniente", "en": "A party was named"},
    "asked": {"es": "Se pidió algo a un interviniente", "en": "Something was asked of a party"},
    "answered": {"es": "Un interviniente respondió", "en": "A party answered"},
    "ask-expired": {"es": "Venció el plazo para responder", "en": "The time to answer ended"},
    "ask-withdrawn": {"es": "Ya no hace falta la respuesta", "en": "The answer is no longer needed"},
    "term-started": {"es": "Empezó a correr un plazo", "en": "A term began to run"},
    "term-paused": {"es": "Se suspendió un plazo", "en": "A term was suspended"},
    "returned": {"es": "Se devolvió para corregir", "en": "Returned for correction"},
    "corrected": {"es": "La persona corrigió la solicitud", "en": "The person corrected the application"},
    "term-extended": {"es": "Se amplió un plazo", "en": "A term was extended"},
    "term-resumed": {"es": "Se reanudó un plazo", "en": "A term runs again"},
    "term-met": {"es": "Se cumplió un plazo", "en": "A term was kept"},
    "term-expired": {"es": "Venció un plazo", "en": "A term expired"},
    "decided": {"es": "Se decidió", "en": "It was decided"},
    "withdrawn": {"es": "La persona retiró la solicitud", "en": "The person withdrew the application"},
    "appealed": {"es": "Se presentó un recurso", "en": "An appeal was lodged"},
    "appeal-decided": {"es": "Se decidió el recurso", "en": "The appeal was decided"},
    "reopened": {"es": "El expediente se retomó", "en": "The case was taken up again"},
    "firm": {"es": "La decisión quedó en firme", "en": "The decision became firm"},
    "closed": {"es": "Se cerró el expediente", "en": "The case was closed"},
    "reserved": {"es": "Se apartaron números", "en": "Numbers were reserved"},
    "noted": {"es": "Se anotó al margen de un registro", "en": "An entry was noted in its margin"},
    "annulled": {"es": "Se anuló un registro", "en": "An entry was annulled"},
    "drawn": {"es": "Se sorteó", "en": "Lots were drawn"},
    "note": {"es": "Un servidor dejó una nota", "en": "An official left a note"},
    "incident": {"es": "Un paso se detuvo y alguien debe mirarlo", "en": "A step stopped and needs a look"},
    "incident-mended": {"es": "Se reanudó el paso detenido", "en": "The stopped step was resumed"},
    "migrated": {
        "es": "El expediente pasó a otra versión del trámite",
        "en": "The case moved to another version of the service",
    },
    "transferred": {"es": "El expediente pasó al archivo", "en": "The case was transferred to the archive"},
    "erased": {"es": "Se borraron datos personales", "en": "Personal data were erased"},
}

# What a person reads of the history; rules, internal work and officials' notes are not part of it.
TOLD = frozenset(
    {
        *("filed", "stage", "looked-up", "charged", "paid", "charge-expired", "receipt-not-credited"),
        *("money-held", "refund-opened", "refunded", "refund-declined"),
        *("recorded", "output-issued", "output-state", "message-sent", "notice-opened", "notified", "firm"),
        *("withdrawn", "returned", "corrected", "appealed", "appeal-decided", "reopened"),
        *("term-extended", "term-paused", "term-resumed", "term-expired"),
        *("decided", "closed", "task-opened", "task-claimed"),
        *("noted", "annulled", "drawn", "escalated"),
        *("asked", "answered", "ask-expired", "ask-withdrawn"),
        *("transferred", "erased"),
    }
)


def append(
    case: Case,
    type: str,
    *,
    actor: Actor,
    public: Mapping[str, Any] | None = None,
    private: Mapping[str, Any] | None = None,
) -> CaseEvent:
    """Add an event to the chain of `case`, whose row the caller holds locked, and saves and flushes afterwards.

    `public` enters the hash as it is; `private` (personal data) is kept apart under a salted commitment.
    """
    if type not in EVENT_TYPES:
        raise ValueError(f"unknown event type {type}")
    seq, now = case.head_seq + 1, clock.now()
    salt = chain.new_salt() if private else b""
    link = chain.link(
        case=str(case.id),
        seq=seq,
        type=type,
        version=1,
        at=now,
        actor=actor.ref,
        public=dict(public or {}),
        commitment=chain.commitment(private, salt) if private else "",
        previous=case.head_hash or chain.GENESIS,
    )
    event = CaseEvent(
        case_id=case.id,
        seq=seq,
        type=type,
        version=1,
        at=now,
        actor=link.actor,
        public=link.public,
        commitment=link.commitment,
        previous=link.previous,
        hash=link.hash,
    )
    payload = EventPayload(case_id=case.id, seq=seq, salt=salt.hex(), data=dict(private)) if private else None
    _pending(case).append((event, payload))
    case.head_seq, case.head_hash, case.head_at = seq, event.hash, event.at
    return event


def _pending(case: Case) -> list[tuple[CaseEvent, EventPayload | None]]:
    pending: list[tuple[CaseEvent, EventPayload | None]] = case.__dict__.setdefault("_pending_events", [])
    return pending


def flush(case: Case) -> None:
    """Write the events that `append` gathered for `case`, in two statements however many there are."""
    pending = _pending(case)
    CaseEvent.objects.bulk_create([event for event, _ in pending])
    EventPayload.objects.bulk_create([payload for _, payload in pending if payload is not None])
    pending.clear()


def write(case: Case) -> None:
    """Save the head of the chain and the events of a case in which nothing else changed."""
    case.save(update_fields=["head_seq", "head_hash", "head_at"])
    flush(case)


def link_of(event: CaseEvent) -> chain.Link:
    """The event as the chain hashes it."""
    return chain.Link(
        case=str(event.case_id),
        seq=event.seq,
        type=event.type,
        version=event.version,
        at=canonical.instant_text(event.at),
        actor=event.actor,
        public=event.public,
        commitment=event.commitment,
        previous=event.previous,
        hash=event.hash,
    )


def erase(case: Case, *, actor: Actor, reason: str, public: Mapping[str, Any] | None = None) -> int:
    """Erase the personal data of all events of `case` (locked by the caller), and name them; the chain still verifies."""
    kept = EventPayload.objects.filter(case_id=case.id, data__isnull=False)
    erased = sorted(kept.values_list("seq", flat=True))
    kept.update(data=None, salt="")
    told = {"reason": reason, "events": len(erased), "of": erased, **(public or {})}
    append(case, "erased", actor=actor, public=told)
    return len(erased)
