"""The applicant appeals, in time and with grounds; somebody else than who decided gets it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING

from ruta.definitions import posts, runtime
from ruta.engine import terms as engine
from ruta.engine.problems import Problem
from ruta.identity.actors import Actor
from ruta.identity.models import Official
from ruta.kernel import calendars, clock
from ruta.kernel.errors import Conflict, Forbidden, Invalid

from .. import history, inbox, letters, perms, routing, taskforms, terms
from ..models import Appeal, Case, Task
from ..models.case import CaseStatus
from ..models.task import DECIDE, TaskStatus
from . import kinds
from .kinds import Kind

if TYPE_CHECKING:
    from ..machine import Machine

SHORTEST_GROUNDS = 40
LONGEST_GROUNDS = 10_000
NODE = "ruta.appeal"  # where the task of an appeal stands: no box of the process
BOTH = "both"  # reposición, and apelación where it does not succeed


def choices(case: Case) -> tuple[str, ...]:
    """The appeals among which the applicant chooses now; none where nothing can be appealed (any more)."""
    if case.status != CaseStatus.NOTIFIED or kinds.undecided(case) is not None:
        return ()
    term = next((each for each in case.terms.all() if each.term == terms.APPEAL), None)
    if term is None or term.status != "running":
        return ()
    act = runtime.compiled(case.version_id).act(case.act)
    found = [each.kind for each in kinds.of_case(case, act) if clock.today() <= kinds.last_day(case, each)]
    both = {kinds.REPOSICION, kinds.APELACION} <= set(found)
    return (*found, BOTH) if both else tuple(found)


def file(case: Case, *, kind: str, grounds: str, actor: Actor) -> Appeal:
    """Lodge an appeal of the case's decision; its execution and its firmness wait for the answer.

    `kind` is one of `choices`. Raises Invalid for what is wrong with it, Conflict when the term ended or an appeal is
    there already, Forbidden for anybody but the applicant.
    """
    from ..machine import stepping

    with stepping(case.id, actor) as machine:
        if not perms.may_answer(actor, machine.case):
            say = {"es": "Solo quien radicó puede recurrir.", "en": "Only who filed may appeal."}
            raise Forbidden(say, code="not-yours")
        _refuse_late(machine)
        grounds = grounds.strip()
        if problems := _problems(machine.case, kind, grounds):
            raise Invalid(problems)
        first = kinds.REPOSICION if kind == BOTH else kind
        terms.keep(machine, terms.APPEAL)
        return lodge(machine, _kind(machine, first), grounds, subsidiary=kind == BOTH)


def _kind(machine: Machine, name: str) -> Kind:
    return next(each for each in kinds.of_case(machine.case, machine.act) if each.kind == name)


def lodge(machine: Machine, kind: Kind, grounds: str, *, subsidiary: bool = False) -> Appeal:
    """Open the appeal, start the term to decide it, and give it to who may."""
    case, number = machine.case, machine.case.appeals.count() + 1
    name = terms.APPEAL_ANSWER if number == 1 else f"{terms.APPEAL_ANSWER}_{number}"
    decided = decision_task(case)
    received = engine.reception_date(clock.now(), calendars.calendar_of(case.agency))
    term = terms.start_named(machine, name, kind.decide_in, received, law=kind.law)
    appeal = Appeal.objects.create(
        case=case,
        number=number,
        kind=kind.kind,
        subsidiary=subsidiary,
        against=case.outcome,
        node=decided.node if decided is not None else "",
        grounds=grounds,
        filed_at=clock.now(),
        term=name,
    )
    history.append(
        case,
        "appealed",
        actor=machine.actor,
        public={"number": number, "kind": kind.kind, "subsidiary": subsidiary, "against": case.outcome},
        private={"grounds": grounds},
    )
    inbox.put(
        machine,
        token=None,
        node=NODE,
        form_key=taskforms.APPEAL,
        groups=_groups(machine, kind.by, decided),
        stage=case.stage,
        inputs={"appeal": str(appeal.id), "kind": kind.kind},
        due_on=term.due_on,
        not_by=[NODE, *([decided.node] if decided is not None else [])],
    )
    machine.rules.stale()
    about = {"appeal": {**as_names(appeal, case), "due": term.due_on}}
    letters.send(machine, "appeal-filed", case.applicant_facts, legal=False, token=None, about=about)
    return appeal


def as_names(appeal: Appeal, case: Case) -> dict[str, object]:
    """`appeal` for the messages that speak of it."""
    return {
        "kind": kinds.TITLES[appeal.kind][case.lang],
        "subsidiary": appeal.subsidiary,
        "filed_on": clock.local_date(appeal.filed_at),
        "outcome": appeal.outcome or None,
        "motivation": appeal.motivation or None,
    }


def decision_task(case: Case) -> Task | None:
    """The task whose official decided: the last that gave a decision; None where the rules alone did."""
    done = Task.objects.filter(case=case, status=TaskStatus.DONE, form_key=DECIDE)
    return done.order_by("-done_at").first()


def _groups(machine: Machine, by: str, decided: Task | None) -> list[str]:
    """Who decides: the same office, never the same official; the superior; or the post that the act names."""
    known = posts.titles(machine.compiled)
    superiors = list(posts.with_power("supervises", known))
    groups = list(decided.groups) if decided is not None else _worked(machine.case)
    offices = list(dict.fromkeys(office for group in groups if (office := group.partition("@")[2])))
    if by == kinds.SAME:
        wanted = [[group for group in groups if group.partition("@")[0] not in superiors], groups]
    elif by == kinds.SUPERIOR:
        wanted = []
    else:
        wanted = [[f"{by}@{office}" for office in offices], [by]]
    wanted += [[f"{post}@{office}" for office in offices for post in superiors], superiors]
    barred = decided.done_by if decided is not None else None
    for each in wanted:
        if each and _somebody(machine, each, barred):
            return each
    return wanted[-1] or groups


def _worked(case: Case) -> list[str]:
    return sorted({group for task in case.tasks.all() for group in task.groups if "@" in group})


def _somebody(machine: Machine, groups: Sequence[str], barred: Official | None) -> bool:
    """Whether an official other than the person who decided is in one of the groups."""
    found = Official.objects.filter(routing.in_one_of(groups, machine.compiled.service.agency), active=True)
    if barred is not None:
        found = found.exclude(account_id=barred.account_id).exclude(person_id=barred.person_id)
    return found.exists()


def _refuse_late(machine: Machine) -> None:
    case = machine.case
    term = machine.terms.get(terms.APPEAL)
    if kinds.undecided(case) is not None:
        say = {"es": "Ya hay un recurso en curso.", "en": "An appeal is under way already."}
        raise Conflict(say, code="appeal-open")
    if term is None or case.status == CaseStatus.OPEN:
        say = {
            "es": "Todavía no hay una decisión notificada que recurrir.",
            "en": "There is no notified decision to appeal yet.",
        }
        raise Conflict(say, code="nothing-to-appeal")
    if case.status != CaseStatus.NOTIFIED or term.status != "running" or clock.today() > term.due_on:
        raise Conflict(_late(term.due_on), code="appeal-late")


def _late(due: date) -> dict[str, str]:
    return {
        "es": f"Recurso: el término terminó el {due:%d/%m/%Y}. Puede pedir por escrito la revocación directa.",
        "en": f"Appeal: the term ended on {due}. You may ask in writing for direct revocation.",
    }


def _problems(case: Case, kind: str, grounds: str) -> list[Problem]:
    problems = []
    if kind not in choices(case):
        say = {"es": "Recurso: elija cuál presenta.", "en": "Appeal: choose which you lodge."}
        problems.append(Problem("/kind", "enum", say))
    if not SHORTEST_GROUNDS <= len(grounds) <= LONGEST_GROUNDS:
        say = {
            "es": "Motivos: diga por qué no está de acuerdo y qué pruebas lo muestran, entre 40 y 10.000 caracteres.",
            "en": "Grounds: say why you do not agree and what shows it, in 40 to 10,000 characters.",
        }
        problems.append(Problem("/grounds", "length", say))
    return problems
