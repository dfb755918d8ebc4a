"""A case as the system that filed it sees it: how far, until when, and what came of it."""

from typing import Any

from django.conf import settings
from django.urls import reverse

from ruta.cases import selectors
from ruta.cases.models import Case
from ruta.definitions import runtime
from ruta.documents.selectors import outputs_of_case
from ruta.kernel.texts import pick


def state_of(case: Case) -> dict[str, Any]:
    """The state as JSON; titles in the language asked for."""
    service = runtime.compiled(case.version_id).service
    stage = service.stage(case.stage) if case.stage else None
    return {
        "number": case.number,
        "service": case.service,
        "act": case.act,
        "status": case.status,
        "outcome": case.outcome or None,
        "stage": {"id": stage.id, "title": pick(stage.title)} if stage else None,
        "filed_at": case.filed_at.isoformat(),
        "received_on": case.received_on.isoformat(),
        "decided_at": case.decided_at.isoformat() if case.decided_at else None,
        "terms": [
            {"id": each.term, "status": each.status, "due_on": each.due_on.isoformat(), "law": each.law}
            for each in selectors.clocks_of(case)
        ],
        "outputs": [
            {
                "id": each.output_id,
                "title": pick(each.title),
                "code": each.code,
                "state": each.state,
                "verify": settings.PUBLIC_URL + reverse("portal:verify_code", args=[each.code]),
            }
            for each in outputs_of_case(case.number)
            if each.issued_at is not None
        ],
    }


def address_of_case(case: Case) -> str:
    """Where its state is asked for."""
    return reverse("api:case", args=[case.number])
