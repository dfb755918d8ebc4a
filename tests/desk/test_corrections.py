"""A request is returned, corrected and sent back, on the pages of both sides; what is wrong is said and nothing is lost."""

from datetime import datetime

import pytest
from tests.desk.desk_builders import Office, desk, page_of, seen, task_of
from tests.web import filling

from ruta.cases import services
from ruta.cases.models import Case, CaseEvent, Correction, Draft
from ruta.kernel import clock

pytestmark = pytest.mark.django_db
WHY = "No se sabe en qué proceso ni a quién representa."
SAY = "Diga el juzgado y el proceso."
BETTER = "Soy apoderado de la inscrita en el proceso 2026-114 del juzgado segundo de familia de Tunja."


def returned(office: Office) -> Case:
    """A case that Clara has returned to Luis."""
    case = office.asks()
    task = services.claim(task_of(case).id, actor=office.clara)
    asked = {"reason": WHY, "field": ["purpose_text"], "say.purpose_text": SAY}
    answer = desk(office.clara).post(f"/escritorio/tareas/{task.id}/corregir/", asked)
    assert answer["Location"] == "/escritorio/"
    return case


def test_the_official_is_told_what_is_missing_and_keeps_what_was_written(office: Office) -> None:
    case = office.asks()
    task = services.claim(task_of(case).id, actor=office.clara)
    client, address = desk(office.clara), f"/escritorio/tareas/{task.id}/corregir/"
    assert "Devolver para corregir" in seen(client, page_of(case))
    refused = client.post(address, {"reason": "Falta.", "field": ["purpose"], "say.purpose": ""})
    text = filling.text(refused)
    assert refused.status_code == 422
    assert "diga por qué se devuelve, entre 20 y 2.000 caracteres" in text
    assert "Diga qué está mal o qué falta" in text
    assert ">Falta.</textarea>" in text
    assert "marque al menos un dato" in filling.text(client.post(address, {"reason": WHY}))
    assert not Correction.objects.exists()


def test_the_applicant_corrects_only_what_was_asked_and_the_official_sees_before_and_after(
    office: Office,
) -> None:
    case = returned(office)
    citizen, official = filling.signed_in(office.luis), desk(office.clara)
    assert "La persona está corrigiendo" in seen(official, page_of(case))
    assert "Corrija su solicitud" in seen(citizen, "/mis-tramites/")
    where = f"/mis-tramites/{case.number}/corregir/"
    page = seen(citizen, where)
    assert WHY in page
    assert SAY in page
    first = citizen.post(where)["Location"]
    draft = Draft.objects.get(correction__case=case)
    assert first == f"/borradores/{draft.pk}/document/"
    asked = filling.text(citizen.get(first))
    assert f"La entidad dice: {SAY}" in asked
    assert 'name="purpose_text"' in asked
    assert 'name="purpose"' not in asked
    wrong = citizen.post(first, {"asked": ["purpose_text"], "seen": "0", "purpose_text": "Juzgado."})
    assert wrong.status_code == 422
    assert "al menos 20 letras" in filling.text(wrong)
    # Another answer slipped into the post is not written: it was not asked for.
    posted = {"asked": ["purpose_text", "kind"], "seen": "9", "purpose_text": BETTER, "kind": "certificate"}
    check = citizen.post(first, posted)["Location"]
    assert check == f"/borradores/{draft.pk}/revisar/"
    assert BETTER in seen(citizen, check)
    sent = citizen.post(check, {"note": "Adjunto nada más."})
    assert sent["Location"] == f"/mis-tramites/{case.number}/"
    case.refresh_from_db()
    assert (case.form["purpose_text"], case.form["kind"]) == (BETTER, "copy")
    desk_page = seen(official, page_of(case))
    assert "Qué cambió" in desk_page
    assert BETTER in desk_page
    assert "Adjunto nada más." in desk_page
    assert task_of(case).assignee_id == office.clara.official_id
    assert not Draft.objects.filter(pk=draft.pk).exists()


def test_a_correction_that_changes_nothing_needs_a_word_and_a_late_one_is_told_so(office: Office) -> None:
    case = returned(office)
    citizen = filling.signed_in(office.luis)
    citizen.post(f"/mis-tramites/{case.number}/corregir/")
    draft = Draft.objects.get(correction__case=case)
    check = f"/borradores/{draft.pk}/revisar/"
    refused = citizen.post(check, {"note": ""})
    assert refused.status_code == 422
    assert "explique por qué está bien así" in filling.text(refused)
    longer = citizen.post(f"/mis-tramites/{case.number}/corregir/ampliar/", follow=True)
    assert "Tiene un mes más" in filling.text(longer)
    again = citizen.post(f"/mis-tramites/{case.number}/corregir/ampliar/", follow=True)
    assert "ya fue ampliado una vez" in filling.text(again)
    clock.set_clock(datetime(2026, 5, 20, 10))
    late = filling.text(citizen.post(check, {"note": "Está bien."}, follow=True))
    assert "por ley la solicitud se entiende desistida" in late
    assert Draft.objects.filter(pk=draft.pk).exists()


def test_nobody_else_corrects_and_who_prepares_nothing_returns_nothing(office: Office) -> None:
    case = returned(office)
    stranger = filling.signed_in(office.somebody("rosa", "Rosa", "Paz"))
    assert stranger.get(f"/mis-tramites/{case.number}/corregir/").status_code == 404
    task = office.asks().tasks.get()
    other = desk(office.beatriz).get(f"/escritorio/tareas/{task.id}/corregir/")
    assert other["Location"] == page_of(task.case)
    told = CaseEvent.objects.get(case_id=case.id, type="returned")
    assert (told.public["fields"], WHY in str(told.public)) == (["purpose_text"], False)
