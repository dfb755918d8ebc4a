"""The form of an act on one page for a device: all its questions, and what the browser may judge of them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from ruta.definitions.acts import CompiledAct
from ruta.definitions.runtime import CompiledService
from ruta.definitions.schema import Offline
from ruta.engine import forms
from ruta.engine.forms import Field, words
from ruta.kernel import clock
from ruta.kernel.texts import current_language, pick
from ruta.web.forms.questions import Asking, Question, questions

from .conditions import translated

MOST_ROWS = 4
_LIMITS = {"pattern": "pattern", "minLength": "min", "maxLength": "max"}


@dataclass(frozen=True)
class Section:
    """A page of the form as a part of the device's page."""

    id: str
    title: str
    questions: tuple[Question, ...]


def asked(act: CompiledAct, offline: Offline) -> Mapping[str, Field]:
    """The questions that the device asks: no files, and not the office, which is that of its numbers."""
    assert act.form is not None
    placed = [name for page in act.form.pages for name in page.fields]
    fields = act.form.fields
    return {
        name: fields[name] for name in placed if fields[name].widget != "evidence" and name != offline.office
    }


def left_out(act: CompiledAct) -> list[str]:
    """The files that the form asks for and the device does not."""
    assert act.form is not None
    return [pick(field.label) for field in act.form.fields.values() if field.widget == "evidence"]


def sections(compiled: CompiledService, act: CompiledAct, offline: Offline) -> list[Section]:
    """Every page of the form that asks something, blank but for its defaults."""
    assert act.form is not None
    names = asked(act, offline)
    typed: dict[str, Any] = dict(forms.defaults(act.form))
    for field in names.values():
        if field.kind == "rows":
            typed[field.name] = [{}] * (min(field.schema.get("maxItems", MOST_ROWS), MOST_ROWS) - 1)
    asking = Asking(compiled, act, act.form, typed, {})
    found = [
        Section(page.id, pick(page.title), tuple(map(_plain, questions(asking, page, names))))
        for page in act.form.pages
    ]
    return [section for section in found if section.questions]


def _plain(question: Question) -> Question:
    """Without what is fetched while one types: the device has the whole list."""
    return replace(question, part=replace(question.part, focused=False))


def described(compiled: CompiledService, act: CompiledAct, offline: Offline) -> dict[str, Any]:
    """What the browser needs to show, hide and judge the questions.

    `later` are the labels of questions of which a rule is judged on return only.
    """
    assert act.form is not None
    fields = asked(act, offline)
    conditions = {page.id: page.when for page in act.form.pages}
    pages = {name: page.id for page in act.form.pages for name in page.fields}
    checks, later = _checks(compiled, act.form, fields)
    return {
        "fields": [
            _field(compiled, field, fields, conditions[pages[name]]) for name, field in fields.items()
        ],
        "checks": checks,
        "later": later,
        "lists": {name: _codes(compiled, name) for name in _lists(fields.values())},
    }


def _field(
    compiled: CompiledService, field: Field, fields: Mapping[str, Field], page_when: str | None
) -> dict[str, Any]:
    whens = [text for text in (page_when, field.when) if text]
    rules = [translated(compiled.program(text).tree, fields) for text in whens]
    sure = all(rule is not None for rule in rules)
    return _plainly(field) | {
        "required": field.required and sure,  # what may turn out to be hidden is not insisted on
        "when": [rule for rule in rules if rule is not None],
        "sure": sure,
    }


def _plainly(field: Field) -> dict[str, Any]:
    schema = field.schema
    told: dict[str, Any] = {
        "name": field.name,
        "kind": field.kind,
        "widget": field.widget,
        "label": pick(field.label),
        "list": field.list or "",
        "required": field.required,
        "say": {"required": _said(field, "required", 0), "format": _said(field, "format", 0, format="date")},
        "options": {value: pick(label) for value, label in field.options.items()},
        "children": [_plainly(child) for child in field.children],
    }
    for keyword, short in _LIMITS.items():
        if keyword in schema:
            told[short] = schema[keyword]
            told["say"][short] = _said(field, keyword, schema[keyword])
    return told


def _said(field: Field, keyword: str, limit: Any, **more: Any) -> str:
    return pick(field.say.get(keyword) or words.failed(field, keyword, {"limit": limit, **more}))


def _checks(
    compiled: CompiledService, form: forms.Form, fields: Mapping[str, Field]
) -> tuple[list[dict[str, Any]], list[str]]:
    checks: list[dict[str, Any]] = []
    later: dict[str, None] = {}
    for check in form.checks:
        rule = translated(compiled.program(check.wrong_when).tree, fields)
        if rule is not None and check.field in fields and "{{" not in pick(check.say):
            checks.append({"field": check.field, "wrong": rule, "say": pick(words.alone(check.say))})
        elif check.field in form.fields:
            later[pick(form.fields[check.field].label)] = None
    return checks, list(later)


def _lists(fields: Any) -> Sequence[str]:
    found = [field.list for field in fields if field.list]
    found += [child.list for field in fields for child in field.children if child.list]
    return sorted(set(found))


def _codes(compiled: CompiledService, name: str) -> list[list[str]]:
    codes = compiled.list(name)
    return [[code.code, codes.title(code.code, current_language())] for code in codes.on(clock.today())]
