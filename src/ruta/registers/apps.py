from ruta.kernel.apps import RoomConfig


class RegistersConfig(RoomConfig):
    default = True
    name = "ruta.registers"
    label = "registers"
