"""What waits for the person: drafts to go on with, and cases in which it is the person's turn."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db.models import prefetch_related_objects
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from ruta.cases.drafts.selectors import open_drafts
from ruta.cases.models import AskedPerson, Case, Draft
from ruta.cases.selectors import cases_of_person, clocks_of, is_told, open_asks, stage_title, title_of
from ruta.cases.terms import CORRECTION
from ruta.definitions import runtime
from ruta.identity.actors import Actor, has_level
from ruta.kernel.texts import pick
from ruta.notifications import selectors as notification_selectors
from ruta.payments import selectors as payment_selectors
from ruta.payments.models import Charge
from ruta.web.site.legal_clock import legal_clock
from ruta.web.site.templatetags.site import ago, day, pesos

MOST = 5
PAYABLE = (Charge.Status.OPEN, Charge.Status.PENDING)


@dataclass(frozen=True)
class Pending:
    """One thing that waits. `color` warning: it is the person's turn."""

    title: str
    text: str
    url: str
    link: str
    color: str = ""
    primary: bool = False


def of(actor: Actor) -> list[Pending]:
    """What the first page shows to whoever is signed in, the person's own turn first; a bounded number of queries."""
    if actor.account_id is None:
        return []
    found = [draft_pending(draft) for draft in open_drafts(actor)[:MOST]]
    if actor.person_id is None:
        return found
    found += [asked_pending(one, actor) for one in open_asks(actor, limit=MOST)]
    cases = cases_of_person(actor, open_only=True, limit=MOST)
    charges = {
        charge.case_number: charge
        for charge in payment_selectors.charges_of_person(actor.person_id)
        .filter(status__in=PAYABLE)
        .exclude(case_number="")[:MOST]
    }
    found += case_pendings(cases, charges, actor) + _unread(actor.person_id)
    return sorted(found, key=lambda one: one.color != "warning")[: MOST + 1]


def _unread(person_id: UUID) -> list[Pending]:
    """Notices with legal effect one by one; all other unread messages in one line."""
    unopened = notification_selectors.messages_of_person(person_id).filter(opened_at=None)
    notices = [
        Pending(
            message.subject,
            _("Notificación sin abrir · %(when)s") % {"when": ago(message.created_at)},
            reverse("portal:message", args=[message.pk]),
            _("Abrir"),
            color="warning",
            primary=True,
        )
        for message in unopened.filter(legal=True)[:MOST]
    ]
    plain = unopened.filter(legal=False).count()
    if not plain:
        return notices
    title = ngettext("Tiene %(n)s mensaje sin leer", "Tiene %(n)s mensajes sin leer", plain) % {"n": plain}
    return [*notices, Pending(title, "", reverse("portal:messages"), _("Leer"))]


def draft_pending(draft: Draft) -> Pending:
    """A form to go on with."""
    title = pick(runtime.compiled(draft.version_id).service.acts[draft.act].title)
    return Pending(
        title,
        _("Formulario sin enviar · guardado %(when)s · se conserva hasta el %(until)s")
        % {"when": ago(draft.updated_at), "until": day(draft.expires_at)},
        reverse("portal:form-resume", args=[draft.pk]),
        _("Continuar"),
        color="warning",
        primary=True,
    )


def asked_pending(asked: AskedPerson, actor: Actor | None = None) -> Pending:
    """Something that is asked of the person; to an `actor` who is not known surely enough it is not told what."""
    ask = asked.ask
    url = reverse("portal:asked", args=[asked.pk])
    until = _("Hasta el %(due)s") % {"due": day(ask.due_on)}
    if actor is not None and not has_level(actor, ask.level):
        secret = _("Confirme su identidad para verlo")
        return Pending(_("Le pedimos algo"), f"{secret} · {until}", url, _("Ver"), "warning", primary=True)
    said = [title_of(ask.case), ask.case.number, until]
    return Pending(
        _("Le pedimos algo: %(what)s") % {"what": pick(ask.title)},
        " · ".join(said),
        url,
        _("Responder"),
        color="warning",
        primary=True,
    )


def case_pendings(cases: list[Case], charges: dict[str, Charge], actor: Actor) -> list[Pending]:
    """Open cases: to be paid, or being worked on, with stage and clock; no query per case."""
    prefetch_related_objects(cases, "terms", "tokens")
    return [
        _case_pending(case, charges.get(case.number))
        if case.applicant_id == actor.person_id
        else _as_party(case)
        for case in cases
    ]


def _as_party(case: Case) -> Pending:
    """A case of somebody else in which the person is a party."""
    filed_by = _("Lo presentó %(who)s") % {"who": case.applicant_name} if case.applicant_name else ""
    said = [case.number, filed_by, stage_title(case)]
    return Pending(
        title_of(case), " · ".join(filter(None, said)), reverse("portal:case", args=[case.number]), _("Ver")
    )


def _case_pending(case: Case, charge: Charge | None) -> Pending:
    title = title_of(case)
    if charge is not None and charge.status == Charge.Status.OPEN:
        until = _("El cobro vence el %(due)s") % {"due": day(charge.expires_at)} if charge.expires_at else ""
        return Pending(
            _("Falta el pago: %(what)s") % {"what": title},
            " · ".join(filter(None, [case.number, pesos(charge.due), until])),
            reverse("portal:payment", args=[charge.number]),
            _("Pagar"),
            color="warning",
            primary=True,
        )
    terms = [each for each in clocks_of(case) if each.term.startswith(CORRECTION)]
    correcting = next((each for each in terms if each.status == "running"), None)
    if correcting is not None:
        return to_correct(case.number, correcting.due_on, title)
    if charge is not None:
        where = [_("El banco está confirmando su pago")]
    elif is_told(case):
        where = [_("Decidida: falta que abra la notificación")]
    else:
        where = [stage_title(case), *_clock_texts(case)]
    said = [case.number, *where]
    return Pending(
        title, " · ".join(filter(None, said)), reverse("portal:case", args=[case.number]), _("Ver")
    )


def to_correct(number: str, due: date, title: str = "") -> Pending:
    """The office returned the request: what to do, until when."""
    return Pending(
        _("Corrija su solicitud: %(what)s") % {"what": title} if title else _("Corrija su solicitud"),
        _("La entidad le pide corregir algo. Hasta el %(due)s; mientras tanto su plazo está suspendido.")
        % {"due": day(due)},
        reverse("portal:correct", args=[number]),
        _("Ver qué corregir"),
        color="warning",
        primary=True,
    )


def _clock_texts(case: Case) -> Iterable[str]:
    for view in [each for each in clocks_of(case) if not each.of_people][:1]:
        yield legal_clock(view).title
