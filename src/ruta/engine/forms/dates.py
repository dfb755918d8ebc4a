"""A day as people write it: dd/mm/aaaa (common facts §4), and what is wrong with it in words."""

import re
from datetime import date

from .model import Text

MONTHS_ES = (
    "enero", "febrero", "marzo", "abril", "mayo", "junio", "julio", "agosto", "septiembre", "octubre",
    "noviembre", "diciembre",
)  # fmt: skip
MONTHS_EN = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October",
    "November", "December",
)  # fmt: skip
_ISO = r"([0-9]{4})-([0-9]{1,2})-([0-9]{1,2})"
_PARTS = r"([0-9]*)\s*[/\-. ]\s*([0-9]*|[a-zA-Z]+)\s*[/\-. ]\s*([0-9]*)"
_BY_NAME = {
    name.lower(): str(number) for names in (MONTHS_ES, MONTHS_EN) for number, name in enumerate(names, 1)
}


class DateUnreadableError(ValueError):
    """The text is no day; `say` tells the fault and the cure."""

    def __init__(self, es: str, en: str) -> None:
        self.say: Text = {"es": es, "en": en}
        super().__init__(en)


def read_date(text: str) -> date:
    """The day that `text` names: `27/3/1998`, `27 marzo 1998`, `27-3-1998` or ISO `1998-03-27`.

    Raises DateUnreadableError: a part is missing, the year has not four digits (CO-B06), or the day does not
    exist (CR-B02).
    """
    text = text.strip()
    if iso := re.fullmatch(_ISO, text):
        year, month, day = iso.groups()
    elif parts := re.fullmatch(_PARTS, text):
        day, month, year = parts.groups()
        month = _BY_NAME.get(month.lower(), month)
    else:
        raise DateUnreadableError(
            "No se entiende como fecha. Escriba el día, el mes y el año en números, así: 27/3/1998.",
            "This cannot be read as a date. Write day, month and year in digits, like this: 27/3/1998.",
        )
    _all_parts(day, month, year)
    if len(year) != 4 or year == "0000":
        raise DateUnreadableError("Escriba el año con cuatro cifras.", "Write the year with four digits.")
    if not month.isdigit() or len(month) > 2 or not 1 <= int(month) <= 12:
        raise DateUnreadableError(
            f"No existe el mes {month[:12]}. Escriba un mes del 1 al 12.",
            f"There is no month {month[:12]}. Write a month from 1 to 12.",
        )
    from calendar import monthrange

    last = monthrange(int(year), int(month))[1]
    if len(day) > 2 or not 1 <= int(day) <= last:
        name_es, name_en = MONTHS_ES[int(month) - 1].capitalize(), MONTHS_EN[int(month) - 1]
        raise DateUnreadableError(
            f"{name_es} de {year} tiene {last} días. Escriba un día del 1 al {last}.",
            f"{name_en} {year} has {last} days. Write a day from 1 to {last}.",
        )
    return date(int(year), int(month), int(day))


def _all_parts(day: str, month: str, year: str) -> None:
    names = (("día", "day", day), ("mes", "month", month), ("año", "year", year))
    missing = [(es, en) for es, en, part in names if not part]
    if missing:
        es = " y ".join(f"el {name}" for name, _ in missing)
        en = " and ".join(f"the {name}" for _, name in missing)
        verb_es, verb_en = ("Falta", "is") if len(missing) == 1 else ("Faltan", "are")
        raise DateUnreadableError(
            f"{verb_es} {es}. Escriba el día, el mes y el año.",
            f"{en.capitalize()} {verb_en} missing. Write day, month and year.",
        )


def short(day: date) -> str:
    """As it is typed: `27/3/1998`."""
    return f"{day.day}/{day.month}/{day.year:04d}"


def long(day: date, lang: str) -> str:
    """As it is read: `27 de marzo de 1998`, `27 March 1998`."""
    if lang == "en":
        return f"{day.day} {MONTHS_EN[day.month - 1]} {day.year}"
    return f"{day.day} de {MONTHS_ES[day.month - 1]} de {day.year}"
