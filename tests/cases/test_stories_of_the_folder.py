"""Every story that the folder tells holds on the real engine: the law's worked examples with their ids among them."""

import pytest
from tests.standing import civil_registry

from ruta.cases.play.run import play
from ruta.cases.play.story import Story, stories_of


@pytest.mark.parametrize("story", stories_of(civil_registry()), ids=lambda story: story.name)
def test_the_story_holds(story: Story, registry: None) -> None:
    assert play(story, "civil-registration").failures == ()
