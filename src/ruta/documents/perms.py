"""Who may see which output and which document of a case.

The room does not know teams nor sealed cases: `cases`, which does, says which case numbers an actor sees, and of
which the very existence is denied to the actor (`set_visible_cases`, once, at start).
"""

from collections.abc import Callable, Iterable
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet

from ruta.identity.actors import Actor
from ruta.kernel.errors import NotFound

from .models import CaseDocument, Output

VisibleCases = Callable[[Actor], "QuerySet[Any, Any] | Iterable[str]"]
HiddenCases = Callable[[Actor], "QuerySet[Any, Any]"]
_rules: list[tuple[VisibleCases, HiddenCases]] = []


def set_visible_cases(visible: VisibleCases, hidden: HiddenCases) -> None:
    """Tell the room which case numbers an actor sees, and which cases (with a `number`) are sealed and not for this
    actor: querysets, so that it stays one query."""
    _rules[:] = [(visible, hidden)]


def _of_visible_cases(actor: Actor) -> Q:
    return Q(case_number__in=_rules[0][0](actor)) if _rules else Q(pk__in=[])


def known_to(actor: Actor) -> QuerySet[Output]:
    """The outputs that the actor may know to exist, as whoever verifies one does: all that are issued, but those of
    sealed cases, which are for their holder and for who sees the case."""
    issued = Output.objects.filter(issued_at__isnull=False)
    if not _rules:
        return issued
    # Asked of each output's own case: the set of all that are hidden is never built.
    known = ~Q(Exists(_rules[0][1](actor).filter(number=OuterRef("case_number"))))
    if actor.person_id is not None:
        known |= Q(holder_id=actor.person_id)
    return issued.filter(known)


def visible_to(actor: Actor) -> QuerySet[Output]:
    """The outputs that the actor may see whole: one's own, those of the cases that one sees; the system,
    all.
    """
    if actor.kind == "system":
        return Output.objects.all()
    if actor.kind == "anonymous":
        return Output.objects.none()
    seen = _of_visible_cases(actor)
    if actor.kind == "person" and actor.person_id is not None:
        seen |= Q(holder_id=actor.person_id)
    return Output.objects.filter(seen)


def documents_visible_to(actor: Actor) -> QuerySet[CaseDocument]:
    """The documents of electronic files that the actor may see: those of the cases that one sees."""
    if actor.kind == "system":
        return CaseDocument.objects.all()
    if actor.kind == "anonymous":
        return CaseDocument.objects.none()
    return CaseDocument.objects.filter(_of_visible_cases(actor))


def check_visible(output: Output, actor: Actor) -> None:
    """Raise NotFound, exactly as for an unknown code, when the actor may not see this output."""
    if not visible_to(actor).filter(pk=output.pk).exists():
        raise NotFound(
            {
                "es": "No encontramos ese documento entre los suyos. Revise el código o cambie de cuenta.",
                "en": "We did not find that document among yours. Check the code or change account.",
            },
            field="/code",
        )
