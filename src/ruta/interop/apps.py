from ruta.kernel.apps import RoomConfig


class InteropConfig(RoomConfig):
    default = True
    name = "ruta.interop"
    label = "interop"
