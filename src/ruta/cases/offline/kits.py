"""A kit: taken while there is a network, ended by its official or by a colleague when the device is lost."""

from uuid import UUID

from django.db import transaction

from ruta.definitions import runtime
from ruta.definitions.schema import Offline
from ruta.definitions.selectors import current_version
from ruta.engine.problems import Problem
from ruta.engine.terms import Length, due_date
from ruta.identity.actors import Actor, Posting
from ruta.kernel import calendars, clock
from ruta.kernel.errors import Invalid
from ruta.kernel.identifiers import output_code
from ruta.registers import blocks

from .. import perms
from ..applicants import DESK
from ..drafts.services import not_for_you
from ..models import OfflineFiling, OfflineKit
from ..models.offline import OfflineStatus
from . import selectors
from .lines import not_offline

SPARE = 50
"""Lines of a kit beyond its numbers: their filings get a number on return [Ruta]."""


@transaction.atomic
def take_kit(
    actor: Actor, slug: str, act: str, *, device: str, lang: str, posting: int | None = None
) -> OfflineKit:
    """Take an act along on a device, with the next numbers of the office and a code for each line.

    Raises Forbidden when the official may not file the act, Conflict when it is not done offline or the office has no
    numbers left, Invalid for a device without a name.
    """
    compiled = runtime.compiled(current_version(slug).pk)
    spec = compiled.act(act).spec
    if spec.offline is None:
        raise not_offline()
    if not device.strip():
        raise Invalid([_no_device()])
    assert actor.account_id is not None  # an official has one
    post = _post(actor, perms.may_start(actor, compiled, spec, DESK), posting)
    length = Length.parse(spec.offline.valid_for)
    until = due_date(clock.today(), length, calendars.calendar_of(compiled.service.agency))
    kit = OfflineKit.objects.create(
        service=slug,
        act=act,
        owner_id=actor.account_id,
        posting_id=post.id,
        office=post.team,
        device=device.strip()[:80],
        lang=lang,
        taken_at=clock.now(),
        until=until,
    )
    _fill(kit, spec.offline, actor)
    return kit


def _no_device() -> Problem:
    return Problem(
        "/device",
        "required",
        {
            "es": "Equipo: está vacío. Dele un nombre con el que sus compañeros lo reconozcan.",
            "en": "Device: it is empty. Give it a name by which your colleagues know it.",
        },
    )


def _post(actor: Actor, may: frozenset[int | None], wanted: int | None) -> Posting:
    fitting = [each for each in actor.postings if each.id in may and wanted in (None, each.id)]
    if not fitting:
        raise not_for_you(DESK)
    return fitting[0]


def _fill(kit: OfflineKit, offline: Offline, actor: Actor) -> None:
    """The lines, each with its number of every range as long as there are."""
    taken = {
        (each.register_, each.range_): blocks.take_block(
            each.register_,
            each.range_,
            office=kit.office,
            count=each.count,
            holder=str(kit.pk),
            until=clock.instant(kit.until),
            actor=actor,
        )
        for each in offline.ranges
    }
    with_numbers = min((len(numbers) for numbers in taken.values()), default=0)
    OfflineFiling.objects.bulk_create(
        OfflineFiling(
            kit=kit,
            line=line + 1,
            code=output_code(),
            numbers=[
                {"register": register, "range": range_id, "number": numbers[line]}
                for (register, range_id), numbers in taken.items()
                if line < with_numbers
            ],
        )
        for line in range(with_numbers + SPARE)
    )


@transaction.atomic
def end_kit(kit_id: UUID, *, actor: Actor, reason: str) -> OfflineKit:
    """The device gives out no more numbers: those left go back or become void (`registers.blocks.end_blocks`).

    Numbers of lines that came back and wait for a person are kept for them. Any official of the office may: a device gets
    lost. What it sends later is kept still, and waits for a person. Raises NotFound, Invalid without a reason.
    """
    kit = selectors.kit(kit_id, actor, lock=True)
    if not reason.strip():
        raise Invalid([no_reason()])
    if kit.ended_at is None:
        waiting = kit.lines.filter(status__in=[OfflineStatus.RECEIVED, OfflineStatus.UNRESOLVED])
        keep = frozenset(
            (told["register"], told["range"], told["number"]) for each in waiting for told in each.numbers
        )
        blocks.end_blocks(str(kit.pk), reason=reason, keep=keep)
        kit.ended_at, kit.end_reason = clock.now(), reason.strip()[:500]
        kit.save()
    return kit


def no_reason() -> Problem:
    """What is said where a reason is due."""
    return Problem(
        "/reason",
        "required",
        {
            "es": "Motivo: está vacío. Diga por qué, para quien lo lea después.",
            "en": "Reason: it is empty. Say why, for who reads it later.",
        },
    )
