"""Tables of the room. No foreign key points to events; keys are ready for partitions by case."""

from .appeal import Appeal
from .archive import Disposal, ErasureRequest, FileExport
from .asking import Ask, AskedPerson
from .batch import Batch, BatchRow
from .case import Case, FlowToken, Note, Party, Presence, RuleResult
from .correction import Correction
from .draft import Draft, ParkedPost
from .event import CaseEvent, EventPayload, SealedHeads, ThrownMessage
from .offline import OfflineFiling, OfflineKit
from .start import CaseStart
from .task import Task
from .term import CaseTerm

__all__ = [
    "Appeal",
    "Ask",
    "AskedPerson",
    "Batch",
    "BatchRow",
    "Case",
    "CaseEvent",
    "CaseStart",
    "CaseTerm",
    "Correction",
    "Disposal",
    "Draft",
    "ErasureRequest",
    "EventPayload",
    "FileExport",
    "FlowToken",
    "Note",
    "OfflineFiling",
    "OfflineKit",
    "ParkedPost",
    "Party",
    "Presence",
    "RuleResult",
    "SealedHeads",
    "Task",
    "ThrownMessage",
]
