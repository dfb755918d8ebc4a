"""An appeal at the desk: the questions of who decides it, and the appeals of a case."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from ruta.cases import taskforms
from ruta.cases.appeals import deciding
from ruta.cases.models import Appeal, Case, Task
from ruta.cases.terms import APPEAL_ANSWER
from ruta.definitions.runtime import CompiledService
from ruta.kernel.texts import pick
from ruta.web.site.appeal_words import outcome, title
from ruta.web.site.parts import Field, Option


@dataclass(frozen=True)
class AppealView:
    """One appeal of the case: what is asked and why, and once decided how."""

    number: int
    title: str
    grounds: str
    filed_at: datetime
    decided: str
    motivation: str


def fields(
    task: Task, compiled: CompiledService, typed: Mapping[str, Any], said: Mapping[str, str]
) -> tuple[Field, ...]:
    """What is decided on the appeal, and why."""
    process = compiled.act(task.case.act).process
    assert process is not None
    appeal = Appeal.objects.get(id=task.inputs["appeal"])
    options = deciding.options(process, task.case, appeal)
    return (
        Field(
            "outcome",
            _("Decisión del recurso"),
            "radio",
            str(typed.get("outcome", "")),
            required=True,
            options=tuple(Option(each, option_in_words(each)) for each in options),
            error=said.get("outcome", ""),
            id="f-outcome",
        ),
        Field(
            "motivation",
            _("Motivación"),
            "textarea",
            str(typed.get("motivation", "")),
            required=True,
            rows=6,
            hint=_(
                "Responda cada motivo del recurso, con los hechos y la norma. La persona la lee tal cual."
            ),
            error=said.get("motivation", ""),
            id="f-motivation",
        ),
    )


def option_in_words(option: str) -> str:
    """`revoke:grant` as `Revocar y decidir: Conceder`."""
    word, _dot, instead = option.partition(":")
    if not instead:
        return {
            "confirm": _("Confirmar la decisión"),
            "modify": _("Modificarla, sin cambiar el sentido"),
        }.get(word, word)
    if instead == deciding.AGAIN:
        return _("Revocar: la solicitud sigue donde esperaba")
    if instead == deciding.FAVOURABLE:
        return _("Revocar y conceder; la oficina hace a mano lo que falte")
    what = pick(taskforms.OUTCOME_TITLES.get(instead, {"es": instead, "en": instead}))
    return _("Revocar y decidir: %(what)s; el trámite sigue desde ahí") % {"what": what}


def appeals(case: Case) -> list[AppealView]:
    """The appeals of the case, the newest first."""
    if not any(term.term.startswith(APPEAL_ANSWER) for term in case.terms.all()):
        return []
    return [
        AppealView(
            each.number,
            title("both") if each.subsidiary else title(each.kind),
            each.grounds,
            each.filed_at,
            outcome(str(each.outcome)),
            each.motivation,
        )
        for each in case.appeals.order_by("-number")
    ]
