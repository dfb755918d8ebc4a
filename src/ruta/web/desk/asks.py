"""What a case asked of its people, on its page at the desk."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from django.urls import reverse
from django.utils.translation import gettext as _

from ruta.cases import asking, perms, selectors
from ruta.cases.asking import forms as asking_forms
from ruta.cases.models import AskedPerson, Case
from ruta.cases.models.asking import AskedStatus
from ruta.definitions.runtime import CompiledService
from ruta.identity.actors import Actor
from ruta.kernel.identifiers import format_document
from ruta.kernel.texts import current_language, pick
from ruta.web.site import parts
from ruta.web.site.given_answer import given
from ruta.web.site.templatetags.site import moment

from . import words


@dataclass(frozen=True)
class PersonView:
    """One person who was asked: who, what became of it, what was answered and how; `url` where an answer is taken."""

    name: str
    document: str
    state: words.Words
    facts: tuple[parts.Fact, ...]
    when: str
    url: str = ""


@dataclass(frozen=True)
class AskView:
    """Something that was asked: of whom, until when, about which data."""

    title: str
    party: str
    until: date
    open: bool
    data: tuple[parts.Fact, ...]
    persons: tuple[PersonView, ...]


def asked(found: Case, compiled: CompiledService, actor: Actor) -> list[AskView]:
    """Everything that the case asked, the newest first."""
    assists = bool(perms.may_assist(actor, compiled))
    views = []
    for ask in selectors.asks_of_case(found):
        party = compiled.act(found.act).spec.party(ask.party)
        views.append(
            AskView(
                title=pick(ask.title),
                party=pick(party.role) if party else _("quien lo pide"),
                until=ask.due_on,
                open=ask.closed_at is None,
                data=tuple(parts.Fact(*each) for each in asking_forms.data_in_words(ask, current_language())),
                persons=tuple(_person(one, actor, assists=assists) for one in ask.persons.all()),
            )
        )
    return views


def _person(one: AskedPerson, actor: Actor, *, assists: bool) -> PersonView:
    own = one.person_id is not None and one.person_id == actor.person_id
    number = format_document(one.document_type, one.document_number) if one.document_number else ""
    by = one.entered_by.person.full_name if one.entered_by else ""
    told = [moment(one.at), _("en la ventanilla, lo escribió %(who)s") % {"who": by} if by else ""]
    return PersonView(
        name=one.name or _("Sin nombre"),
        document=f"{one.document_type} {number}".strip(),
        state=_state(one),
        facts=tuple(given(one)) if one.at else (),
        when=" · ".join(filter(None, told)) if one.at else "",
        url="" if asking.is_over(one) or own or not assists else reverse("desk:answer-for", args=[one.pk]),
    )


def _state(one: AskedPerson) -> words.Words:
    found: Mapping[str, words.Words] = {
        AskedStatus.OPEN: (_("falta que responda"), "warning", "hourglass"),
        AskedStatus.ANSWERED: (_("respondió"), "success", "circle-check"),
        AskedStatus.DISPUTED: (_("dice que algo está mal"), "danger", "alert-circle"),
        AskedStatus.EXPIRED: (_("no respondió a tiempo"), "danger", "clock"),
        AskedStatus.WITHDRAWN: (_("ya no hacía falta"), "neutral", "x"),
        AskedStatus.DECEASED: (_("documento cancelado por muerte"), "neutral", "x"),
    }
    return found[one.status]
