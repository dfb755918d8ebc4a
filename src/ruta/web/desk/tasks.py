"""The task that an address of the desk names."""

from uuid import UUID

from ruta.cases import perms
from ruta.cases.models import Task
from ruta.identity.actors import Actor
from ruta.kernel.errors import NotFound


def task_of(task_id: UUID, actor: Actor) -> Task:
    """The task, if the official may see its case. Raises NotFound."""
    found = Task.objects.filter(id=task_id, case__in=perms.visible_to(actor)).select_related("case").first()
    if found is None:
        raise NotFound({"es": "No existe esa tarea.", "en": "There is no such task."})
    return found
