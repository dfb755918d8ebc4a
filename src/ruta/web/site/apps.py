from ruta.kernel.apps import RoomConfig


class SiteConfig(RoomConfig):
    default = True
    name = "ruta.web.site"
    label = "site"
