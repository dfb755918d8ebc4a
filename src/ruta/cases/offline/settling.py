"""What came back and was refused: a person corrects it, files it as it is, or discards it with a reason."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from django.db import transaction

from ruta.identity.actors import Actor
from ruta.kernel import clock
from ruta.kernel.errors import Conflict, Invalid
from ruta.registers import blocks

from ..applicants import DESK
from ..drafts import services as drafts
from ..models import Draft, OfflineFiling
from ..models.offline import OfflineStatus
from . import lines, receiving, selectors
from .kits import no_reason


@transaction.atomic
def correct(filing_id: UUID, *, actor: Actor, acted_on: date | None) -> Draft:
    """A draft with what was typed, which files it with its numbers and its day; the one that was begun, if there is.

    Raises NotFound, Invalid for a wrong day, Conflict when a colleague is correcting it.
    """
    row = _taken_up(filing_id, actor, acted_on)
    begun = Draft.objects.filter(offline=row).first()
    if begun is not None:
        if begun.owner_id != actor.account_id:
            raise Conflict(
                {
                    "es": "Un compañero ya lo está corrigiendo en un borrador suyo.",
                    "en": "A colleague is correcting it already, in a draft.",
                },
                code="being-corrected",
            )
        return begun
    draft = drafts.start_draft(
        actor,
        row.kit.service,
        row.kit.act,
        channel=DESK,
        lang=row.kit.lang,
        posting=receiving.posting_for(row.kit, actor).id,
        typed=lines.as_typed(row),
    )
    draft.offline = row
    draft.save(update_fields=["offline"])
    return draft


def file_as_it_is(filing_id: UUID, *, actor: Actor, acted_on: date | None) -> OfflineFiling:
    """File it without a change: what was wrong elsewhere is mended, or a person says that it is not the case that it looks
    like. What is wrong still is in its problems."""
    with transaction.atomic():
        row = _taken_up(filing_id, actor, acted_on)
    return receiving.file(row, actor, although_alike=True)


def _taken_up(filing_id: UUID, actor: Actor, acted_on: date | None) -> OfflineFiling:
    """The line, locked, with its day; of its numbers, those that are its still."""
    row = _locked(filing_id, actor)
    if wrong := lines.wrong_day(row.kit, acted_on):
        raise Invalid([wrong])
    row.acted_on = acted_on
    row.numbers = [told for told in row.numbers if receiving.still_free(row, told)]
    row.save(update_fields=["acted_on", "numbers"])
    return row


def _locked(filing_id: UUID, actor: Actor) -> OfflineFiling:
    selectors.filing_to_settle(filing_id, actor)
    OfflineFiling.objects.select_for_update().get(pk=filing_id)
    return selectors.filing_to_settle(filing_id, actor)  # nobody settled it while this waited


@transaction.atomic
def discard(filing_id: UUID, *, actor: Actor, reason: str) -> OfflineFiling:
    """It becomes no case: its numbers are void, what was typed is erased; line, numbers and reason stay in the log.

    Raises NotFound, Invalid without a reason.
    """
    row = _locked(filing_id, actor)
    if not reason.strip():
        raise Invalid([no_reason()])
    for told in row.numbers:
        blocks.void(str(row.kit_id), told["register"], told["range"], told["number"], reason=reason.strip())
    Draft.objects.filter(offline=row, case_id=None).delete()
    row.status, row.typed, row.problems = OfflineStatus.DISCARDED, {}, []
    row.reason, row.settled_by, row.settled_at = reason.strip()[:500], actor.ref, clock.now()
    row.save()
    return row
