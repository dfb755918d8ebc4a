from ruta.kernel.apps import RoomConfig


class PortalConfig(RoomConfig):
    default = True
    name = "ruta.web.portal"
    label = "portal"
