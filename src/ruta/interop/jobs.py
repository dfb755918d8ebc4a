"""What is told to other agencies outside a request."""

from uuid import UUID

from ruta.kernel import jobs

from . import telling


@jobs.job(name="interop.tell", queue="outside", retry=5)
def tell(*, telling_id: str) -> None:
    """Tell another agency once; while it does not answer, again later."""
    again = telling.attempt(UUID(telling_id))
    if again is not None:
        tell.defer_at(again, telling_id=telling_id)


@jobs.periodic(cron="*/10 * * * *", name="interop.tell-again")
def tell_again() -> None:
    """Tell what should have been told long ago."""
    for telling_id in telling.overdue():
        tell.defer(telling_id=str(telling_id))
