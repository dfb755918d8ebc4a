"""A certified copy is asked for, paid, issued and known to everybody who should know."""

import pytest
from tests.cases.case_builders import a_case, ana

from ruta.cases.models import CaseEvent
from ruta.cases.play.world import World
from ruta.documents.models import Output
from ruta.payments.models import Charge

pytestmark = pytest.mark.django_db


def test_a_copy_is_filed_paid_and_issued(world: World) -> None:
    case = a_case(world, ana(world))
    world.settle()
    charge = Charge.objects.get(case_number=case.number)
    assert charge.total == 56250
    world.pay(charge)
    case.refresh_from_db()
    output = Output.objects.get(case_number=case.number)
    assert (case.outcome, output.state) == ("granted", "valid")
    assert output.pdf_sha256


def test_the_history_has_no_gap_and_nothing_waits_to_be_written(world: World) -> None:
    case = a_case(world, ana(world))
    world.settle()
    case.refresh_from_db()
    seqs = list(CaseEvent.objects.filter(case_id=case.id).order_by("seq").values_list("seq", flat=True))
    assert seqs == list(range(1, case.head_seq + 1))


def test_the_same_filing_sent_twice_is_one_case(world: World) -> None:
    actor = ana(world)
    assert a_case(world, actor).number == a_case(world, actor).number
    assert a_case(world, actor, key="another").number != a_case(world, actor).number
