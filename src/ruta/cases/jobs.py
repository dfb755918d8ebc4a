"""What happens to cases outside a request: news delivered, terms and timers that come due, heads sealed."""

from __future__ import annotations

import logging
from datetime import datetime
from uuid import UUID

from django.db import transaction

from ruta.engine import bpmn
from ruta.interop import jobs as _interop  # noqa: F401  its jobs register here
from ruta.kernel import clock, jobs
from ruta.kernel.errors import Conflict, RutaError

from . import (
    correlation,
    efile,
    facts,
    held_money,
    paper_notice,
    results,
    retention,
    sealing,
    starting,
    tasks,
    terms,
)
from .bulk import jobs as _bulk  # noqa: F401  its jobs register here
from .correlation import NEWS
from .drafts import jobs as _drafts  # noqa: F401  its jobs register here
from .machine import CLOCK, Machine, advance, stepping
from .models import CaseStart, FlowToken
from .verbs.recording import keep_fact

logger = logging.getLogger(__name__)
TOLD = "telling.answered"


@jobs.job(name="cases.finish", queue="cases", retry=5)
def finish(*, case_id: str, token: int, kind: str, about: str) -> None:
    """A lower room finished what a box waits for: give the box its result and go on.

    Runs twice without harm: the second finds the token gone. A notice to several is done with the last of them. What
    another agency answers to a step that does not wait is kept in the history.
    """
    if kind == "message.opened" and paper_notice.others_wait(UUID(case_id), about):
        return
    try:
        with stepping(UUID(case_id), NEWS, waiting_at=token) as machine:
            result = results.of(machine, kind, about)
            if kind.startswith("message."):  # somebody may have been asked to notify on paper meanwhile
                tasks.withdraw(machine, token)
            machine.rules.stale()
            machine.run(bpmn.JobDone(token, result))
    except Conflict:
        logger.info("case %s no longer waits at %s", case_id, token)
        if kind == TOLD:
            with stepping(UUID(case_id), NEWS) as machine:
                results.answered_later(machine, about)


@jobs.job(name="cases.look-up", queue="outside", retry=5)
def look_up_elsewhere(*, case_id: str, token: int, read: str) -> None:
    """Ask another agency's register outside any case's lock, then let the case go on with the answer.

    A register that does not answer is asked again while it is given patience; the case waits meanwhile.
    """
    with transaction.atomic():
        asking = Machine.load(UUID(case_id), NEWS)
        waiting = asking.case.tokens.filter(token=token).first()
        if waiting is None:
            logger.info("case %s no longer waits at %s", case_id, token)
            return
        number, variables = asking.case.number, asking.variables
        key = facts.key_of(asking.compiled, read, lambda text: asking.rules.evaluate(text, variables))
    fact = facts.ask(asking.compiled, read, key, actor=NEWS, case_number=number)
    if fact["status"] == "unavailable":
        again = facts.next_try(asking.compiled, read, since=waiting.since)
        if again is not None:
            look_up_elsewhere.defer_at(again, case_id=case_id, token=token, read=read)
            return
    try:
        with stepping(UUID(case_id), NEWS, waiting_at=token) as machine:
            machine.run(bpmn.JobDone(token, keep_fact(machine, read, fact)))
    except Conflict as gone:
        if gone.code != "stale-step":
            raise
        logger.info("case %s no longer waits at %s", case_id, token)


@jobs.job(name="cases.start", queue="cases", retry=5)
def start(*, start_id: int) -> None:
    """File the case that another starts, and let that one go on."""
    row = CaseStart.objects.select_related("parent").filter(id=start_id).first()
    if row is None or not row.parent.tokens.filter(token=row.token).exists():
        logger.info("nobody waits for the start %s any more", start_id)
        return
    try:
        row = starting.start(start_id)
    except RutaError as wrong:
        starting.fail(row, wrong, actor=NEWS)
    else:
        starting.go_on(row, actor=NEWS)


