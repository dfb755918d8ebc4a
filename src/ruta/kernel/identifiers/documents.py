"""Documents of persons: types, patterns and what is told when a number cannot be one (common facts §1.1)."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from ruta.engine.problems import Problem

from ..errors import Invalid
from . import nit


@dataclass(frozen=True)
class DocumentType:
    """A type of document: `pattern` is of the stored number; `grouped` numbers are shown with dots."""

    code: str
    title: Mapping[str, str]
    pattern: str
    dian: str = ""
    grouped: bool = False
    cure: Mapping[str, str] | None = None


def _cure(es: str, en: str) -> dict[str, str]:
    return {"es": es, "en": en}


_TEN = _cure(
    "tiene 10 cifras y empieza por 1. Revise si falta o sobra una cifra.",
    "it has 10 digits and starts with 1. Check whether a digit is missing or too many.",
)

DOCUMENT_TYPES: Mapping[str, DocumentType] = {
    kind.code: kind
    for kind in (
        DocumentType(
            "CC",
            {"es": "Cédula de ciudadanía", "en": "Citizenship card (cédula)"},
            r"[1-9][0-9]{2,7}|1[0-9]{9}",
            "13",
            True,
            _cure(
                "una cédula tiene hasta 8 cifras o exactamente 10. Revise si falta una cifra; si es un NIT, elija NIT.",
                "a cédula has up to 8 digits or exactly 10. Check whether a digit is missing; "
                "if it is a NIT choose NIT.",
            ),
        ),
        DocumentType(
            "TI",
            {"es": "Tarjeta de identidad", "en": "Identity card (minors)"},
            r"1[0-9]{9}|[0-9]{11}",
            "12",
            True,
            _cure(
                "una tarjeta de identidad tiene 10 cifras, u 11 si es anterior a 2004. Revise el número en la tarjeta.",
                "an identity card has 10 digits, or 11 if it is older than 2004. Check the number on the card.",
            ),
        ),
        DocumentType(
            "RC", {"es": "Registro civil de nacimiento", "en": "Birth entry"}, r"1[0-9]{9}", "11", True, _TEN
        ),
        DocumentType(
            "NUIP",
            {"es": "Número Único de Identificación Personal", "en": "Unique personal number (NUIP)"},
            r"1[0-9]{9}",
            "91",
            True,
            _TEN,
        ),
        DocumentType(
            "CE",
            {"es": "Cédula de extranjería", "en": "Foreigner's card"},
            r"[0-9]{6,7}",
            "22",
            True,
            _cure(
                "una cédula de extranjería tiene 6 o 7 cifras. Revise el número en el documento.",
                "a foreigner's card has 6 or 7 digits. Check the number on the document.",
            ),
        ),
        DocumentType(
            "PA",
            {"es": "Pasaporte", "en": "Passport"},
            r"[A-Z0-9]{5,16}",
            "41",
            False,
            _cure(
                "un pasaporte tiene de 5 a 16 letras o números (el colombiano, 2 letras y 6 o 7 cifras). "
                "Cópielo sin espacios.",
                "a passport has 5 to 16 letters or digits (the Colombian one, 2 letters and 6 or 7 digits). "
                "Copy it without blanks.",
            ),
        ),
        DocumentType(
            "PT",
            {"es": "Permiso por Protección Temporal", "en": "Temporary protection permit"},
            r"[0-9]{6,9}",
            "48",
            True,
            _cure(
                "el permiso por protección temporal tiene de 6 a 9 cifras. Revise el número en el documento.",
                "a temporary protection permit has 6 to 9 digits. Check the number on the document.",
            ),
        ),
        DocumentType(
            "PE",
            {"es": "Permiso Especial de Permanencia", "en": "Special stay permit"},
            r"[0-9]{15}",
            "47",
            False,
            _cure(
                "el permiso especial de permanencia tiene 15 cifras. Revise si falta una.",
                "a special stay permit has 15 digits. Check whether one is missing.",
            ),
        ),
        DocumentType(
            "CD",
            {"es": "Carné diplomático", "en": "Diplomatic card"},
            r"[A-Z0-9]{1,11}",
            "46",
            False,
            _cure(
                "un carné diplomático tiene hasta 11 letras o números. Cópielo sin espacios.",
                "a diplomatic card has up to 11 letters or digits. Copy it without blanks.",
            ),
        ),
        DocumentType(
            "SC",
            {"es": "Salvoconducto", "en": "Safe-conduct"},
            r"[0-9]{9}",
            "",
            True,
            _cure(
                "un salvoconducto tiene 9 cifras. Revise si falta una.",
                "a safe-conduct has 9 digits. Check whether one is missing.",
            ),
        ),
        DocumentType(
            "CN",
            {"es": "Certificado de nacido vivo", "en": "Live-birth certificate"},
            r"[0-9]{8,10}",
            "",
            False,
            _cure(
                "el certificado tiene de 8 a 10 cifras. Revise el número impreso arriba.",
                "the certificate has 8 to 10 digits. Check the number printed at the top.",
            ),
        ),
        DocumentType(
            "AS",
            {"es": "Adulto sin identificación", "en": "Adult without identification"},
            r"[A-Z0-9]{1,12}",
            cure=_cure("use hasta 12 letras o números.", "use up to 12 letters or digits."),
        ),
        DocumentType(
            "MS",
            {"es": "Menor sin identificación", "en": "Minor without identification"},
            r"[A-Z0-9]{1,12}",
            cure=_cure("use hasta 12 letras o números.", "use up to 12 letters or digits."),
        ),
        DocumentType("NI", {"es": "NIT", "en": "Tax number (NIT)"}, r"[0-9]{3,10}", "31", True),
    )
}

_WITH_LETTERS = {"PA", "CD", "AS", "MS"}


def normalise_number(typed: str) -> str:
    """The number without dots, blanks and hyphens, letters in capitals."""
    return re.sub(r"[\s.,\-–—]", "", typed).upper()


def _old_identity_card(number: str, birth_date: date | None) -> dict[str, str] | None:
    """What is wrong with the first six digits (yymmdd) of an identity card of 11 digits (CO-B04)."""
    month, day = int(number[2:4]), int(number[4:6])
    start = {
        "es": "Número de documento: las primeras seis cifras son la fecha de nacimiento (aammdd); ",
        "en": "Document number: the first six digits must be the birth date (yymmdd); ",
    }
    if not 1 <= month <= 12:
        rest = {"es": f"el mes {month:02d} no existe.", "en": f"month {month:02d} does not exist."}
    elif not 1 <= day <= 31:
        rest = {"es": f"el día {day:02d} no existe.", "en": f"day {day:02d} does not exist."}
    elif birth_date is not None and number[:6] != birth_date.strftime("%y%m%d"):
        rest = {
            "es": "no coinciden con la fecha que dio. Revise ambas.",
            "en": "they do not match the date given. Check both.",
        }
    else:
        return None
    return {lang: start[lang] + rest[lang] for lang in start}


def problem_of_document(  # noqa: PLR0911  one fault each
    kind: str, typed: str, *, birth_date: date | None = None, at: str = "/document_number"
) -> Problem | None:
    """What is wrong with a document number as typed, or None. `birth_date` is compared where the number holds it."""
    if kind not in DOCUMENT_TYPES:
        return Problem(
            at,
            "document-type",
            {
                "es": "Tipo de documento: no está en la lista. Elija uno de la lista.",
                "en": "Document type: it is not on the list. Choose one from the list.",
            },
        )
    if kind == "NI":
        return nit.problem_of_nit(typed, at=at)
    number, about = normalise_number(typed), DOCUMENT_TYPES[kind]
    if not number:
        return Problem(
            at,
            "required",
            {
                "es": "Número de documento: está vacío. Escríbalo como aparece en el documento.",
                "en": "Document number: it is empty. Write it as it is on the document.",
            },
        )
    if kind not in _WITH_LETTERS and not (number.isascii() and number.isdigit()):
        return Problem(
            at,
            "digits",
            {
                "es": "Número de documento: solo lleva números. Escríbalo sin letras, puntos ni espacios.",
                "en": "Document number: only digits. Write it without letters, dots or spaces.",
            },
        )
    if not re.fullmatch(about.pattern, number):
        cure = about.cure or {}
        return Problem(
            at,
            "document-number",
            {"es": f"Número de documento: {cure['es']}", "en": f"Document number: {cure['en']}"},
        )
    if kind == "TI" and len(number) == 11 and (say := _old_identity_card(number, birth_date)):
        return Problem(at, "document-birth-date", say)
    return None


def parse_document(
    kind: str, typed: str, *, birth_date: date | None = None, at: str = "/document_number"
) -> str:
    """The number as stored (digits, or capitals); a NIT without its check digit. Raises Invalid (CO-B01…CO-B04)."""
    if problem := problem_of_document(kind, typed, birth_date=birth_date, at=at):
        raise Invalid([problem])
    if kind == "NI":
        return nit.parse_nit(typed, at=at).partition("-")[0]
    return normalise_number(typed)


def format_document(kind: str, number: str) -> str:
    """For the eye: `1.020.304.050`; letters and long codes as they are; a NIT with its digit."""
    if kind == "NI" and number.isdigit():
        return nit.format_nit(f"{number}-{nit.nit_check_digit(number)}")
    if (about := DOCUMENT_TYPES.get(kind)) and about.grouped and number.isdigit() and number[0] != "0":
        return f"{int(number):,}".replace(",", ".")
    return number


def document_types_by_age(age: int) -> tuple[str, ...]:
    """Documents a Colombian of `age` complete years may show, the expected one first (common facts §1.1)."""
    if age < 7:
        return ("RC",)
    if age < 18:
        return ("TI", "RC")
    return ("CC", "TI") if age == 18 else ("CC",)
