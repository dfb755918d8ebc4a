"""Functions that public offices need beside the standard's: business days, age, check digits, and words for people.

Business days count by `ruta.engine.terms` and the context's calendar; a date beyond the calendar stops the step,
because a legal term must never be guessed.
"""

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from ruta.engine import terms
from ruta.engine.feel import notation, values
from ruta.engine.feel.builtins.table import builtin, host_function
from ruta.engine.feel.context import Run
from ruta.engine.feel.errors import Stop
from ruta.engine.feel.temporal import AnyDate, AnyDateTime
from ruta.engine.feel.wide import month_length
from ruta.engine.problems import Problem

_MOST_BUSINESS_DAYS = 10_000
_COST_OF_ONE = 5
_NIT_WEIGHTS = (3, 7, 13, 17, 19, 23, 29, 37, 41, 43, 47, 53, 59, 67, 71)
_MONTHS = {
    "es": "enero,febrero,marzo,abril,mayo,junio,julio,agosto,septiembre,octubre,noviembre,diciembre",
    "en": "January,February,March,April,May,June,July,August,September,October,November,December",
}

host_function(
    "parameter", "A dated figure of the service: parameter(name, date), parameter(name, key, date)."
)
host_function("parameter periods", "The figures of a period: parameter periods(name, from, to).")
host_function(
    "list title", "What a code of a list is called, in the context's language: list title(list, code)."
)
host_function(
    "list codes",
    "The codes of a list that hold today: list codes(list), or of rows with columns: list codes(list, {column: value}).",
)


def _calendar(run: Run) -> terms.Calendar:
    if run.ctx.calendar is None:
        missing = {
            "es": "Falta el calendario de días hábiles; cárguelo para contar términos.",
            "en": "There is no calendar of business days; load one to count terms.",
        }
        raise Stop(Problem("", "calendar-missing", missing))
    return run.ctx.calendar


def _day(value: AnyDate | AnyDateTime, run: Run) -> date:
    if isinstance(value, datetime):
        return (value.astimezone(run.ctx.zone) if value.tzinfo else value).date()
    if not isinstance(value, date):
        raise ValueError("offices count only years 1 to 9999")
    return value


@builtin(
    "business days",
    "date: date|date and time, days: number",
    "date",
    "The last day of a term of so many business days after a date; a negative number counts backwards.",
    'business days(date("2026-11-20"), 3) = date("2026-11-25")',
)
def _business_days(run: Run, start: AnyDate | AnyDateTime, days: Decimal) -> date | None:
    if days != days.to_integral_value() or abs(days) > _MOST_BUSINESS_DAYS:
        return None
    run.spend(_COST_OF_ONE + int(abs(days)) // 50)
    try:
        return terms.add_business_days(_day(start, run), int(days), _calendar(run))
    except terms.CalendarEnds as ended:
        raise Stop(Problem("", "calendar-ends", ended.say)) from ended


@builtin(
    "next business day",
    "date: date|date and time",
    "date",
    "The date itself when it is a business day, else the next one.",
    'next business day(date("2026-11-21")) = date("2026-11-23")',
)
def _next_business_day(run: Run, start: AnyDate | AnyDateTime) -> date:
    run.spend(_COST_OF_ONE)
    try:
        return terms.next_business_day(_day(start, run), _calendar(run))
    except terms.CalendarEnds as ended:
        raise Stop(Problem("", "calendar-ends", ended.say)) from ended


@builtin(
    "age",
    "birth: date|date and time, on: date|date and time",
    "number",
    "Completed years on a day; who was born on 29 February has the birthday on the 28th in a common year.",
    'age(date("2008-02-29"), date("2026-02-28")) = 18',
)
def _age(run: Run, birth: AnyDate | AnyDateTime, on: AnyDate | AnyDateTime) -> Decimal | None:
    run.spend(_COST_OF_ONE)
    born, day = _day(birth, run), _day(on, run)
    months = (day.year - born.year) * 12 + day.month - born.month
    last_of_month = day.day == month_length(day.year, day.month)
    years = (months - (day.day < born.day and not last_of_month)) // 12
    return Decimal(years) if years >= 0 else None


@builtin(
    "nit digit",
    "n: number|string",
    "number",
    "The check digit of a NIT (DIAN, modulus 11).",
    "nit digit(899999053) = 1",
)
def _nit_digit(run: Run, n: Any) -> Decimal | None:
    run.spend(_COST_OF_ONE)
    if isinstance(n, str) and len(n) > len(_NIT_WEIGHTS):
        return None
    digits = values.text(n)
    if not digits.isascii() or not digits.isdigit() or len(digits) > len(_NIT_WEIGHTS):
        return None
    rest = sum(int(d) * weight for d, weight in zip(reversed(digits), _NIT_WEIGHTS, strict=False)) % 11
    return Decimal(rest if rest < 2 else 11 - rest)


@builtin("money", "x: number", "string", "Pesos, rounded to the peso.", 'money(1234567) = "$ 1.234.567"')
def _money(run: Run, amount: Decimal) -> str:
    run.spend(_COST_OF_ONE)
    if amount.adjusted() >= 30:
        raise ValueError("the amount is too large")
    pesos = int(amount.to_integral_value("ROUND_HALF_UP"))
    digits = f"{abs(pesos):,}".replace(",", ".")
    return f"{'-' if pesos < 0 else ''}$ {digits}"


@builtin(
    "long date",
    "d: date|date and time",
    "string",
    "The date in words, in the context's language.",
    'long date(date("2026-11-24")) = "24 de noviembre de 2026"',
)
def _long_date(run: Run, value: AnyDate | AnyDateTime) -> str:
    run.spend(_COST_OF_ONE)
    day = _day(value, run)
    english = run.ctx.lang == "en"
    month = _MONTHS["en" if english else "es"].split(",")[day.month - 1]
    return f"{day.day} {month} {day.year}" if english else f"{day.day} de {month} de {day.year}"


@builtin("long date", "d: string", "string")
def _long_date_of_text(run: Run, text: str) -> str:
    run.spend(_COST_OF_ONE)
    return _long_date(run, notation.read_datetime(text))


@builtin(
    "short date",
    "d: date|date and time",
    "string",
    "The date in figures: day, month, year.",
    'short date(date("2026-11-24")) = "24/11/2026"',
)
def _short_date(run: Run, value: AnyDate | AnyDateTime) -> str:
    day = _day(value, run)
    return f"{day.day:02}/{day.month:02}/{day.year:04}"


@builtin("short date", "d: string", "string")
def _short_date_of_text(run: Run, text: str) -> str:
    run.spend(_COST_OF_ONE)
    return _short_date(run, notation.read_datetime(text))
