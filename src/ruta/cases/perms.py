"""Who may see and do what with cases. Every page, list, count, search and export starts from `visible_to`."""

from collections.abc import Collection, Sequence
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet

from ruta.definitions import posts
from ruta.definitions.runtime import CompiledService
from ruta.definitions.schema import ActSpec
from ruta.identity.actors import Actor
from ruta.identity.levels import up_to
from ruta.identity.models import Official
from ruta.identity.selectors import holds_document

from .models import Case, OfflineKit, Party, Task
from .models.task import DECIDE

NOBODY: frozenset[int | None] = frozenset()
MYSELF: frozenset[int | None] = frozenset({None})
OPEN_LEVELS = ("L0", "L1")  # known to the whole agency (peace P.3)


def visible_to(actor: Actor) -> QuerySet[Case]:
    """The cases that `actor` may know to exist.

    A person: those in which it is applicant, and those that are not sealed in which it is a party that may read, known
    as surely as the act asks. An official: those of the own agency by their level (peace P.3):
    L0 and L1 all of them; L2 with an open task for one of the official's roles; L2 and L3, which is sealed, where a
    task names the official (taken or done) or a grant opens them: `case:‹number›`, of any agency, or
    `service:‹slug›`, every case of it in the own agency; and those that the official filed, for the office or a person.
    An agency's system: those that it filed. Nobody else: none.
    """
    if actor.kind == "person" and actor.person_id:
        # Two sets, each found through its index: of an OR the database would read every case.
        own = Case.objects.filter(applicant_id=actor.person_id).values("id")
        return Case.objects.filter(id__in=own.union(as_party(actor).values("id")))
    return whole_to(actor)


def whole_to(actor: Actor) -> QuerySet[Case]:
    """The cases that `actor` may see whole, papers and money too: of a person, those in which it is the applicant."""
    if actor.kind == "person" and actor.person_id:
        return Case.objects.filter(applicant_id=actor.person_id)
    if actor.kind == "official" and actor.agency:
        return Case.objects.filter(_seen(actor))
    if actor.kind == "client":
        return Case.objects.filter(client_id=actor.client_id)
    if actor.kind == "system":
        return Case.objects.all()
    return Case.objects.none()


def as_party(actor: Actor, *, known_surely: bool = True) -> QuerySet[Case]:
    """The cases of which a person sees a part, as a party beside the applicant.

    Without `known_surely` those too that the person sees once it is known as surely as the act asks.
    """
    found = Party.objects.filter(is_person(actor), may__contains=["read"]).exclude(role="applicant")
    if known_surely:
        found = found.filter(level__in=up_to(actor.level))
    return Case.objects.filter(id__in=found.values("case_id"), sealed=False)


def is_person(actor: Actor) -> Q:
    """The rows of `Party` and of `AskedPerson` that are this person: by its row, or by a document alone."""
    if actor.kind != "person" or actor.person_id is None:
        return Q(pk__in=[])
    return Q(person_id=actor.person_id) | (Q(person__isnull=True) & holds_document(actor))


def asked_at_counter(actor: Actor) -> Q:
    """The `AskedPerson` rows of cases that this official sees, and not what is asked of the official: those that may be
    answered at the counter by who assists there (`may_assist`)."""
    if actor.kind != "official":
        return Q(pk__in=[])
    own = Q(person_id=actor.person_id) if actor.person_id else Q(pk__in=[])
    cases = Case.objects.filter(_seen(actor), id=OuterRef("ask__case_id"))
    return Exists(cases) & ~own


def with_case_visible_to(actor: Actor) -> Q:
    """The rows whose `case` is among `visible_to(actor)`, for an official: without making the set of all such cases."""
    return _seen(actor, "case__") if actor.kind == "official" and actor.agency else Q(pk__in=[])


def sees(actor: Actor, case: Case) -> bool:
    """Whether the case is among `visible_to(actor)`; where its own row says so, nothing more is asked."""
    if actor.kind == "person" and actor.person_id and case.applicant_id == actor.person_id:
        return True
    own = actor.kind == "official" and case.agency == actor.agency
    if own and not case.sealed and case.confidentiality in OPEN_LEVELS:
        return True
    return visible_to(actor).filter(pk=case.pk).exists()


