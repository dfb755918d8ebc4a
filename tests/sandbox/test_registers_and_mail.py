"""Other agencies' registers, the mailbox, and the page of faults."""

import smtplib
from email.message import EmailMessage
from pathlib import Path

import httpx
import pytest

from ruta.sandbox import testing
from ruta.sandbox.testing import Playground

RUV = "CO/GOB/900490473/RUV/displaced-persons/v1"
CLIENT = {"X-Road-Client": "CO/GOB/899999053/RUTA", "X-Road-Id": "7"}


def write(outside: Playground, subject: str = "Hola", to: str = "ana@example.co", html: str = "") -> None:
    letter = EmailMessage()
    letter["From"], letter["To"], letter["Subject"] = "ruta@example.co", to, subject
    letter.set_content("Vea https://ruta.example.co/1\n")
    if html:
        letter.add_alternative(html, subtype="html")
    with smtplib.SMTP("127.0.0.1", outside.smtp_port) as server:
        server.send_message(letter)


def test_a_register_is_read_over_the_protocol_and_again_when_its_file_changes(outside: Playground) -> None:
    url = f"{outside.xroad_url}/r1/{RUV}"
    assert httpx.get(url, headers=CLIENT).headers["X-Road-Error"] == "Server.ServerProxy.UnknownService"
    outside.fill("ruv", RUV, [{"document_number": "1", "displaced": True}])
    found = httpx.get(url, headers=CLIENT, params={"document_number": "1"})
    assert found.json()["displaced"] is True
    assert (found.headers["X-Road-Id"], bool(found.headers["X-Road-Request-Hash"])) == ("7", True)


def test_a_register_without_a_service_is_every_service_of_its_subsystem(tmp_path: Path) -> None:
    (tmp_path / "registers.json").write_text('{"ani": [{"document_number": "1", "sex": "F"}]}')
    with testing.running(tmp_path) as playground:
        for service, status in (("ANI/identity/v1", 200), ("ANI/cards/v2", 200), ("RUV/identity/v1", 404)):
            url = f"{playground.xroad_url}/r1/CO/GOB/899999040/{service}"
            assert httpx.get(url, headers=CLIENT, params={"document_number": "1"}).status_code == status
        assert "…/ANI/…" in httpx.get(playground.url).text


def test_only_the_register_itself_says_that_there_is_no_entry(outside: Playground) -> None:
    outside.fill("ruv", RUV, [{"document_number": "1", "displaced": True}])
    absent = httpx.get(f"{outside.xroad_url}/r1/{RUV}", headers=CLIENT, params={"document_number": "2"})
    assert (absent.status_code, absent.json()["type"]) == (404, "NotFound")
    assert "X-Road-Error" not in absent.headers


def test_a_question_without_its_sender_or_its_key_is_refused(outside: Playground) -> None:
    outside.fill("ruv", RUV, [])
    assert httpx.get(f"{outside.xroad_url}/r1/{RUV}").headers["X-Road-Error"] == "Client.MissingHeader"
    assert httpx.get(f"{outside.xroad_url}/r1/{RUV}", headers=CLIENT).status_code == 400


def test_mail_is_kept_and_found_by_address(outside: Playground) -> None:
    write(outside, "Para Ana")
    write(outside, "Para Luis", to="Luis@Example.co")
    assert [
        letter["subject"] for letter in httpx.get(f"{outside.url}/mailbox/api?to=luis@").json()["letters"]
    ] == ["Para Luis"]
    page = httpx.get(f"{outside.url}/mailbox", params={"to": "ana"}).text
    assert "Para Ana" in page
    assert "Para Luis" not in page


