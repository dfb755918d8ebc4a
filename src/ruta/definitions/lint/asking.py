"""Checks of what an act asks of people: its parties, and the boxes that ask them."""

import re
from collections.abc import Mapping
from typing import Any

from ruta.engine import bpmn

from ..loader import stem
from ..schema import ActSpec
from .draft import FILE, Draft

APPLICANT = "applicant"
RESERVED = ("data_right", "data_wrong", "data_note")
"""Questions of the platform beside those of a form of `tasks/`; `cases.asking` asks them, and a test holds both alike."""
_NAMES_NOT_BUILT = {
    "sign": ("firmar", "signing"),
    "pay": ("pagar por el solicitante", "paying for the applicant"),
}
_NAME = re.compile(r"[a-z0-9-]+")
_TEXTS = re.compile(r'"((?:[^"\\]|\\.)*)"')
_LIST = re.compile(r'=?\s*\[\s*("[^"\\]*"\s*(,\s*"[^"\\]*"\s*)*)?\]\s*')


def check_parties(draft: Draft, name: str, act: ActSpec) -> None:
    """Ids, what a party may do, and what it sees of the form."""
    form = draft.forms.get(name)
    known = [*(form.fields if form else ()), *(page.id for page in form.pages)] if form else []
    for at, party in enumerate(act.parties):
        here = ("acts", name, "parties", at)
        if party.id == APPLICANT:
            draft.add(
                "duplicate-id",
                FILE,
                draft.in_yaml(*here, "id"),
                say={
                    "es": "applicant es quien pide, y está en todo expediente.",
                    "en": "applicant is who asks, and is in every case.",
                },
                cure={"es": "Póngale otro id.", "en": "Give it another id."},
            )
        for index, seen in enumerate(party.sees):
            if seen not in known:
                line = draft.in_yaml(*here, "sees", index)
                draft.unknown(
                    "field-unknown", FILE, line, seen, known, es="la página o el campo", en="page or field"
                )
        for index, may in enumerate(party.may):
            if may in _NAMES_NOT_BUILT:
                es, en = _NAMES_NOT_BUILT[may]
                draft.add(
                    "not-built",
                    FILE,
                    draft.in_yaml(*here, "may", index),
                    say={
                        "es": f"Aún no está construido: que un interviniente pueda {may} ({es}).",
                        "en": f"Not built yet: that a party may {may} ({en}).",
                    },
                    cure={"es": "Espere a que lo esté, o quítelo.", "en": "Wait until it is, or remove it."},
                )


def check_ask(
    draft: Draft, act: str, spec: ActSpec, path: str, node: bpmn.Node, lines: Mapping[str, int]
) -> None:
    """A box that asks: the party may answer, the data and questions are there, and what is asked is written in both
    languages. `lines` are those of its inputs."""
    given = {target: source for source, target in node.inputs}
    _asked_party(draft, spec, path, given, lines)
    if not {"fields", "rows"} & set(given):
        draft.add(
            "verb-input",
            path,
            node.line,
            say={
                "es": f"«{node.name}» no dice qué se pregunta.",
                "en": f'"{node.name}" does not say what is asked.',
            },
            cure={
                "es": "Agregue fields (campos del formulario, o un formulario de tasks/) o rows.",
                "en": "Add fields (fields of the form, or a form of tasks/) or rows.",
            },
        )
    _fields(draft, act, path, given.get("fields", ""), lines.get("fields", node.line))
    _what(draft, act, path, given.get("what", ""), lines.get("what", node.line))


