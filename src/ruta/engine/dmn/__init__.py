"""Decision models (DMN 1.2 to 1.5): read a file, decide, and say which rules decided and by which law.

Pure, as `ruta.engine.feel` beneath it. It does not choose which model or version applies, nor where inputs come from.
"""

from typing import TYPE_CHECKING

from ruta.engine.dmn.errors import DmnError, Fault
from ruta.engine.dmn.loading import load
from ruta.engine.dmn.model import Model
from ruta.engine.dmn.outcome import Explanation, Finding, Hit, Outcome
from ruta.engine.dmn.reader import LABEL_EN
from ruta.engine.later import later

if TYPE_CHECKING:
    from ruta.engine.dmn.check import check_names, check_tables
    from ruta.engine.dmn.typing import check_types, type_of
else:
    __getattr__ = later(
        __name__,
        {"check_names": "check", "check_tables": "check", "check_types": "typing", "type_of": "typing"},
    )

__all__ = [
    "LABEL_EN",
    "DmnError",
    "Explanation",
    "Fault",
    "Finding",
    "Hit",
    "Model",
    "Outcome",
    "check_names",
    "check_tables",
    "check_types",
    "load",
    "type_of",
]
