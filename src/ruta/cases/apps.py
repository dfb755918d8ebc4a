from ruta.kernel.apps import RoomConfig


class CasesConfig(RoomConfig):
    default = True
    name = "ruta.cases"
    label = "cases"
