"""The lines of a file are filed by workers."""

from uuid import UUID

from ruta.kernel import jobs

from . import services


@jobs.job(name="cases.file-lines", queue="cases", retry=5)
def file_lines(*, batch_id: str, first: int, last: int) -> None:
    """File the lines of a batch from `first` to `last` that still wait."""
    services.file_lines(UUID(batch_id), first, last)


@jobs.periodic(cron="* * * * *", name="cases.go-on-with-files")
def go_on() -> None:
    """Take up the files that a stopped worker left."""
    services.go_on()


@jobs.periodic(cron="40 3 * * *", name="cases.drop-files")
def drop_old() -> None:
    """Delete the files that came 30 days ago."""
    services.drop_old()
