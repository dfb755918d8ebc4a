"""Money that was not due comes back: the payer is told, an official approves, the gateway sends it, both sides read it."""

from contextlib import suppress
from datetime import date, timedelta

import pytest
from django.test import Client
from tests.desk.desk_builders import BOOKS, Office, desk, page_of, seen, task_of, words_of
from tests.web import filling

from ruta.cases import jobs, selectors, services
from ruta.cases.models import Case, Task
from ruta.kernel.money import format_pesos
from ruta.notifications.models import Message
from ruta.payments import services as payments
from ruta.payments.errors import AmountDiffers
from ruta.payments.models import Charge, Payment, Refund

pytestmark = pytest.mark.django_db
BACK = "http://testserver/volver"


def _began_to_pay(office: Office) -> tuple[Case, Charge]:
    """Luis stands on the bank's page."""
    case = office.asks(BOOKS)
    charge = Charge.objects.get(case_number=case.number)
    payments.start_checkout(charge, BACK)
    return case, charge


def _bank_takes(office: Office, charge: Charge, amount: int | None = None) -> Payment:
    known = set(Payment.objects.values_list("pk", flat=True))
    with suppress(AmountDiffers):  # the gateway's notice is refused; what it holds is asked for all the same
        payments.receive_webhook(*office.world.gateway.approve(charge.number, amount=amount))
    office.world.settle()
    return Payment.objects.exclude(pk__in=known).get()


def _refund_task(case: Case) -> Task:
    return Task.objects.get(case=case, form_key="ruta.refund")


def _letters(office: Office, case: Case) -> dict[str, str]:
    luis = Message.objects.filter(case_number=case.number, person_id=office.luis.person_id)
    return {each.template: each.body_text for each in luis}


def _approved_by(office: Office, case: Case) -> Client:
    """Beatriz finds it in her inbox and approves it with the button of the page."""
    boss = desk(office.beatriz)
    assert f"{case.number}" in seen(boss, "/escritorio/?caja=team")
    task = _refund_task(case)
    boss.post(f"/escritorio/tareas/{task.id}/tomar/")
    form = seen(boss, page_of(case))
    assert "Devolver dinero que no se debía" in form
    assert "Aprobar la devolución" in form
    assert boss.post(f"/escritorio/tareas/{task.id}/", {"outcome": "approve"}).status_code == 302
    office.world.settle()
    return boss


def _sent_back(office: Office, payment: Payment) -> bool:
    payment.refresh_from_db()
    refund = Refund.objects.get(parts__payment=payment)
    proof = refund.parts.get().proof
    return (refund.status, payment.refunded, bool(proof)) == ("sent", payment.amount, True)


def test_money_that_comes_after_the_charge_expired_is_told_and_goes_back(office: Office) -> None:
    case, charge = _began_to_pay(office)
    office.world.move_to(date(2026, 4, 13))
    charge.refresh_from_db()
    assert charge.status == "expired"
    payment = _bank_takes(office, charge)
    luis = filling.signed_in(office.luis)
    amount = format_pesos(payment.amount)
    for page in (f"/pagos/{charge.number}/", f"/mis-tramites/{case.number}/"):
        said = seen(luis, page)
        assert "no se cobró nada" not in said
        assert f"{amount} Saldo a su favor; se está por devolver" in said
        assert f"Recibo {payment.receipt.number}" in said
    letter = _letters(office, case)["money-held"]
    assert amount in letter
    assert payment.receipt.number in letter
    assert "ya había vencido" in letter

    boss = _approved_by(office, case)
    assert _sent_back(office, payment)
    assert f"Se devolvió el pago {amount}" in seen(boss, page_of(case))
    mine = seen(luis, f"/mis-tramites/{case.number}/")
    assert f"Se devolvió el pago {amount}" in mine
    assert f"{amount} Devuelto" in mine
    assert "Devuelto" in seen(luis, f"/pagos/{charge.number}/")
    assert amount in _letters(office, case)["refund-sent"]


def test_a_second_payment_goes_back_while_the_case_goes_on(office: Office) -> None:
    case, charge = _began_to_pay(office)
    _bank_takes(office, charge)
    second = _bank_takes(office, charge)
    case.refresh_from_db()
    holder = selectors.holder_of(case)
    assert holder is not None
    assert holder.title != "Devolver dinero que no se debía"  # who sends money back does not hold the case
    said = seen(filling.signed_in(office.luis), f"/pagos/{charge.number}/")
    assert "Su pago llegó" in said
    assert f"Recibo {second.receipt.number}" in said
    assert "ya estaba pagado" in _letters(office, case)["money-held"]
    _approved_by(office, case)
    assert _sent_back(office, second)
    charge.refresh_from_db()
    assert (charge.status, case.status) == ("paid", "open")
    assert Task.objects.filter(case=case, status="open").exclude(form_key="ruta.refund").exists()


