from ruta.kernel.apps import RoomConfig


class ApiConfig(RoomConfig):
    default = True
    name = "ruta.api"
    label = "api"
