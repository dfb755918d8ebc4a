"""Reads of registers. Every look-up is logged with its purpose; what is sealed is as if it did not exist."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any, Literal
from uuid import UUID

from django.db import transaction
from django.db.models import Q, QuerySet

from ruta.identity.actors import Actor
from ruta.kernel import audit, clock, names
from ruta.kernel.errors import NotFound, RutaError

from . import rules
from .models import Entry, EntryKey, EntryNote, EntryStatus, RegisterDefinition
from .spec import RegisterSpec, spec_of

MOST = 100


@dataclass(frozen=True)
class Answer:
    """What a register answers, as `found.<read>` sees it.

    `value`: the fields asked for (`match: many`: a list of them), None unless found. Besides the schema's fields it
    may hold `status` (of the entry: valid, annulled, cancelled), `notes`, `entry_id` and `version`. `status`: found,
    absent or ambiguous (several entries fit and one was asked for).
    """

    value: Any
    source: str
    at: datetime
    status: Literal["found", "absent", "ambiguous"]
    entry_id: UUID | None = None
    version: int | None = None


def definition(name: str) -> RegisterDefinition:
    """The definition in force of a register. Raises NotFound."""
    found = RegisterDefinition.objects.filter(name=name, current=True).first()
    if found is None:
        raise NotFound(
            {"es": f"No hay un registro llamado «{name}».", "en": f"There is no register named “{name}”."},
            code="unknown-register",
        )
    return found


def spec(name: str) -> RegisterSpec:
    """What the register's file in force says, read once per process and content. Raises NotFound."""
    digest = (
        RegisterDefinition.objects.filter(name=name, current=True)
        .values_list("content_hash", flat=True)
        .first()
    )
    return _spec_by_content(digest) if digest else spec_of(definition(name).schema)


@lru_cache(maxsize=512)
def _spec_by_content(digest: str) -> RegisterSpec:
    kept = RegisterDefinition.objects.filter(content_hash=digest).values_list("schema", flat=True)
    return spec_of(kept[0])


def visible_to(actor: Actor, register: str = "") -> QuerySet[Entry]:
    """The entries (all versions) that this actor may see; all pages, lists and counts are made from it.

    Officials and the platform: those not sealed, and the sealed ones that a grant opens. A person: one's own, if not
    sealed. Anybody else: none.
    """
    entries = Entry.objects.all()
    if register:
        entries = entries.filter(register=register)
    if actor.kind == "person":
        return (
            entries.filter(holders__contains=[actor.document_number], sealed=False)
            if actor.document_number
            else entries.none()
        )
    if actor.kind not in ("official", "system"):
        return entries.none()
    seen = Q(sealed=False)
    for grant in actor.grants:
        scope, _, key = grant.partition("/")
        if scope.startswith("register:"):
            opened = Q(register=scope.removeprefix("register:"))
            seen |= opened & Q(entry_id=key) if key else opened
    return entries.filter(seen)


def _may_see(actor: Actor, entry: Entry) -> bool:
    return not entry.sealed or actor.may_see_sealed(f"register:{entry.register}", str(entry.entry_id))


def look_up(
    register: str,
    key: Mapping[str, Any],
    *,
    fields: Sequence[str] = (),
    match: Literal["one", "many"] | str = "one",
    actor: Actor,
    purpose: str,
    case_number: str = "",
) -> Answer:
    """Ask a register for the entry (or entries) with this key, by a declared `key` or `searchable` only.

    Valid entries come first; where there is none, one that was annulled or cancelled is found with that `status`. No
    `fields` means all. The read is logged, also when nothing is found; of oneself it counts as `own_data`.

    A sealed entry without a grant answers exactly like an absent one. The one exception: a read for
    `case_processing` that names the fields which the seal is made of (`x-register.sealed`) is answered with those
    and `status` alone, the rest being null, because a decision of law may have to know that an entry is reserved.

    Raises Invalid for a key that the register may not be searched by or an unknown purpose, NotFound for an unknown
    register, RutaError `register-elsewhere` for one that another agency keeps.
    """
    about = spec(register)
    if about.source is not None:
        raise RutaError(
            {
                "es": f"El registro «{register}» es de otra entidad: se consulta por interoperabilidad.",
                "en": f"Register “{register}” is another agency's: it is asked through interoperability.",
            },
            code="register-elsewhere",
        )
    row = rules.look_up_row(about, key)
    with transaction.atomic():
        hits = _hits(register, row)
        seen = [entry for entry in hits if _may_see(actor, entry)]
        hidden = [entry for entry in hits if not _may_see(actor, entry)]
        only_seal = False
        if not seen and hidden and _needs_seal(about, fields, purpose):
            seen, only_seal = hidden, True
        _log(about, register, key, fields, seen, actor=actor, purpose=purpose, case_number=case_number)
        return _answer(about, register, seen, fields, match, actor=actor, only_seal=only_seal)


def _hits(register: str, row: rules.KeyRow) -> list[Entry]:
    """The latest versions that fit: the valid ones, or those that are not where none is."""
    keys = EntryKey.objects.filter(register=register, fields=row.fields, value=row.value, live=True)
    found = keys.select_related("entry").order_by("entry_id")[: MOST + 1]
    entries = list({key.entry_id: key.entry for key in found}.values())
    return [entry for entry in entries if entry.status == EntryStatus.VALID] or entries


def _needs_seal(about: RegisterSpec, fields: Sequence[str], purpose: str) -> bool:
    return purpose == audit.Purpose.CASE_PROCESSING and bool(about.seal_fields & set(fields))


