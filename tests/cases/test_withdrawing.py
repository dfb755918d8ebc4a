"""Who withdraws owes nothing any more, and what is paid all the same stays the payer's."""

import pytest
from tests.cases.case_builders import a_case, ana

from ruta.cases import services
from ruta.cases.models import CaseEvent
from ruta.cases.play.world import World
from ruta.payments import services as payments
from ruta.payments.errors import NotPayable
from ruta.payments.models import Charge, Payment, Refund

pytestmark = pytest.mark.django_db
BACK = "http://testserver/volver"


def test_the_charge_of_a_withdrawn_case_cannot_be_paid(world: World) -> None:
    actor = ana(world)
    case = a_case(world, actor)
    world.settle()
    services.withdraw(case, actor=actor)
    world.settle()
    charge = Charge.objects.get(case_number=case.number)
    assert charge.status == "void"
    assert CaseEvent.objects.get(case_id=case.id, type="charge-void").public["charge"] == charge.number
    with pytest.raises(NotPayable):
        payments.start_checkout(charge, BACK)


@pytest.mark.parametrize("begun", ["open", "pending"])
def test_money_paid_at_the_gateway_for_a_withdrawn_case_is_held_with_a_receipt(
    world: World, begun: str
) -> None:
    """The person had the bank's page open, or the bank had not said yet, when the case was withdrawn."""
    actor = ana(world)
    case = a_case(world, actor)
    world.settle()
    charge = Charge.objects.get(case_number=case.number)
    payments.start_checkout(charge, BACK)
    if begun == "pending":
        payments.receive_webhook(*world.gateway.leave_pending(charge.number))
        world.settle()
    services.withdraw(case, actor=actor)
    if begun == "pending":
        (fact,) = world.gateway.payments_for(charge.number)
        notice = world.gateway.settle(fact.id, "approved")
    else:
        notice = world.gateway.approve(charge.number)
    payments.receive_webhook(*notice)
    world.settle()
    payment = Payment.objects.get(charge=charge)
    assert (payment.status, payment.held_because, payment.receipt.amount) == ("held", "late", charge.due)
    assert Refund.objects.get(parts__payment=payment).amount == payment.amount
    charge.refresh_from_db()
    case.refresh_from_db()
    assert (charge.status, case.outcome, case.incident) == ("void", "withdrawn", None)


def test_a_case_whose_charge_is_paid_already_is_withdrawn_all_the_same(world: World) -> None:
    """The news of the payment is on its way; the money is not taken back from the ledger."""
    actor = ana(world)
    case = a_case(world, actor)
    world.settle()
    charge = Charge.objects.get(case_number=case.number)
    payments.start_checkout(charge, BACK)
    world.gateway.approve(charge.number)
    payments.reconcile(charge)
    services.withdraw(case, actor=actor)
    world.settle()
    charge.refresh_from_db()
    case.refresh_from_db()
    assert (charge.status, case.outcome, case.incident) == ("paid", "withdrawn", None)
