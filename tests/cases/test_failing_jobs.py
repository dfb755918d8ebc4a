"""What fails while nobody is there stops the step with a reason, and is done again once the cause is mended."""

from typing import Any

import pytest
from tests.cases.case_builders import a_case, ana
from typer.testing import CliRunner

from ruta.cases.play.world import World
from ruta.cases.rules import CaseRules
from ruta.config.cli import loaded
from ruta.documents import services as documents
from ruta.documents.models import Output
from ruta.engine import feel
from ruta.engine.rules import StepBudget
from ruta.kernel.errors import RutaError
from ruta.payments.models import Charge

pytestmark = pytest.mark.django_db


def test_what_fails_while_nobody_is_there_stops_the_step_and_the_payment_is_kept(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The news of the payment comes by a worker: it must not be tried in vain for days with nobody told."""
    case = a_case(world, ana(world))
    world.settle()

    def no_key(**asked: Any) -> Any:
        raise RutaError(
            {"es": "Falta la clave de firma.", "en": "The signing key is missing."}, code="no-key"
        )

    with monkeypatch.context() as broken:
        broken.setattr(documents, "request_issue", no_key)
        world.pay(Charge.objects.get(case_number=case.number))
    case.refresh_from_db()
    assert "clave de firma" in case.incident["say"]["es"]
    assert case.variables["charge"]["status"] == "paid"
    assert not Output.objects.filter(case_number=case.number).exists()

    listed = CliRunner().invoke(loaded(), ["case", "stopped"])
    assert listed.exit_code == 1
    assert f"{case.number}  issue" in listed.output
    resumed = CliRunner().invoke(loaded(), ["case", "retry", "--all"])
    assert (resumed.exit_code, resumed.output.split()[1:]) == (0, ["goes", "on"])
    world.settle()
    assert Output.objects.get(case_number=case.number).state == "valid"
    assert CliRunner().invoke(loaded(), ["case", "stopped"]).exit_code == 0


def test_rules_that_cost_too_much_stop_the_step_with_a_reason_and_lose_nothing(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    case = a_case(world, ana(world))
    world.settle()

    def poor(rules: CaseRules) -> None:
        rules._budget = StepBudget(feel.Budget(steps=20))

    with monkeypatch.context() as meagre:
        meagre.setattr(CaseRules, "begin", poor)
        world.pay(Charge.objects.get(case_number=case.number))
    case.refresh_from_db()
    assert "más de 20 pasos de cálculo" in case.incident["say"]["es"]
    assert case.variables["charge"]["status"] == "paid"
    assert CliRunner().invoke(loaded(), ["case", "retry", "--all"]).exit_code == 0
    world.settle()
    assert Output.objects.get(case_number=case.number).state == "valid"