def _log(
    about: RegisterSpec,
    register: str,
    key: Mapping[str, Any],
    fields: Sequence[str],
    entries: Sequence[Entry],
    *,
    actor: Actor,
    purpose: str,
    case_number: str,
) -> None:
    holders = {holder for entry in entries for holder in _holders(about, entry)}
    if not holders:
        # Whose data were looked for is known when the key says so, found or not.
        holders = {("", str(key.get(about.holder) or ""))}
    mine = {
        holder
        for holder in holders
        if purpose == audit.Purpose.CASE_PROCESSING
        and actor.kind == "person"
        and holder[1] == actor.document_number
    }
    # An entry of two is one's own to oneself, and to the other a read that the other may see.
    for persons, why in ((mine, audit.Purpose.OWN_DATA), (holders - mine, purpose)):
        if persons:
            audit.log_read(
                actor,
                persons=sorted(persons),
                purpose=why,
                what=f"register:{register}",
                case_number=case_number,
                fields=list(fields),
            )


def _holders(about: RegisterSpec, entry: Entry) -> list[tuple[str, str]]:
    """(type of document, number) of each person whose entry it is; one nobody knows where it has none."""
    found = []
    for at, field in enumerate(about.fields_of(about.holder)):
        if number := rules.value_at(entry.data, field):
            types = about.fields_of(about.holder_type)
            kind = rules.value_at(entry.data, types[at]) if at < len(types) else ""
            found.append((str(kind or ""), str(number)))
    return found or [("", "")]


def _answer(
    about: RegisterSpec,
    register: str,
    entries: list[Entry],
    fields: Sequence[str],
    match: str,
    *,
    actor: Actor,
    only_seal: bool,
) -> Answer:
    at = clock.now()
    if not entries:
        return Answer(None, register, at, "absent")
    if match == "one" and len({entry.entry_id for entry in entries}) > 1:
        return Answer(None, register, at, "ambiguous")
    values = [
        value_of(entry, fields, actor=actor, about=about, only_seal=only_seal) for entry in entries[:MOST]
    ]
    if match == "many":
        return Answer(values, register, at, "found")
    first = entries[0]
    return Answer(values[0], register, at, "found", first.entry_id, first.version)


def value_of(
    entry: Entry,
    fields: Sequence[str] = (),
    *,
    actor: Actor,
    about: RegisterSpec | None = None,
    only_seal: bool = False,
) -> dict[str, Any]:
    """The fields asked for of an entry as it stands today: what was recorded, and what notes have set since."""
    about = about or spec_of(entry.definition.schema)
    standing = dict(entry.data)
    notes: list[dict[str, Any]] = []
    for note in notes_of(entry.entry_id, actor=actor, register=entry.register):
        standing.update(note.sets)
        kind = about.notes.get(note.kind)
        notes.append(
            {
                "kind": note.kind,
                "title": dict(kind.title) if kind else {},
                "text": note.text,
                "at": clock.local_date(note.recorded_at).isoformat(),
            }
        )
    standing |= {
        "status": entry.status,
        "notes": notes,
        "entry_id": str(entry.entry_id),
        "version": entry.version,
    }
    asked = list(fields) or [*about.schema.get("properties", {}), "status", "notes"]
    told = about.seal_fields | {"status"} if only_seal else None
    return {
        name: None if told is not None and name not in told else rules.value_at(standing, name)
        for name in asked
    }


def replaced_by_case(case_number: str, *, actor: Actor) -> list[tuple[Entry, Entry]]:
    """(before, after) of every entry that a case replaced, in order; sealed ones only with a grant.

    The caller logs the read of the case.
    """
    after = Entry.objects.filter(case_number=case_number, version__gt=1).order_by("recorded_at", "id")
    found = [entry for entry in after if _may_see(actor, entry)]
    before = Entry.objects.filter(entry_id__in=[entry.entry_id for entry in found])
    by_version = {(entry.entry_id, entry.version): entry for entry in before}
    return [(by_version[entry.entry_id, entry.version - 1], entry) for entry in found]


def stands(entry_id: UUID | str, version: int) -> bool:
    """Whether that version of the entry is still the valid one."""
    return Entry.objects.filter(
        entry_id=UUID(str(entry_id)), version=version, status=EntryStatus.VALID
    ).exists()


def notes_of(entry_id: UUID, *, actor: Actor, register: str) -> QuerySet[EntryNote]:
    """The notes that speak of an entry, oldest first: not those undone, nor sealed ones without a grant."""
    notes = EntryNote.objects.filter(entry_id=entry_id, countered_by=None, counters=None).order_by(
        "recorded_at", "id"
    )
    if not actor.may_see_sealed(f"register:{register}", str(entry_id)):
        notes = notes.filter(sealed=False)
    return notes


def search_entries(
    register: str, text: str, *, actor: Actor, purpose: str, case_number: str = "", limit: int = 20
) -> list[Entry]:
    """Valid entries whose searchable words contain all the words of `text`; for officials. One logged line each."""
    words = names.fold(text).split()
    if not words or actor.kind != "official":
        return []
    found = visible_to(actor, register).filter(status=EntryStatus.VALID)
    entries = list(
        found.filter(*[Q(search_text__contains=word) for word in words]).order_by("search_text", "id")[:limit]
    )
    about = spec(register)
    audit.log_read(
        actor,
        persons=[holder for entry in entries for holder in _holders(about, entry)],
        purpose=purpose,
        what=f"register:{register}",
        case_number=case_number,
    )
    return entries
