"""The smallest charge, and who decides about it."""

from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from ruta.identity.actors import Actor
from ruta.kernel.models import DomainEvent
from ruta.payments import services
from ruta.payments.models import Charge

ANA = UUID("018f0000-0000-7000-8000-00000000000a")
LINE = {
    "concept": "copy",
    "title": {"es": "Copia", "en": "Copy"},
    "quantity": 2,
    "unit": 10_800,
    "amount": 21_600,
    "beneficiary": "899999040",
    "law": "L1163",
}


def official(number: int, person_id: UUID | None = None) -> Actor:
    """An official who decides refunds."""
    return Actor(kind="official", name=f"official {number}", official_id=number, person_id=person_id)


def a_charge(**changes: Any) -> Charge:
    """A charge of $ 21.600 to Ana, outside a case unless told otherwise."""
    wanted: dict[str, Any] = {
        "case_id": None,
        "case_number": "",
        "token": None,
        "payer": ANA,
        "lines": [LINE],
        "receipts": [],
        "expires_at": datetime(2099, 1, 1, tzinfo=UTC),
    }
    return services.create_charge(**{**wanted, **changes})


def news(name: str, charge: Charge) -> int:
    """How many times news of a charge went out."""
    return DomainEvent.objects.filter(name=name, payload__charge_id=str(charge.id)).count()
