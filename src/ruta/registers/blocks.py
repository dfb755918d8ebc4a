"""Blocks: numbers of an office that somebody takes along to where there is no network; one by one they become a case's."""

from datetime import datetime

from django.db import transaction
from django.db.models import QuerySet

from ruta.identity.actors import Actor
from ruta.kernel import clock
from ruta.kernel.errors import Conflict

from . import selectors
from .models import NumberBlock, NumberRange, Reservation
from .numbers import digits_of, number_void, used_up, written
from .spec import spec_of


@transaction.atomic
def take_block(
    register: str, range_id: str, *, office: str, count: int, holder: str, until: datetime, actor: Actor
) -> tuple[str, ...]:
    """Hold the next `count` consecutive free numbers of an office apart for `holder`; fewer where fewer are left.

    Two at once get two blocks. Raises Conflict when the office has none left.
    """
    ranges = NumberRange.objects.select_for_update().filter(
        register=register, range_id=range_id, office=office
    )
    found = next((each for each in ranges.order_by("first") if each.next <= each.last), None)
    if found is None:
        raise used_up(range_id, office)
    first, last = found.next, min(found.next + count - 1, found.last)
    block = NumberBlock.objects.create(
        number_range=found, holder=holder, first=first, last=last, until=until, taken_by=actor.ref
    )
    Reservation.objects.bulk_create(
        [
            Reservation(number_range=found, number=number, until=until, block=block)
            for number in range(first, last + 1)
        ]
    )
    found.next = last + 1
    found.save(update_fields=["next"])
    digits = digits_of(register, range_id)
    return tuple(written(number, digits) for number in range(first, last + 1))


def give(holder: str, register: str, range_id: str, number: str, *, case_number: str) -> None:
    """The number of the holder's block is this case's: `reserve_number` gives it, and nobody else may record it.

    Raises Conflict when it is void, another case's, or not of the holder.
    """
    with transaction.atomic():
        row = _held(holder, register, range_id, number).select_for_update(of=("self",)).first()
        if row is None or row.case_number not in ("", case_number):
            raise Conflict(
                {
                    "es": f"El número {number} no es de este bloque, o ya es de otro expediente. Use otro.",
                    "en": f"Number {number} is not of this block, or another case's already. Use another.",
                },
                code="number-of-another",
            )
        if row.voided_at is not None:
            raise number_void(number)
        row.case_number = case_number
        row.save(update_fields=["case_number"])


def _held(holder: str, register: str, range_id: str, number: str) -> QuerySet[Reservation]:
    return Reservation.objects.filter(
        block__holder=holder,
        number_range__register=register,
        number_range__range_id=range_id,
        number=int(number),
    )


def is_free(holder: str, register: str, range_id: str, number: str) -> bool:
    """Whether the number is of the holder's block, no case's and not void."""
    return _held(holder, register, range_id, number).filter(case_number="", voided_at=None).exists()


def void(holder: str, register: str, range_id: str, number: str, *, reason: str) -> None:
    """The number is never given out nor recorded. One that a case has stays the case's."""
    _held(holder, register, range_id, number).filter(case_number="", voided_at=None).update(
        voided_at=clock.now(), void_reason=reason[:500]
    )


@transaction.atomic
def end_blocks(holder: str, *, reason: str, keep: frozenset[tuple[str, str, str]] = frozenset()) -> int:
    """The holder gives out no more: return how many numbers it had left, but those to `keep` (register, range, number),
    which wait for a case.

    They go back to the office, or become void where the register never reuses the field.
    """
    left = 0
    for block in NumberBlock.objects.select_for_update(of=("self",)).filter(holder=holder, ended_at=None):
        about = block.number_range
        spec = spec_of(selectors.definition(about.register).schema)
        kept = {int(number) for at, name, number in keep if (at, name) == (about.register, about.range_id)}
        free = block.numbers.filter(case_number="", voided_at=None).exclude(number__in=kept)
        if about.range_id in spec.never_reused:
            left += free.update(voided_at=clock.now(), void_reason=reason[:500])
        else:
            left += free.update(block=None, until=clock.now())
        block.ended_at = clock.now()
        block.save(update_fields=["ended_at"])
    return left
