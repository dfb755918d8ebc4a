"""What is told of a code that a list does not have: the fault, and the code that was probably meant (CO-B07)."""

from __future__ import annotations

from collections.abc import Sequence
from difflib import get_close_matches
from typing import TYPE_CHECKING

from ruta.kernel import names

if TYPE_CHECKING:
    from .tables import Code

_FIGURES = {
    2: ("dos", "two"), 3: ("tres", "three"), 4: ("cuatro", "four"), 5: ("cinco", "five"), 6: ("seis", "six"),
    7: ("siete", "seven"), 8: ("ocho", "eight"), 9: ("nueve", "nine"), 10: ("diez", "ten"),
}  # fmt: skip


def fault_of_code(typed: str, codes: Sequence[Code], *, ended: Code | None = None) -> dict[str, str]:
    """The fault of `typed`, which is none of `codes`, in words that follow a label; `ended` held on other days."""
    if ended is not None:
        return {
            "es": f"{typed} {ended.title['es']} no se puede elegir hoy. Elija otro de la lista.",
            "en": f"{typed} {ended.title['en']} cannot be chosen today. Pick another from the list.",
        }
    near = _nearest(typed, codes)
    shown = (
        {lang: f" ({'¿' if lang == 'es' else ''}{near.code} {near.title[lang]}?)" for lang in ("es", "en")}
        if near
        else {"es": "", "en": ""}
    )
    lengths = {len(code.code) if code.code.isdigit() else 0 for code in codes}
    count = _FIGURES.get(lengths.pop()) if len(lengths) == 1 else None
    if count and typed.isdigit() and len(typed) != len(codes[0].code):
        return {
            "es": f"el código tiene {count[0]} cifras{shown['es']}. Elíjalo de la lista.",
            "en": f"the code has {count[1]} digits{shown['en']}. Pick it from the list.",
        }
    return {
        "es": f"en la lista ninguno tiene el código {typed}{shown['es']}. Elíjalo de la lista.",
        "en": f"none of the list has the code {typed}{shown['en']}. Pick it from the list.",
    }


def _nearest(typed: str, codes: Sequence[Code]) -> Code | None:
    """The code whose zeros in front were lost, or whose title or letters were nearly typed.

    A number one digit away is no guess: it is as likely another.
    """
    by_code = {code.code: code for code in codes}
    if typed.isdigit():
        longest = max((len(code) for code in by_code), default=0)
        return by_code.get(typed.zfill(longest))
    if not any(character.isalpha() for character in typed):
        return None
    by_word = {names.fold(title): code for code in codes for title in (code.code, *code.title.values())}
    found = get_close_matches(names.fold(typed), by_word, n=1, cutoff=0.75)
    return by_word[found[0]] if found else None
