"""The sample country that `make demo` builds is the one promised: people, agencies, cases, and a history that holds."""

from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from rich.progress import Progress

from ruta.cases import sealing
from ruta.cases.models import Case, SealedHeads
from ruta.cases.play.country import Country
from ruta.config.commands import demo
from ruta.documents.models import Output
from ruta.identity.models import Account, Agency, Official, Person, Team
from ruta.kernel.clock import today
from ruta.kernel.identifiers import nit_check_digit, problem_of_document
from ruta.registers.models import Entry

pytestmark = [pytest.mark.slow, pytest.mark.django_db]


@pytest.fixture
def country(settings: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Country:
    """The whole country, built as `ruta demo` builds it."""
    settings.HOME = tmp_path
    built: list[Country] = []
    build = Country.build

    def remembered(self: Country) -> None:
        built.append(self)
        build(self)

    monkeypatch.setattr(Country, "build", remembered)
    demo._publish()
    demo._build(demo.Steps(Progress(disable=True)))
    (country,) = built
    return country


def test_the_sample_country_has_its_people_agencies_and_cases_and_every_chain_verifies(
    country: Country,
) -> None:
    people = {person.number: person for person in country.generator.people[: country.count]}
    assert len(people) == 500
    assert {person.generation for person in people.values()} == {1, 2, 3}
    for person in people.values():
        assert problem_of_document(person.document_type(today()), person.number) is None, person.number

    entries = Entry.objects.filter(
        register="birth", version=1, data__has_key="nuip"
    )  # an old book's may lack it
    births = {entry.data["nuip"]: entry.data for entry in entries}
    assert set(people) <= set(births)
    for number, person in people.items():
        for role in ("mother", "father"):
            parent = getattr(person, role)
            told = births[number].get(role)
            assert (told or {}).get("number") == (parent.number if parent else None)
            assert parent is None or parent.number in births
        if person.spouse is not None:
            assert births[number]["spouse"] == person.spouse.number
            assert person.spouse.spouse is person
    grandchildren = [each for each in people.values() if each.generation == 3]
    assert grandchildren
    assert all(child.mother and child.mother.mother for child in grandchildren)
    living = {number for number, person in people.items() if person.died_on is None}
    assert living <= set(Person.objects.values_list("documents__number", flat=True))

    assert Agency.objects.count() == 6
    for agency in Agency.objects.all():
        body, digit = agency.nit.split("-")
        assert nit_check_digit(body) == int(digit)
        officials = Official.objects.filter(team__agency=agency, active=True)
        assert officials.exists(), agency.name
        assert Team.objects.filter(agency=agency).exists()
        assert Account.objects.filter(person__in=officials.values("person")).exists()

    assert Case.objects.count() == 200
    states = Counter(Case.objects.values_list("status", flat=True))
    assert set(states) >= {"open", "closed"}
    assert Case.objects.filter(incident__isnull=False).count() == 0
    assert Output.objects.exclude(pdf_sha256="").exists()
    assert SealedHeads.objects.count() == 1
    assert sealing.verify() is None
