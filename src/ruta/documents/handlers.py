"""News that change what an output is worth: its state follows its source (contract §2, outputs)."""

from ruta.kernel.events import News, handles

from . import services

REPLACED = {
    "es": "El asiento del que salió fue corregido o reemplazado después de expedirlo.",
    "en": "The entry that it came from was corrected or replaced after it was issued.",
}
ANNULLED = {
    "es": "El asiento del que salió fue anulado.",
    "en": "The entry that it came from was annulled.",
}
REVERSED = {
    "es": "El pago del que salió fue reversado.",
    "en": "The payment that it came from was reversed.",
}


@handles("register.changed")
def follow_entry(news: News) -> None:
    """Replaced entry → its outputs of earlier versions are superseded; annulled or cancelled entry → all are
    revoked.
    """
    register, entry_id = str(news.payload["register"]), str(news.payload["entry_id"])
    match news.payload["change"]:
        case "replaced":
            services.follow_source(
                register,
                entry_id,
                state="superseded",
                reason=REPLACED,
                before_version=int(news.payload["version"]),
            )
        case "annulled" | "cancelled":
            services.follow_source(register, entry_id, state="revoked", reason=ANNULLED)


@handles("charge.reversed")
def follow_charge(news: News) -> None:
    """Reversed payment → the outputs that follow the charge are revoked."""
    services.follow_source("charge", str(news.payload["charge_id"]), state="revoked", reason=REVERSED)
