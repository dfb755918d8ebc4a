"""What was written to the parties of a case, and whether it reached them: for an official who must know that it did."""

from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from ruta.cases.models import Case
from ruta.notifications import selectors
from ruta.notifications.models import Delivery, Message
from ruta.web.site.templatetags.site import moment

from .words import Words

Status = Delivery.Status
LOST = (Status.REFUSED, Status.GIVEN_UP)


@dataclass(frozen=True)
class Letter:
    """One message: to whom (empty: the applicant), its state as a chip, and what else is to be told of its way."""

    subject: str
    to: str
    at: datetime
    state: Words
    told: tuple[str, ...]


def sent(case: Case) -> list[Letter]:
    """The messages of the case, the newest first; two queries, and one more where somebody else than the applicant was
    written to."""
    found = list(selectors.delivery_log(case.number))
    others = any(each.person_id != case.applicant_id for each in found)
    names = {party.person_id: party.name for party in case.parties.all()} if others else {}
    return [
        Letter(
            subject=message.subject,
            to="" if message.person_id == case.applicant_id else names.get(message.person_id, ""),
            at=message.created_at,
            state=_state(message, _last_mail(message)),
            told=tuple(_told(message, _last_mail(message))),
        )
        for message in reversed(found)
    ]


def _last_mail(message: Message) -> Delivery | None:
    """The last attempt to hand the message (not a reminder of it) to the mail server."""
    mails = [each for each in message.deliveries.all() if (each.channel, each.what) == ("email", "message")]
    return mails[-1] if mails else None


def _state(message: Message, mail: Delivery | None) -> Words:
    mailed = mail.status if mail is not None else ""
    if message.opened_at is not None:
        return _("Lo abrió la persona"), "success", "mail-opened"
    if message.status != Message.Status.SENT:
        failed = message.status == Message.Status.FAILED
        return (
            (_("No se pudo entregar"), "danger", "alert-circle")
            if failed
            else (_("Por enviar"), "neutral", "clock")
        )
    if mailed in LOST:
        return _("En la carpeta; el correo no llegó"), "warning", "alert-triangle"
    if mailed == Status.DEFERRED:
        return _("En la carpeta; el correo está aplazado"), "warning", "hourglass"
    if message.legal:
        return _("Falta que la persona lo abra"), "warning", "mail"
    return _("Entregado por correo") if mailed == Status.DELIVERED else _("En la carpeta"), "info", "mail"


def _told(message: Message, mail: Delivery | None) -> list[str]:
    told = []
    if message.opened_at is not None:
        told.append(_("abierto el %(when)s") % {"when": moment(message.opened_at)})
    elif message.legal:
        told.append(_("tiene efecto legal al abrirse"))
    if mail is not None:
        told.append(_mail(message, mail))
    reminders = len({each.what for each in message.deliveries.all() if each.what != "message"})
    if reminders:
        told.append(
            _("1 recordatorio") if reminders == 1 else _("%(count)s recordatorios") % {"count": reminders}
        )
    return told


def _mail(message: Message, mail: Delivery) -> str:
    said = {
        Status.DELIVERED: _("%(address)s: lo recibió su servidor"),
        Status.DEFERRED: _("%(address)s: aplazado, se intenta otra vez (intento %(attempt)s)"),
        Status.REFUSED: _("%(address)s: rechazado (%(why)s)"),
        Status.GIVEN_UP: _("%(address)s: se dejó de intentar tras %(attempt)s intentos"),
        Status.TRYING: _("%(address)s: enviándose"),
    }[Status(mail.status)]
    why = " ".join(part for part in (str(mail.code or ""), mail.detail) if part)
    return said % {"address": masked(message.email), "attempt": mail.attempt, "why": why}


def masked(email: str) -> str:
    """`m…@example.co`: enough to recognise the address, not enough to write to it."""
    name, _at, host = email.partition("@")
    return f"{name[:1]}…@{host}"
