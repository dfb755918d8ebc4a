"""Who may see and do what with cases. Every page, list, count, search and export starts from `visible_to`."""

from django.db.models import Q, QuerySet

from ruta.definitions.schema import ActSpec
from ruta.identity.actors import Actor
from ruta.identity.models import Agency

from .models import Case, Task


def visible_to(actor: Actor) -> QuerySet[Case]:
    """The cases that `actor` may know to exist.

    A person: those in which it is applicant or party. An official: those of the own agency by their level (peace P.3):
    L0 and L1 all of them; L2 with an open task for one of the official's roles; L2 and L3, which is sealed, where a
    task names the official (taken or done) or a grant opens them: `case:‹number›`, of any agency, or
    `service:‹slug›`, every case of it in the own agency. Nobody else: none.
    """
    if actor.kind == "person" and actor.person_id:
        return Case.objects.filter(
            Q(applicant_id=actor.person_id) | Q(parties__person_id=actor.person_id)
        ).distinct()
    if actor.kind == "official" and actor.agency_id is not None:
        agency = Agency.objects.filter(id=actor.agency_id).values("nit")
        cases, services = _granted(actor, "case:"), _granted(actor, "service:")
        seen = Q(agency__in=agency) & (_of_agency(actor) | Q(service__in=services))
        return Case.objects.filter(seen | Q(number__in=cases) if cases else seen)
    if actor.kind == "system":
        return Case.objects.all()
    return Case.objects.none()


def _of_agency(actor: Actor) -> Q:
    """The cases of the own agency that need no grant."""
    named = Task.objects.filter(Q(done_by_id=actor.official_id) | Q(assignee_id=actor.official_id))
    team = Task.objects.filter(tasks_of(actor))
    return (
        Q(sealed=False, confidentiality__in=("L0", "L1"))
        | Q(sealed=False, id__in=team.values("case_id"))
        | Q(id__in=named.values("case_id"))
    )


def _granted(actor: Actor, kind: str) -> list[str]:
    """What the actor's grants of a kind (`case:`) name."""
    return sorted(scope.removeprefix(kind) for scope in actor.grants if scope.startswith(kind))


def hidden_from(actor: Actor) -> QuerySet[Case]:
    """The sealed cases whose very existence is denied to `actor`."""
    return Case.objects.filter(sealed=True).exclude(id__in=visible_to(actor).values("id"))


def may_start(actor: Actor, act: ActSpec) -> bool:
    """Whether `actor` is among those who may start and file the act: an official, under a post that the act names."""
    match actor.kind:
        case "person" | "anonymous":
            return act.can_be_started_by("citizen")
        case "official":
            return any(
                who.kind == "anyone" or (who.kind == "official" and who.value in actor.roles)
                for who in act.who
            )
    return actor.kind == "system"


def tasks_of(actor: Actor) -> Q:
    """The open tasks that are for one of the official's roles, or assigned to the official."""
    return Q(status="open") & (Q(groups__overlap=sorted(actor.roles)) | Q(assignee_id=actor.official_id))


def may_do(actor: Actor, task: Task) -> bool:
    """Whether the official may take and finish the task at all."""
    return actor.kind == "official" and (
        bool(set(task.groups) & actor.roles) or task.assignee_id == actor.official_id
    )


def prepared_by(actor: Actor, task: Task) -> bool:
    """Whether the official did a task whose performer may not do this one (common facts §10.9)."""
    return Task.objects.filter(
        case_id=task.case_id, node__in=task.not_by, done_by_id=actor.official_id, status="done"
    ).exists()
