"""A case as its applicant and the desk see it: stages, clock, who has it, history, explanation."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Literal

from ruta.definitions import runtime
from ruta.definitions.runtime import CompiledService
from ruta.engine.terms import business_days_between
from ruta.identity.actors import Actor
from ruta.kernel import calendars, clock, identifiers
from ruta.kernel.errors import NotFound
from ruta.kernel.texts import current_language, pick

from .. import decision_notice, held_money, history, paper_notice, perms, taskforms, terms
from ..corrections import answers
from ..models import Case, CaseEvent, CaseTerm, EventPayload, FlowToken, RuleResult, Task
from ..models.asking import AskStatus
from ..models.case import CaseStatus
from ..models.task import TaskStatus

APPEAL_TITLE = {"es": "Decidir el recurso", "en": "Decide the appeal"}
PLATFORM_TITLES = {paper_notice.FORM_KEY: paper_notice.TITLE, taskforms.APPEAL: APPEAL_TITLE}
CORRECTS = "correction"  # what an applicant does who has a request returned
WAITS_FOR_PERSON = ("ruta.charge", "ruta.ask", "ruta.sign")  # what only the applicant can go on with
WAITS_FOR_OTHERS = ("ruta.look-up", "ruta.tell")


def find(number: str, actor: Actor) -> Case:
    """The case by its number as typed, if the actor may know of it. Raises NotFound alike for unknown and sealed."""
    case = Case.objects.filter(number=identifiers.parse_case_number(number)).first()
    if case is None or not perms.sees(actor, case):
        raise _no_case()
    return case


def find_whole(number: str, actor: Actor) -> Case:
    """The case, for who may see all of it: its applicant and its officials. Raises NotFound for a party too."""
    case = find(number, actor)
    if not perms.sees_whole(actor, case):
        raise _no_case()
    return case


def _no_case() -> NotFound:
    return NotFound({"es": "No existe ese expediente.", "en": "There is no such case."})


def level_lacking(number: str, actor: Actor) -> str:
    """The level with which this person would see the case as a party; empty where that is not what lacks."""
    found = perms.as_party(actor, known_surely=False).filter(number=identifiers.parse_case_number(number))
    case = found.first()
    return runtime.compiled(case.version_id).act(case.act).spec.assurance.read if case else ""


def roles_in(case: Case, actor: Actor) -> list[Mapping[str, str]]:
    """What the person is in the case beside its applicant, in words."""
    spec = runtime.compiled(case.version_id).act(case.act).spec
    roles = case.parties.filter(perms.is_person(actor)).values_list("role", flat=True).order_by("id")
    return [party.role for role in dict.fromkeys(roles) if (party := spec.party(role)) is not None]


def seen_by_party(case: Case, actor: Actor) -> list[str]:
    """The names of the form's fields that the person may read as a party, in the order of the form."""
    act = runtime.compiled(case.version_id).act(case.act)
    roles = case.parties.filter(perms.is_person(actor)).values_list("role", flat=True)
    named = {name for role in roles if (party := act.spec.party(role)) for name in party.sees}
    if act.form is None:
        return []
    return [
        name
        for page in act.form.pages
        for name in page.fields
        if (name in named or page.id in named) and name in case.form
    ]


@dataclass(frozen=True)
class StageView:
    """One point of the progress line: `state` is done, current or waiting."""

    id: str
    title: Mapping[str, str]
    state: Literal["done", "current", "waiting"]


@dataclass(frozen=True)
class ClockView:
    """The legal clock of a case, the same for all sides."""

    term: str
    due_on: date
    status: str
    started_on: date
    business_days_left: int
    law: str
    effect: str
    of_people: bool = False  # it is people who are to answer in it, not the agency


@dataclass(frozen=True)
class EventView:
    """One line of the history in plain words."""

    seq: int
    at: datetime
    type: str
    title: Mapping[str, str]
    actor: str
    public: Mapping[str, Any]


@dataclass(frozen=True)
class Holder:
    """Who has the case now: `who` is agency, applicant, party, register or nobody."""

    who: str
    title: str
    since: datetime
    due_on: date | None
    official: str = ""
    party: Mapping[str, str] = field(default_factory=dict)  # who is asked, when not the applicant


@dataclass(frozen=True)
class CaseView:
    """A case as its applicant sees it."""

    case: Case
    title: str
    stages: tuple[StageView, ...]
    clocks: tuple[ClockView, ...]
    holder: Holder | None
    told: bool  # decided: only the notice of the decision is still to be opened


