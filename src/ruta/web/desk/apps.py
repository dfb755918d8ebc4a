from ruta.kernel.apps import RoomConfig


class DeskConfig(RoomConfig):
    default = True
    name = "ruta.web.desk"
    label = "desk"
