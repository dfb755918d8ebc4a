"""Reads of the room for pages."""

from .desk import BOXES, InboxPage, box_counts, inbox, search_cases
from .figures import FEWEST_FOR_STATISTICS, Durations, MonthFigures, durations, month_figures
from .views import (
    CaseView,
    ClockView,
    EventView,
    Holder,
    StageView,
    case_view,
    cases_of_person,
    clock_view,
    clocks_of,
    explanation_of,
    find,
    history_of,
    holder_of,
    stages_of,
)

__all__ = [
    "BOXES",
    "FEWEST_FOR_STATISTICS",
    "CaseView",
    "ClockView",
    "Durations",
    "EventView",
    "Holder",
    "InboxPage",
    "MonthFigures",
    "StageView",
    "box_counts",
    "case_view",
    "cases_of_person",
    "clock_view",
    "clocks_of",
    "durations",
    "explanation_of",
    "find",
    "history_of",
    "holder_of",
    "inbox",
    "month_figures",
    "search_cases",
    "stages_of",
]
