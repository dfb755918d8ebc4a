"""What happens to datasets outside a request."""

from ruta.kernel import jobs

from . import services


@jobs.periodic(cron="40 3 * * *", name="opendata.publish", by_hand=False)
def publish() -> None:
    """Feed and release every dataset, each night after the archive's work."""
    services.publish_all()
