"""The applicant's side: what was asked is corrected in a draft of the same form, and sent back."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from django.db import transaction

from ruta.definitions import runtime
from ruta.documents import selectors as papers
from ruta.engine import forms
from ruta.engine.problems import Problem
from ruta.identity.actors import Actor
from ruta.kernel import clock
from ruta.kernel.errors import Conflict, Forbidden, Invalid, NotFound

from .. import applications, history, perms, tasks, terms
from ..drafts import services as drafts
from ..drafts import sight
from ..models import Case, Correction, Draft
from ..models.correction import CorrectionStatus
from ..models.draft import KEPT_FOR
from .answers import as_typed, difference, open_of

if TYPE_CHECKING:
    from ..machine import Machine

LONGEST_NOTE = 2000


def begin(case: Case, actor: Actor) -> Draft:
    """The draft in which the applicant corrects: the application as it stands, open only where it was asked.

    The same draft for as long as the correction is open. Raises Forbidden for anybody but the applicant, NotFound where
    nothing is to be corrected.
    """
    correction = open_of(case)
    if correction is None:
        raise NotFound(
            {"es": "No hay nada que corregir en este expediente.", "en": "There is nothing to correct here."}
        )
    _refuse_others(case, actor)
    with transaction.atomic():
        Correction.objects.select_for_update().get(pk=correction.pk)
        begun = Draft.objects.filter(correction=correction).first()
        return begun if begun is not None else _draft(case, correction, actor)


def _draft(case: Case, correction: Correction, actor: Actor) -> Draft:
    compiled = runtime.compiled(case.version_id)
    form = compiled.act(case.act).form
    assert form is not None
    now = clock.now()
    named = applications.evidence_named(form, case.form)
    names = papers.attachable(actor, named.values())
    asked = {
        read
        for read, fact in case.facts.items()
        if fact.get("status") is not None and compiled.read(read).consent == "person"
    }
    return Draft.objects.create(
        version_id=case.version_id,
        service=case.service,
        act=case.act,
        owner_id=actor.account_id,
        channel="portal",  # however it was filed, its applicant corrects it there
        lang=case.lang,
        typed=as_typed(case, form),
        values=case.form,
        files={
            name: {"sha256": digest, "name": names[digest]}
            for name, digest in named.items()
            if digest in names
        },
        facts=case.facts,
        consents=dict.fromkeys(sorted(asked), case.filed_at.isoformat()),
        correction=correction,
        only=[each["field"] for each in correction.asked],
        created_at=now,
        updated_at=now,
        expires_at=now + KEPT_FOR,
    )


def send(draft: Draft, actor: Actor, *, note: str = "") -> Case:
    """Send the corrected application back: the office has it again, and the terms run.

    Raises Invalid with every problem (nothing is lost), Conflict when the term ended, Forbidden for anybody but the
    applicant.
    """
    correction = Correction.objects.select_related("case").get(draft=draft)
    case = correction.case
    _refuse_others(case, actor)
    _refuse_late(case, correction)
    note = note.strip()[:LONGEST_NOTE]
    judged = sight.judge(draft, actor)
    if problems := (*judged.problems, *_unchanged(case, judged.values, note)):
        raise Invalid(problems)
    return _send(draft, correction, actor, note)


def _send(draft: Draft, correction: Correction, actor: Actor, note: str) -> Case:
    from ..machine import stepping

    with stepping(correction.case_id, actor) as machine:
        row = Draft.objects.select_for_update().filter(pk=draft.pk).first()
        known = Correction.objects.select_for_update().get(pk=correction.pk)
        _refuse_late(machine.case, known)
        if row is None:
            raise drafts.already_filed()
        judged = sight.judge(row, actor)
        if judged.problems:
            raise Invalid(judged.problems)
        _answered(machine, known, judged, note)
        row.delete()
        _go_on(machine, known, judged, actor)
    return machine.case


def _answered(machine: Machine, correction: Correction, judged: applications.Judged, note: str) -> None:
    before, after = difference(machine.case.form, judged.values)
    correction.status, correction.ended_at = CorrectionStatus.ANSWERED, clock.now()
    correction.before, correction.after, correction.note = before, after, note
    correction.save()
    facts = {name: dict(fact) for name, fact in judged.facts.items()}
    history.append(
        machine.case,
        "corrected",
        actor=machine.actor,
        public={"number": correction.number, "fields": sorted({*before, *after})},
        private={
            "form": dict(judged.values),
            "facts": facts,
            "before": before,
            "after": after,
            "note": note,
        },
    )


def _go_on(machine: Machine, correction: Correction, judged: applications.Judged, actor: Actor) -> None:
    """The case knows the corrected answers; its rules answer anew, and what officials had to do is theirs again."""
    had = set(applications.evidence_named(_form(judged), machine.case.form).values())
    machine.case.form = dict(judged.values)
    machine.case.facts = {**machine.case.facts, **{name: dict(fact) for name, fact in judged.facts.items()}}
    machine.form_changed = True
    applications.attach(judged, machine.case.number, actor, had=had)
    terms.keep(machine, correction.term)
    terms.resume_all(machine, terms.RETURNED)
    machine.rule_again()
    tasks.reopen_all(machine)


def _form(judged: applications.Judged) -> forms.Form:
    assert judged.subject.act.form is not None
    return judged.subject.act.form


def ask_for_longer(case: Case, actor: Actor) -> Correction:
    """The applicant asks for as much time again, once, before the term ends (Ley 1755 de 2015, art. 17).

    Raises Conflict when it was extended before or is over, Forbidden for anybody else, NotFound where none runs.
    """
    from ..machine import stepping

    with stepping(case.id, actor) as machine:
        correction = open_of(machine.case)
        if correction is None:
            raise NotFound({"es": "No hay un plazo que ampliar.", "en": "There is no term to extend."})
        _refuse_others(machine.case, actor)
        terms.extend(machine, machine.terms[correction.term])
    return correction


def _refuse_others(case: Case, actor: Actor) -> None:
    if not perms.may_answer(actor, case):
        raise Forbidden(
            {"es": "Solo quien radicó puede corregir.", "en": "Only who filed may correct."}, code="not-yours"
        )


def _refuse_late(case: Case, correction: Correction) -> None:
    term = case.terms.get(term=correction.term)
    if correction.status == CorrectionStatus.OPEN and clock.today() <= term.due_on:
        return
    if correction.status in (CorrectionStatus.OPEN, CorrectionStatus.EXPIRED):
        raise Conflict(
            {
                "es": f"Respuesta: el término terminó el {term.due_on:%d/%m/%Y} y por ley la solicitud se entiende "
                "desistida; puede presentarla otra vez, sus datos están guardados.",
                "en": f"Answer: the term ended on {term.due_on} and the request is withdrawn by law; you may file "
                "again, your data are kept.",
            },
            code="correction-late",
        )
    raise Conflict(
        {
            "es": "Esta corrección ya se envió o ya no hace falta.",
            "en": "This correction was sent already, or is no longer needed.",
        },
        code="correction-over",
    )


def _unchanged(case: Case, values: Mapping[str, Any], note: str) -> tuple[Problem, ...]:
    if note or difference(case.form, values) != ({}, {}):
        return ()
    say = {
        "es": "No cambió ningún dato: corrija lo que se le pide, o explique por qué está bien así.",
        "en": "No answer was changed: correct what was asked, or explain why it is right as it is.",
    }
    return (Problem("/note", "unchanged", say),)
