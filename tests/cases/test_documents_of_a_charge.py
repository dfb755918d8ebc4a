"""A document that proves a payment is worth what the payment is: when all of it goes back, it is revoked (contract §2)."""

from collections.abc import Iterator
from datetime import date

import pytest
from tests.cases.case_builders import an_output, ana
from tests.standing import SERVICES

from ruta.cases.play.world import World
from ruta.definitions.loader import read_folder
from ruta.definitions.services import publish
from ruta.documents.models import Output
from ruta.documents.selectors import verify_code
from ruta.payments import services as payments
from ruta.payments.models import Charge

pytestmark = pytest.mark.django_db
TEMPLATE = """#let doc = json(bytes(sys.inputs.doc))
#set document(title: "Constancia de pago", date: auto)
#set text(lang: "es")
= Constancia de pago
Expediente #doc.case_number
"""


@pytest.fixture
def world(db: None) -> Iterator[World]:
    """The registry, whose copies follow the charge instead of the entry."""
    folder = read_folder(SERVICES / "civil-registration")
    text = folder.text("service.yaml").replace("source: birth ", "source: charge ")
    folder = folder.replace("service.yaml", text).replace("acts/copy/outputs/copy.typ", TEMPLATE)
    publish(folder, in_force_from=date(2024, 1, 1))
    with World("civil-registration").open() as opened:
        yield opened


def _refund(world: World, output: Output, amount: int | None = None) -> None:
    charge = Charge.objects.get(case_number=output.case_number)
    refund = payments.request_refund(charge, reason="x", requested_by=world.system, amount=amount)
    boss = world.person("beatriz", {"role": "supervisor", "office": "1501-15001"})
    payments.approve_refund(refund, actor=boss)
    world.settle()


def test_a_document_of_a_charge_is_revoked_when_all_of_it_went_back(world: World) -> None:
    output = an_output(world, ana(world))
    charge = Charge.objects.get(case_number=output.case_number)
    assert (output.source_register, output.source_entry_id) == ("charge", str(charge.id))
    _refund(world, output, amount=1000)
    assert verify_code(output.code).kind == "valid"
    _refund(world, output)
    assert verify_code(output.code).kind == "revoked"
