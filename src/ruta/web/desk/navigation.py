"""What stands left of every page of the desk: the boxes with their counts."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from ruta.cases import selectors, supervision
from ruta.identity.actors import Actor

NEW = "new"  # the page of what may be filed
OFFLINE = "offline"  # the page of what is done without a network
ABSENCES = "absences"  # the page of who is absent and who stands in
LOAD = "load"  # the page of the load of the supervised offices
BOXES = (
    *("mine", "team", "today", "overdue"),
    selectors.OFFICE,
    selectors.WAITING,
    selectors.STOPPED,
    "done",
)


@dataclass(frozen=True)
class Box:
    """One box of the inbox; `count` is empty where nothing is counted."""

    id: str
    title: str
    url: str
    icon: str
    count: str
    current: bool


def frame(actor: Actor, current: str = "", counts: Mapping[str, int] | None = None) -> dict[str, Any]:
    """The context of `desk/nav.html`; `counts` when the caller has asked for them already."""
    counted = selectors.box_counts(actor) if counts is None else counts
    titles = {
        "mine": (_("Mi bandeja"), "user"),
        "team": (_("Equipo"), "users"),
        "today": (_("Vencen hoy"), "clock-exclamation"),
        "overdue": (_("Vencidas"), "alert-triangle"),
        selectors.OFFICE: (_("Trabajo de la oficina"), "folder"),
        selectors.WAITING: (_("Esperan al ciudadano"), "hourglass"),
        selectors.STOPPED: (_("Detenidos"), "alert-circle"),
        "done": (_("Terminadas por mí"), "circle-check"),
    }
    supervises = bool(supervision.offices_of(actor))
    hidden = {selectors.STOPPED: not counted[selectors.STOPPED], selectors.OFFICE: not supervises}
    shown = [box for box in BOXES if not hidden.get(box) or box == current]
    return {
        "boxes": [
            Box(
                box,
                titles[box][0],
                f"{reverse('desk:inbox')}?caja={box}",
                titles[box][1],
                _number(counted[box]) if box in counted else "",
                box == current,
            )
            for box in shown
        ],
        "agency_name": actor.agency_name,
        "team_name": " · ".join(actor.team_names),
        "searching": current == "search",
        "filing": current == NEW,
        "supervises": supervises,
        "load": current == LOAD,
        "absences": current == ABSENCES,
        "stands_in_for": actor.stands_in_for,
        "offline": current == OFFLINE,
        "other_agencies": [(nit, name) for nit, name in actor.agencies.items() if nit != actor.agency],
    }


def _number(count: int) -> str:
    return f"{selectors.COUNTED_TO}+" if count > selectors.COUNTED_TO else str(count)
