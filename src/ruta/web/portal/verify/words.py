"""What is said of each answer: in words and with an icon, never by colour alone."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from ruta.documents.selectors import Verdict
from ruta.documents.verification import Kind, Original
from ruta.kernel.texts import pick
from ruta.registers import selectors as registers
from ruta.registers import words as register_words
from ruta.web.site.parts import Fact
from ruta.web.site.templatetags.site import day, moment

Text = str | Promise


@dataclass(frozen=True)
class Saying:
    """One answer as a page shows it. `meaning` is what it proves and what it does not; `advice` is what to do."""

    color: str
    icon: str
    state: Text
    title: Text
    meaning: Text
    advice: Text


_COMPARE = _("Compare estos datos con los del documento que tiene: si no coinciden, no es el que expedimos.")
_ASK = _("Pida a quien se lo dio el archivo original o el código que está junto al QR.")

BY_CODE: Mapping[Kind, Saying] = {
    Kind.VALID: Saying(
        "success",
        "circle-check",
        _("Vigente"),
        _("Este documento existe y está vigente"),
        _("Lo expidió la entidad que se indica y hoy conserva su valor."),
        _COMPARE,
    ),
    Kind.SUSPENDED: Saying(
        "warning",
        "player-pause",
        _("Suspendido"),
        _("Este documento está suspendido"),
        _("Es auténtico, pero por ahora no produce efectos."),
        _("Pregunte a la entidad que lo expidió cuándo se levanta la suspensión."),
    ),
    Kind.SUPERSEDED: Saying(
        "warning",
        "history",
        _("Reemplazado"),
        _("Este documento es auténtico, pero ya no está al día"),
        _("El registro del que salió cambió después de expedirlo."),
        _("Pida una copia nueva: mostrará los datos de hoy."),
    ),
    Kind.REVOKED: Saying(
        "danger",
        "x",
        _("Revocado"),
        _("Este documento fue revocado y no vale"),
        _("Fue expedido, pero la entidad lo dejó sin efecto."),
        _("No lo acepte como prueba. Pregunte a la entidad que lo expidió."),
    ),
    Kind.UNKNOWN: Saying(
        "danger",
        "alert-triangle",
        _("Desconocido"),
        _("Ningún documento tiene este código"),
        _("No expedimos nada con este código."),
        _("Cópielo otra vez del documento. Si es el mismo, el documento no es nuestro."),
    ),
}

BY_FILE: Mapping[Kind, Saying] = {
    **BY_CODE,
    Kind.VALID: Saying(
        "success",
        "shield-check",
        _("Auténtico y vigente"),
        _("Este es el archivo que expedimos, sin ningún cambio"),
        _("Cada byte es el que se firmó, y hoy conserva su valor."),
        _("Puede confiar en todo lo que dice el archivo."),
    ),
    Kind.ALTERED: Saying(
        "danger",
        "alert-triangle",
        _("Alterado"),
        _("Este archivo fue cambiado después de firmarlo"),
        _("Lleva nuestra firma, pero su contenido ya no es el que firmamos."),
        _("No confíe en lo que dice. Abajo está lo que dice el original."),
    ),
    Kind.APPENDED: Saying(
        "warning",
        "paperclip",
        _("Con algo añadido"),
        _("A este archivo le añadieron algo después de firmarlo"),
        _(
            "Lo que firmamos sigue dentro y es auténtico, pero lo añadido no lo firmamos y puede tapar lo que había."
        ),
        _("Pida el archivo sin añadidos, o guíese solo por los datos del original."),
    ),
    Kind.COPY: Saying(
        "warning",
        "printer",
        _("Copia sin firma"),
        _("Este archivo es una copia: por sí mismo no prueba nada"),
        _(
            "Nombra uno de nuestros documentos, pero no es el archivo que expedimos: fue impreso, escaneado o rehecho."
        ),
        _("Guíese por los datos del original, no por los del archivo."),
    ),
    Kind.FOREIGN: Saying(
        "neutral",
        "file-text",
        _("Sin nuestra firma"),
        _("No encontramos nuestra firma ni nuestro código"),
        _("Nada en este archivo muestra que lo hayamos expedido."),
        _("Si es un papel escaneado, escriba el código impreso. Si no lo tiene, pida el archivo original."),
    ),
}


def saying(verdict: Verdict, *, from_file: bool) -> Saying:
    """The words of this answer."""
    said = (BY_FILE if from_file else BY_CODE)[verdict.kind]
    if verdict.kind is Kind.ALTERED and verdict.original is None:
        return replace(said, advice=_ASK)
    return said


def state_of(original: Original) -> Saying:
    """The words of what the original is worth today."""
    return BY_CODE[Kind(original.state)]


_LABELS: Mapping[str, Text] = {
    "kind": _("Clase"),
    "serial": _("Serial"),
    "number": _("Número"),
    "initials": _("Iniciales de la persona"),
}


_OF_A_PART: Mapping[str, Text] = {
    "initials": _("iniciales"),
    "number_last_4": _("últimos cuatro del documento"),
}


def label_of(path: str, register: str = "") -> str:
    """How a fact that a stranger may see is called on the page; of a part of the entry, after the part's label."""
    part, dot, name = path.rpartition(".")
    if dot:
        node = register_words.node_at(registers.spec(register).schema, part.split("."))
        whose = pick(register_words.label_of(node, part))
        return f"{whose}: {_OF_A_PART.get(name) or label_of(name)}"
    if name.endswith("_last_4"):
        return gettext("Últimos cuatro de %(what)s") % {"what": name.removesuffix("_last_4").upper()}
    return str(_LABELS.get(name) or name.replace("_", " ").capitalize())


def facts_of(original: Original) -> list[Fact]:
    """What a stranger sees of the original, in words; nothing else."""
    facts = [Fact(gettext("Documento"), pick(original.title), note=pick(original.service_title))]
    facts += [Fact(label_of(name, original.register), pick(value)) for name, value in original.shown]
    facts += [
        Fact(gettext("Expedido"), moment(original.issued_at)),
        Fact(gettext("Expedido por"), pick(original.role)),
    ]
    facts.append(Fact(gettext("Código"), original.code))
    return facts


def as_data(verdict: Verdict, *, from_file: bool) -> dict[str, Any]:
    """The same answer for machines."""
    said = saying(verdict, from_file=from_file)
    answer: dict[str, Any] = {
        "verdict": str(verdict.kind),
        "says": str(said.title),
        "code": verdict.code or None,
    }
    if verdict.kind is Kind.APPENDED:
        answer["added_bytes"] = verdict.added_bytes
    if (original := verdict.original) is not None:
        answer["original"] = {
            "code": original.code,
            "title": original.title,
            "service": original.service_title,
            "state": original.state,
            "state_since": original.state_since.isoformat(),
            "reason": original.reason or None,
            "issued_at": original.issued_at.isoformat(),
            "issuer": original.role,
            "signature": f"PAdES {original.signature_level}",
            "shown": dict(original.shown),
        }
    return answer


def since(original: Original) -> str:
    """The day from which the state holds, where it matters."""
    return "" if original.state == "valid" else day(original.state_since)
