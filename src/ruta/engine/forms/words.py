"""What a person reads when a keyword fails and the form has no words of its own: fault, then cure."""

from collections.abc import Iterable, Mapping
from typing import Any

from ruta.engine.nearest import nearest

from .model import Field, Text

LIST: Text = {"es": "Se espera una lista de respuestas.", "en": "A list of answers is expected."}
GROUP: Text = {"es": "Se esperan varias respuestas con nombre.", "en": "Several named answers are expected."}
TEXT: Text = {"es": "Escríbalo como texto.", "en": "Write it as text."}
INTEGER: Text = {
    "es": "No es un número entero. Escriba solo cifras, sin letras ni decimales.",
    "en": "This is not a whole number. Write digits only, no letters or decimals.",
}
PESOS: Text = {
    "es": "No es un valor en pesos. Escriba solo cifras, sin centavos: 1.234.567.",
    "en": "This is not an amount in pesos. Write digits only, no cents: 1.234.567.",
}
NUMBER: Text = {
    "es": "No es un número. Escriba cifras, con coma para los decimales: 24,5.",
    "en": "This is not a number. Write digits, with a comma for decimals: 24,5.",
}
BOOLEAN: Text = {"es": "Responda sí o no.", "en": "Answer yes or no."}
_FORMATS: Mapping[str, Text] = {
    "date": {
        "es": "No se entiende como fecha. Escriba el día, el mes y el año en números, así: 27/3/1998.",
        "en": "This cannot be read as a date. Write day, month and year in digits, like this: 27/3/1998.",
    },
    "email": {
        "es": "No es un correo completo. Lleva una @ y, después, un dominio: nombre@ejemplo.co.",
        "en": "This is not a complete e-mail address. It has an @ and then a domain: name@example.co.",
    },
    "uri": {
        "es": "No es una dirección web completa. Empieza por https://.",
        "en": "This is not a complete web address. It starts with https://.",
    },
    "time": {
        "es": "No es una hora. Escriba horas y minutos: 14:30.",
        "en": "This is not a time. Write it as 14:30.",
    },
}
_CHOOSERS = {"radio", "select", "search", "checkboxes"}


def alone(say: Text) -> Text:
    """Words that would follow a label, as a sentence that stands beside its field."""
    return {lang: text[:1].upper() + text[1:] for lang, text in say.items()}


def required(field: Field) -> Text:
    """Nothing was answered where an answer is due."""
    if field.widget == "evidence":
        return {
            "es": "Falta el archivo. Adjúntelo para continuar.",
            "en": "The file is missing. Attach it to go on.",
        }
    if field.widget == "checkbox":
        return {"es": "Marque la casilla para continuar.", "en": "Tick the box to go on."}
    if field.widget in _CHOOSERS:
        return {"es": "Falta la respuesta. Elija una opción.", "en": "The answer is missing. Pick an option."}
    return {
        "es": "Falta la respuesta. Escríbala para continuar.",
        "en": "The answer is missing. Write it to go on.",
    }


def one_of(field: Field) -> Text:
    """A value outside an `enum`."""
    es = ", ".join(text.get("es", "") for text in list(field.options.values())[:8])
    en = ", ".join(text.get("en", "") for text in list(field.options.values())[:8])
    return {
        "es": f"No es una de las opciones. Elija una: {es}.",
        "en": f"Not one of the options. Pick one: {en}.",
    }


def no_field(name: str, known: Iterable[str]) -> Text:
    """A name that the form does not have."""
    near = nearest(name, known, cutoff=0.6)
    return {
        "es": f"No existe el campo «{name[:60]}»" + (f"; ¿quiso decir «{near}»?" if near else ". Quítelo."),
        "en": f"There is no field “{name[:60]}”" + (f"; did you mean “{near}”?" if near else ". Remove it."),
    }


def failed(field: Field, keyword: str, limits: Mapping[str, Any]) -> Text:
    """What is wrong and what would be right, for a schema keyword and the limit that it sets."""
    if keyword == "required":
        return required(field)
    if keyword == "format":
        return _FORMATS.get(str(limits.get("format")), _other(field))
    if keyword == "type":
        return {"integer": INTEGER, "number": NUMBER, "boolean": BOOLEAN, "text": TEXT, "date": TEXT}.get(
            field.kind, _other(field)
        )
    if keyword in ("enum", "const"):
        return one_of(field) if field.options else _other(field)
    limit = limits.get("limit", limits.get("multiple_of", ""))
    told = _LIMITS.get(keyword)
    if told is None:
        return _other(field)
    one = "_1" if limit == 1 and f"{keyword}_1" in _LIMITS else ""
    return {lang: text.format(limit=_figure(limit)) for lang, text in _LIMITS[keyword + one].items()}


def _figure(limit: Any) -> str:
    if isinstance(limit, float) and limit.is_integer():
        limit = int(limit)
    return f"{limit:,}".replace(",", ".") if isinstance(limit, int) else str(limit).replace(".", ",")


def _other(field: Field) -> Text:
    hint = field.hint or {}
    return {
        "es": f"No tiene la forma esperada. {hint.get('es') or 'Revise lo que escribió.'}",
        "en": f"It has not the expected form. {hint.get('en') or 'Check what you wrote.'}",
    }


_LIMITS: Mapping[str, Text] = {
    "minimum": {
        "es": "Es menos de lo permitido. El mínimo es {limit}.",
        "en": "This is too low. The least is {limit}.",
    },
    "maximum": {
        "es": "Es más de lo permitido. El máximo es {limit}.",
        "en": "This is too high. The most is {limit}.",
    },
    "exclusiveMinimum": {"es": "Debe ser mayor que {limit}.", "en": "It must be greater than {limit}."},
    "exclusiveMaximum": {"es": "Debe ser menor que {limit}.", "en": "It must be less than {limit}."},
    "multipleOf": {"es": "Debe ser un múltiplo de {limit}.", "en": "It must be a multiple of {limit}."},
    "minLength": {
        "es": "Es muy corto. Escriba al menos {limit} caracteres.",
        "en": "This is too short. Write at least {limit} characters.",
    },
    "minLength_1": {"es": "Escriba al menos un carácter.", "en": "Write at least one character."},
    "maxLength": {
        "es": "Es muy largo. Escriba como máximo {limit} caracteres.",
        "en": "This is too long. Write at most {limit} characters.",
    },
    "minItems": {
        "es": "Son muy pocas. Dé al menos {limit}.",
        "en": "These are too few. Give at least {limit}.",
    },
    "maxItems": {
        "es": "Son demasiadas. Deje {limit} o menos.",
        "en": "These are too many. Leave {limit} or fewer.",
    },
    "uniqueItems": {
        "es": "Hay una respuesta repetida. Quítela.",
        "en": "An answer appears twice. Remove one.",
    },
}
