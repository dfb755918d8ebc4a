"""Public figures count what was decided, and count it again after a minute."""

from datetime import datetime

import pytest
from tests.cases.case_builders import an_output, ana

from ruta.cases.models import Case
from ruta.cases.play.world import World
from ruta.cases.selectors import figures, month_figures
from ruta.kernel import clock

pytestmark = pytest.mark.django_db


def test_the_month_begins_at_midnight(world: World) -> None:
    an_output(world, ana(world))
    Case.objects.update(decided_at=clock.instant(datetime(2026, 3, 1, 0, 30)))
    assert month_figures().decided == 1


def test_the_last_hour_of_the_month_before_is_not_of_this_month(world: World) -> None:
    an_output(world, ana(world))
    Case.objects.update(decided_at=clock.instant(datetime(2026, 2, 28, 23, 30)))
    assert month_figures().decided == 0


def test_figures_are_counted_once_a_minute(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    assert month_figures().decided == 0
    an_output(world, ana(world))
    clock.set_clock(None)
    Case.objects.update(decided_at=clock.now())
    assert month_figures().decided == 0
    monkeypatch.setattr(figures, "FRESH_FOR", 0.0)
    assert month_figures().decided == 1
