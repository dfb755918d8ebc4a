"""What a case asked and told other agencies, and what became of it: the message log, in words."""

from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from ruta.cases.models import Case
from ruta.definitions.runtime import CompiledService
from ruta.interop import selectors
from ruta.interop.models import Telling
from ruta.kernel.texts import pick
from ruta.web.site.templatetags.site import moment

from . import words
from .words import Words


@dataclass(frozen=True)
class Exchange:
    """One service told, or one register asked: its name, its state as a chip, when, and what else is to be said."""

    title: str
    what: str
    at: datetime
    state: Words
    told: tuple[str, ...]


def exchanges(case: Case, compiled: CompiledService) -> list[Exchange]:
    """What the case told, then what it asked; two queries."""
    told = [_telling(each) for each in selectors.told_by(case.number)]
    return told + [_asked(each, compiled) for each in selectors.asked_by(case.number)]


def _telling(each: Telling) -> Exchange:
    said = [_tries(each.tries)] if each.tries > 1 else []
    if each.next_at is not None and each.tries:
        said.append(_("se intenta otra vez el %(when)s") % {"when": moment(each.next_at)})
        said.append(words.fault(each.fault))
        if each.until is not None:
            said.append(_("a más tardar el %(when)s") % {"when": moment(each.until)})
    if each.reference:
        said.append(_("referencia %(reference)s") % {"reference": each.reference})
    said.append(each.reason)
    told = tuple(part for part in said if part)
    at = each.answered_at or each.since
    return Exchange(pick(each.title), _("aviso"), at, words.told(each.status), told)


def _asked(each: selectors.Asked, compiled: CompiledService) -> Exchange:
    known = compiled.registers.get(each.register)
    said = ([_tries(each.times)] if each.times > 1 else []) + [words.fault(each.fault)]
    return Exchange(
        known.title if known else each.register,
        _("consulta"),
        each.at,
        words.look_up(each.status, each.fault),
        tuple(part for part in said if part),
    )


def _tries(times: int) -> str:
    return ngettext("%(times)s intento", "%(times)s intentos", times) % {"times": times}
