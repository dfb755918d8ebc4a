"""The same application sent twice at the same moment is one case, and both senders are told of it."""

import threading
from contextvars import copy_context
from typing import Any

import pytest
from django.db import connection
from tests.cases.case_builders import a_case, ana

from ruta.cases import filing
from ruta.cases.models import Case, CaseEvent
from ruta.cases.play.world import World
from ruta.payments.models import Charge

pytestmark = pytest.mark.django_db(transaction=True)


def test_two_filings_of_one_draft_at_once_are_one_case(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    actor = ana(world)
    line = threading.Barrier(2, timeout=30)
    judge = filing.applications.judge

    def judge_and_wait(*args: Any, **kwargs: Any) -> Any:
        judged = judge(*args, **kwargs)
        line.wait()  # both have found that nothing was filed, and both go on to file
        return judged

    monkeypatch.setattr(filing.applications, "judge", judge_and_wait)
    told: list[Any] = []

    def file() -> None:
        try:
            told.append(a_case(world, actor).number)
        except Exception as wrong:
            told.append(wrong)
        finally:
            connection.close()

    senders = [threading.Thread(target=copy_context().run, args=(file,)) for _ in range(2)]
    for sender in senders:
        sender.start()
    for sender in senders:
        sender.join()
    case = Case.objects.get()
    assert told == [case.number, case.number]
    assert Charge.objects.count() == 1
    assert CaseEvent.objects.count() == case.head_seq
