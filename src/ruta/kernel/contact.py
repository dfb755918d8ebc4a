"""Telephones and e-mail as typed (common facts §4)."""

import re

from ruta.engine.problems import Problem

from .errors import Invalid


def _digits(typed: str) -> str:
    number = re.sub(r"[\s.()\-–]", "", typed)
    return re.sub(r"^(\+|00)57", "", number)


def parse_mobile(typed: str, *, at: str = "/mobile") -> str:
    """A Colombian mobile, 10 digits starting with 3, with or without +57. Raises Invalid (CO-B09)."""
    number = _digits(typed)
    if not re.fullmatch(r"3[0-9]{9}", number):
        raise Invalid(
            [
                Problem(
                    at,
                    "mobile",
                    {
                        "es": "Celular: son 10 números que empiezan por 3. Revise si falta o sobra uno.",
                        "en": "Mobile: 10 digits that start with 3. Check whether one is missing or too many.",
                    },
                )
            ]
        )
    return number


def parse_landline(typed: str, *, at: str = "/landline") -> str:
    """A Colombian land line: 10 digits, 60 + area + 7. Raises Invalid."""
    number = _digits(typed)
    if not re.fullmatch(r"60[1245678][0-9]{7}", number):
        raise Invalid(
            [
                Problem(
                    at,
                    "landline",
                    {
                        "es": "Teléfono fijo: son 10 números: 60, el indicativo de la zona y 7 más (601 para Bogotá).",
                        "en": "Land line: 10 digits: 60, the area code and 7 more (601 for Bogotá).",
                    },
                )
            ]
        )
    return number


def problem_of_email(typed: str, *, at: str = "/email") -> Problem | None:  # noqa: PLR0911  one fault each
    """What is wrong with an e-mail address as typed (RFC 5321, at most 254 characters), or None."""
    text = typed.strip()
    local, at_sign, domain = text.rpartition("@")

    def problem(check: str, es: str, en: str) -> Problem:
        return Problem(at, check, {"es": f"Correo electrónico: {es}", "en": f"E-mail: {en}"})

    if not at_sign:
        return problem(
            "email",
            "le falta la @. Escríbalo así: nombre@ejemplo.co.",
            "the @ is missing. Write it as name@example.co.",
        )
    if not local:
        return problem("email-local", "falta lo que va antes de la @.", "the part before the @ is missing.")
    if not domain:
        return problem("email-domain", "falta lo que va después de la @.", "the part after @ is missing.")
    if len(text) > 254 or len(local) > 64:
        return problem("email-length", "es demasiado largo (máximo 254).", "it is too long (254 at most).")
    if not re.fullmatch(r"(?!-)[\w-]+(\.[\w-]+)*\.[^\W\d_]{2,}", domain):
        return problem(
            "email-domain",
            f"«{domain}» no parece un dominio. Escríbalo así: nombre@ejemplo.co.",
            f"“{domain}” does not look like a domain. Write it as name@example.co.",
        )
    if (
        not re.fullmatch(r"[^\s@,;:<>()\[\]\\\"]+", local)
        or ".." in local
        or local[0] == "."
        or local[-1] == "."
    ):
        return problem(
            "email-local",
            "lo que va antes de la @ tiene espacios o signos que no se usan. Revíselo.",
            "the part before the @ has blanks or signs that are not used. Check it.",
        )
    return None


def parse_email(typed: str, *, at: str = "/email") -> str:
    """The address as stored, in lower case. Raises Invalid (CO-B09)."""
    if problem := problem_of_email(typed, at=at):
        raise Invalid([problem])
    return typed.strip().lower()
