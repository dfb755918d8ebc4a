"""Tasks that the platform itself gives: a refund to approve or decline, a person to be notified on paper."""

from datetime import date

import pytest
from tests.desk.desk_builders import BOOKS, PURPOSE, Office, desk, page_of, seen, task_of, words_of
from tests.web import filling

from ruta.cases import services
from ruta.cases.models import Case, Task
from ruta.kernel.money import format_pesos
from ruta.payments.models import Charge

pytestmark = pytest.mark.django_db


def _to_be_refunded(office: Office) -> tuple[Case, Task]:
    case = office.asks(BOOKS, pays=True)
    services.complete(task_of(case).id, actor=office.clara, typed={"not_found": "true"})
    office.world.settle()
    refund = task_of(case)
    services.claim(refund.id, actor=office.beatriz)
    return case, refund


def test_a_refund_is_declined_only_with_a_reason_and_the_case_goes_on(office: Office) -> None:
    case, refund = _to_be_refunded(office)
    boss = desk(office.beatriz)
    short = boss.post(f"/escritorio/tareas/{refund.id}/", {"outcome": "decline", "note": "no"})
    assert short.status_code == 422
    assert "al menos 20 caracteres" in words_of(short.content.decode())
    done = boss.post(
        f"/escritorio/tareas/{refund.id}/",
        {"outcome": "decline", "note": "La copia del libro ya se entregó al solicitante en la oficina."},
    )
    assert done.status_code == 302
    office.world.settle()
    case.refresh_from_db()
    assert Charge.objects.get(case_number=case.number).status == "paid"
    assert case.variables["refund"]["status"] == "declined"
    charge = Charge.objects.get(case_number=case.number)
    assert f"No se aprobó la devolución {format_pesos(charge.due)}" in seen(boss, page_of(case))
    assert "No se aprobó la devolución" in seen(
        filling.signed_in(office.luis), f"/mis-tramites/{case.number}/"
    )


def test_the_office_writes_down_how_it_notified_who_does_not_open_the_notice(office: Office) -> None:
    case = office.asks(PURPOSE)
    services.complete(
        task_of(case).id,
        actor=office.clara,
        typed={
            "outcome": "refuse",
            "motivation": "No prueba el mandato de la inscrita; Decreto-Ley 1260 de 1970, art. 115.",
        },
    )
    office.world.move_to(date(2026, 3, 27))
    task = task_of(case)
    services.claim(task.id, actor=office.edgar)
    client = desk(office.edgar)
    assert "¿Cómo se notificó?" in seen(client, page_of(case))
    wrong = client.post(f"/escritorio/tareas/{task.id}/", {"way": "personal", "day": "31/02/2026"})
    assert wrong.status_code == 422
    assert "31/02/2026" in wrong.content.decode()
    assert (
        client.post(f"/escritorio/tareas/{task.id}/", {"way": "personal", "day": "26/03/2026"}).status_code
        == 302
    )
    case.refresh_from_db()
    assert case.outcome == "refused"
    assert case.terms.get(term="appeal").due_on == date(2026, 4, 13)
