"""Which appeals a decision admits, before whom, until when, and what silence does (common facts §7, contract §2)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Literal

from ruta.definitions.acts import CompiledAct
from ruta.engine import terms as engine
from ruta.engine.terms.appeals import Kind as AppealKind
from ruta.kernel import calendars, clock

from .. import terms
from ..models import Appeal, Case
from ..models.appeal import AppealStatus

REPOSICION: Literal["reposicion"] = "reposicion"
APELACION: Literal["apelacion"] = "apelacion"
SAME, SUPERIOR = "same", "superior"  # before whom: who decided (somebody else there), or the superior
TITLES: Mapping[str, Mapping[str, str]] = {
    REPOSICION: {"es": "Reposición", "en": "Reposición (before the same office)"},
    APELACION: {"es": "Apelación", "en": "Apelación (before the superior)"},
    "reconsideracion": {"es": "Reconsideración", "en": "Reconsideración"},
}


@dataclass(frozen=True)
class Kind:
    """One appeal that is open: `by` is `same`, `superior` or a post; lengths as the engine reads them."""

    kind: str
    by: str
    length: str
    decide_in: str
    silence: str
    law: str = ""


def of_act(act: CompiledAct) -> tuple[Kind, ...]:
    """The act's own appeals, else those of the law: reposición and apelación."""
    if act.spec.appeals:
        return tuple(
            Kind(each.kind, each.by, each.length, each.decide_in, each.silence, each.law)
            for each in act.spec.appeals
        )
    return _by_law(REPOSICION, SAME), _by_law(APELACION, SUPERIOR)


def _by_law(kind: AppealKind, by: str) -> Kind:
    rule = engine.APPEALS[kind]
    return Kind(kind, by, str(rule.file_within), str(rule.decide_within), rule.silence)


def of_case(case: Case, act: CompiledAct) -> tuple[Kind, ...]:
    """The appeals that the case's decision admits: against a tacit withdrawal, reposición alone."""
    found = of_act(act)
    if case.outcome == "lapsed":
        return tuple(each for each in found if each.by == SAME)[:1] or (_by_law(REPOSICION, SAME),)
    return found


def length_to_appeal(case: Case, act: CompiledAct) -> str:
    """How long the decision may be appealed: as long as the longest of its appeals."""
    today, calendar = clock.today(), calendars.calendar_of(case.agency)
    lengths = [each.length for each in of_case(case, act)] or [terms.APPEAL_LENGTH]
    return max(lengths, key=lambda text: engine.due_date(today, engine.Length.parse(text), calendar))


def last_day(case: Case, kind: Kind) -> date:
    """Until when this appeal may be filed: the last day counts whole."""
    assert case.notified_at is not None
    calendar = calendars.calendar_of(case.agency)
    return engine.due_date(clock.local_date(case.notified_at), engine.Length.parse(kind.length), calendar)


def undecided(case: Case) -> Appeal | None:
    """The appeal of the case that waits for its decision, if there is one."""
    waiting = (AppealStatus.OPEN, AppealStatus.SILENT)
    return Appeal.objects.filter(case=case, status__in=waiting).order_by("-number").first()