@jobs.job(name="cases.start-over", queue="cases", retry=5)
def start_over(*, start_id: int) -> None:
    """A started case is closed: the one that started it and waits for that goes on."""
    starting.go_on(CaseStart.objects.select_related("child").get(id=start_id), actor=NEWS)


@jobs.job(name="cases.withdraw-started", queue="cases", retry=5)
def withdraw_started(*, case_id: str) -> None:
    """The step that started a case was interrupted: the case is withdrawn, unless it is decided."""
    starting.withdraw_child(UUID(case_id), actor=NEWS)


@jobs.job(name="cases.deliver", queue="cases", retry=5)
def deliver(*, message_id: str) -> None:
    """Give a message to every case that waits for it by name and key; one that comes early is kept."""
    correlation.deliver(UUID(message_id))


@jobs.job(name="cases.expire-term", queue="cases", retry=5)
def expire_term(*, case_id: str, term: str) -> None:
    """Let one term of one case expire."""
    with stepping(UUID(case_id), CLOCK) as machine:
        machine.expire_term(term)


@jobs.job(name="cases.fire", queue="cases", retry=5)
def fire(*, case_id: str, token: int) -> None:
    """The time of a timer has come."""
    try:
        advance(UUID(case_id), bpmn.Fire(token), actor=CLOCK)
    except Conflict:
        logger.info("timer %s of case %s was already done", token, case_id)


@jobs.job(name="cases.notified", queue="cases", retry=5)
def notified(*, case_id: str, at: str, message: str = "") -> None:
    """The person opened the legal notice: that instant is the notification (CPACA art. 56)."""
    with stepping(UUID(case_id), NEWS) as machine:
        paper_notice.opened(machine, message, datetime.fromisoformat(at))


@jobs.job(name="cases.notify-on-paper", queue="cases", retry=5)
def notify_on_paper(*, case_id: str, message: str) -> None:
    """Give the office the task to notify somebody who does not open the electronic notice."""
    with stepping(UUID(case_id), NEWS) as machine:
        paper_notice.ask_office(machine, UUID(message))


@jobs.job(name="cases.money-held", queue="cases", retry=5)
def money_held(*, case_id: str, refund_id: str) -> None:
    """Money that was not due came for the case, whatever became of it: ask its office to send it back."""
    with stepping(UUID(case_id), NEWS) as machine:
        held_money.ask_office(machine, UUID(refund_id))


@jobs.job(name="cases.held-money-decided", queue="cases", retry=5)
def held_money_decided(*, case_id: str, refund_id: str) -> None:
    """Held money was sent back, or is not."""
    with stepping(UUID(case_id), NEWS) as machine:
        held_money.decided(machine, UUID(refund_id))


@jobs.job(name="cases.export-file", queue="documents", retry=3)
def export_file(*, export_id: str) -> None:
    """Pack a large electronic file for whoever asked for it."""
    efile.make(UUID(export_id))


@jobs.periodic(cron="* * * * *", name="cases.tick")
def tick() -> None:
    """Find the terms that ended and the timers that are due; each case is stepped by a job of its own."""
    for case_id, term in terms.running_over(clock.today()):
        expire_term.defer(case_id=str(case_id), term=term)
    due = (
        FlowToken.objects.filter(due__lte=clock.now()).order_by("due").values_list("case_id", "token")[:1000]
    )
    for case_id, token in due:
        fire.defer(case_id=str(case_id), token=token)


@jobs.periodic(cron="5 * * * *", name="cases.seal")
def seal() -> None:
    """Sign the heads of all cases that moved since the last hour; drop news and packed files that nobody waited for."""
    sealing.seal_heads()
    correlation.forget()
    efile.drop_old()


@jobs.periodic(cron="20 3 * * *", name="cases.retain")
def retain() -> None:
    """List the cases whose years are over, and carry out what the archive committee approved."""
    retention.daily(clock.today())