def case_view(case: Case) -> CaseView:
    """What the applicant's page of the case needs; a bounded number of queries."""
    return CaseView(
        case=case,
        title=title_of(case),
        stages=stages_of(case),
        clocks=clocks_of(case),
        holder=holder_of(case),
        told=is_told(case),
    )


def title_of(case: Case) -> str:
    """What was asked for, in the page's language."""
    return pick(runtime.compiled(case.version_id).service.acts[case.act].title)


def stage_title(case: Case) -> str:
    """The title of the stage where the case is, in the page's language; empty before the first."""
    stage = runtime.compiled(case.version_id).service.stage(case.stage)
    return pick(stage.title) if stage else ""


def step_title(case: Case, node_id: str) -> str:
    """What a step of the case's process is called, in the page's language; its id where it has no name."""
    return step_name(runtime.compiled(case.version_id), case.act, node_id)


def step_name(service: CompiledService | None, act: str, node_id: str, form_key: str = "") -> str:
    """The same by the service and the act; with `form_key`, of a task there, which may be the platform's own."""
    if form_key in PLATFORM_TITLES:
        return pick(PLATFORM_TITLES[form_key])
    process = service.act(act).process if service and act in service.service.acts else None
    node = process.nodes.get(node_id) if process else None
    return node.called(current_language()) if node else node_id


def task_title(task: Task) -> str:
    """What an official is to do, in the page's language: the task's box, or what the platform itself asks."""
    if task.token is None and task.form_key not in PLATFORM_TITLES:
        return pick(held_money.TITLE)
    return step_name(runtime.compiled(task.case.version_id), task.case.act, task.node, task.form_key)


def stages_of(case: Case) -> tuple[StageView, ...]:
    """The progress line: only stages that this act's process names, in the service's order."""
    compiled = runtime.compiled(case.version_id)
    process = compiled.act(case.act).process
    used = {node.properties.get("ruta:stage") for node in process.nodes.values()} if process else set()
    stages = [stage for stage in compiled.service.stages if stage.id in used]
    at = next((place for place, stage in enumerate(stages) if stage.id == case.stage), -1)
    over = case.status != CaseStatus.OPEN
    return tuple(
        StageView(
            stage.id,
            stage.title,
            "done" if place < at or (over and place == at) else "current" if place == at else "waiting",
        )
        for place, stage in enumerate(stages)
    )


def clocks_of(case: Case) -> tuple[ClockView, ...]:
    """Every term of the case, the next to end in front; ended ones last.

    What binds the agency before the person goes before what only escalates within the agency.
    """
    order = {"running": 0, "paused": 1, "expired": 2, "met": 3}
    act = runtime.compiled(case.version_id).act(case.act).spec
    internal = {spec.id for spec in act.terms if spec.on_expiry == "escalate"}
    found = sorted(
        (term for term in case.terms.all() if term.term != terms.FIRMNESS),
        key=lambda term: (order[term.status], term.term in internal, term.due_on),
    )
    return tuple(clock_view(case, term) for term in found)


def clock_view(case: Case, term: CaseTerm) -> ClockView:
    """One term as all sides see it."""
    left = business_days_between(clock.today(), term.due_on, calendars.calendar_of(case.agency))
    of_people = term.term in runtime.compiled(case.version_id).act(case.act).asked_terms
    return ClockView(
        term.term,
        term.due_on,
        str(term.status),
        term.started_on,
        left,
        term.law,
        term.effect,
        of_people,
    )


def answer_term(case: Case) -> ClockView | None:
    """The term in which the agency must answer: the first that the act names and the case has.

    Not the first to end: a term that only escalates within the agency often ends before it.
    """
    clocks = {each.term: each for each in clocks_of(case) if not each.of_people}
    named = runtime.compiled(case.version_id).service.acts[case.act].terms
    return next((clocks[term.id] for term in named if term.id in clocks), None)


