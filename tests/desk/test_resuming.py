"""What a step cannot do stops it with a reason; nothing is lost, and once the cause is mended it is done again."""

import pytest
from tests.desk.desk_builders import MOTIVATION, PURPOSE, Office, desk, page_of, seen, task_of
from tests.web import filling

from ruta.cases import services
from ruta.cases.models import Case, CaseEvent
from ruta.kernel import clock
from ruta.kernel.errors import Conflict, Forbidden
from ruta.payments import services as payments
from ruta.payments.models import Charge

pytestmark = pytest.mark.django_db


def an_early_payment(office: Office) -> str:
    receipt = payments.record_counter_payment(
        payer=office.luis.person_id,
        amount=20_600,
        concept="copy",
        title={"es": "Copia", "en": "Copy"},
        paid_at=clock.now(),
        proof="caja-1",
    )
    return receipt.number


def stopped(office: Office) -> tuple[Case, Case]:
    """A case whose receipt another one used while an official weighed its purpose; and that other one."""
    number = an_early_payment(office)
    weighed = office.asks({**PURPOSE, "receipts": [number]})
    other = office.asks({**PURPOSE, "kind": "certificate", "copies": "10", "receipts": [number]})
    task = task_of(weighed)
    services.claim(task.id, actor=office.clara)
    services.complete(task.id, actor=office.clara, typed={"outcome": "grant", "motivation": MOTIVATION})
    office.world.settle()
    weighed.refresh_from_db()
    return weighed, other


def test_a_step_that_cannot_be_done_stops_and_the_officials_work_stands(office: Office) -> None:
    case, _ = stopped(office)
    assert case.incident["node"] == "charge"
    assert "ya se usó" in case.incident["say"]["es"]
    assert "used" in case.incident["say"]["en"]
    assert not Charge.objects.filter(case_number=case.number).exists()
    done = CaseEvent.objects.filter(case_id=case.id, type="task-done")
    assert [event.actor for event in done] == [office.clara.ref]
    assert case.terms.get(term="answer").status == "running"


def test_it_is_resumed_once_the_cause_is_mended(office: Office) -> None:
    case, other = stopped(office)
    again = services.retry(case, actor=office.beatriz)
    assert again.incident is not None  # the cause still stands
    services.withdraw(other, actor=office.luis)
    office.world.settle()
    resumed = services.retry(case, actor=office.beatriz)
    assert resumed.incident is None
    assert Charge.objects.get(case_number=case.number).credited == 18_750
    told = CaseEvent.objects.filter(case_id=case.id, type__in=("incident", "incident-mended")).order_by("seq")
    assert [event.type for event in told] == ["incident", "incident-mended", "incident", "incident-mended"]
    with pytest.raises(Conflict, match="No step is stopped"):
        services.retry(case, actor=office.beatriz)


def test_the_applicant_cannot_resume_it(office: Office) -> None:
    case, _ = stopped(office)
    with pytest.raises(Forbidden):
        services.retry(case, actor=office.luis)


def test_a_stopped_step_that_nobody_wants_any_more_needs_no_look(office: Office) -> None:
    case, _ = stopped(office)
    services.withdraw(case, actor=office.luis)
    case.refresh_from_db()
    assert (case.outcome, case.incident) == ("withdrawn", None)


def test_an_official_resumes_a_stopped_step(office: Office) -> None:
    client = desk(office.beatriz)
    assert "Detenidos" not in seen(client, "/escritorio/")
    case, other = stopped(office)
    listed = seen(client, "/escritorio/?caja=stopped")
    assert "Detenidos 1" in listed
    assert case.number in listed
    assert "ya se usó en otro cobro" in listed
    assert "Reanude el paso detenido" in seen(client, page_of(case))
    assert "ya se usó" in seen(client, page_of(case))
    told = filling.text(filling.signed_in(office.luis).get(f"/mis-tramites/{case.number}/"))
    assert "Usted no tiene que hacer nada" in told
    answer = client.post(f"{page_of(case)}reanudar/", follow=True)
    assert "volvió a detenerse" in filling.text(answer)
    services.withdraw(other, actor=office.luis)
    office.world.settle()
    answer = client.post(f"{page_of(case)}reanudar/", follow=True)
    assert "El paso se reanudó" in filling.text(answer)
    assert "Reanudar el paso" not in filling.text(answer)
    assert Charge.objects.get(case_number=case.number).status == "paid"  # the receipt covers it
    assert "Ningún expediente está detenido" in seen(client, "/escritorio/?caja=stopped")
    assert "nadie" not in filling.text(client.post(f"{page_of(case)}reanudar/", follow=True))
