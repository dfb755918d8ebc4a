"""Writes of registers: define, record, supersede, annul, note. Nothing that was recorded is ever overwritten."""

from collections.abc import Mapping
from contextlib import suppress
from datetime import date
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction

from ruta.engine.forms import CodeFault
from ruta.engine.problems import Problem
from ruta.identity.actors import Actor
from ruta.kernel import clock, events
from ruta.kernel.errors import Conflict, Invalid, NotFound, RutaError

from . import rules, selectors
from .imports import import_entries
from .keys import refuse_taken, save_keys, spend_numbers
from .models import Entry, EntryKey, EntryNote, EntryStatus, RegisterDefinition
from .numbers import lapse, open_range, reserve_number, use_reservations
from .spec import RegisterSpec, content_hash, spec_of

__all__ = [
    "annul_entry",
    "cancel_entry",
    "counter_note",
    "define_register",
    "import_entries",
    "lapse",
    "new_entry",
    "note_entry",
    "open_range",
    "record_entry",
    "reserve_number",
    "supersede_entry",
]


@transaction.atomic
def define_register(
    service: str, name: str, schema: Mapping[str, Any], version: int | None = None
) -> RegisterDefinition:
    """Put a register's file in force. The same content again changes nothing; other content makes a new version.

    `version` is a floor for the number given. Raises Invalid naming what is wrong in the file, Conflict when the name
    belongs to another service.
    """
    spec_of(schema)
    digest = content_hash(schema)
    last = (
        RegisterDefinition.objects.select_for_update(no_key=True)
        .filter(name=name)
        .order_by("-version")
        .first()
    )
    if last is not None and last.service != service:
        raise Conflict(
            {
                "es": f"El registro «{name}» es del servicio {last.service}. Use otro nombre.",
                "en": f"Register “{name}” belongs to service {last.service}. Use another name.",
            },
            code="register-of-another",
        )
    if last is not None and last.current and last.content_hash == digest:
        return last
    RegisterDefinition.objects.filter(name=name, current=True).update(current=False)
    return RegisterDefinition.objects.create(
        name=name,
        service=service,
        version=max(version or 1, last.version + 1 if last else 1),
        schema=dict(schema),
        content_hash=digest,
    )


def new_entry(
    definition: RegisterDefinition,
    spec: RegisterSpec,
    data: Mapping[str, Any],
    *,
    valid_from: date | None,
    valid_to: date | None = None,
    actor: Actor,
    case_number: str = "",
    code_fault: CodeFault | None = None,
) -> Entry:
    """An entry ready to be saved, its derived columns filled. Raises Invalid by field (`rules.problems_of`)."""
    if problems := rules.problems_of(spec, data, clock.now(), code_fault=code_fault):
        raise Invalid(problems)
    begins = valid_from
    if begins is None:
        own = rules.value_at(data, spec.valid_from) if spec.valid_from else None
        begins = date.fromisoformat(str(own)[:10]) if own else clock.today()
    return Entry(
        register=definition.name,
        definition=definition,
        data=dict(data),
        valid_from=begins,
        valid_to=valid_to,
        recorded_at=clock.now(),
        recorded_by=actor.ref,
        case_number=case_number,
        office=str(rules.value_at(data, spec.office) or ""),
        holders=[str(value) for value in rules.values_of(spec, data, spec.holder)],
        sealed=rules.is_sealed(spec, data, clock.now()),
        search_text=rules.search_text(spec, data),
    )


def kept_here(name: str) -> tuple[RegisterDefinition, RegisterSpec]:
    """A register in which entries are recorded here. Raises RutaError for another agency's."""
    definition = selectors.definition(name)
    spec = spec_of(definition.schema)
    if spec.source is not None:
        raise RutaError(
            {
                "es": f"El registro «{name}» es de otra entidad: aquí no se inscribe en él.",
                "en": f"Register “{name}” is another agency's: nothing is recorded in it here.",
            },
            code="register-elsewhere",
        )
    return definition, spec


