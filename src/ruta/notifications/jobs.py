"""Work outside a request: hand messages over, remind of legal notices."""

from uuid import UUID

from ruta.kernel import jobs

from . import services


@jobs.job(name="notifications.deliver", queue="notifications", retry=5)
def deliver(message_id: str) -> None:
    """Deliver a message; what the mail server defers comes back as a later job."""
    services.deliver_message(UUID(message_id))


@jobs.job(name="notifications.remind", queue="notifications", retry=5)
def remind_again(message_id: str, what: str) -> None:
    """Send a reminder of an unopened legal notice."""
    services.send_reminder(UUID(message_id), what)


@jobs.periodic(cron="0 13 * * *", name="notifications.remind-unopened")
def remind_unopened() -> None:
    """Every day at eight in the morning in Colombia."""
    services.remind_unopened()


@jobs.periodic(cron="*/10 * * * *", name="notifications.resume")
def resume_interrupted() -> None:
    """Every ten minutes: attempts that a dead worker left open."""
    services.resume_interrupted()