def _seen(actor: Actor, path: str = "") -> Q:
    """What makes a case visible to an official; `path` leads from the row to its case (`case__`).

    Whether a task opens the case is asked of that case alone, and only where its level asks for it.
    """
    tasks = Task.objects.filter(case_id=OuterRef(f"{path}id"))
    named = tasks.filter(Q(done_by_id=actor.official_id) | Q(assignee_id=actor.official_id))
    unsealed = Q((f"{path}sealed", False))
    opened = unsealed & Q((f"{path}confidentiality__in", OPEN_LEVELS))
    opened |= unsealed & Exists(tasks.filter(tasks_of(actor))) | Exists(named)
    if services := _granted(actor, "service:"):
        opened |= Q((f"{path}service__in", services))
    seen = Q((f"{path}agency", actor.agency)) & opened
    seen |= Q((f"{path}filed_by__in", sorted(actor.posting_ids)))
    if cases := _granted(actor, "case:"):
        seen |= Q((f"{path}number__in", cases))
    return seen


def sees_whole(actor: Actor, case: Case) -> bool:
    """Whether the case is among `whole_to(actor)`."""
    if actor.kind == "person":
        return actor.person_id is not None and case.applicant_id == actor.person_id
    return sees(actor, case)


def _granted(actor: Actor, kind: str) -> list[str]:
    """What the actor's grants of a kind (`case:`) name."""
    return sorted(scope.removeprefix(kind) for scope in actor.grants if scope.startswith(kind))


def hidden_from(actor: Actor) -> QuerySet[Case]:
    """The sealed cases whose very existence is denied to `actor`: asked of each case alone."""
    return Case.objects.filter(~Exists(visible_to(actor).filter(id=OuterRef("id"))), sealed=True)


def may_start(actor: Actor, service: CompiledService, act: ActSpec, channel: str) -> frozenset[int | None]:
    """The posts under which `actor` may begin and file the act in this channel; empty: the actor may not.

    In the portal a person files for itself, under no post (`{None}`). At the desk an official files under a post that
    the act names, for the office. At the counter an official files for a person who is there, an act that the person
    could file: under a post of the agency that decides it, whose list of posts says that it assists. By API a system files
    for its office, under no post, what names a scope of its key. The platform itself files nothing.
    """
    if channel not in act.channels:
        return NOBODY
    match actor.kind, channel:
        case "person" | "anonymous", "portal":
            return MYSELF if act.can_be_started_by("citizen") else NOBODY
        case "official", "desk":
            anyone = any(who.kind == "anyone" for who in act.who)
            return frozenset(each.id for each in actor.postings if anyone or each.role in act.roles)
        case "official", "counter" if act.can_be_started_by("citizen"):
            return may_assist(actor, service)
        case "client", "api":
            return MYSELF if actor.scopes & act.scopes or act.can_be_started_by("anyone") else NOBODY
    return NOBODY


def may_assist(actor: Actor, service: CompiledService) -> frozenset[int]:
    """The posts of the service's agency under which `actor` acts at the counter for a person who is present."""
    assisting = posts.with_power("assists", posts.titles(service))
    return frozenset(
        each.id for each in actor.postings if each.role in assisting and each.agency == service.service.agency
    )


def may_withdraw(actor: Actor, case: Case) -> bool:
    """Whether `actor` is the applicant; of an office's own application, who filed it."""
    if case.applicant_id is not None:
        return actor.kind == "person" and case.applicant_id == actor.person_id
    return actor.kind == "official" and case.filed_by_id in actor.posting_ids


def tasks_of(actor: Actor) -> Q:
    """The open tasks that are for one of the official's roles, or assigned to the official; and those of who is absent,
    for whom the official stands in."""
    held = Q(assignee_id=actor.official_id)
    if absent := actor.work_of:
        held |= Q(assignee_id__in=sorted(absent))
    return Q(status="open") & (Q(groups__overlap=sorted(actor.work_roles)) | held)


def may_do(actor: Actor, task: Task) -> bool:
    """Whether the official may take and finish the task at all."""
    return actor.kind == "official" and (
        bool(set(task.groups) & actor.work_roles)
        or task.assignee_id == actor.official_id
        or task.assignee_id in actor.work_of
    )


