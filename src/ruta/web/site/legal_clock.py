"""A legal term in words that a person understands; the same words for all sides."""

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from ruta.cases.selectors import SOON, ClockView
from ruta.engine.terms import Length

from .parts import LegalClock
from .templatetags.site import day, long_date


def legal_clock(view: ClockView) -> LegalClock:
    """The clock of a term."""
    due_on, left = view.due_on, view.business_days_left
    if view.status == "paused":
        return LegalClock(
            "paused",
            _("El plazo está suspendido"),
            _("Corre de nuevo cuando llegue lo que falta. Hoy terminaría el %(due)s.") % {"due": day(due_on)},
            due_on,
        )
    if view.status == "met":
        return LegalClock("met", _("Respondido dentro del plazo legal"), "", due_on)
    if view.status == "expired":
        return LegalClock(
            "overdue",
            _("El plazo venció el %(due)s") % {"due": day(due_on)},
            effect_in_words(view.effect),
            due_on,
        )
    if left < 0:
        return LegalClock("overdue", _("El plazo venció el %(due)s") % {"due": day(due_on)}, "", due_on)
    if left == 0:
        return LegalClock("today", _("El plazo legal termina hoy"), long_date(due_on), due_on)
    said = ngettext(
        "Queda %(n)s día hábil: la respuesta debe llegar a más tardar el %(due)s.",
        "Quedan %(n)s días hábiles: la respuesta debe llegar a más tardar el %(due)s.",
        left,
    ) % {"n": left, "due": long_date(due_on)}
    state = "soon" if left <= SOON else "running"
    return LegalClock(state, _("Plazo legal: %(due)s") % {"due": day(due_on)}, said, due_on)


def effect_in_words(effect: str) -> str:
    """What happens when a term ends without an answer (the words of a service's `on_expiry`)."""
    return {
        "escalate": _("Si se vence, el caso pasa al superior de quien lo tiene."),
        "positive_silence": _("Si se vence, la ley da la solicitud por concedida."),
        "accepted_information": _(
            "Si se vence, la solicitud se entiende aceptada y se le entrega lo pedido."
        ),
        "negative_silence": _("Si se vence, la ley la da por negada y usted puede recurrir."),
        "tacit_withdrawal": _("Si usted no responde, se entiende que desiste; puede pedirlo otra vez."),
        "expire_output": _("Si se vence, el documento deja de valer."),
        "archive": _("Si se vence, el expediente se archiva."),
    }.get(effect, "")


def business_days(days: int) -> str:
    """`3 días hábiles`."""
    return ngettext("%(n)s día hábil", "%(n)s días hábiles", days) % {"n": days}


def length_in_words(text: str) -> str:
    """`10 business days` as `10 días hábiles`."""
    length = Length.parse(text)
    one = {"n": length.amount}
    match length.unit:
        case "business days":
            return business_days(length.amount)
        case "calendar days":
            return ngettext("%(n)s día calendario", "%(n)s días calendario", length.amount) % one
        case "months":
            return ngettext("%(n)s mes", "%(n)s meses", length.amount) % one
        case "hours":
            return ngettext("%(n)s hora", "%(n)s horas", length.amount) % one
    return ngettext("%(n)s hora hábil", "%(n)s horas hábiles", length.amount) % one