@transaction.atomic
def record_entry(
    register: str,
    data: Mapping[str, Any],
    *,
    valid_from: date | None = None,
    valid_to: date | None = None,
    actor: Actor,
    case_number: str = "",
    supersedes: Entry | UUID | str | None = None,
    seen_version: int | None = None,
    code_fault: CodeFault | None = None,
) -> Entry:
    """Write an entry; with `supersedes` (an entry or its `entry_id`) as the next version of that one.

    `seen_version` is the version that who writes had before them (that of `supersedes` where it is an entry): when
    another one stands by now, Conflict `entry-changed`. A field that a note gives keeps what was recorded beneath it:
    the notes of an entry stand over all its versions.

    Without `valid_from` validity begins at the register's own field for it, else today. The schema, formats and checks
    of the register's file are always judged; its code lists belong to the service, whose `code_fault` tells what is
    wrong with a code. Raises Invalid by field,
    Conflict when a key belongs to another valid entry, a number was spent before or is reserved for another case.
    Of two at once exactly one wins. Publishes `register.changed`.
    """
    definition, spec = kept_here(register)
    old: Entry | None = None
    if supersedes is not None:
        entry_id = supersedes.entry_id if isinstance(supersedes, Entry) else UUID(str(supersedes))
        old = _lock_valid(entry_id, register)
        seen = supersedes.version if isinstance(supersedes, Entry) else seen_version
        if seen not in (None, old.version):
            raise _changed_meanwhile()
        data = _beneath_notes(old, data)
    entry = new_entry(
        definition,
        spec,
        data,
        valid_from=valid_from,
        valid_to=valid_to,
        actor=actor,
        case_number=case_number,
        code_fault=code_fault,
    )
    if old is not None:
        entry.entry_id, entry.version = old.entry_id, old.version + 1
        _end(old, EntryStatus.REPLACED, actor=actor, reason="", case_number=case_number)
        if entry.sealed:
            # What was open before is now closed with it.
            Entry.objects.filter(entry_id=old.entry_id, sealed=False).update(sealed=True)
    try:
        with transaction.atomic():
            entry.save(force_insert=True)
            save_keys([(entry, rules.key_rows(spec, data))])
            spend_numbers(spec, [entry])
    except IntegrityError as taken:
        refuse_taken(spec, entry, taken)
    use_reservations(spec, entry)
    _publish(entry, "replaced" if old else "recorded")
    return entry


def _beneath_notes(old: Entry, data: Mapping[str, Any]) -> dict[str, Any]:
    """The data of the next version of `old`: what a note gives is not recorded as if the entry itself said it."""
    live = EntryNote.objects.filter(entry_id=old.entry_id, countered_by=None, counters=None)
    given = {name for sets in live.values_list("sets", flat=True) for name in sets}
    kept = {name: old.data[name] for name in given if name in old.data}
    return {name: value for name, value in data.items() if name not in given} | kept


def supersede_entry(
    old: Entry | UUID | str,
    data: Mapping[str, Any],
    *,
    register: str,
    valid_from: date | None = None,
    actor: Actor,
    case_number: str = "",
) -> Entry:
    """Write the next version of an entry; the one before becomes `replaced`. As `record_entry` with `supersedes`."""
    return record_entry(
        register, data, valid_from=valid_from, actor=actor, case_number=case_number, supersedes=old
    )


@transaction.atomic
def annul_entry(
    entry_id: UUID | str, *, reason: str, actor: Actor, case_number: str = "", register: str = ""
) -> Entry:
    """End an entry as if it had never been valid. Its keys are free again, its never-reused numbers are not.

    The notes that were written elsewhere because of it are countered (Decreto-Ley 1260 de 1970, art. 104).
    """
    entry = _close(
        entry_id,
        EntryStatus.ANNULLED,
        reason=reason,
        actor=actor,
        case_number=case_number,
        register=register,
    )
    because = EntryNote.objects.filter(because=entry.entry_id, counters=None, countered_by=None)
    for note in because.order_by("recorded_at", "id"):
        with suppress(Conflict):  # the entry that was noted has ended too: nothing of it is valid
            counter_note(note, text=reason, actor=actor, case_number=case_number)
    return entry


@transaction.atomic
def cancel_entry(entry_id: UUID | str, *, reason: str, actor: Actor, case_number: str = "") -> Entry:
    """End an entry from now on (another one takes its place), without undoing what it meant before."""
    return _close(entry_id, EntryStatus.CANCELLED, reason=reason, actor=actor, case_number=case_number)


def _close(
    entry_id: UUID | str,
    status: EntryStatus,
    *,
    reason: str,
    actor: Actor,
    case_number: str,
    register: str = "",
) -> Entry:
    if not reason.strip():
        raise Invalid(
            [
                Problem(
                    "/reason",
                    "required",
                    {
                        "es": "Motivo: está vacío. Diga qué acto lo ordena.",
                        "en": "Reason: it is empty. Say which act orders it.",
                    },
                )
            ]
        )
    entry = _lock_valid(UUID(str(entry_id)), register)
    _end(entry, status, actor=actor, reason=reason, case_number=case_number)
    _publish(entry, str(status))
    return entry


