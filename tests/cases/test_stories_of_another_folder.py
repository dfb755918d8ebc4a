"""Stories of a folder that the platform knows nothing of: what every act has undrawn, with the ids of the common facts."""

from datetime import date
from pathlib import Path

import pytest

from ruta.cases.play.run import play
from ruta.cases.play.story import Story, stories_of
from ruta.definitions.lint import lint
from ruta.definitions.loader import read_folder
from ruta.definitions.services import publish
from ruta.registers.services import open_range

ROOT = Path(__file__).resolve().parents[2]
FOLDER = read_folder(ROOT / "tests" / "services" / "dog-register", shared=ROOT / "services" / "shared")
pytestmark = pytest.mark.django_db


def test_the_folder_has_no_fault() -> None:
    assert [str(found) for found in lint(FOLDER) if found.severity == "error"] == []


@pytest.mark.parametrize("story", stories_of(FOLDER), ids=lambda story: story.name)
def test_the_story_holds(story: Story) -> None:
    publish(FOLDER, in_force_from=date(2024, 1, 1))
    open_range("dog", "number", first=100, last=199, office="1501-15001")
    assert play(story, "dog-register").failures == ()
