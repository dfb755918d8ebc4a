"""The people of the sample country can do online what its pages offer."""

import json
from datetime import date
from pathlib import Path

import pytest
from pytest_django import Settings

from ruta.cases.models import Case
from ruta.cases.play.country import Country
from ruta.cases.play.world import World

pytestmark = pytest.mark.django_db

ASKED = ("birth_place", "issued_at", "voting_place", "mother_given_names", "father_given_names")


def test_the_national_archive_knows_enough_of_each_to_ask_four_questions(
    world: World, tmp_path: Path
) -> None:
    """Common facts §11.1: three of four answers, none of them the same as another."""
    country = Country(world.compiled, today=date(2026, 3, 2), progress=lambda *_: None)
    country.generator.make(60)
    country.write_elsewhere(tmp_path / "registers.json")
    people = json.loads((tmp_path / "registers.json").read_text())["ani"]
    assert len(people) > 20
    for person in people:
        answers = [person.get(field) for field in ASKED]
        assert None not in answers
        assert len(set(answers)) >= 4, person


def test_the_registers_that_another_service_told_stay(world: World, tmp_path: Path) -> None:
    """Each service of the country adds what it knows of other agencies, once."""
    path = tmp_path / "registers.json"
    path.write_text(json.dumps({"runt": [{"plate": "ABC123"}], "ani": [{"document_number": "1"}]}))
    country = Country(world.compiled, today=date(2026, 3, 2), progress=lambda *_: None)
    country.generator.make(60)
    country.write_elsewhere(path)
    once = json.loads(path.read_text())
    assert once["runt"] == [{"plate": "ABC123"}]
    assert {"document_number": "1"} in once["ani"]
    country.write_elsewhere(path)
    assert json.loads(path.read_text()) == once


@pytest.mark.parametrize("scenario", ["CR-16", "someone-else-with-a-purpose"])
def test_whoever_decides_in_a_story_works_in_the_office_of_the_entry(
    world: World, tmp_path: Path, settings: Settings, scenario: str
) -> None:
    """Told for another entry, the story moves to that entry's office with its official."""
    settings.HOME = tmp_path
    country = Country(world.compiled, today=date(2026, 3, 2), progress=lambda *_: None)
    country.count = 60
    plan = {"scenario": scenario, "times": 4, "between": ["2026-02-02", "2026-02-13"]}
    country.samples = {**country.samples, "play": [plan]}
    country.build()
    assert country.play() == []
    assert Case.objects.count() == 4
    assert Case.objects.filter(outcome="").count() == 0


MARRIED = [
    "marriage-copy-by-either-spouse",
    "marriage-copy-by-a-child",
    "marriage-copy-refused",
    "marriage-found-in-the-books",
    "marriage-corrected-later",
]
DEAD = [
    "death-copy-by-a-child",
    "death-copy-by-the-widow",
    "death-found-in-the-books",
    "death-corrected-later",
]


@pytest.mark.parametrize("scenario", [*MARRIED, *DEAD])
def test_stories_of_several_registers_are_told_of_people_who_fit_them_all(
    world: World, tmp_path: Path, settings: Settings, scenario: str
) -> None:
    """The one who died is the father of who asks, or her husband; nothing is asked for before it happened."""
    settings.HOME = tmp_path
    country = Country(world.compiled, today=date(2026, 11, 2), progress=lambda *_: None)
    country.count = 120
    plan = {"scenario": scenario, "times": 2, "between": ["2026-02-02", "2026-02-13"]}
    country.samples = {**country.samples, "play": [plan]}
    country.build()
    assert country.play() == []
    assert set(Case.objects.values_list("outcome", flat=True)) == {
        "refused" if "refused" in scenario else "granted"
    }
    assert Case.objects.count() == 2