def _lock_valid(entry_id: UUID, register: str = "") -> Entry:
    """The valid version of an entry, locked. Raises NotFound for an unknown one, Conflict for one that ended."""
    entries = Entry.objects.filter(entry_id=entry_id)
    if register:
        entries = entries.filter(register=register)
    locked = entries.filter(status=EntryStatus.VALID).select_for_update().first()
    if locked is not None:
        return locked
    if not entries.exists():
        raise NotFound(
            {
                "es": "Ese asiento no existe. Revise el número.",
                "en": "That entry does not exist. Check the number.",
            },
            code="unknown-entry",
        )
    raise _changed_meanwhile()


def _changed_meanwhile() -> Conflict:
    return Conflict(
        {
            "es": "El asiento cambió mientras tanto. Ábralo otra vez y revise qué cambió.",
            "en": "The entry changed meanwhile. Open it again and see what changed.",
        },
        code="entry-changed",
    )


def _end(entry: Entry, status: EntryStatus, *, actor: Actor, reason: str, case_number: str) -> None:
    entry.status = status
    entry.ended_at, entry.ended_by = clock.now(), actor.ref
    entry.ended_reason, entry.ended_case = reason[:500], case_number
    entry.save(update_fields=["status", "ended_at", "ended_by", "ended_reason", "ended_case"])
    EntryKey.objects.filter(entry=entry).update(valid=False, live=status != EntryStatus.REPLACED)


def _publish(entry: Entry, change: str) -> None:
    events.publish(
        "register.changed",
        key=str(entry.entry_id),
        payload={
            "register": entry.register,
            "entry_id": str(entry.entry_id),
            "change": change,
            "version": entry.version,
        },
    )


@transaction.atomic
def note_entry(
    entry_id: UUID | str,
    *,
    kind: str,
    text: str,
    sets: Mapping[str, Any] | None = None,
    because: UUID | str | None = None,
    actor: Actor,
    case_number: str = "",
    register: str = "",
) -> EntryNote:
    """Write a marginal note on an entry; `sets` gives the fields that this kind of note may set, null to empty one.

    `because`: the entry (its `entry_id`) that gives cause; when that one is annulled the note is countered.

    Raises Invalid for a kind that the register does not have or a field that the kind may not set, NotFound and
    Conflict as `annul_entry`. Publishes `register.changed` (`noted`).
    """
    entry = _lock_valid(UUID(str(entry_id)), register)
    spec = spec_of(entry.definition.schema)
    about = spec.notes.get(kind)
    given = dict(sets or {})
    if about is None or not set(given) <= set(about.sets):
        allowed = ", ".join(spec.notes) if about is None else ", ".join(about.sets) or "-"
        raise Invalid(
            [
                Problem(
                    "/kind" if about is None else "/sets",
                    "note",
                    {"es": f"Nota: solo se permite {allowed}.", "en": f"Note: only {allowed} is allowed."},
                )
            ]
        )
    standing = {name: value for name, value in {**entry.data, **given}.items() if value is not None}
    if problems := rules.problems_of(spec, standing, clock.now()):
        raise Invalid(problems)
    note = EntryNote.objects.create(
        entry_id=entry.entry_id,
        register=entry.register,
        kind=kind,
        text=text,
        sets=given,
        because=UUID(str(because)) if because else None,
        sealed=about.sealed,
        case_number=case_number,
        recorded_by=actor.ref,
    )
    _publish(entry, "noted")
    return note


@transaction.atomic
def counter_note(note: EntryNote, *, text: str, actor: Actor, case_number: str = "") -> EntryNote:
    """Undo a note by another one that speaks against it; both stay. Raises Conflict when it was undone before."""
    entry = _lock_valid(note.entry_id)
    try:
        with transaction.atomic():
            counter = EntryNote.objects.create(
                entry_id=note.entry_id,
                register=note.register,
                kind=note.kind,
                text=text,
                sealed=note.sealed,
                counters=note,
                case_number=case_number,
                recorded_by=actor.ref,
            )
    except IntegrityError as taken:
        raise _changed_meanwhile() from taken
    _publish(entry, "noted")
    return counter
