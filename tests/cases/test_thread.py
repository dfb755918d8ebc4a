"""One act is followed from the article of law to the certificate, and a link that was tampered with shows."""

import pytest
from django.db import connection
from tests.cases.case_builders import an_output, ana

from ruta.cases.models import Case, CaseTerm, RuleResult
from ruta.cases.play.world import World
from ruta.cases.selectors.thread import KINDS, _term_name, thread
from ruta.documents import store
from ruta.documents.models import Output
from ruta.identity.actors import Actor
from ruta.payments.models import Charge

pytestmark = pytest.mark.django_db


@pytest.fixture
def issued(world: World) -> tuple[Output, Actor]:
    actor = ana(world)
    return an_output(world, actor), actor


def _broken(output: Output, actor: Actor) -> list[str]:
    return [link.kind for link in thread(output, actor).links if not link.holds]


def test_the_thread_has_six_links_and_each_holds(issued: tuple[Output, Actor]) -> None:
    output, ana = issued
    found = thread(output, ana)
    assert tuple(link.kind for link in found.links) == KINDS
    assert found.holds
    assert found.whole


def test_a_stranger_sees_that_it_holds_but_not_what_was_answered(issued: tuple[Output, Actor]) -> None:
    output, ana = issued
    public, own = thread(output, Actor.anonymous()), thread(output, ana)
    assert public.holds
    assert not public.whole
    assert "1020304050" not in repr(public.links)
    assert "1020304050" in repr(own.links)


def test_an_answer_changed_in_the_database_breaks_the_form(issued: tuple[Output, Actor]) -> None:
    output, ana = issued
    Case.objects.update(form={"kind": "certificate"})
    assert "form" in _broken(output, ana)


def test_a_rule_hit_changed_in_the_database_breaks_the_rule(issued: tuple[Output, Actor]) -> None:
    output, ana = issued
    result = RuleResult.objects.order_by("id").first()
    assert result is not None
    result.hits[0]["rule"] = "another"
    result.save()
    assert _broken(output, ana) == ["rule"]


def test_a_price_changed_in_the_database_breaks_the_payment(issued: tuple[Output, Actor]) -> None:
    output, ana = issued
    charge = Charge.objects.get()
    charge.lines[0]["amount"] = 1
    charge.save()
    assert "payment" in _broken(output, ana)


def test_a_due_date_moved_in_the_database_breaks_the_clock(issued: tuple[Output, Actor]) -> None:
    output, ana = issued
    with connection.cursor() as cursor:
        cursor.execute("UPDATE cases_caseterm SET due_on = due_on + 5 WHERE term = 'answer'")
    assert _broken(output, ana) == ["clock"]


def _tamper(statement: str, case: object) -> None:
    """What somebody with the owner's rights could do."""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL ROLE ruta_owner")
        cursor.execute(statement, [case] if case else None)
        cursor.execute("RESET ROLE")


def test_an_article_that_the_law_of_the_version_does_not_know_breaks_the_article(
    issued: tuple[Output, Actor],
) -> None:
    output, ana = issued
    for result in RuleResult.objects.order_by("id"):
        for hit in result.hits:
            hit["law"] = "L572"
        result.save()
    assert "article" in _broken(output, ana)


def test_a_definition_that_is_not_the_published_one_breaks_the_article(issued: tuple[Output, Actor]) -> None:
    output, ana = issued
    _tamper("SET CONSTRAINTS ALL IMMEDIATE", None)
    _tamper("ALTER TABLE definitions_serviceversion DISABLE TRIGGER USER", None)
    _tamper(
        """UPDATE definitions_serviceversion SET content_hash = repeat('0', 64)
           WHERE id = (SELECT version_id FROM cases_case WHERE id = %s)""",
        output.case_id,
    )
    assert _broken(output, ana) == ["article"]


@pytest.mark.parametrize(
    ("statement", "link"),
    [
        ("DELETE FROM cases_eventpayload WHERE case_id = %s AND seq = 1", "form"),
        ("UPDATE cases_eventpayload SET data = NULL WHERE case_id = %s AND seq = 1", "form"),
        ("UPDATE cases_case SET outcome = 'refused' WHERE id = %s", "form"),
        ("DELETE FROM cases_ruleresult WHERE case_id = %s", "rule"),
        ("DELETE FROM cases_caseterm WHERE case_id = %s", "clock"),
        ("UPDATE documents_output SET public = '[]' WHERE case_id = %s", "output"),
        ('UPDATE documents_output SET title = \'{"es": "x", "en": "x"}\' WHERE case_id = %s', "output"),
        ("UPDATE documents_output SET pdf_sha256 = repeat('0', 64) WHERE case_id = %s", "output"),
        ("UPDATE cases_caseevent SET actor = 'x' WHERE case_id = %s AND seq = 3", "output"),
        ("DELETE FROM cases_caseevent WHERE case_id = %s AND type = 'decided'", "output"),
    ],
)
def test_each_link_is_broken_by_what_it_rests_on(
    issued: tuple[Output, Actor], statement: str, link: str
) -> None:
    output, ana = issued
    _tamper(statement, output.case_id)
    output.refresh_from_db()
    assert link in _broken(output, ana)


def test_stored_bytes_that_are_not_those_signed_break_the_output(issued: tuple[Output, Actor]) -> None:
    output, ana = issued
    path = store.path_of(output.pdf_sha256)
    kept = path.read_bytes()
    path.chmod(0o600)
    try:
        path.write_bytes(kept + b"%")
        assert _broken(output, ana) == ["output"]
    finally:
        path.write_bytes(kept)


@pytest.mark.parametrize(
    ("length", "es", "en"),
    [
        ("10 business days", "plazo de 10 días hábiles", "term of 10 business days"),
        ("1 month", "plazo de 1 mes", "term of 1 month"),
        ("8 working hours", "plazo de 8 horas hábiles", "term of 8 working hours"),
        ("1 calendar day exact", "plazo de 1 día calendario", "term of 1 calendar day"),
    ],
)
def test_a_term_is_named_by_its_length_in_words(length: str, es: str, en: str) -> None:
    assert _term_name(CaseTerm(term="answer", length=length)) == {"es": es, "en": en}
