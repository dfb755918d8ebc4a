"""The form in which somebody answers what a case asks: data to confirm or dispute, and questions of the act's own.

It is a form like an application's, so that page, conflict of two tabs, files and judging are the same.
"""

from __future__ import annotations

from collections.abc import Mapping
from copy import deepcopy
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from ruta.definitions import runtime
from ruta.definitions.acts import CompiledAct
from ruta.definitions.runtime import CompiledService
from ruta.engine import forms
from ruta.identity.actors import Actor
from ruta.kernel.formats import FORMATS

from .. import context
from ..models import Ask

if TYPE_CHECKING:
    from ..machine import Machine

RIGHT, WRONG, NOTE = "data_right", "data_wrong", "data_note"
RESERVED = (RIGHT, WRONG, NOTE)
"""The questions of the platform; no form of `tasks/` has fields of these names."""
YES, NO = "yes", "no"
LONGEST_NOTE = 2000
PAGE = "answer"

Schema = dict[str, Any]
Texts = Mapping[str, str]


def form_of(ask: Ask) -> forms.Form:
    """The questions of an ask: whether its data are right, then those of the form that it names."""
    act = runtime.compiled(ask.version_id).act(ask.case.act)
    own = act.tasks[ask.form].schema if ask.form else {}
    return forms.load(_schema(ask, titles_of(ask, act), own), FORMATS)


def act_of(ask: Ask) -> tuple[CompiledService, CompiledAct]:
    """The service, and its act as if its form were that of the ask: nothing is looked up and nothing is charged."""
    compiled = runtime.compiled(ask.version_id)
    act = compiled.act(ask.case.act)
    spec = act.spec.model_copy(update={"needs": (), "fee": None})
    return compiled, replace(act, form=form_of(ask), spec=spec)


def titles_of(ask: Ask, act: CompiledAct) -> dict[str, Texts]:
    """What each datum is called, by id."""
    fields: Mapping[str, forms.Field] = act.form.fields if act.form else {}
    return {
        one["id"]: one.get("title") or fields[one["id"]].label
        for one in ask.data
        if one.get("title") or one["id"] in fields
    }


def _schema(ask: Ask, titles: Mapping[str, Texts], own: Mapping[str, Any]) -> Schema:
    schema: Schema = deepcopy(dict(own)) or {"type": "object", "additionalProperties": False}
    asked = _of_data(titles) if ask.data else {}
    schema["properties"] = {**asked, **schema.get("properties", {})}
    schema["required"] = [*([RIGHT] if asked else []), *schema.get("required", ())]
    ui: Schema = schema.setdefault("x-ui", {})
    pages = ui.setdefault("pages", [{"id": PAGE, "title": dict(ask.title), "fields": []}])
    pages[0]["fields"] = [*asked, *pages[0]["fields"]]
    if len(pages) == 1:
        pages[0]["title"] = dict(ask.title)
    return schema


def _of_data(titles: Mapping[str, Texts]) -> Schema:
    """Whether the data are right; which are not, where there are several; and what they should say."""
    wrong = f'=form.{RIGHT} = "{NO}"'
    asked: Schema = {
        RIGHT: {
            "enum": [YES, NO],
            "x-ui": {
                "label": {"es": "¿Los datos están bien?", "en": "Are the data right?"},
                "options": {
                    YES: {"es": "Sí, los confirmo", "en": "Yes, I confirm them"},
                    NO: {"es": "No, algo está mal", "en": "No, something is wrong"},
                },
            },
        }
    }
    if len(titles) > 1:
        asked[WRONG] = {
            "type": "array",
            "minItems": 1,
            "uniqueItems": True,
            "items": {"enum": list(titles)},
            "x-ui": {
                "label": {"es": "¿Qué está mal?", "en": "What is wrong?"},
                "hint": {"es": "Marque todo lo que esté mal.", "en": "Tick all that is wrong."},
                "options": {name: dict(title) for name, title in titles.items()},
                "when": wrong,
                "required": True,
            },
        }
    asked[NOTE] = {
        "type": "string",
        "minLength": 1,
        "maxLength": LONGEST_NOTE,
        "x-ui": {
            "label": {"es": "¿Qué debería decir?", "en": "What should it say?"},
            "hint": {
                "es": "Con sus palabras. Lo lee el servidor que tiene el expediente.",
                "en": "In your words. The official who has the case reads it.",
            },
            "widget": "textarea",
            "when": wrong,
            "required": True,
        },
    }
    return asked


def subject_of(ask: Ask, actor: Actor) -> context.Subject:
    """What FEEL sees while somebody answers: the case as its process sees it, with these answers over the filed ones."""
    from ..machine import Machine

    return subject_in(Machine(ask.case, actor), ask)


def subject_in(machine: Machine, ask: Ask) -> context.Subject:
    """The same, of a case that a step holds."""
    compiled, act = act_of(ask)
    names = machine.names()
    beside = {**names, **machine.variables, "form": names["form"]}
    return replace(machine.subject(), compiled=compiled, act=act, form={}, facts={}, beside=beside)


def answer_in_words(ask: Ask, values: Mapping[str, Any], lang: str) -> list[tuple[str, str]]:
    """(label, answer) of every question answered, in the order in which they were asked."""
    compiled, form = runtime.compiled(ask.version_id), form_of(ask)
    return [
        (field.label.get(lang) or field.label["es"], compiled.in_words(field, values[field.name], lang))
        for field in form.answered(values)
    ]


def data_in_words(ask: Ask, lang: str) -> list[tuple[str, str]]:
    """(title, value) of the data to confirm."""
    compiled = runtime.compiled(ask.version_id)
    act = compiled.act(ask.case.act)
    fields: Mapping[str, forms.Field] = act.form.fields if act.form else {}
    titles = titles_of(ask, act)
    told = []
    for one in ask.data:
        name, title = one["id"], titles.get(one["id"], {})
        field = forms.Field(name, "date" if _is_day(one["value"]) else "text", "text", title)
        if not one.get("title") and name in fields:
            field = fields[name]
        said = compiled.in_words(field, one["value"], lang)
        told.append((title.get(lang) or title.get("es", name), said))
    return told


def _is_day(value: Any) -> bool:
    text = str(value)
    return len(text) == 10 and text[4] == text[7] == "-" and text.replace("-", "").isdigit()
