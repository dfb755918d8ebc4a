"""What a step cannot do stops it with a reason; nothing is lost, and once the cause is mended it is done again."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from tests.desk.desk_builders import PURPOSE, Office, desk, page_of, seen
from tests.web import filling

from ruta.cases import services
from ruta.cases.models import Case, CaseEvent
from ruta.documents import services as documents
from ruta.documents.models import Output
from ruta.kernel.errors import Conflict, Forbidden, RutaError

pytestmark = pytest.mark.django_db


@contextmanager
def no_key() -> Iterator[None]:
    """The key that signs documents is missing."""

    def cannot(**asked: Any) -> Any:
        raise RutaError(
            {"es": "Falta la clave de firma.", "en": "The signing key is missing."}, code="no-key"
        )

    with pytest.MonkeyPatch.context() as broken:
        broken.setattr(documents, "request_issue", cannot)
        yield


def stopped(office: Office) -> Case:
    """A paid request whose document cannot be signed."""
    with no_key():
        return office.asks({**PURPOSE, "kind": "certificate"}, pays=True)


def test_a_stopped_step_keeps_what_was_done_and_the_clock_runs_on(office: Office) -> None:
    case = stopped(office)
    case.refresh_from_db()
    assert case.incident["node"] == "issue"
    assert "clave de firma" in case.incident["say"]["es"]
    assert "signing key" in case.incident["say"]["en"]
    assert case.variables["charge"]["status"] == "paid"
    assert case.terms.get(term="answer").status == "running"


def test_it_is_resumed_once_the_cause_is_mended(office: Office) -> None:
    case = stopped(office)
    with no_key():
        assert services.retry(case, actor=office.beatriz).incident is not None  # the cause still stands
    assert services.retry(case, actor=office.beatriz).incident is None
    office.world.settle()
    assert Output.objects.get(case_number=case.number).state == "valid"
    told = CaseEvent.objects.filter(case_id=case.id, type__in=("incident", "incident-mended")).order_by("seq")
    assert [event.type for event in told] == ["incident", "incident-mended", "incident", "incident-mended"]
    with pytest.raises(Conflict, match="No step is stopped"):
        services.retry(case, actor=office.beatriz)


def test_the_applicant_cannot_resume_it(office: Office) -> None:
    with pytest.raises(Forbidden):
        services.retry(stopped(office), actor=office.luis)


def test_a_stopped_step_that_nobody_wants_any_more_needs_no_look(office: Office) -> None:
    case = stopped(office)
    services.withdraw(case, actor=office.luis)
    case.refresh_from_db()
    assert (case.outcome, case.incident) == ("withdrawn", None)


def test_an_official_resumes_a_stopped_step(office: Office) -> None:
    client = desk(office.beatriz)
    assert "Detenidos" not in seen(client, "/escritorio/")
    case = stopped(office)
    listed = seen(client, "/escritorio/?caja=stopped")
    assert "Detenidos 1" in listed
    assert case.number in listed
    assert "Falta la clave de firma" in listed
    assert "Reanude el paso detenido" in seen(client, page_of(case))
    told = filling.text(filling.signed_in(office.luis).get(f"/mis-tramites/{case.number}/"))
    assert "Usted no tiene que hacer nada" in told
    with no_key():
        answer = client.post(f"{page_of(case)}reanudar/", follow=True)
    assert "volvió a detenerse" in filling.text(answer)
    answer = client.post(f"{page_of(case)}reanudar/", follow=True)
    assert "El paso se reanudó" in filling.text(answer)
    assert "Reanudar el paso" not in filling.text(answer)
    assert "Ningún expediente está detenido" in seen(client, "/escritorio/?caja=stopped")
    assert "alguien ya lo reanudó" in filling.text(client.post(f"{page_of(case)}reanudar/", follow=True))
