"""Processes: read from BPMN 2.0, checked, run one step at a time, drawn.

A step is a function of (process, state, command, now) and gives the next state and effects; nothing here
waits, stores or sends. The holder of the case keeps the state and carries the effects out.
"""

from typing import TYPE_CHECKING

from ruta.engine.bpmn.expressions import Expression, expressions
from ruta.engine.bpmn.model import (
    Artifact,
    BpmnError,
    BpmnProblem,
    Drawing,
    Event,
    Flow,
    Label,
    Lane,
    Loop,
    Node,
    Process,
    ScopeDef,
    in_language,
)
from ruta.engine.bpmn.protocol import (
    AskRule,
    Cancel,
    CaseCalled,
    CaseEnded,
    Command,
    Complete,
    Effect,
    Entered,
    Fire,
    Incident,
    JobDone,
    JobFailed,
    JobRequested,
    Left,
    MessageThrown,
    Moved,
    NobodyWaits,
    NotDue,
    Patch,
    Receive,
    Reopen,
    Restate,
    Retry,
    RuleEvaluated,
    RuleFailed,
    Rules,
    RulesSpent,
    Signal,
    SignalThrown,
    StaleToken,
    Start,
    TimerSet,
    Waiting,
    Withdrawn,
)
from ruta.engine.bpmn.read import Reading, process_ids, read, survey
from ruta.engine.bpmn.state import Finished, Scope, State, Token
from ruta.engine.bpmn.step import BUDGET, Step, can_reopen, step
from ruta.engine.bpmn.xml import NAME_EN
from ruta.engine.later import later

if TYPE_CHECKING:
    from ruta.engine.bpmn.migration import MigrationRefused, Plan, Reason, migrate, obstacles, propose
    from ruta.engine.bpmn.picture import SVG_CSS, alone, svg
    from ruta.engine.bpmn.soundness import check
else:
    _OF_MIGRATION = ("MigrationRefused", "Plan", "Reason", "migrate", "obstacles", "propose")
    _OF_PICTURE = ("SVG_CSS", "alone", "svg")
    __getattr__ = later(
        __name__,
        {
            "check": "soundness",
            **dict.fromkeys(_OF_MIGRATION, "migration"),
            **dict.fromkeys(_OF_PICTURE, "picture"),
        },
    )

__all__ = [
    "BUDGET",
    "NAME_EN",
    "SVG_CSS",
    "Artifact",
    "AskRule",
    "BpmnError",
    "BpmnProblem",
    "Cancel",
    "CaseCalled",
    "CaseEnded",
    "Command",
    "Complete",
    "Drawing",
    "Effect",
    "Entered",
    "Event",
    "Expression",
    "Finished",
    "Fire",
    "Flow",
    "Incident",
    "JobDone",
    "JobFailed",
    "JobRequested",
    "Label",
    "Lane",
    "Left",
    "Loop",
    "MessageThrown",
    "MigrationRefused",
    "Moved",
    "NobodyWaits",
    "Node",
    "NotDue",
    "Patch",
    "Plan",
    "Process",
    "Reading",
    "Reason",
    "Receive",
    "Reopen",
    "Restate",
    "Retry",
    "RuleEvaluated",
    "RuleFailed",
    "Rules",
    "RulesSpent",
    "Scope",
    "ScopeDef",
    "Signal",
    "SignalThrown",
    "StaleToken",
    "Start",
    "State",
    "Step",
    "TimerSet",
    "Token",
    "Waiting",
    "Withdrawn",
    "alone",
    "can_reopen",
    "check",
    "expressions",
    "in_language",
    "migrate",
    "obstacles",
    "process_ids",
    "propose",
    "read",
    "step",
    "survey",
    "svg",
]
