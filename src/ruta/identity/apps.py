from ruta.kernel.apps import RoomConfig


class IdentityConfig(RoomConfig):
    default = True
    name = "ruta.identity"
    label = "identity"
