"""One JSON Schema 2020-12 with `x-ui` and `x-checks`: pages, fields, conditions, problems in words.

The same functions judge a page, an API call, a row of a file and a scenario (service contract §3). No HTML
here, no database, no clock: FEEL is evaluated by what the caller passes in, bound to the values in question.
"""

from .judge import Evaluate, Render, Settled, judge, settle, shown, with_label
from .load import field_of, load
from .misfits import STANDARD, CodeFault, Misfit, misfits, resolved
from .model import Check, Field, Form, Format, FormError, Page, Tell, Text
from .parse import Parsed, parse
from .tell import as_feel, as_typed, defaults, feel_value, in_words

__all__ = [
    "STANDARD",
    "Check",
    "CodeFault",
    "Evaluate",
    "Field",
    "Form",
    "FormError",
    "Format",
    "Misfit",
    "Page",
    "Parsed",
    "Render",
    "Settled",
    "Tell",
    "Text",
    "as_feel",
    "as_typed",
    "defaults",
    "feel_value",
    "field_of",
    "in_words",
    "judge",
    "load",
    "misfits",
    "parse",
    "resolved",
    "settle",
    "shown",
    "with_label",
]
