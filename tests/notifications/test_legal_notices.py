"""A legal notice is notified when its addressee opens it (CPACA art. 56), and only then."""

from datetime import UTC, date, datetime, time

import pytest
from notifications_builders import ANA, a_message, ana, news

from ruta.identity.actors import Actor
from ruta.kernel import clock, jobs
from ruta.kernel.errors import NotFound
from ruta.kernel.ids import new_id
from ruta.notifications import selectors, services
from ruta.notifications.models import Delivery, Message
from ruta.sandbox.testing import Playground

pytestmark = pytest.mark.django_db

MADE_AVAILABLE = date(2026, 10, 5)  # a Monday; the 12th is a holiday


def a_notice() -> Message:
    with clock.moved(MADE_AVAILABLE):
        message = a_message(
            legal=True,
            template="refused",
            subject="Decisión sobre su solicitud",
            body_markdown="No se concede porque falta el propósito.",
        )
        jobs.run_due()
    message.refresh_from_db()
    return message


def morning_of(day: date) -> datetime:
    return clock.instant(datetime.combine(day, time(8)))


def reminders(message: Message) -> list[str]:
    return list(
        Delivery.objects.filter(message=message, what__startswith="reminder", status="delivered")
        .order_by("id")
        .values_list("what", flat=True)
    )


def test_the_instant_of_opening_is_the_notification_with_its_proof(post_office: Playground) -> None:
    message = a_notice()
    with clock.moved(datetime(2026, 10, 7, 14, 30, tzinfo=UTC)):
        services.open_message(message, ana, session_key="s3ss10n")
    opened = selectors.message_of_person(message.id, ANA)
    assert (opened.status, opened.opened_by) == ("opened", ANA)
    assert opened.opened_at == datetime(2026, 10, 7, 14, 30, tzinfo=UTC)
    assert (len(opened.opened_session), len(opened.opened_sha256)) == (64, 64)
    (event,) = news("message.opened", message)
    assert (event.payload["opened_at"], event.payload["legal"]) == ("2026-10-07T14:30:00+00:00", True)


def test_who_waits_for_the_sending_hears_of_it_though_the_message_was_opened_first(
    post_office: Playground,
) -> None:
    message = a_message()
    services.open_message(message, ana)
    jobs.run_due()
    assert (len(news("message.sent", message)), len(news("message.opened", message))) == (1, 1)


def test_only_the_first_opening_counts(post_office: Playground) -> None:
    message = a_notice()
    with clock.moved(date(2026, 10, 7)):
        first = services.open_message(message, ana).opened_at
    with clock.moved(date(2026, 10, 8)):
        assert services.open_message(message, ana).opened_at == first
    assert len(news("message.opened", message)) == 1


@pytest.mark.parametrize(
    "nobody",
    [
        Actor(kind="person", name="Luis", person_id=new_id()),
        Actor(kind="official", name="o", official_id=1, person_id=ANA),
        Actor.system("step"),
        Actor.anonymous(),
    ],
)
def test_nobody_but_the_addressee_opens_it(post_office: Playground, nobody: Actor) -> None:
    message = a_notice()
    with pytest.raises(NotFound):
        services.open_message(message, nobody)
    message.refresh_from_db()
    assert message.opened_at is None


def test_the_e_mail_announces_it_and_does_not_hold_its_text(post_office: Playground) -> None:
    message = a_notice()
    (letter,) = post_office.letters()
    assert "falta el propósito" not in letter["text"] + letter["html"]
    assert letter["links"] == [f"https://ruta.example.co/mensajes/{message.id}/"]
    assert "falta el propósito" in message.body_text


def test_reminders_go_on_business_days_1_3_and_5_once_each(post_office: Playground) -> None:
    message = a_notice()
    sent: dict[int, list[str]] = {}
    for day in range(5, 16):
        with clock.moved(morning_of(date(2026, 10, day))):
            before = len(reminders(message))
            services.remind_unopened()
            services.remind_unopened()
            jobs.run_due()
            if added := reminders(message)[before:]:
                sent[day] = added
    assert sent == {6: ["reminder-1"], 8: ["reminder-3"], 13: ["reminder-5"]}


def test_unopened_at_the_end_of_day_5_the_paper_way_may_begin(post_office: Playground) -> None:
    message = a_notice()
    with clock.moved(morning_of(date(2026, 10, 13))):
        services.remind_unopened()
        assert news("message.unopened", message) == []
    for day in (14, 15):
        with clock.moved(morning_of(date(2026, 10, day))):
            services.remind_unopened()
    assert len(news("message.unopened", message)) == 1
    message.refresh_from_db()
    assert message.status == "sent"


def test_an_opened_notice_is_not_reminded_of(post_office: Playground) -> None:
    message = a_notice()
    with clock.moved(MADE_AVAILABLE):
        services.open_message(message, ana)
    with clock.moved(morning_of(date(2026, 10, 6))):
        assert services.remind_unopened() == 0


def test_a_legal_notice_is_always_in_the_folder() -> None:
    assert a_message(legal=True, channels=["email"]).channels == ["folder", "email"]


def test_the_folder_counts_what_is_unopened(post_office: Playground) -> None:
    message = a_notice()
    a_message(channels=["email"])
    assert selectors.unopened_count(ANA) == 1
    services.open_message(message, ana)
    assert selectors.unopened_count(ANA) == 0
