"""Signing up, in and out on an old phone: e-mail, password, a code; nothing typed is lost."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.core import mail
from django.core.cache import cache
from django.test import Client
from django.urls import reverse
from identity_builders import CLAIM, PASSWORD, a_register_of_persons, an_account, right_answers

from ruta.identity import proofing
from ruta.identity.models import Account, ProofingAttempt
from ruta.kernel import clock

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _fresh_limits() -> None:
    cache.clear()


def signed_in(client: Client, email: str = "ana@ejemplo.co") -> Any:
    return client.post(reverse("account_login"), {"login": email, "password": PASSWORD})


def code_in(message: Any) -> str:
    found = re.search(r"^([A-Z0-9-]{6,12})$", message.body, re.MULTILINE)
    assert found, message.body
    return found[1]


def test_an_account_is_made_with_an_address_confirmed_by_a_code(client: Client) -> None:
    sent = client.post(
        reverse("account_signup"), {"email": "Ana@Ejemplo.co", "password1": PASSWORD, "next": "/tramites/"}
    )
    assert sent.headers["Location"].startswith(reverse("account_email_verification_sent"))
    assert client.get(sent.headers["Location"]).status_code == 200
    assert mail.outbox[0].to == ["ana@ejemplo.co"]
    wrong = client.post(reverse("account_email_verification_sent"), {"code": "ZZZZZZ"})
    assert "El código no es correcto" in wrong.content.decode()
    done = client.post(
        reverse("account_email_verification_sent"), {"code": code_in(mail.outbox[0]), "next": "/tramites/"}
    )
    assert done.headers["Location"] == "/tramites/"
    account = Account.objects.get()
    assert (account.email, account.lang) == ("ana@ejemplo.co", "es")
    assert client.session["_auth_user_id"] == str(account.pk)


def test_who_has_not_confirmed_the_address_cannot_come_in(client: Client) -> None:
    client.post(reverse("account_signup"), {"email": "ana@ejemplo.co", "password1": PASSWORD})
    assert "Hubo demasiados intentos" in signed_in(Client()).content.decode()
    cache.clear()  # ten seconds later
    sent = signed_in(Client())
    assert sent.headers["Location"].startswith(reverse("account_email_verification_sent"))


@pytest.mark.parametrize(
    ("password", "said"),
    [
        ("x7#k", "por lo menos 10 caracteres"),
        ("liverpool1", "demasiado común"),
        ("ana-ramirez-p", "demasiado similar"),
        ("98765432101", "completamente numérica"),
    ],
)
def test_a_weak_or_breached_password_is_refused_with_the_reason_and_the_address_stays(
    client: Client, password: str, said: str
) -> None:
    answer = client.post(
        reverse("account_signup"), {"email": "ana-ramirez-p@ejemplo.co", "password1": password}
    )
    page = answer.content.decode()
    assert said in page
    assert 'value="ana-ramirez-p@ejemplo.co"' in page
    assert password not in page.replace("ana-ramirez-p@", "")
    assert not Account.objects.exists()


def test_signing_in_goes_where_one_was_going_and_not_to_another_site(client: Client) -> None:
    an_account()
    there = client.post(
        reverse("account_login"),
        {"login": "ana@ejemplo.co", "password": PASSWORD, "next": "/tramites/?q=copia"},
    )
    assert there.headers["Location"] == "/tramites/?q=copia"
    other = Client()
    away = other.post(
        reverse("account_login"),
        {"login": "ana@ejemplo.co", "password": PASSWORD, "next": "https://mal.example/"},
    )
    assert away.headers["Location"] == "/"


def test_a_wrong_password_does_not_say_whether_the_account_exists(client: Client) -> None:
    an_account()
    told = [
        client.post(
            reverse("account_login"), {"login": email, "password": "otra frase larga"}
        ).content.decode()
        for email in ("ana@ejemplo.co", "nadie@ejemplo.co")
    ]
    for page in told:
        assert "El correo o la contraseña no son correctos." in page
        assert "otra frase larga" not in page


def test_five_wrong_passwords_wait(client: Client) -> None:
    an_account()
    for _ in range(5):
        client.post(reverse("account_login"), {"login": "ana@ejemplo.co", "password": "otra frase larga"})
    answer = signed_in(client)
    assert answer.status_code != 302
    assert "Espere unos minutos" in answer.content.decode()


def test_an_address_already_taken_is_told_by_mail_only(client: Client) -> None:
    an_account()
    answer = client.post(reverse("account_signup"), {"email": "ana@ejemplo.co", "password1": PASSWORD})
    assert answer.headers["Location"].startswith(reverse("account_email_verification_sent"))
    assert "Usted ya tiene una cuenta" in mail.outbox[0].subject
    assert Account.objects.count() == 1


def test_a_forgotten_password_is_replaced_with_a_code(client: Client) -> None:
    an_account()
    sent = client.post(reverse("account_reset_password"), {"email": "ana@ejemplo.co"})
    assert client.get(sent.headers["Location"]).status_code == 200
    confirmed = client.post(sent.headers["Location"], {"code": code_in(mail.outbox[0])})
    assert confirmed.headers["Location"] == reverse("account_complete_password_reset")
    assert client.get(confirmed.headers["Location"]).status_code == 200
    new = "otra frase igual de larga"
    client.post(reverse("account_complete_password_reset"), {"password1": new, "password2": new})
    assert Account.objects.get().check_password(new)
    assert mail.outbox[-1].subject == "Su contraseña cambió"


def test_mail_that_does_not_leave_is_told_and_the_account_waits(client: Client, settings: Any) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 9
    sent = client.post(
        reverse("account_signup"), {"email": "ana@ejemplo.co", "password1": PASSWORD}, follow=True
    )
    assert "No pudimos enviarle el correo" in sent.content.decode()
    assert Account.objects.filter(email="ana@ejemplo.co").exists()


def test_a_session_ends_after_half_an_hour_of_nothing_and_lasts_while_it_is_used(client: Client) -> None:
    an_account()
    signed_in(client)
    client.get(reverse("identity:step-up"))
    first = client.session["ruta_seen"]
    assert client.session.get_expiry_age() <= 30 * 60
    with clock.moved(clock.now() + timedelta(seconds=30)):
        client.get(reverse("identity:step-up"))
    assert client.session["ruta_seen"] == first
    with clock.moved(clock.now() + timedelta(minutes=20)):
        client.get(reverse("identity:step-up"))
    assert client.session["ruta_seen"] > first


def test_an_account_proves_who_it_is_and_comes_back_to_where_it_was(client: Client) -> None:
    account = an_account()
    signed_in(client)
    there = reverse("identity:step-up")
    with a_register_of_persons():
        page = client.get(there, {"siguiente": "/tramites/copia/3/"}).content.decode()
        assert 'name="siguiente" value="/tramites/copia/3/"' in page
        sent = client.post(there, CLAIM | {"siguiente": "/tramites/copia/3/"})
        assert (
            sent.headers["Location"]
            == f"{reverse('identity:questions')}?siguiente=%2Ftramites%2Fcopia%2F3%2F"
        )
        asked = client.get(sent.headers["Location"])
        assert asked.status_code == 200
        questions = proofing.questions_of(ProofingAttempt.objects.get())
        answers = {f"answer-{n}": text for n, text in enumerate(right_answers(questions))}
        half = client.post(
            reverse("identity:questions"), {"answer-0": answers["answer-0"], "siguiente": "/x/"}
        )
        assert half.status_code == 422
        assert 'href="#id_answer-1"' in half.content.decode()
        assert re.search(rf'value="{re.escape(answers["answer-0"])}" checked', half.content.decode())
        done = client.post(reverse("identity:questions"), answers | {"siguiente": "/tramites/copia/3/"})
    assert done.headers["Location"] == "/tramites/copia/3/"
    account.refresh_from_db()
    assert account.person is not None and account.person.assurance == "medium"
    assert client.get(there, {"siguiente": "/mis-tramites/"}).headers["Location"] == "/mis-tramites/"


def test_a_faulty_claim_keeps_what_was_typed_and_links_to_each_field(client: Client) -> None:
    an_account()
    signed_in(client)
    with a_register_of_persons():
        answer = client.post(
            reverse("identity:step-up"), CLAIM | {"birth_date": "31/02/1998", "given_names": "Mar1a"}
        )
    page = answer.content.decode()
    assert answer.status_code == 422
    assert 'href="#id_birth_date"' in page and "febrero de 1998 tiene 28 días" in page
    assert 'value="31/02/1998"' in page and 'value="Mar1a"' in page and 'value="1.020.304.050"' in page


def test_wrong_answers_lead_back_with_the_reason(client: Client) -> None:
    an_account()
    signed_in(client)
    with a_register_of_persons():
        client.post(reverse("identity:step-up"), CLAIM)
        questions = proofing.questions_of(ProofingAttempt.objects.get())
        answers = {f"answer-{n}": text for n, text in enumerate(right_answers(questions, wrong=3))}
        back = client.post(reverse("identity:questions"), answers, follow=True)
        assert "Las respuestas no coinciden con el registro" in back.content.decode()
        mismatch = client.post(reverse("identity:step-up"), CLAIM | {"issue_date": "01/01/2020"})
        assert mismatch.status_code == 409
        assert "no coinciden con el registro" in mismatch.content.decode()


def test_a_level_that_is_not_given_online_sends_to_an_office(client: Client) -> None:
    an_account()
    signed_in(client)
    page = client.get(
        reverse("identity:step-up"), {"nivel": "high", "siguiente": "//mal.example/"}
    ).content.decode()
    assert "en persona" in page
    assert 'href="//mal.example/"' not in page
    assert 'value="//mal.example/"' not in page


@pytest.mark.parametrize(
    "name",
    [
        "account_login",
        "account_signup",
        "account_logout",
        "account_reset_password",
        "account_inactive",
        "account_change_password",
        "account_email",
        "account_reauthenticate",
        "identity:step-up",
    ],
)
@pytest.mark.parametrize("lang", ["es", "en"])
def test_every_page_of_accounts_opens_in_both_languages(client: Client, name: str, lang: str) -> None:
    an_account()
    signed = name in (
        "account_change_password",
        "account_email",
        "account_reauthenticate",
        "identity:step-up",
    )
    if signed or name == "account_logout":
        signed_in(client)
    client.cookies["django_language"] = lang
    answer = client.get(reverse(name))
    assert answer.status_code == 200
    assert f'lang="{lang}"' in answer.content.decode()
