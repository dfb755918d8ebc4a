"""A message reaches the folder at once and the mail server sooner or later; every attempt is told."""

import logging
from datetime import timedelta

import pytest
from notifications_builders import ANA, a_message, news

from ruta.kernel import clock, jobs
from ruta.kernel.ids import new_id
from ruta.notifications import selectors, services
from ruta.notifications.models import Message
from ruta.sandbox.testing import Playground

pytestmark = pytest.mark.django_db


def log(message: Message) -> list[tuple[str, int, str, int | None]]:
    rows = message.deliveries.filter(channel="email").order_by("id")
    return [(row.what, row.attempt, row.status, row.code) for row in rows]


def fresh(message: Message) -> Message:
    message.refresh_from_db()
    return message


def test_a_message_is_in_the_folder_and_in_the_mailbox(post_office: Playground) -> None:
    message = a_message()
    assert message.status == "queued"
    jobs.run_due()
    assert fresh(message).status == "sent"
    assert message in selectors.messages_of_person(ANA)
    (letter,) = post_office.letters("ana@example.co")
    assert letter["subject"] == "Su documento está listo"
    assert "Hola, Ana." in letter["text"]
    assert "<strong>Ana</strong>" in letter["html"]
    assert letter["links"] == ["https://ruta.example.co/d/1"]
    assert (log(message), len(news("message.sent", message))) == ([("message", 1, "delivered", 250)], 1)


def test_nothing_is_sent_before_the_change_it_tells_is_kept(post_office: Playground) -> None:
    a_message()
    assert post_office.letters() == []


def test_the_same_token_writes_once_to_each_addressee(post_office: Playground) -> None:
    case_id = new_id()
    first = a_message(case_id=case_id, token=3)
    assert a_message(case_id=case_id, token=3) == first
    assert a_message(case_id=case_id, token=3, email="luis@example.co", person_id=new_id()) != first


def test_a_server_that_is_busy_gets_it_later_and_the_folder_does_not_wait(post_office: Playground) -> None:
    post_office.misbehave("smtp", "down", times=1)
    message = a_message()
    jobs.run_due()
    assert (fresh(message).status, log(message)) == ("sent", [("message", 1, "deferred", 421)])
    with clock.moved(clock.now() + timedelta(minutes=2)):
        jobs.run_due()
    assert log(message)[-1] == ("message", 2, "delivered", 250)
    assert (len(post_office.letters()), len(news("message.sent", message))) == (1, 1)


def test_a_server_that_cannot_be_reached_is_tried_seven_times_and_then_given_up(
    post_office: Playground, settings: pytest.FixtureRequest
) -> None:
    settings.EMAIL_PORT = 1  # type: ignore[attr-defined]
    message = a_message(channels=["email"])
    start = clock.now()
    jobs.run_due()
    for hour in range(1, 23):
        with clock.moved(start + timedelta(hours=hour)):
            while jobs.run_due():
                pass
    assert [row[2] for row in log(message)] == ["deferred"] * 6 + ["given-up"]
    assert (fresh(message).status, len(news("message.failed", message))) == ("failed", 1)


def test_a_refused_address_is_not_tried_again(post_office: Playground) -> None:
    post_office.misbehave("smtp", "refuse")
    both, only_mail = a_message(), a_message(channels=["email"])
    jobs.run_due()
    with clock.moved(clock.now() + timedelta(days=1)):
        assert jobs.run_due() == 0
    assert log(both) == log(only_mail) == [("message", 1, "refused", 550)]
    assert (fresh(both).status, fresh(only_mail).status) == ("sent", "failed")


def test_a_job_that_runs_twice_sends_once(post_office: Playground) -> None:
    message = a_message()
    services.deliver_message(message.id)
    services.deliver_message(message.id)
    assert len(post_office.letters()) == 1


def test_an_e_mail_sent_again_after_a_crash_is_recognised_by_its_id(post_office: Playground) -> None:
    message = a_message()
    services.deliver_message(message.id)
    jobs.run_due()
    message.deliveries.filter(channel="email").update(status="trying")  # its worker died without an answer
    services.deliver_message(message.id)
    assert services.resume_interrupted() == 0  # another worker may still be at it
    with clock.moved(clock.now() + timedelta(hours=1)):
        assert services.resume_interrupted() == 1
        jobs.run_due()
        assert services.resume_interrupted() == 0
    first, second = post_office.letters()
    assert first["message_id"] == second["message_id"]


def test_somebody_known_by_e_mail_only_gets_an_e_mail_only(post_office: Playground) -> None:
    message = a_message(person_id=None)
    jobs.run_due()
    assert (message.channels, fresh(message).status) == (["email"], "sent")


def test_a_message_in_english_is_framed_in_english(post_office: Playground) -> None:
    a_message(lang="en", subject="Your document", body_markdown="Hello", case_number="2026-CRB-000123-7")
    jobs.run_due()
    (letter,) = post_office.letters()
    assert "Number of your application: 2026-CRB-000123-7" in letter["text"]


def test_neither_markup_nor_a_header_can_be_smuggled_in(post_office: Playground) -> None:
    a_message(
        subject="Hola\r\nBcc: otro@example.co",
        body_markdown='<script>alert(1)</script> [x](javascript:alert(1)) <img src="http://x.example"> **bien**',
    )
    jobs.run_due()
    (letter,) = post_office.letters()
    assert letter["to"] == ["ana@example.co"]
    assert "<script" not in letter["html"]
    assert 'href="javascript' not in letter["html"]
    assert "<img" not in letter["html"]
    assert "<strong>bien</strong>" in letter["html"]


def test_no_address_reaches_the_logs(post_office: Playground, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    post_office.misbehave("smtp", "refuse", times=1)
    message = a_message()
    jobs.run_due()
    ours = [
        record.getMessage() for record in caplog.records if record.name.startswith(("ruta", "procrastinate"))
    ]
    assert not any("ana@example.co" in line for line in ours)
    assert "@" not in "".join(row.detail for row in message.deliveries.all())
