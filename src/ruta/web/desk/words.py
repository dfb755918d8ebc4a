"""Codes of cases as an official reads them: outcomes, channels, answers of registers, terms, states."""

from django.utils.translation import gettext as _

from ruta.cases.terms import APPEAL, APPEAL_ANSWER, CORRECTION
from ruta.definitions.acts import CompiledAct
from ruta.definitions.runtime import CompiledService, compiled
from ruta.definitions.selectors import current_version
from ruta.kernel.texts import pick
from ruta.web.site.legal_clock import length_in_words

Words = tuple[str, str, str]
"""(text, colour of the design system, icon)."""


def outcome(code: str) -> Words:
    """How a case ended; while it is open, that it is."""
    return {
        "": (_("En trámite"), "info", "clock"),
        "granted": (_("Concedido"), "success", "circle-check"),
        "refused": (_("Negado"), "danger", "x"),
        "withdrawn": (_("Retirado"), "neutral", "arrow-left"),
        "lapsed": (_("Venció sin completarse"), "neutral", "hourglass"),
        "annulled": (_("Anulado"), "danger", "x"),
        "inadmissible": (_("No se pudo admitir"), "danger", "x"),
    }.get(code, (code, "neutral", "circle"))


def act_title(service: str, act: str) -> str:
    """The act as it is called in the version in force."""
    spec = compiled(current_version(service).pk).service.acts.get(act)
    return pick(spec.title) if spec else act


def waits_for_notice() -> Words:
    """Decided and signed, and the person does not know it yet."""
    return _("Decidido; falta que el ciudadano abra la notificación"), "warning", "mail"


def channel(code: str) -> str:
    """Where it was filed."""
    return {
        "portal": _("Portal"),
        "counter": _("Ventanilla"),
        "case": _("Otro expediente"),
        "phone": _("Teléfono"),
        "post": _("Correo postal"),
        "api": _("Otro sistema"),
    }.get(code, code)


def level(code: str) -> str:
    """How surely we know who asks."""
    return {
        "low": _("nivel bajo"),
        "medium": _("nivel medio"),
        "high": _("nivel alto"),
        "very_high": _("nivel muy alto"),
    }.get(code, _("no"))


def look_up(status: str, fault: str = "") -> Words:
    """What a register answered; `fault` says why an answer is of no use."""
    if fault and fault != "silent":
        return _("contestó algo que no sirve"), "warning", "alert-triangle"
    return {
        "found": (_("encontrado"), "success", "circle-check"),
        "absent": (_("no existe"), "neutral", "x"),
        "ambiguous": (_("varios coinciden"), "warning", "alert-triangle"),
        "unavailable": (_("no responde"), "warning", "hourglass"),
        "disputed": (_("la persona dice que está mal"), "danger", "alert-circle"),
        "offered": (_("la persona no autorizó consultarlo"), "neutral", "circle"),
    }.get(status, (status, "neutral", "circle"))


def told(status: str) -> Words:
    """What another agency made of what it was told."""
    return {
        "waiting": (_("falta que conteste"), "warning", "hourglass"),
        "accepted": (_("lo recibió"), "success", "circle-check"),
        "rejected": (_("lo rechazó"), "danger", "x"),
        "unavailable": (_("no contestó en todo el plazo"), "danger", "alert-circle"),
        "withdrawn": (_("ya no hace falta"), "neutral", "circle"),
    }.get(status, (status, "neutral", "circle"))


def fault(code: str) -> str:
    """Why another agency's answer is of no use; empty when none is told."""
    return {
        "silent": _("no contestó a tiempo"),
        "unreadable": _("contestó algo que no se puede leer"),
        "another": _("contestó sobre otra persona u otro registro; no se usó ni se guardó"),
        "impossible": _("contestó datos que no pueden ser; no se usaron ni se guardaron"),
    }.get(code, "")


def paper(kind: str) -> str:
    """What kind of paper a document of the file is; the service's own kinds are words already."""
    return kind.replace("_", " ").capitalize()


def output_state(code: str) -> str:
    """The state of a document; empty when none is told."""
    return {
        "valid": _("vigente"),
        "suspended": _("suspendido"),
        "superseded": _("reemplazado por otro"),
        "revoked": _("ya no vale"),
    }.get(code, "")


def term(compiled: CompiledService, act: CompiledAct, name: str) -> str:
    """A term by its length and its article: `10 días hábiles (Ley 1755 de 2015, art. 14)`."""
    spec = next((each for each in act.spec.terms if each.id == name), None)
    if spec is None:
        if name.startswith(APPEAL_ANSWER):
            return _("plazo para decidir el recurso")
        if name.startswith(CORRECTION):
            return _("plazo de la persona para corregir (Ley 1755 de 2015, art. 17)")
        return _("plazo para recurrir") if name == APPEAL else name
    told, law = length_in_words(str(spec.length)), compiled.service.law(spec.law)
    return f"{told} ({law.cited})" if law else told


def effect(code: str) -> str:
    """What the expiry of a term did."""
    return {
        "escalate": _("pasó al superior"),
        "positive_silence": _("se entiende concedida"),
        "accepted_information": _("se entiende aceptada"),
        "negative_silence": _("se entiende negada"),
        "tacit_withdrawal": _("se entiende desistida"),
        "expire_output": _("el documento dejó de valer"),
        "archive": _("se archivó"),
        "firm": _("la decisión quedó en firme"),
    }.get(code, "")