def test_money_for_a_withdrawn_case_goes_back_though_the_case_is_closed(office: Office) -> None:
    case, charge = _began_to_pay(office)
    services.withdraw(case, actor=office.luis)
    payment = _bank_takes(office, charge)
    case.refresh_from_db()
    assert case.status == "closed"
    luis = filling.signed_in(office.luis)
    assert "Su pago llegó cuando ya no se cobraba" in seen(luis, f"/pagos/{charge.number}/")
    _approved_by(office, case)
    assert _sent_back(office, payment)
    case.refresh_from_db()
    assert (case.status, case.outcome, case.incident) == ("closed", "withdrawn", None)
    assert "Se devolvió el pago" in seen(luis, f"/mis-tramites/{case.number}/")


def test_another_amount_than_the_charge_is_told_and_the_charge_is_still_due(office: Office) -> None:
    case, charge = _began_to_pay(office)
    payment = _bank_takes(office, charge, amount=charge.due - 100)
    said = seen(filling.signed_in(office.luis), f"/pagos/{charge.number}/")
    assert "Falta el pago" in said
    assert f"{format_pesos(payment.amount)} Saldo a su favor" in said
    assert "No es el valor que se cobró" in _letters(office, case)["money-held"]


def test_who_does_not_approve_says_why_and_the_payer_reads_it(office: Office) -> None:
    case, charge = _began_to_pay(office)
    services.withdraw(case, actor=office.luis)
    payment = _bank_takes(office, charge)
    task = task_of(case)
    boss = desk(office.beatriz)
    boss.post(f"/escritorio/tareas/{task.id}/tomar/")
    why = "El solicitante pidió que se abone a la copia que solicitó hoy."
    answer = boss.post(f"/escritorio/tareas/{task.id}/", {"outcome": "decline", "note": why})
    assert answer.status_code == 302, words_of(answer.content.decode())
    office.world.settle()
    payment.refresh_from_db()
    assert (payment.status, payment.refunded) == ("held", 0)
    assert why in _letters(office, case)["refund-declined"]
    assert why in seen(filling.signed_in(office.luis), f"/mis-tramites/{case.number}/")


def test_a_term_that_passes_takes_no_refund_from_who_has_it(office: Office) -> None:
    """The search is late and goes to the supervisor; the refund has a due date of its own and stays where it is."""
    case, charge = _began_to_pay(office)
    _bank_takes(office, charge)
    _bank_takes(office, charge)
    services.claim(_refund_task(case).id, actor=office.beatriz)
    treasurers = ["treasurer@1501-15001"]  # as where supervisors approve no refunds
    Task.objects.filter(id=_refund_task(case).id).update(groups=treasurers)
    office.world.move_to(case.terms.get(term="search").due_on + timedelta(days=1))
    late = Task.objects.get(case=case, node="find_in_books", status="open")
    assert late.groups == ["registrar@1501-15001", "supervisor@1501-15001"]
    again = _refund_task(case)
    assert (again.groups, again.assignee_id) == (treasurers, office.beatriz.official_id)


def test_the_news_told_twice_gives_one_task_and_one_message_each(office: Office) -> None:
    case, charge = _began_to_pay(office)
    services.withdraw(case, actor=office.luis)
    payment = _bank_takes(office, charge)
    refund = Refund.objects.get(parts__payment=payment)
    jobs.money_held.run(case_id=str(case.id), refund_id=str(refund.id))
    _approved_by(office, case)
    jobs.money_held.run(case_id=str(case.id), refund_id=str(refund.id))
    jobs.held_money_decided.run(case_id=str(case.id), refund_id=str(refund.id))
    told = list(Message.objects.filter(case_number=case.number).values_list("template", flat=True))
    assert (told.count("money-held"), told.count("refund-sent")) == (1, 1)
    assert Task.objects.filter(case=case, form_key="ruta.refund").count() == 1


def test_the_messages_are_written_in_the_language_of_the_case(office: Office) -> None:
    case, charge = _began_to_pay(office)
    Case.objects.filter(pk=case.pk).update(lang="en")
    services.withdraw(case, actor=office.luis)
    _bank_takes(office, charge)
    assert "had already expired or was cancelled" in _letters(office, case)["money-held"]
    _approved_by(office, case)
    assert "We sent back" in _letters(office, case)["refund-sent"]
