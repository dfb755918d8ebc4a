"""Who may see and do what with cases. Every page, list, count, search and export starts from `visible_to`."""

from django.db.models import Q, QuerySet

from ruta.identity.actors import Actor
from ruta.identity.models import Agency

from .models import Case, Task


def visible_to(actor: Actor) -> QuerySet[Case]:
    """The cases that `actor` may know to exist.

    A person: those in which it is applicant or party. An official: those of the own agency; a sealed one only with
    an open task for one of the official's roles, or one done by the official. Nobody else: none.
    """
    if actor.kind == "person" and actor.person_id:
        return Case.objects.filter(
            Q(applicant_id=actor.person_id) | Q(parties__person_id=actor.person_id)
        ).distinct()
    if actor.kind == "official" and actor.agency_id is not None:
        mine = Task.objects.filter(Q(done_by_id=actor.official_id) | tasks_of(actor)).values("case_id")
        agency = Agency.objects.filter(id=actor.agency_id).values("nit")
        return Case.objects.filter(agency__in=agency).filter(Q(sealed=False) | Q(id__in=mine))
    if actor.kind == "system":
        return Case.objects.all()
    return Case.objects.none()


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
