"""Filing: what was typed becomes a case, with number, clock and receipt, in one transaction."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.db import IntegrityError, connection, transaction

from ruta.definitions import runtime
from ruta.definitions.schema import CONFIDENTIALITY
from ruta.engine import bpmn, feel
from ruta.identity.actors import Actor
from ruta.identity.levels import at_least
from ruta.kernel import clock, identifiers, names
from ruta.kernel.errors import Forbidden, Invalid
from ruta.kernel.ids import new_id
from ruta.registers import blocks

from . import applicants, applications, context, history, letters, parties, perms, terms
from .applicants import Applicant
from .machine import Machine
from .models import Case
from .offline.act import OfflineAct

SEALED = "L3"


@dataclass(frozen=True, kw_only=True)
class Application:
    """What is filed and how: `form` as typed or as read, by `actor`.

    `applicant` is for whom: without it, the actor itself. An answer already in `facts` stands while its key is the same.
    With `started_by` a case of ours files it, which has the right to (see `starting`): the applicant need be neither
    present nor known surely. `submission_digest` tells apart two filings that came under one key. `offline`
    says when and with which numbers an office took it without a network; that day is the one of filing.
    """

    version_id: UUID
    act: str
    form: Mapping[str, Any]
    actor: Actor
    channel: str
    lang: str
    submission_key: str
    applicant: Applicant | None = None
    facts: Mapping[str, Any] = field(default_factory=dict)
    disputes: Mapping[str, str] = field(default_factory=dict)
    consents: Collection[str] = ()
    started_by: Case | None = None
    submission_digest: str = ""
    offline: OfflineAct | None = None


def file_case(application: Application) -> Case:
    """File an application and take its first step.

    The same `submission_key` gives the same case, however often it is sent. Raises Invalid with every problem (nothing
    is filed), Forbidden when the act may not be started so, or the actor's level does not suffice.
    """
    ready = prepare(application)
    return ready if isinstance(ready, Case) else ready.file()


@dataclass(frozen=True)
class Ready:
    """An application that was judged right and is not filed yet. Judging may ask other agencies, filing never does."""

    application: Application
    judged: applications.Judged

    def file(self) -> Case:
        """File it, in a transaction or, within one, a savepoint: the whole of it, or nothing."""
        try:
            return _file(self)
        except IntegrityError:
            # Sent twice at once: the unique key let the other one through, and its case is the answer.
            if (filed := _filed_under(self.application.submission_key)) is None:
                raise
            return filed


def prepare(told: Application) -> Ready | Case:
    """All of `file_case` that comes before it writes: the case that the key has already, or what is ready to be filed.

    Raises what `file_case` raises.
    """
    if (filed := _filed_under(told.submission_key)) is not None:
        return filed
    compiled = runtime.compiled(told.version_id)
    act = compiled.act(told.act)
    applicant = told.applicant or applicants.myself(told.actor)
    if told.started_by is None:
        _may_file(compiled, act, told.actor, told.channel, applicant)
    elif not act.is_open:
        raise _not_so()
    subject = context.as_if_filed_now(
        compiled,
        told.act,
        applicant=applicant,
        form={},
        facts=dict(told.facts),
        channel=told.channel,
        lang=told.lang,
        on=told.offline.acted_on if told.offline else None,
    )
    judged = applications.judge(
        subject, told.form, actor=told.actor, disputes=told.disputes, consents=told.consents
    )
    if judged.problems:
        raise Invalid(judged.problems)
    return Ready(told, judged)


def _filed_under(key: str) -> Case | None:
    return Case.objects.filter(submission_key=key).first()


@transaction.atomic
def _file(ready: Ready) -> Case:
    told, judged = ready.application, ready.judged
    actor, started_by = told.actor, told.started_by
    case = _case_of(ready)
    machine = Machine(case, actor)
    machine.parties = [parties.of_applicant(case)]
    history.append(
        case,
        "filed",
        actor=actor,
        public={
            "number": case.number,
            "version": str(case.version_id),
            "act": case.act,
            "channel": case.channel,
            "received": case.received_on.isoformat(),
            **({"posting": case.filed_by_id} if case.filed_by_id else {}),
            **({"client": case.client_id} if case.client_id else {}),
        },
        private={
            "form": case.form,
            "applicant": case.applicant_facts,
            "facts": case.facts,
            "authorised": sorted(told.consents),
        },
    )
    if started_by is not None:
        said = {"number": started_by.number}  # of a sealed case nobody learns by another's history
        public, private = ({}, said) if started_by.sealed else (said, {})
        public = {"service": started_by.service, "act": started_by.act} | public
        history.append(case, "started-by", actor=actor, public=public, private=private)
    if told.offline is not None:
        _take_up(case, told.offline, actor)
    applications.attach(judged, case.number, actor)
    parties.bind(machine)
    terms.start_from(machine, "received", case.received_on)
    letters.send(machine, "filed", case.applicant_facts, legal=False, token=None)
    machine.run(bpmn.Start({}))
    machine.save()
    return case


def _take_up(case: Case, offline: OfflineAct, actor: Actor) -> None:
    """The numbers of the paper are this case's; the history keeps both what the office and what the device says."""
    for told in offline.numbers:
        blocks.give(offline.holder, told["register"], told["range"], told["number"], case_number=case.number)
    history.append(
        case,
        "filed-offline",
        actor=actor,
        public={
            "acted_on": offline.acted_on.isoformat(),
            "device_at": offline.device_at,
            "line": offline.line,
        },
        private={"numbers": [dict(told) for told in offline.numbers]},
    )