def _asked_party(
    draft: Draft, spec: ActSpec, path: str, given: Mapping[str, str], lines: Mapping[str, int]
) -> None:
    name, line = literal(given.get("party", "")), lines.get("party", 1)
    known = {party.id: party for party in spec.parties}
    if name is None:
        if "party" in given:
            draft.add(
                "party-unknown",
                path,
                line,
                say={
                    "es": f"El interviniente se calcula: {given['party']}. Se llama por su id.",
                    "en": f"The party is computed: {given['party']}. It is called by its id.",
                },
                cure={
                    "es": f'Escriba ="id": {", ".join([APPLICANT, *known])}.',
                    "en": f'Write ="id": {", ".join([APPLICANT, *known])}.',
                },
            )
    elif name != APPLICANT and name not in known:
        draft.unknown(
            "party-unknown", path, line, name, [APPLICANT, *known], es="el interviniente", en="party"
        )
    elif name != APPLICANT and "answer" not in known[name].may:
        draft.add(
            "party-may-not-answer",
            path,
            line,
            say={
                "es": f"Se le pide algo a {name}, que no puede responder.",
                "en": f"Something is asked of {name}, which may not answer.",
            },
            cure={
                "es": f"Agregue answer a may de {name} en service.yaml.",
                "en": f"Add answer to the may of {name} in service.yaml.",
            },
        )


def _fields(draft: Draft, act: str, path: str, source: str, line: int) -> None:
    """Names of fields that the act's form has, or of a form of its `tasks/`."""
    form = draft.forms.get(act)
    fields = form.fields if form else {}
    name = literal(source)
    if name is not None:
        own = [stem(each) for each in draft.folder.under(f"acts/{act}/tasks/", ".json")]
        if name.removesuffix(".json") not in own:
            draft.unknown("form-key-unknown", path, line, name, own, es="el formulario", en="form")
    elif _LIST.fullmatch(source):
        for field in _TEXTS.findall(source):
            if field not in fields:
                draft.unknown("field-unknown", path, line, field, fields, es="el campo", en="field")


def _what(draft: Draft, act: str, path: str, source: str, line: int) -> None:
    """A message of the act by its name, or a text in both languages."""
    from .messages import known_messages

    text = literal(source)
    if text is None:
        return
    known = known_messages(draft, act)
    if _NAME.fullmatch(text) and text not in known:
        draft.unknown("message-unknown", path, line, text, known, es="el mensaje", en="message")
    elif text not in known:
        draft.add(
            "text-language",
            path,
            line,
            say={
                "es": f"«{text}» se lee en un solo idioma.",
                "en": f'"{text}" is read in one language only.',
            },
            cure={
                "es": 'Escriba ={es: "…", en: "…"}, o el nombre de un mensaje del acto.',
                "en": 'Write ={es: "…", en: "…"}, or the name of a message of the act.',
            },
        )


def messages_of_asks(process: bpmn.Process | None) -> frozenset[str]:
    """The messages by which a process asks something: they see `asked` too."""
    found = {
        literal(source)
        for node in (process.nodes.values() if process else ())
        if node.job_type == "ruta.ask"
        for source, target in node.inputs
        if target == "what"
    }
    return frozenset(name for name in found if name)


def check_task_form(draft: Draft, path: str, schema: Any, line: int) -> None:
    """A form of `tasks/` has no field of the platform's, and shows no look-up: nobody looks up for who answers."""
    for name in schema.get("properties") or ():
        if name in RESERVED:
            draft.add(
                "duplicate-id",
                path,
                line,
                say={
                    "es": f"{name} es una pregunta de la plataforma.",
                    "en": f"{name} is a question of the platform.",
                },
                cure={"es": "Póngale otro nombre al campo.", "en": "Give the field another name."},
            )
    for page in (schema.get("x-ui") or {}).get("pages") or ():
        if page.get("shows"):
            draft.add(
                "not-built",
                path,
                line,
                say={
                    "es": "Aún no está construido: mostrar una consulta (shows) en un formulario de tasks/.",
                    "en": "Not built yet: showing a look-up (shows) in a form of tasks/.",
                },
                cure={
                    "es": "Muestre los datos con rows del verbo ask.",
                    "en": "Show the data by rows of the verb ask.",
                },
            )


def literal(text: str) -> str | None:
    """The text that an expression spells, `="copy"`; None when it is computed."""
    found = re.fullmatch(r'=?\s*"([^"\\]*)"\s*', text)
    return found[1] if found else None
