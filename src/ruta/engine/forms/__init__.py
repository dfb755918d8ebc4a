"""One JSON Schema 2020-12 with `x-ui` and `x-checks`: pages, fields, conditions, problems in words.

The same functions judge a page, an API call, a row of a file and a scenario (service contract §3). No HTML
here, no database, no clock: FEEL is evaluated by what the caller passes in, bound to the values in question.
"""

from .judge import Evaluate, HasCode, Render, Settled, judge, settle, shown, with_label
from .load import field_of, load
from .model import Check, Field, Form, FormError, Page
from .parse import Parsed, parse
from .tell import as_feel, as_typed, defaults, in_words

__all__ = [
    "Check",
    "Evaluate",
    "Field",
    "Form",
    "FormError",
    "HasCode",
    "Page",
    "Parsed",
    "Render",
    "Settled",
    "as_feel",
    "as_typed",
    "defaults",
    "field_of",
    "in_words",
    "judge",
    "load",
    "parse",
    "settle",
    "shown",
    "with_label",
]
