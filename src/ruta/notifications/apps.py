from ruta.kernel.apps import RoomConfig


class NotificationsConfig(RoomConfig):
    default = True
    name = "ruta.notifications"
    label = "notifications"
