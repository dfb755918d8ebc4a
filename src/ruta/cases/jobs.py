"""What happens to cases outside a request: news delivered, terms and timers that come due, heads sealed."""

from __future__ import annotations

import logging
from typing import Any
from uuid import UUID

from ruta.engine import bpmn
from ruta.identity.actors import Actor
from ruta.kernel import clock, jobs
from ruta.kernel.errors import Conflict

from . import endings, facts, history, sealing, tasks, terms
from .drafts import jobs as _drafts  # noqa: F401  its jobs register here
from .machine import CLOCK, Machine, advance
from .models import FlowToken

logger = logging.getLogger(__name__)
NEWS = Actor.system("news")


@jobs.job(name="cases.finish", queue="cases", retry=5)
def finish(*, case_id: str, token: int, kind: str, about: str) -> None:
    """A lower room finished what a box waits for: give the box its result and go on.

    Runs twice without harm: the second finds the token gone.
    """
    from . import results

    try:
        with results.transaction():
            machine = Machine.load(UUID(case_id), NEWS)
            if machine.state is None or machine.state.token(token) is None:
                return
            result = results.of(machine, kind, about)
            if kind.startswith("message."):  # somebody may have been asked to notify on paper meanwhile
                tasks.withdraw(machine, token)
            machine.rules.stale()
            machine.run(bpmn.JobDone(token, result))
            machine.save()
    except Conflict:
        logger.info("case %s no longer waits at %s", case_id, token)


@jobs.job(name="cases.look-up", queue="outside", retry=5)
def look_up_elsewhere(*, case_id: str, token: int, read: str) -> None:
    """Ask another agency's register outside any case's lock, then let the case go on with the answer."""
    from . import results
    from .verbs.recording import keep_fact

    with results.transaction():
        asking = Machine.load(UUID(case_id), NEWS)
        text = asking.compiled.read(read).key.removeprefix("=")
        key, number = asking.rules.evaluate(text, asking.variables), asking.case.number
    fact = facts.ask(asking.compiled, read, key, actor=NEWS, case_number=number)
    with results.transaction():
        machine = Machine.load(UUID(case_id), NEWS)
        if machine.state is None or machine.state.token(token) is None:
            return
        machine.run(bpmn.JobDone(token, keep_fact(machine, read, fact)))
        machine.save()


@jobs.job(name="cases.deliver", queue="cases", retry=5)
def deliver(*, name: str, key: str, payload: dict[str, Any]) -> None:
    """Give a message to every case that waits for it by name and key."""
    for case_id in FlowToken.objects.filter(key=key).values_list("case_id", flat=True).distinct():
        try:
            advance(case_id, bpmn.Receive(name, key, payload), actor=NEWS)
        except Conflict:
            logger.info("case %s no longer waits for %s", case_id, name)


@jobs.job(name="cases.expire-term", queue="cases", retry=5)
def expire_term(*, case_id: str, term: str) -> None:
    """Let one term of one case expire."""
    from . import results

    with results.transaction():
        machine = Machine.load(UUID(case_id), CLOCK)
        machine.expire_term(term)
        machine.save()


@jobs.job(name="cases.fire", queue="cases", retry=5)
def fire(*, case_id: str, token: int) -> None:
    """The time of a timer has come."""
    try:
        advance(UUID(case_id), bpmn.Fire(token), actor=CLOCK)
    except Conflict:
        logger.info("timer %s of case %s was already done", token, case_id)


@jobs.job(name="cases.notified", queue="cases", retry=5)
def notified(*, case_id: str, at: str) -> None:
    """The person opened the legal notice: that instant is the notification (CPACA art. 56)."""
    from datetime import datetime

    from . import results

    with results.transaction():
        machine = Machine.load(UUID(case_id), NEWS)
        if machine.case.notified_at is None:
            endings.notify(machine, datetime.fromisoformat(at))
            history.append(machine.case, "notice-opened", actor=NEWS)
        machine.save()


@jobs.job(name="cases.notify-on-paper", queue="cases", retry=5)
def notify_on_paper(*, case_id: str, message: str) -> None:
    """Give the office the task to notify somebody who does not open the electronic notice."""
    from . import paper_notice, results

    with results.transaction():
        machine = Machine.load(UUID(case_id), NEWS)
        paper_notice.ask_office(machine, UUID(message))
        machine.save()


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
    """Sign the heads of all cases that moved since the last hour."""
    sealing.seal_heads()
