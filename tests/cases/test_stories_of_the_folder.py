"""Every story that the folder tells holds on the real engine: the law's worked examples with their ids among them."""

from datetime import date
from pathlib import Path

import pytest

from ruta.cases.play.run import play
from ruta.cases.play.story import Story, stories_of
from ruta.definitions.loader import read_folder
from ruta.definitions.services import publish

FOLDER = read_folder(Path(__file__).resolve().parents[2] / "services" / "civil-registration")
pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("story", stories_of(FOLDER), ids=lambda story: story.name)
def test_the_story_holds(story: Story) -> None:
    publish(FOLDER, in_force_from=date(2024, 1, 1))
    assert play(story, "civil-registration").failures == ()
