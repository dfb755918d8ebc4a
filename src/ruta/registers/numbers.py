"""Numbers given out in ranges, per office: reserved for a case, lasting once recorded, else lapsing by themselves."""

from datetime import datetime

from django.db import transaction
from django.db.models import Q

from ruta.kernel import clock
from ruta.kernel.errors import Conflict, NotFound

from . import rules, selectors
from .models import Entry, NumberRange, Reservation
from .spec import RegisterSpec, spec_of


def open_range(register: str, range_id: str, *, first: int, last: int, office: str = "") -> NumberRange:
    """Give an office the numbers `first` to `last`. The same range again changes nothing.

    Raises NotFound for a range that the register does not declare, Conflict when they overlap another office's.
    """
    spec = spec_of(selectors.definition(register).schema)
    if range_id not in spec.ranges:
        raise NotFound(
            {
                "es": f"El registro «{register}» no tiene el rango «{range_id}».",
                "en": f"Register “{register}” has no range “{range_id}”.",
            },
            code="unknown-range",
        )
    with transaction.atomic():
        others = NumberRange.objects.select_for_update().filter(register=register, range_id=range_id)
        for other in others:
            if (other.office, other.first, other.last) == (office, first, last):
                return other
            if other.first <= last and first <= other.last:
                raise Conflict(
                    {
                        "es": f"Esos números se cruzan con los de {other.office or 'otro rango'} "
                        f"({other.first} a {other.last}). Use otros.",
                        "en": f"Those numbers overlap those of {other.office or 'another range'} "
                        f"({other.first} to {other.last}). Use others.",
                    },
                    code="range-overlaps",
                )
        return NumberRange.objects.create(
            register=register, range_id=range_id, office=office, first=first, last=last, next=first
        )


@transaction.atomic
def reserve_number(
    register: str,
    range_id: str,
    *,
    office: str = "",
    until: datetime,
    case_number: str = "",
    token: str = "",
    count: int = 1,
) -> tuple[str, ...]:
    """Keep the next `count` consecutive free numbers of an office for a case until `until`.

    Asked again by the same case and step (`token`), the same numbers are given. Those that a block gave to the case
    (`blocks.give`) come first. One alone may be one that lapsed. Raises Conflict when the range is used up.
    """
    given = _given_by_block(register, range_id, case_number, token, count)
    if len(given) < count:
        given += _next(register, range_id, office, until, case_number, token, count - len(given))
    return tuple(given)


def _given_by_block(register: str, range_id: str, case_number: str, token: str, count: int) -> list[str]:
    if not case_number:
        return []
    held = list(
        Reservation.objects.select_for_update()
        .filter(
            number_range__register=register,
            number_range__range_id=range_id,
            case_number=case_number,
            token__in=("", token),
            block__isnull=False,
            voided_at=None,
            used=False,
        )
        .order_by("number")[:count]
    )
    if not held:
        return []
    Reservation.objects.filter(pk__in=[each.pk for each in held]).update(token=token)
    digits = digits_of(register, range_id)
    return [written(each.number, digits) for each in held]


def _next(
    register: str, range_id: str, office: str, until: datetime, case_number: str, token: str, count: int
) -> list[str]:
    digits = digits_of(register, range_id)
    ranges = NumberRange.objects.select_for_update().filter(
        register=register, range_id=range_id, office=office
    )
    found = list(ranges.order_by("first"))
    if case_number:
        had = Reservation.objects.filter(
            number_range__in=found, case_number=case_number, token=token, until__gt=clock.now(), block=None
        ).order_by("number")
        if len(had) >= count:
            return [written(each.number, digits) for each in had[:count]]
    if count == 1 and (lapsed := _lapsed(found)):
        lapsed.case_number, lapsed.token, lapsed.until = case_number, token, until
        lapsed.save()
        return [written(lapsed.number, digits)]
    for each in found:
        if each.last - each.next + 1 >= count:
            numbers = range(each.next, each.next + count)
            each.next += count
            each.save(update_fields=["next"])
            Reservation.objects.bulk_create(
                [
                    Reservation(
                        number_range=each, number=number, case_number=case_number, token=token, until=until
                    )
                    for number in numbers
                ]
            )
            return [written(number, digits) for number in numbers]
    raise used_up(range_id, office)


def used_up(range_id: str, office: str) -> Conflict:
    """What is said when an office has no numbers left."""
    return Conflict(
        {
            "es": f"No quedan números de «{range_id}» en la oficina {office}. Pida otro rango.",
            "en": f"No numbers of “{range_id}” are left at office {office}. Ask for another range.",
        },
        code="range-used-up",
    )


def digits_of(register: str, range_id: str) -> int:
    """How many digits a number of the range is written with."""
    return spec_of(selectors.definition(register).schema).ranges[range_id].digits


def _lapsed(ranges: list[NumberRange]) -> Reservation | None:
    return (
        Reservation.objects.filter(
            number_range__in=ranges, used=False, until__lte=clock.now(), block=None, voided_at=None
        )
        .order_by("number")
        .first()
    )


def written(number: int, digits: int) -> str:
    """The number as it stands in entries."""
    return str(number).zfill(digits)


def lapse(case_number: str) -> int:
    """Let go of what a case had reserved and not used; return how many numbers. Those of a block were already given to
    somebody on paper: they become void."""
    left = Reservation.objects.filter(case_number=case_number, used=False, voided_at=None)
    void = left.filter(block__isnull=False).update(
        voided_at=clock.now(), void_reason="El expediente terminó sin asiento"
    )
    return void + left.filter(block=None, until__gt=clock.now()).update(until=clock.now())


def use_reservations(spec: RegisterSpec, entry: Entry) -> None:
    """Make the reservations of an entry's numbers lasting. Raises Conflict when one is kept for another case."""
    for range_id in spec.ranges:
        value = rules.value_at(entry.data, range_id)
        if rules.is_empty(value) or not str(value).isdigit():
            continue
        reserved = Reservation.objects.select_for_update().filter(
            number_range__register=entry.register,
            number_range__range_id=range_id,
            number=int(value),
            used=False,
        )
        if reserved.filter(voided_at__isnull=False).exists():
            raise number_void(str(value), field=f"/{range_id}")
        kept = Q(until__gt=clock.now()) | Q(block__isnull=False)
        kept_for_another = kept & ~Q(case_number=entry.case_number)
        if reserved.filter(kept_for_another).exists():
            raise Conflict(
                {
                    "es": f"El número {value} está reservado para otro expediente. Use el de este.",
                    "en": f"Number {value} is reserved for another case. Use this one's.",
                },
                field=f"/{range_id}",
                code="number-reserved",
            )
        reserved.update(used=True)


def number_void(number: str, *, field: str = "") -> Conflict:
    """What is said of a number that was made void."""
    return Conflict(
        {
            "es": f"El número {number} se anuló: no se vuelve a usar. Use otro.",
            "en": f"Number {number} is void: it is never used again. Use another.",
        },
        field=field,
        code="number-void",
    )
