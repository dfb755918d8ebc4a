"""What stands left of every page of the desk: the boxes with their counts."""

from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from ruta.cases import selectors
from ruta.identity.actors import Actor


@dataclass(frozen=True)
class Box:
    """One box of the inbox."""

    id: str
    title: str
    url: str
    count: int | None
    current: bool


def boxes(actor: Actor, current: str = "") -> list[Box]:
    """The boxes of this official; what is done is not counted."""
    counts = selectors.box_counts(actor)
    titles = {
        "mine": _("Mi bandeja"),
        "team": _("Equipo"),
        "today": _("Vencen hoy"),
        "overdue": _("Vencidas"),
        "done": _("Terminadas por mí"),
    }
    return [
        Box(box, title, f"{reverse('desk:inbox')}?caja={box}", counts.get(box), box == current)
        for box, title in titles.items()
    ]


def frame(actor: Actor, current: str = "") -> dict[str, Any]:
    """The context that the navigation of `desk/nav.html` needs."""
    return {"boxes": boxes(actor, current), "team_name": actor.agency_name, "official_name": actor.name}
