from ruta.kernel.apps import RoomConfig


class FormsConfig(RoomConfig):
    default = True
    name = "ruta.web.forms"
    label = "forms"
