"""What happens to drafts by the clock: those that nobody touches, and parked posts, are dropped."""

from ruta.kernel import jobs

from . import parking, services


@jobs.periodic(cron="20 3 * * *", name="cases.drop-drafts")
def drop_drafts() -> None:
    """Delete drafts untouched for 90 days."""
    services.drop_expired()


@jobs.periodic(cron="40 * * * *", name="cases.drop-parked-posts")
def drop_parked() -> None:
    """Delete posts parked for more than 24 hours."""
    parking.drop_expired()
