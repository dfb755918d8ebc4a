"""Drafts and parked posts go by themselves when their time is over."""

from datetime import date, timedelta

import pytest

from ruta.cases.drafts import parking, services
from ruta.cases.models import Draft, ParkedPost
from ruta.cases.play.world import World
from ruta.kernel import clock, jobs

pytestmark = pytest.mark.django_db


def test_the_clock_drops_what_nobody_came_back_for(world: World) -> None:
    ana = world.person("ana", {"document": "CC 1020304050", "born": date(1998, 3, 27)})
    draft = services.start_draft(ana, "civil-registration", "copy")
    parking.park(draft.pk, "entry", {"nuip": ["1"]}, reason="session")
    clock.set_clock(clock.now() + timedelta(days=2))
    jobs.run_periodic()
    assert Draft.objects.exists() and not ParkedPost.objects.exists()
    clock.set_clock(clock.now() + timedelta(days=90))
    jobs.run_periodic()
    assert not Draft.objects.exists()
