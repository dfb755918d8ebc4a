from ruta.kernel.apps import RoomConfig


class PaymentsConfig(RoomConfig):
    default = True
    name = "ruta.payments"
    label = "payments"
