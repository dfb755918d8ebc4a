"""The people of the sample country can do online what its pages offer."""

import json
from collections import Counter
from datetime import date
from pathlib import Path

import httpx
import pytest
from pytest_django import Settings

from ruta.cases.models import Case
from ruta.cases.play import elsewhere
from ruta.cases.play.country import Country
from ruta.cases.play.world import World
from ruta.kernel import clock
from ruta.registers import rules
from ruta.registers.spec import spec_of
from ruta.sandbox import testing

pytestmark = pytest.mark.django_db

ASKED = ("birth_place", "issued_at", "voting_place", "mother_given_names", "father_given_names")


def test_the_national_archive_knows_enough_of_each_to_ask_four_questions(
    world: World, tmp_path: Path
) -> None:
    """Common facts §11.1: three of four answers, none of them the same as another."""
    country = Country(world.compiled, today=date(2026, 3, 2), progress=lambda *_: None)
    country.generator.make(60)
    country.write_elsewhere(tmp_path / "registers.json")
    people = elsewhere.read(tmp_path / "registers.json")["ani"]["entries"]
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
    once = elsewhere.read(path)
    assert once["runt"]["entries"] == [{"plate": "ABC123"}]
    assert {"document_number": "1"} in once["ani"]["entries"]
    country.write_elsewhere(path)
    assert elsewhere.read(path) == once


def test_what_only_certificates_tell_is_right_by_the_file_of_its_register(
    world: World, tmp_path: Path
) -> None:
    """Children of the last weeks, one pair of twins among them, and the latest dead, of whom there is no entry yet."""
    country = Country(world.compiled, today=date(2026, 3, 2), progress=lambda *_: None)
    country.generator.make(200)
    country.generator.foresee(5, 2)
    country.write_elsewhere(tmp_path / "registers.json")
    known = elsewhere.read(tmp_path / "registers.json")
    for name in ("ruaf_births", "ruaf_deaths"):
        about = spec_of(world.compiled.register(name).schema)
        wrong = [
            rules.problems_of(
                about, entry, clock.instant(date(2026, 3, 2)), code_fault=world.compiled.code_fault
            )
            for entry in known[name]["entries"]
        ]
        assert len(wrong) > 8
        assert not any(wrong)
        assert known[name]["service"].startswith("CO/GOB/900474727/RUAF-ND/")
    registered = {person.serial for person in country.generator.people}
    fresh = [each for each in known["ruaf_births"]["entries"] if each["certificate_number"] not in registered]
    assert len(fresh) == 6
    twins = [each for each in fresh if each["multiplicity"] == 2]
    assert [each["birth_order"] for each in twins] == [1, 2]
    assert len({each["mother"]["number"] for each in twins}) == 1
    asked = {"certificate_number": twins[0]["certificate_number"]}
    with testing.running(tmp_path) as sandbox:  # plays just what the country wrote
        url = f"{sandbox.xroad_url}/r1/{known['ruaf_births']['service']}"
        answer = httpx.get(url, params=asked, headers={"X-Road-Client": "CO/GOB/899999053/RUTA"})
        assert answer.json() == twins[0]
        assert "colpensiones_deaths" in sandbox.sandbox.registers.receivers()


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


@pytest.mark.parametrize(
    ("stories", "outcomes"),
    [
        (MARRIED, {("marriage-copy", "granted"): 7, ("marriage-copy", "refused"): 2}),
        (DEAD, {("death-copy", "granted"): 7}),
    ],
    ids=["married", "dead"],
)
def test_stories_of_several_registers_are_told_of_people_who_fit_them_all(
    world: World,
    tmp_path: Path,
    settings: Settings,
    stories: list[str],
    outcomes: dict[tuple[str, str], int],
) -> None:
    """The one who died is the father of who asks, or her husband; nothing is asked for before it happened."""
    settings.HOME = tmp_path
    country = Country(world.compiled, today=date(2026, 11, 2), progress=lambda *_: None)
    country.count = 120
    plans = [
        # A corrected entry is no longer as the other stories tell it.
        {"scenario": scenario, "times": 1, "between": ["2026-02-16", "2026-02-20"]}
        if scenario.endswith("-corrected-later")
        else {"scenario": scenario, "times": 2, "between": ["2026-02-02", "2026-02-13"]}
        for scenario in stories
    ]
    country.samples = {**country.samples, "play": plans}
    country.build()
    assert country.play() == []
    assert Counter(Case.objects.values_list("act", "outcome")) == outcomes
