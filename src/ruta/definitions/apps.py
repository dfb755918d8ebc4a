from ruta.kernel.apps import RoomConfig


class DefinitionsConfig(RoomConfig):
    default = True
    name = "ruta.definitions"
    label = "definitions"
