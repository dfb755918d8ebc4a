"""A case told to its applicant in plain words: stages, clock, holder, what to do, reasons, history."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from ruta.cases.history import TOLD
from ruta.cases.models import AskedPerson, Case
from ruta.cases.selectors import CORRECTS, CaseView, ClockView, EventView
from ruta.cases.terms import APPEAL, CORRECTION, FIRMNESS, of_person
from ruta.definitions.runtime import CompiledService
from ruta.definitions.schema import Law
from ruta.documents.models import Output
from ruta.kernel.texts import pick
from ruta.notifications.models import Message
from ruta.payments.models import Charge
from ruta.web.site import parts
from ruta.web.site.legal_clock import effect_in_words, legal_clock
from ruta.web.site.templatetags.site import day, pesos

from .pending import PAYABLE, Pending, asked_pending

TOLD_TO_PARTY = frozenset(
    {"filed", "stage", "asked", "answered", "ask-expired", "ask-withdrawn", "decided", "firm", "closed"}
)  # money, letters and work are told to who asked for the act
ANSWERED = frozenset(
    {"granted", "refused", "inadmissible", "annulled"}
)  # somebody decided, so a term was kept or not
GOOD = frozenset({"paid", "output-issued", "decided"})
BAD = frozenset({"charge-expired", "term-expired"})


@dataclass(frozen=True)
class HolderWords:
    """Who has the case: the sentence, since when, until when."""

    who: str
    what: str
    since: datetime
    until: date | None


@dataclass(frozen=True)
class Reason:
    """One rule that decided: its words and its article."""

    words: str
    law: Law | None


def outcome(word: str, *, own: bool = True) -> tuple[str, str, str]:
    """The outcome in words, its colour and its icon; empty words while nothing was decided. `own`: the reader asked."""
    return {
        "granted": (_("Concedido"), "success", "circle-check"),
        "refused": (_("Negado"), "danger", "x"),
        "withdrawn": (
            _("Retirado por usted") if own else _("Retirado por quien lo pidió"),
            "neutral",
            "arrow-left",
        ),
        "lapsed": (_("Venció sin completarse"), "neutral", "hourglass"),
        "annulled": (_("Anulado"), "danger", "x"),
        "inadmissible": (_("No se pudo admitir"), "danger", "x"),
    }.get(word, ("", "neutral", "clock"))


def stages(view: CaseView, history: Iterable[EventView], *, own: bool = True) -> list[parts.Stage]:
    """The progress line: the filing itself, the stages that the case went through, and those that may come.

    `own`: who reads asked for the act.
    """
    case = view.case
    reached = {str(event.public.get("stage", "")): event.at for event in history if event.type == "stage"}
    received = _("Recibimos su solicitud") if own else _("Se recibió la solicitud")
    line = [parts.Stage(received, "done", day(case.filed_at))]
    if view.told and own:
        line.append(parts.Stage(_("Decidida: falta que abra la notificación"), "current", ""))
    unhappy = case.outcome not in ("", "granted")
    for stage in view.stages:
        if stage.id not in reached and (stage.state == "done" or case.status != "open"):
            continue
        line.append(parts.Stage(pick(stage.title), stage.state, day(reached.get(stage.id))))
    if case.status != "open":
        line.append(
            parts.Stage(
                outcome(case.outcome, own=own)[0] or _("Terminado"),
                "stopped" if unhappy else "done",
                day(case.decided_at or case.closed_at),
            )
        )
    return line


def clocks(view: CaseView) -> list[parts.LegalClock]:
    """The clocks that matter now: the one that ends first; once decided, whether it was kept, and the appeal."""
    own = [each for each in view.clocks if not of_person(each.term) and not each.of_people]
    if view.case.status != "open":
        answered = view.case.outcome in ANSWERED
        own = [each for each in own if answered and each.status in ("met", "expired")]
    told = [legal_clock(each) for each in own[:1]]
    told += [corrects_by(each) for each in view.clocks if is_correction(each)]
    return told + [
        parts.LegalClock(
            "running",
            _("Puede recurrir hasta el %(due)s") % {"due": day(each.due_on)},
            _("Desde esta página. Después la decisión queda en firme."),
            each.due_on,
        )
        for each in view.clocks
        if each.term == APPEAL and each.status == "running"
    ]


def is_correction(clock: ClockView) -> bool:
    """Whether the clock is that of a correction which the applicant owes."""
    return clock.term.startswith(CORRECTION) and clock.status == "running"


def corrects_by(clock: ClockView) -> parts.LegalClock:
    """Until when the applicant may correct."""
    left = legal_clock(clock)
    return parts.LegalClock(
        left.state,
        _("Corrija a más tardar el %(due)s") % {"due": day(clock.due_on)},
        effect_in_words("tacit_withdrawal"),
        clock.due_on,
    )


def holder(view: CaseView, *, own: bool = True, asked: bool = False) -> HolderWords | None:
    """Who has it now. `own`: who reads asked for the act; `asked`: it is who reads that is to answer."""
    if view.holder is None:
        return None
    if asked or view.holder.who == "party":
        who = _("Usted") if asked else pick(view.holder.party)
        return HolderWords(who, _("Esperamos su respuesta"), view.holder.since, view.holder.due_on)
    if view.holder.who == "applicant" and not own:
        return HolderWords(
            _("Quien lo pidió"), _("Esperamos su respuesta"), view.holder.since, view.holder.due_on
        )
    who = {
        "agency": view.holder.official or _("La entidad"),
        "applicant": _("Usted"),
        "register": _("Otra entidad"),
    }.get(view.holder.who, _("El sistema"))
    what = view.holder.title
    if view.holder.who == "applicant":
        what = _("Falta que abra la notificación") if view.told else _("Esperamos su respuesta")
        if view.holder.title == CORRECTS:
            what = _("Esperamos su corrección")
    return HolderWords(who, what, view.holder.since, view.holder.due_on)


def todo(
    charges: Sequence[Charge], letters: Iterable[Message], asked: Iterable[AskedPerson] = ()
) -> list[Pending]:
    """What the person must do now."""
    found = [asked_pending(one) for one in asked]
    found += [to_pay(charge) for charge in charges if charge.status in PAYABLE]
    found += [
        Pending(
            letter.subject,
            _("Es una notificación: al abrirla queda notificado y empiezan sus plazos."),
            reverse("portal:message", args=[letter.pk]),
            _("Abrir"),
            color="warning",
            primary=True,
        )
        for letter in letters
        if letter.legal and letter.opened_at is None
    ]
    return found


def to_pay(charge: Charge) -> Pending:
    """What is owed; while the bank has not said whether it was paid, nothing is to be paid again."""
    url = reverse("portal:payment", args=[charge.number])
    if charge.status == Charge.Status.PENDING:
        return Pending(
            _("El banco está confirmando su pago de %(amount)s") % {"amount": pesos(charge.due)},
            _("No pague otra vez. Le avisamos cuando el banco responda."),
            url,
            _("Ver el pago"),
        )
    return Pending(
        _("Pague %(amount)s") % {"amount": pesos(charge.due)},
        _("Hasta el %(due)s. Mientras tanto su plazo legal está suspendido.")
        % {"due": day(charge.expires_at)}
        if charge.expires_at
        else "",
        url,
        _("Pagar"),
        color="warning",
        primary=True,
    )


def output_row(output: Output) -> dict[str, Any]:
    """A document that the State issued: title, state in words, and where to download it."""
    words, color, icon = output_state(output)
    return {
        "title": pick(output.title),
        "service": pick(output.service_title),
        "code": output.code,
        "issued_at": output.issued_at,
        "state": words,
        "color": color,
        "icon": icon,
        "reason": pick(output.reason) if output.reason else "",
        "url": reverse("portal:download", args=[output.code]) if output.pdf_sha256 else "",
    }


def output_state(output: Output) -> tuple[str, str, str]:
    """State, colour, icon."""
    if not output.issued_at:
        return _("Se está firmando"), "info", "clock"
    return {
        "valid": (_("Vigente"), "success", "circle-check"),
        "suspended": (_("Suspendido"), "warning", "player-pause"),
        "superseded": (_("Reemplazado por otro"), "neutral", "history"),
        "revoked": (_("Ya no vale"), "danger", "x"),
    }[output.state]


def motivation(case: Case) -> str:
    """What the official who decided wrote; empty before the decision is known and where no official decided."""
    decided = case.variables.get("decided") if case.outcome else None
    return str(decided.get("motivation") or "") if isinstance(decided, dict) else ""


def reasons(explanation: Iterable[Mapping[str, Any]]) -> list[Reason]:
    """The rules that decided, each once, in order; those without words for people are left out."""
    found: dict[str, Reason] = {}
    for line in explanation:
        words = pick(line["words"])
        if words:
            found.setdefault(words, Reason(words, line["law"]))
    return list(found.values())


def moments(
    history: Iterable[EventView], compiled: CompiledService, act: str, *, told: frozenset[str] = TOLD
) -> list[parts.Moment]:
    """The history in plain words, newest first; what happened twice at one instant is told once."""
    found: list[parts.Moment] = []
    seen: set[tuple[datetime, str, str]] = set()
    for event in history:
        detail = _detail(event, compiled, act)
        once = (event.at.replace(microsecond=0), event.type, "" if event.type.startswith("term") else detail)
        if event.type not in told or once in seen or _is_end_of_appeal(event):
            continue
        seen.add(once)
        color = "success" if event.type in GOOD else "danger" if event.type in BAD else ""
        found.append(parts.Moment(event.at, pick(event.title), detail, color))
    return found


def _is_end_of_appeal(event: EventView) -> bool:
    """Nobody failed when the time to appeal ran out: the line that says the decision is firm tells it."""
    return event.type == "term-expired" and event.public.get("term") in (APPEAL, FIRMNESS)


def _detail(event: EventView, compiled: CompiledService, act: str) -> str:
    public = event.public
    match event.type:
        case "asked" | "answered":
            party = compiled.act(act).spec.party(str(public.get("party", "")))
            return pick(party.role) if party else ""
        case "stage":
            stage = compiled.service.stage(str(public.get("stage", "")))
            return pick(stage.title) if stage else ""
        case "decided":
            return outcome(str(public.get("outcome", "")))[0]
        case "charged" | "paid" | "money-held" | "refund-opened" | "refunded" | "refund-declined":
            amount = public.get("amount", public.get("due", public.get("total")))
            return pesos(amount) if isinstance(amount, int) else ""
        case "term-resumed" | "term-extended":
            due = public.get("due_on") or public.get("due")
            return _("Termina el %(due)s") % {"due": day(date.fromisoformat(str(due)[:10]))} if due else ""
    return ""