def holder_of(case: Case) -> Holder | None:
    """Who has the case now, since when and until when; None when nobody has to do anything."""
    if case.status not in (CaseStatus.OPEN, CaseStatus.NOTIFIED):
        return None
    if case.status == CaseStatus.NOTIFIED:
        return _who_decides_appeal(case)
    task = (
        Task.objects.filter(case=case, status=TaskStatus.OPEN, token__isnull=False)  # what the case waits for
        .select_related("assignee__person")
        .order_by("due_on")
        .first()
    )
    if task is not None:
        task.case = case
        return Holder(
            "agency",
            task_title(task),
            task.claimed_at or task.created_at,
            task.due_on,
            task.assignee.person.full_name if task.assignee else "",
        )
    if (correction := answers.open_of(case)) is not None:
        term = case.terms.filter(term=correction.term).first()
        return Holder("applicant", CORRECTS, correction.asked_at, term.due_on if term else None)
    waiting = sorted(_waiting(case), key=lambda token: token.since)
    process = runtime.compiled(case.version_id).act(case.act).process
    if not waiting or process is None:
        return None
    node = process.node(waiting[0].node)
    ask = case.asks.filter(token=waiting[0].token, status=AskStatus.OPEN).first()
    party = runtime.compiled(case.version_id).act(case.act).spec.party(ask.party) if ask else None
    if party is not None:
        who = "party"
    elif decision_notice.is_notice(node) or node.job_type in WAITS_FOR_PERSON:
        who = "applicant"
    else:
        who = "register" if node.job_type in WAITS_FOR_OTHERS else "platform"
    return Holder(
        who,
        step_title(case, node.id),
        waiting[0].since,
        ask.due_on if ask else None,
        party=party.role if party else {},
    )


def _who_decides_appeal(case: Case) -> Holder | None:
    found = Task.objects.filter(case=case, status=TaskStatus.OPEN, form_key=taskforms.APPEAL)
    task = found.select_related("assignee__person").first()
    if task is None:
        return None
    task.case = case
    who = task.assignee.person.full_name if task.assignee else ""
    return Holder("agency", task_title(task), task.claimed_at or task.created_at, task.due_on, who)


def is_told(case: Case) -> bool:
    """Whether the decision is signed and only its notice is still to be opened."""
    process = runtime.compiled(case.version_id).act(case.act).process
    if case.status != CaseStatus.OPEN or process is None:
        return False
    return decision_notice.is_told(process, [token.node for token in _waiting(case)])


def _waiting(case: Case) -> list[FlowToken]:
    return [token for token in case.tokens.all() if token.status == "waiting"]


def history_of(case: Case, *, newest_first: bool = True) -> list[EventView]:
    """The history in plain words."""
    events = CaseEvent.objects.filter(case_id=case.id).order_by("-seq" if newest_first else "seq")
    return [
        EventView(event.seq, event.at, event.type, history.EVENT_TYPES[event.type], event.actor, event.public)
        for event in events
    ]


def explanation_of(case: Case) -> list[dict[str, Any]]:
    """Every rule that decided in the case, with its article and its words in the service's own terms."""
    compiled = runtime.compiled(case.version_id)
    told = []
    for result in _standing(case, list(RuleResult.objects.filter(case=case).order_by("id"))):
        for hit in result.hits:
            law = compiled.service.law(hit.get("law", ""))
            told.append(
                {
                    "node": result.node,
                    "decision": hit["decision"],
                    "rule": hit["rule"],
                    "words": hit.get("words", ""),
                    "law": law,
                    "inputs": [
                        (hit.get("labels", {}).get(label, label), value)
                        for label, value in hit.get("inputs", {}).items()
                    ],
                    "at": result.at,
                }
            )
    return told


def _standing(case: Case, results: list[RuleResult]) -> list[RuleResult]:
    """Of rules asked again because the applicant corrected the request, the answer that took the place of the others."""
    process = runtime.compiled(case.version_id).act(case.act).process
    if process is None or not any(term.term.startswith(terms.CORRECTION) for term in case.terms.all()):
        return results
    last = {result.node: result.id for result in results}
    once = {node.id for node in process.nodes.values() if node.loop is None and not node.parent}
    return [result for result in results if result.node not in once or last[result.node] == result.id]


def withdrawal_of(case: Case) -> tuple[datetime, str] | None:
    """When the applicant gave the case up, and the reason (empty: none told, or erased); None where it was not."""
    if case.outcome != "withdrawn":
        return None
    event = CaseEvent.objects.filter(case_id=case.id, type="withdrawn").first()
    if event is None:
        return None
    told = EventPayload.objects.filter(case_id=case.id, seq=event.seq).first()
    return event.at, str((told.data or {}).get("reason", "")) if told is not None else ""


def may_withdraw(case: Case, actor: Actor) -> bool:
    """Whether `actor` may still give the case up: the applicant, before the decision."""
    return perms.may_withdraw(actor, case) and case.status == CaseStatus.OPEN and not is_told(case)


def cases_of_person(actor: Actor, *, open_only: bool = False, limit: int = 100) -> list[Case]:
    """The cases that the person filed or is a party in, newest first."""
    found = perms.visible_to(actor) if actor.kind == "person" else Case.objects.none()
    if open_only:
        found = found.filter(status=CaseStatus.OPEN)
    return list(found.order_by("-filed_at")[:limit])
