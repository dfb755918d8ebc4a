"""Writes of the room: every dataset fed and released, one after the other; one that cannot be harms no other."""

import logging
from dataclasses import dataclass

from ruta.definitions import runtime
from ruta.definitions.selectors import current_services
from ruta.kernel.errors import Conflict, NotFound, RutaError

from . import feeding, releasing
from .models import Dataset

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Fed:
    """What came of one dataset: whether its release changed, or why it could not be made."""

    dataset: str
    changed: bool = False
    why: str = ""


def publish_all() -> list[Fed]:
    """Feed and release the datasets of every service in force. Twice in a row changes nothing."""
    told = []
    for version in current_services():
        for declared in runtime.compiled(version.pk).service.publish:
            try:
                feeding.feed(version, declared)
                told.append(Fed(declared.dataset, releasing.release(declared.dataset, declared)))
            except RutaError as wrong:
                logger.error("dataset %s is not published: %s", declared.dataset, wrong.code)
                told.append(Fed(declared.dataset, why=wrong.say("en")))
    return told


def begin_again(name: str) -> None:
    """Withdraw the releases of a dataset, so that the gate chooses anew how fine it is told.

    Whoever kept the old release may hold it beside the new one; what the old one hid may then be told. Raises NotFound,
    and Conflict when nothing was released.
    """
    dataset = Dataset.objects.filter(name=name).first()
    if dataset is None:
        raise NotFound(
            {"es": f"No hay un conjunto {name}.", "en": f"There is no dataset {name}."}, field=name
        )
    if not dataset.grain:
        raise Conflict({"es": f"{name} no se ha publicado.", "en": f"{name} has not been released."})
    dataset.cells.all().delete()
    dataset.grain, dataset.place_step = "", 0
    dataset.save(update_fields=["grain", "place_step"])
