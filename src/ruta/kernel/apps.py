"""How a room joins Django: its news handlers are loaded once all rooms are known."""

from importlib import import_module
from importlib.util import find_spec

from django.apps import AppConfig


class RoomConfig(AppConfig):
    """A room: its `handlers` module, where it has one, subscribes to the news of rooms below."""

    default = False
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        if find_spec(f"{self.name}.handlers") is not None:
            import_module(f"{self.name}.handlers")


class KernelConfig(RoomConfig):
    default = True
    name = "ruta.kernel"
    label = "kernel"
