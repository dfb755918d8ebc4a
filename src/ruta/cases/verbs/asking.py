"""Verb of questions to people: ask."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from ruta.engine import bpmn
from ruta.kernel import clock
from ruta.kernel.texts import LANGUAGES

from .. import asking, letters, parties, terms
from ..asking.opening import is_open
from ..models import CaseTerm
from .errors import CannotBeDone

if TYPE_CHECKING:
    from ..machine import Machine

MESSAGE = "asked"  # sent where the process gives a text instead of a message of the act
LONGEST_TITLE = 200

Texts = dict[str, str]


def ask(machine: Machine, effect: bpmn.JobRequested) -> dict[str, Any] | None:
    """Ask every person of a party to confirm data (`fields` of the form, `rows` from elsewhere) or to answer a form of
    `tasks/` (named by `fields`). Done when all answered or its term ended; at once where the party is nobody."""
    if is_open(machine, effect.token):
        return None
    inputs = effect.inputs
    party = _party(machine, str(inputs["party"]))
    fields = inputs.get("fields")
    term = _term(machine, str(inputs["term"]))
    message, title, text = _what(machine, inputs["what"], term)
    wanted = asking.Wanted(
        party=party,
        message=message,
        title=title,
        text=text,
        term=term,
        data=_data(machine, fields if isinstance(fields, list) else [], inputs.get("rows") or []),
        form=_task_form(machine, fields) if isinstance(fields, str) else "",
    )
    return asking.open_ask(machine, effect.node, effect.token, wanted)


def _party(machine: Machine, name: str) -> str:
    """The party, its persons named as things stand now."""
    declared = machine.act.spec.party(name)
    if declared is None and name != parties.APPLICANT:
        raise CannotBeDone(
            {"es": f"El acto no tiene un interviniente {name}.", "en": f"The act has no party {name}."},
            code="party",
        )
    if declared is not None:
        try:
            parties.bind_one(machine, declared)
        except bpmn.RuleFailed as stopped:
            raise CannotBeDone(stopped.say, code="party") from stopped
    return name


def _task_form(machine: Machine, name: str) -> str:
    name = name.removesuffix(".json")
    if name not in machine.act.tasks:
        raise CannotBeDone(
            {"es": f"No existe el formulario {name}.", "en": f"There is no form {name}."}, code="form"
        )
    return name


def _data(machine: Machine, fields: Sequence[Any], rows: Sequence[Any]) -> list[dict[str, Any]]:
    """The facts to confirm: answers of the form by name, and rows {id, title, value} from elsewhere."""
    form = machine.act.form
    known = form.fields if form is not None else {}
    for name in fields:
        if name not in known:
            raise CannotBeDone(
                {"es": f"El formulario no tiene el campo {name}.", "en": f"The form has no field {name}."},
                code="field",
            )
    data: list[dict[str, Any]] = [{"id": name, "value": machine.case.form.get(name)} for name in fields]
    for row in rows:
        if not isinstance(row, Mapping) or not row.get("id") or not row.get("title"):
            raise CannotBeDone(
                {
                    "es": "Cada fila que se confirma tiene id, title y value.",
                    "en": "Each row to be confirmed has id, title and value.",
                },
                code="rows",
            )
        title = row["title"]
        said = dict(title) if isinstance(title, Mapping) else dict.fromkeys(LANGUAGES, str(title))
        data.append({"id": str(row["id"]), "title": said, "value": row.get("value")})
    return data


def _term(machine: Machine, name: str) -> CaseTerm:
    """The term in which an answer is due: one that runs already, else begun now, also where it was kept before."""
    for spec in machine.act.spec.terms:
        if spec.id == name:
            return terms.begin_again(machine, spec, clock.today())
    raise CannotBeDone(
        {"es": f"El acto no tiene el término {name}.", "en": f"The act has no term {name}."}, code="term"
    )


def _what(machine: Machine, what: Any, term: CaseTerm) -> tuple[str, Texts, Texts]:
    """(message, title, text) of what is asked: a message of the act by its name, or a text in itself."""
    if isinstance(what, str) and (what, "es") in machine.act.messages:
        about = {"asked": {"until": term.due_on}}
        told = {lang: letters.render(machine, what, lang, about) for lang in LANGUAGES}
        titles = {lang: subject[:LONGEST_TITLE] for lang, (subject, _) in told.items()}
        return what, titles, {lang: body for lang, (_, body) in told.items()}
    said = what if isinstance(what, Mapping) else dict.fromkeys(LANGUAGES, str(what))
    return MESSAGE, {lang: str(text)[:LONGEST_TITLE] for lang, text in said.items()}, {}


def withdraw(machine: Machine, token: int) -> None:
    """The process no longer wants what it asked at `token`."""
    asking.withdraw(machine, token)
