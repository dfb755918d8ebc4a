"""Built-in functions of FEEL (DMN 1.5, 10.3.4) and ours, in one table that calls, checks and documents share."""

from ruta.engine.feel.builtins import contexts, dates, intervals, lists, numeric, office, strings
from ruta.engine.feel.builtins.table import TABLE, Builtin, bind

__all__ = [
    "TABLE",
    "Builtin",
    "bind",
    "contexts",
    "dates",
    "intervals",
    "lists",
    "numeric",
    "office",
    "strings",
]
