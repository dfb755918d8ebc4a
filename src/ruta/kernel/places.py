"""Codes of municipalities (DIVIPOLA; common facts §2). The list itself is data of the services."""

import re
from collections.abc import Mapping

from ruta.engine.problems import Problem

from .errors import Invalid


def parse_municipality(typed: str, known: Mapping[str, str], *, at: str = "/municipality") -> str:
    """The five-digit code, when `known` (code to name) has it. A lost leading zero is never guessed in a form.

    Raises Invalid (CO-B07).
    """
    code = typed.strip()
    if re.fullmatch(r"[0-9]{5}", code) and code in known:
        return code
    if re.fullmatch(r"[0-9]{5}", code):
        say = {
            "es": f"Municipio: ninguno tiene el código {code}. Elíjalo de la lista.",
            "en": f"Municipality: no municipality has code {code}. Pick it from the list.",
        }
        raise Invalid([Problem(at, "municipality-unknown", say)])
    guess = code.zfill(5) if code.isdigit() else ""
    hint = f" ({guess} {known[guess]}?)" if guess in known else ""
    say = {
        "es": f"Municipio: el código tiene cinco cifras{hint}. Elíjalo de la lista.",
        "en": f"Municipality: code has five digits{hint}. Pick it from the list.",
    }
    raise Invalid([Problem(at, "municipality", say)])