def test_a_letter_is_shown_shut_in_with_links_that_can_be_followed(outside: Playground) -> None:
    write(outside, html="<p><a href='https://ruta.example.co/1'>ver</a></p><script>alert(1)</script>")
    (letter,) = outside.letters()
    page = httpx.get(f"{outside.url}/mailbox/{letter['id']}").text
    assert 'sandbox="allow-popups' in page
    assert '<a href="https://ruta.example.co/1" rel="noopener" target="_blank"' in page
    inside = httpx.get(f"{outside.url}/mailbox/{letter['id']}/html")
    policy = inside.headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "allow-scripts" not in policy
    assert inside.text.startswith('<base target="_blank">')


def test_a_subject_with_markup_is_shown_as_text(outside: Playground) -> None:
    write(outside, "<b>ojo</b>")
    assert "&lt;b&gt;ojo&lt;/b&gt;" in httpx.get(f"{outside.url}/mailbox").text


@pytest.mark.parametrize(("mode", "code"), [("down", 421), ("refuse", 550)])
def test_the_mail_server_refuses_as_asked(outside: Playground, mode: str, code: int) -> None:
    outside.misbehave("smtp", mode, times=1)
    with pytest.raises(smtplib.SMTPRecipientsRefused) as wrong:
        write(outside)
    assert [answer[0] for answer in wrong.value.recipients.values()] == [code]
    write(outside)
    assert len(outside.letters()) == 1


@pytest.mark.parametrize(("mode", "letters"), [("lost", 0), ("twice", 2), ("slow", 1)])
def test_the_mail_server_loses_and_repeats_as_asked(outside: Playground, mode: str, letters: int) -> None:
    outside.misbehave("smtp", mode, times=1)
    write(outside)
    assert len(outside.letters()) == letters


def test_a_fault_is_asked_for_by_a_program_or_with_a_button(outside: Playground) -> None:
    control = f"{outside.url}/control"
    httpx.post(control, json={"target": "gateway", "mode": "down", "times": 2})
    assert httpx.get(control).json()["gateway"] == {"mode": "down", "times": 2, "delay": 3.0}
    assert httpx.post(control, data={"target": "gateway", "mode": "late", "times": ""}).status_code == 303
    assert httpx.get(control).json()["gateway"] == {"mode": "late", "times": None, "delay": 60.0}
    assert "avisa tarde" in httpx.get(control, headers={"Accept": "text/html"}).text


@pytest.mark.parametrize(
    ("asked", "words"),
    [
        ({"target": "bank", "mode": "down"}, "use gateway, smtp, xroad:"),
        ({"target": "smtp", "mode": "forged"}, "use one of ok, slow, down, refuse"),
        ({"target": "smtp", "mode": "slow", "delay": -1}, "between 0 and 86400"),
        ({"target": "smtp", "mode": "slow", "times": "many"}, "many"),
    ],
)
def test_a_fault_that_does_not_exist_is_named_with_those_that_do(
    outside: Playground, asked: dict[str, object], words: str
) -> None:
    answer = httpx.post(f"{outside.url}/control", json=asked)
    assert answer.status_code == 422
    assert words in answer.json()["detail"]


def test_the_front_page_lists_the_outside_world(outside: Playground) -> None:
    outside.fill("ruv", RUV, [{"document_number": "1"}])
    page = httpx.get(outside.url).text
    for part in ("/gateway", "/mailbox", "/control", RUV, str(outside.smtp_port)):
        assert part in page


def test_it_imports_no_other_room() -> None:
    import ast

    import ruta.sandbox

    for path in Path(next(iter(ruta.sandbox.__path__))).glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            names = [node.module or ""] if isinstance(node, ast.ImportFrom) and node.level == 0 else []
            names += [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            assert not [name for name in names if name.split(".")[0] in ("ruta", "django")], path.name


def test_all_state_survives_a_restart(tmp_path: Path) -> None:
    with testing.running(tmp_path) as before:
        before.misbehave("smtp", "twice")
        write(before)
    with testing.running(tmp_path) as after:
        assert len(after.letters()) == 2
        assert after.sandbox.faults.peek("smtp").mode == "twice"