def held_by_other(actor: Actor, task: Task) -> bool:
    """Whether somebody has the task who is neither the official nor absent with the official standing in."""
    return task.assignee_id not in (None, actor.official_id) and task.assignee_id not in actor.work_of


def acts_for(actor: Actor, task: Task) -> int | None:
    """The posting of the absent official for whom this one does the task; None where it is the own work."""
    if task.assignee_id in actor.work_of:
        return task.assignee_id
    if task.assignee_id is not None and task.assignee_id == actor.official_id:
        return task.stood_in_for_id
    if set(task.groups) & actor.roles:
        return None
    absent = (each.posting for each in actor.stands_in_for)
    return next((each.id for each in absent if {each.role, each.group} & set(task.groups)), None)


def may_return(actor: Actor, task: Task) -> bool:
    """Whether the official may send the request back to its applicant from this task: who has it, or may take it."""
    return may_do(actor, task) and not held_by_other(actor, task)


def may_answer(actor: Actor, case: Case) -> bool:
    """Whether `actor` speaks for the application: corrects it, gives it up, appeals its decision."""
    return actor.kind == "person" and actor.person_id is not None and case.applicant_id == actor.person_id


def may_reassign(actor: Actor, task: Task, supervising: Collection[str]) -> bool:
    """Whether the official may give an open task to somebody else: a post that supervises (`supervising`), of the case's
    agency and of an office that the task is for (of any, where it is for no office)."""
    if actor.kind != "official" or task.case.agency != actor.agency:
        return False
    offices = {office for group in task.groups if (office := group.partition("@")[2])}
    own = supervised_offices(actor, supervising)
    return bool(own) and (not offices or bool(offices & own))


def supervised_offices(actor: Actor, supervising: Collection[str]) -> frozenset[str]:
    """The codes of the offices in which the official has a post that supervises (`supervising`)."""
    return frozenset(each.team for each in actor.postings if each.role in supervising)


def prepared_by(actor: Actor, task: Task) -> bool:
    """Whether the official prepared what this task approves (common facts §10.9): filed the case at the desk or the
    counter, or took it without a network, and the task decides it, or did a task whose performer may not do this one.
    Under whatever post: the person counts."""
    return bool(prepared_among(actor, [task]))


def prepared_among(actor: Actor, tasks: Sequence[Task]) -> set[UUID]:
    """The ids of those tasks of which `prepared_by` holds; two queries at most for a list."""
    approving = [task for task in tasks if task.not_by or task.form_key == DECIDE]
    if not approving:
        return set()
    cases = {task.case_id for task in approving}
    filed = set(
        Case.objects.filter(_is(actor, "filed_by__") | _is(actor, "offline__kit__posting__"), pk__in=cases)
        .values_list("pk", flat=True)
        .distinct()
    )
    nodes = {node for task in approving for node in task.not_by}
    done = Task.objects.filter(_is(actor, "done_by__"), case__in=cases, node__in=nodes, status="done")
    did = set(done.values_list("case_id", "node")) if nodes else set()
    return {
        task.id
        for task in approving
        if task.case_id in filed or any((task.case_id, node) in did for node in task.not_by)
    }


def preparers(task: Task) -> list[tuple[int, UUID]]:
    """(account, person) of the officials who prepared what this task approves: they may not do it, under any post."""
    found = list(
        Task.objects.filter(case_id=task.case_id, node__in=task.not_by, status="done", done_by__isnull=False)
        .values_list("done_by__account_id", "done_by__person_id")
        .distinct()
    )
    if task.not_by or task.form_key == DECIDE:
        filed = Official.objects.filter(
            Q(cases_filed=task.case_id)
            | Q(pk__in=OfflineKit.objects.filter(lines__case=task.case_id).values("posting"))
        )
        found += filed.values_list("account_id", "person_id").distinct()
    return found


def _is(actor: Actor, path: str) -> Q:
    """The posting at `path` is one of this person's, of this account's at least."""
    same = Q((f"{path}account_id", actor.account_id))
    return same | Q((f"{path}person_id", actor.person_id)) if actor.person_id else same
