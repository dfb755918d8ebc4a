"""Telephones and e-mail as typed (common facts §4): what cannot be one, and how it is stored."""

import re

from ruta.engine.forms import Text


def _digits(typed: str) -> str:
    number = re.sub(r"[\s.()\-–]", "", typed)
    return re.sub(r"^(\+|00)57", "", number)


def fault_of_mobile(typed: str) -> Text | None:
    """What is wrong with a Colombian mobile, 10 digits starting with 3, with or without +57; or None (CO-B09)."""
    if re.fullmatch(r"3[0-9]{9}", _digits(typed)):
        return None
    return {
        "es": "son 10 números que empiezan por 3. Revise si falta o sobra uno.",
        "en": "10 digits that start with 3. Check whether one is missing or too many.",
    }


def fault_of_landline(typed: str) -> Text | None:
    """What is wrong with a Colombian land line, 10 digits: 60, area and 7 more; or None."""
    if re.fullmatch(r"60[1245678][0-9]{7}", _digits(typed)):
        return None
    return {
        "es": "son 10 números: 60, el indicativo de la zona y 7 más (601 para Bogotá).",
        "en": "10 digits: 60, the area code and 7 more (601 for Bogotá).",
    }


def stored_phone(typed: str) -> str:
    """The ten digits of a right number, without +57; another is left as typed."""
    number = _digits(typed)
    return number if re.fullmatch(r"[36][0-9]{9}", number) else typed.strip()


def fault_of_email(typed: str) -> Text | None:  # noqa: PLR0911  one fault each
    """What is wrong with an e-mail address (RFC 5321, at most 254 characters), or None (CO-B09)."""
    text = typed.strip()
    local, at_sign, domain = text.rpartition("@")
    if not at_sign:
        return {
            "es": "le falta la @. Escríbalo así: nombre@ejemplo.co.",
            "en": "the @ is missing. Write it as name@example.co.",
        }
    if not local:
        return {"es": "falta lo que va antes de la @.", "en": "the part before the @ is missing."}
    if not domain:
        return {"es": "falta lo que va después de la @.", "en": "the part after @ is missing."}
    if len(text) > 254 or len(local) > 64:
        return {"es": "es demasiado largo (máximo 254).", "en": "it is too long (254 at most)."}
    if not re.fullmatch(r"(?!-)[\w-]+(\.[\w-]+)*\.[^\W\d_]{2,}", domain):
        return {
            "es": f"«{domain}» no parece un dominio. Escríbalo así: nombre@ejemplo.co.",
            "en": f"“{domain}” does not look like a domain. Write it as name@example.co.",
        }
    if (
        not re.fullmatch(r"[^\s@,;:<>()\[\]\\\"]+", local)
        or ".." in local
        or local[0] == "."
        or local[-1] == "."
    ):
        return {
            "es": "lo que va antes de la @ tiene espacios o signos que no se usan. Revíselo.",
            "en": "the part before the @ has blanks or signs that are not used. Check it.",
        }
    return None


def stored_email(typed: str) -> str:
    """The address in lower case."""
    return typed.strip().lower()
