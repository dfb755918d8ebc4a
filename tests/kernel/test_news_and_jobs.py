"""News travels up in the publisher's transaction, and work waits for its commit."""

from datetime import date

import pytest

from ruta.kernel import clock, events, jobs
from ruta.kernel.models import DomainEvent

pytestmark = pytest.mark.django_db

ran: list[str] = []


@jobs.job(name="tests.note", retry=1)
def note(word: str) -> None:
    ran.append(word)


def test_a_handler_hears_the_news_and_the_job_it_defers_runs_when_due() -> None:
    @events.handles("tests.happened")
    def hear(news: events.News) -> None:
        note.defer(word=news.payload["word"])

    events.publish("tests.happened", key="1", payload={"word": "hola"})
    assert DomainEvent.objects.filter(name="tests.happened", key="1").exists()
    assert ran == []
    assert jobs.run_due() == 1
    assert ran == ["hola"]


def test_the_clock_is_colombian_and_can_be_moved() -> None:
    with clock.moved(date(2026, 3, 2)):
        assert clock.today() == date(2026, 3, 2)
        assert clock.now().hour == 14
