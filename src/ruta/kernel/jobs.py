"""Work outside a request: jobs in the same PostgreSQL, written in the transaction of the change they follow.

Arguments are ids only, never personal data. A job may run twice and must not mind.
"""

import logging
from collections.abc import Callable, Collection
from datetime import datetime, timedelta
from typing import Any, Generic, ParamSpec

from django.db import connection, transaction
from procrastinate import RetryStrategy
from procrastinate.contrib.django import app

from . import clock

P = ParamSpec("P")
logger = logging.getLogger(__name__)

_periodic: dict[str, Callable[[], Any]] = {}
_jobs: dict[str, "Job[Any]"] = {}


class Job(Generic[P]):
    """A function that a worker runs. Call it to run it here and now; `defer` to have it run after commit."""

    def __init__(self, run: Callable[P, Any], *, name: str, queue: str, retry: int) -> None:
        self.run = run
        self.name = name
        self.queue = queue
        self.retry = retry
        strategy = RetryStrategy(max_attempts=retry, exponential_wait=4) if retry else False
        self._task: Any = app.task(name=name, queue=queue, retry=strategy)(run)
        _jobs[name] = self

    def __call__(self, *args: P.args, **kwargs: P.kwargs) -> Any:
        return self.run(*args, **kwargs)

    def defer(self, **ids: Any) -> None:
        """Have a worker run it once this transaction has committed."""
        self._task.defer(**ids)

    def defer_at(self, when: datetime, **ids: Any) -> None:
        """Have a worker run it not before `when`."""
        self._task.configure(schedule_at=when).defer(**ids)


def job(*, name: str, queue: str = "default", retry: int = 0) -> Callable[[Callable[P, Any]], Job[P]]:
    """Make a job of a function; `retry` more attempts after 4, 16, 64… seconds when it raises."""
    return lambda run: Job(run, name=name, queue=queue, retry=retry)


def periodic(
    *, cron: str, name: str, by_hand: bool = True
) -> Callable[[Callable[[], Any]], Callable[[], Any]]:
    """Have a worker run the function at the times that `cron` says.

    Without `by_hand` a clock that is moved by hand passes over it (`run_periodic`): nobody in a story waits for it.
    """

    def register(run: Callable[[], Any]) -> Callable[[], Any]:
        def tick(timestamp: int) -> None:
            run()

        app.periodic(cron=cron)(app.task(name=name, queue="clock", queueing_lock=name)(tick))
        if by_hand:
            _periodic[name] = run
        return run

    return register


def run_periodic(*, skip: Collection[str] = ()) -> None:
    """Do here, once, all that a worker does by the clock but for the names in `skip`. For a clock moved by hand."""
    for name, run in list(_periodic.items()):
        if name not in skip:
            run()


def run_due(*, limit: int = 10_000, raise_errors: bool = True) -> int:
    """Run here every job that is due by `clock.now()`, in order; return how many ran.

    For a clock that is moved by hand (tests, the sample country): a worker follows real time. With `raise_errors`
    a failing job raises at once; otherwise it is tried again later as a worker would.
    """
    done = 0
    while done < limit and (row := _take()) is not None:
        job_id, name, args, attempts = row
        try:
            with transaction.atomic():
                _jobs[name].run(**args)
        except Exception:
            if raise_errors:
                raise
            logger.warning("job %s failed (attempt %s)", name, attempts + 1)
            _put_back(job_id, attempts, _jobs[name].retry)
        else:
            _set_status(job_id, "succeeded")
        done += 1
    return done


def _take() -> tuple[int, str, dict[str, Any], int] | None:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            """UPDATE procrastinate_jobs SET status = 'doing' WHERE id = (
                 SELECT id FROM procrastinate_jobs
                 WHERE status = 'todo' AND (scheduled_at IS NULL OR scheduled_at <= %s)
                 ORDER BY priority DESC, id LIMIT 1 FOR UPDATE SKIP LOCKED)
               RETURNING id, task_name, args, attempts""",
            [clock.now()],
        )
        row = cursor.fetchone()
    if row is None:
        return None
    args = row[2]
    if isinstance(args, str):
        import json

        args = json.loads(args)
    return row[0], row[1], args, row[3]


def _set_status(job_id: int, status: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE procrastinate_jobs SET status = %s::procrastinate_job_status WHERE id = %s",
            [status, job_id],
        )


def _put_back(job_id: int, attempts: int, retry: int) -> None:
    if attempts >= retry:
        _set_status(job_id, "failed")
        return
    later = clock.now() + timedelta(seconds=4 ** (attempts + 1))
    with connection.cursor() as cursor:
        cursor.execute(
            """UPDATE procrastinate_jobs SET status = 'todo', attempts = attempts + 1, scheduled_at = %s
               WHERE id = %s""",
            [later, job_id],
        )
