"""What a person may send: typed by its content, limited, without programs, scanned when a scanner is
configured.

`check` answers with the type found, or raises `Invalid` naming field, fault and cure. It stores nothing.
"""

from .checking import Checked, check
from .limits import fits, megabytes, too_large, weight
from .pages import count_pages

__all__ = ["Checked", "check", "count_pages", "fits", "megabytes", "too_large", "weight"]