def _may_file(
    compiled: runtime.CompiledService,
    act: runtime.CompiledAct,
    actor: Actor,
    channel: str,
    applicant: Applicant,
) -> None:
    if not act.is_open or channel not in act.spec.channels:
        raise _not_so()
    if applicant.posting not in perms.may_start(actor, compiled, act.spec, channel):
        raise Forbidden(
            {"es": "Esta solicitud la presenta otra persona.", "en": "Somebody else files this application."},
            code="who",
        )
    needed = act.spec.assurance.file
    if not at_least(applicant.facts["level"], needed):
        raise Forbidden(
            {
                "es": "Para radicar hay que confirmar primero su identidad.",
                "en": "To file, confirm your identity first.",
            },
            code="level",
        )


def _not_so() -> Forbidden:
    return Forbidden(
        {
            "es": "Este trámite no se puede empezar por este canal.",
            "en": "This service cannot be started through this channel.",
        },
        code="channel",
    )


def _case_of(ready: Ready) -> Case:
    """The case, not yet written: its first step ends by writing it."""
    told, judged = ready.application, ready.judged
    subject = judged.subject
    service = subject.compiled.service
    confidentiality = first_level(subject)
    applicant = dict(subject.applicant.facts)
    return Case(
        id=new_id(),
        number=next_number(service.code, clock.local_date(subject.filed_at).year),
        version_id=told.version_id,
        service=service.slug,
        act=subject.act.name,
        agency=service.agency,
        applicant_id=subject.applicant.person_id,
        filed_by_id=subject.applicant.posting,
        client_id=told.actor.client_id,
        applicant_name=str(applicant.get("names") or ""),
        applicant_document=str(applicant.get("document_number") or ""),
        search_name=names.fold(str(applicant.get("names") or "")),
        channel=subject.channel,
        lang=subject.lang,
        submission_key=told.submission_key,
        submission_digest=told.submission_digest,
        filed_at=subject.filed_at,
        received_on=subject.received_on,
        confidentiality=confidentiality,
        sealed=confidentiality == SEALED,
        form=dict(judged.values),
        facts=dict(judged.facts),
        applicant_facts=applicant,
    )


def first_level(subject: context.Subject) -> str:
    """The confidentiality with which the case begins, L0 to L3: the service's word, or what its rule gives.

    A rule that stops or gives no level leaves the case sealed: nobody may see too much because of a fault.
    """
    given = subject.compiled.service.confidentiality
    if given.startswith("="):
        env, ctx = context.env_of(subject)
        try:
            given = str(feel.to_json(subject.compiled.program(given)(env, ctx)))
        except feel.Stop:
            return SEALED
    return given if given in CONFIDENTIALITY else SEALED


def next_number(code: str, year: int) -> str:
    """The next case number of a service in a year (common facts §1.3); gaps are allowed, repeats are not."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT next_case_number(%s, %s)", [code, year])
        (sequence,) = cursor.fetchone()
    return identifiers.case_number(year, code, sequence)
