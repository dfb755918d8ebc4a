from ruta.kernel.apps import RoomConfig


class OpenDataConfig(RoomConfig):
    default = True
    name = "ruta.opendata"
    label = "opendata"
