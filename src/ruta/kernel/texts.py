"""Texts that come from data, in two languages: `{"es": …, "en": …}`."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import get_language

LANGUAGES = ("es", "en")


def current_language() -> str:
    """`es` or `en`: the language of the page being written."""
    return "en" if (get_language() or "es").startswith("en") else "es"


def pick(text: Mapping[Any, str] | str | None, lang: str | None = None) -> str:
    """`text` in `lang` (default: the current language), in Spanish where that is missing."""
    if text is None:
        return ""
    if isinstance(text, str):
        return text
    return text.get(lang or current_language()) or text.get("es") or text.get("en") or ""
