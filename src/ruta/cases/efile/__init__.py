"""The electronic file of a case: what belongs to it, for whom, and how it is handed over (common facts §13).

The format of the ZIP and its check are in `documents.efile`; here is what goes in. Two views: the agency's (`office`), and
the applicant's, without what the applicant's own page does not tell either.
"""

from .exports import (
    KEPT_FOR,
    LARGE,
    EFile,
    Export,
    drop_of,
    drop_old,
    export_of,
    log,
    make,
    open_file,
    prepare,
    view_of,
    write,
)
from .gather import Gathered, View, gather
from .page import instant as in_minutes
from .page import who_put

__all__ = [
    "KEPT_FOR",
    "LARGE",
    "EFile",
    "Export",
    "Gathered",
    "View",
    "drop_of",
    "drop_old",
    "export_of",
    "gather",
    "in_minutes",
    "log",
    "make",
    "open_file",
    "prepare",
    "view_of",
    "who_put",
    "write",
]
