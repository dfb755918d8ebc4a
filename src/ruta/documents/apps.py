from ruta.kernel.apps import RoomConfig


class DocumentsConfig(RoomConfig):
    default = True
    name = "ruta.documents"
    label = "documents"
