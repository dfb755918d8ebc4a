"""What a case asks of its people: opened by the process, answered by each, ended by its term or taken back.

An answer is given once, by the person who is asked or, for a person who is present, by an official at the counter. When
nobody is left to answer, the box that asked has its result.
"""

from .answering import OVER, answer, find, is_over, may_assist, refuse, why_over
from .ending import expire, result_of, withdraw
from .opening import Wanted, open_ask, refresh_due

__all__ = [
    "OVER",
    "Wanted",
    "answer",
    "expire",
    "find",
    "is_over",
    "may_assist",
    "open_ask",
    "refresh_due",
    "refuse",
    "result_of",
    "why_over",
    "withdraw",
]
