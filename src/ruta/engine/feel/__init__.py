"""FEEL, the expression language of DMN 1.5: text in, a small program out, run with a budget.

Pure: the instant, the calendar and host functions come in a `Context`; nothing is ever `eval`ed and no attribute of a
host object can be reached. It does not know decision tables (`ruta.engine.dmn`) nor where values come from.
"""

from ruta.engine.feel.context import Budget, Context, Run
from ruta.engine.feel.errors import FeelError, OverBudget, Stop
from ruta.engine.feel.exact import Exact, ExactDecoder, ExactEncoder, as_floats, dumps, loads
from ruta.engine.feel.program import Program, compile, compile_unary
from ruta.engine.feel.schema import type_of_schema
from ruta.engine.feel.template import Template, holes
from ruta.engine.feel.types import Type
from ruta.engine.feel.values import Function, Range, function, to_feel, to_json

__all__ = [
    "Budget",
    "Context",
    "Exact",
    "ExactDecoder",
    "ExactEncoder",
    "FeelError",
    "Function",
    "OverBudget",
    "Program",
    "Range",
    "Run",
    "Stop",
    "Template",
    "Type",
    "as_floats",
    "compile",
    "compile_unary",
    "dumps",
    "function",
    "holes",
    "loads",
    "to_feel",
    "to_json",
    "type_of_schema",
]
