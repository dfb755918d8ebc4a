"""Who gets the document itself: its holder, an official who sees the case; each read is in the log."""

from collections.abc import Iterator
from typing import Any

import pytest

from ruta.cases.perms import hidden_from
from ruta.documents import perms, selectors, store
from ruta.identity.actors import Actor
from ruta.identity.models import Person, PersonDocument
from ruta.kernel import audit
from ruta.kernel.errors import NotFound

from .builders import an_output

pytestmark = pytest.mark.django_db
CASE = "2026-CRB-000123-7"


@pytest.fixture
def holder() -> Person:
    person = Person.objects.create(given_names="María", first_surname="Rojas", search_name="", sort_name="")
    PersonDocument.objects.create(person=person, type="CC", number="1020304050")
    return person


@pytest.fixture(autouse=True)
def _cases_of_the_team() -> Iterator[None]:
    before = list(perms._rules)
    perms.set_visible_cases(lambda actor: [CASE] if "1501-15001" in actor.teams else [], hidden_from)
    yield
    perms._rules[:] = before


def person(holder: Person, **more: Any) -> Actor:
    return Actor(kind="person", name="María", person_id=holder.id, **more)


def official(team: str) -> Actor:
    return Actor(kind="official", name="Luis", official_id=3, teams=frozenset({team}), roles=frozenset())


def test_the_holder_gets_the_signed_bytes(holder: Person) -> None:
    output = an_output(holder=holder.id)
    file = selectors.download(output, person(holder))
    assert b"".join(file.chunks()) == file.read() == store.read(output.pdf_sha256)
    assert file.name == f"copy-{output.code}.pdf"
    assert file.size == len(file.read())


def test_an_official_of_the_team_gets_it_and_the_holder_can_see_that(holder: Person) -> None:
    output = an_output(holder=holder.id)
    selectors.download(output, official("1501-15001"))
    (read,) = audit.reads_about("1020304050")
    assert (read.actor_name, read.purpose, read.what, read.case_number) == (
        "Luis",
        "case_processing",
        "output:copy",
        CASE,
    )


def test_ones_own_download_is_logged_as_own_data(holder: Person) -> None:
    selectors.download(an_output(holder=holder.id), person(holder))
    assert list(audit.reads_about("1020304050")) == []
    assert audit.reads_about("1020304050", include_own=True).count() == 1


def test_everyone_else_gets_the_answer_of_an_unknown_code(holder: Person) -> None:
    output = an_output(holder=holder.id)
    somebody = Person.objects.create(given_names="Eva", first_surname="Gil", search_name="", sort_name="")
    for actor in (Actor.anonymous(), person(somebody), official("1101-11001")):
        with pytest.raises(NotFound, match="did not find"):
            selectors.download(output, actor)
        assert not perms.visible_to(actor).exists()


def test_an_output_without_holder_belongs_to_no_person_without_one() -> None:
    output = an_output(holder=None)
    nobody = Actor(kind="person", name="x", person_id=None)
    assert output not in perms.visible_to(nobody)


def test_a_document_that_is_still_being_signed_says_so(holder: Person) -> None:
    output = an_output(render=False, holder=holder.id)
    with pytest.raises(NotFound, match="being signed"):
        selectors.download(output, person(holder))
    assert list(selectors.outputs_of_person(holder.id)) == []


def test_a_person_sees_what_was_issued_newest_first(holder: Person) -> None:
    first, second = an_output(holder=holder.id), an_output(holder=holder.id)
    an_output()
    assert list(selectors.outputs_of_person(holder.id)) == [second, first]
