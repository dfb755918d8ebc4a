"""A receipt that was good when the person filed and is used elsewhere before the charge counts there, and stops nobody."""

import pytest
from tests.desk.desk_builders import MOTIVATION, PURPOSE, open_office, task_of
from tests.web import filling

from ruta.cases import services
from ruta.cases.models import CaseEvent
from ruta.kernel import clock
from ruta.payments import services as payments
from ruta.payments.models import Charge

pytestmark = pytest.mark.django_db


def test_the_charge_is_asked_for_without_it_and_the_person_is_told() -> None:
    with filling.registry() as world:
        office = open_office(world)
        receipt = payments.record_counter_payment(
            payer=office.luis.person_id,
            amount=20_600,
            concept="copy",
            title={"es": "Copia", "en": "Copy"},
            paid_at=clock.now(),
            proof="caja-1",
        )
        weighed = office.asks({**PURPOSE, "receipts": [receipt.number]})
        office.asks({**PURPOSE, "kind": "certificate", "copies": "10", "receipts": [receipt.number]})
        task = task_of(weighed)
        services.claim(task.id, actor=office.clara)
        services.complete(task.id, actor=office.clara, typed={"outcome": "grant", "motivation": MOTIVATION})
        weighed.refresh_from_db()
        assert weighed.incident is None
        charge = Charge.objects.get(case_number=weighed.number)
        assert (charge.credited, charge.status) == (0, "open")
        told = CaseEvent.objects.get(case_id=weighed.id, type="receipt-not-credited")
        assert told.public == {"receipts": [receipt.number]}
        page = filling.text(filling.signed_in(office.luis).get(f"/mis-tramites/{weighed.number}/"))
        assert "Un recibo ya no se pudo abonar: se usó en otro cobro" in page
