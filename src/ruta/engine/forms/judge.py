"""What is shown, what is kept, and what is wrong: by the schema, by its conditions and by its checks."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ruta.engine.problems import Problem

from . import words
from .misfits import CodeFault, misfits
from .model import Check, Field, Form, Text
from .parse import escape

Evaluate = Callable[[str], Any]
"""FEEL text to value, bound to the names that FEEL sees (service contract §4.1), `form` among them."""
Render = Callable[[str, str], str]
"""(text with `{{ FEEL }}`, language) to text, bound likewise."""


@dataclass(frozen=True)
class Settled:
    """The answers that count: `values` of what is `shown`, and `evaluate` bound to them."""

    values: Mapping[str, Any]
    shown: frozenset[str]
    evaluate: Evaluate


def shown(form: Form, evaluate: Evaluate) -> frozenset[str]:
    """The names of the fields that are shown while the answers are those that `evaluate` is bound to."""
    names: set[str] = set()
    for page in form.pages:
        if page.when is not None and evaluate(page.when) is not True:
            continue
        for name in page.fields:
            when = form.fields[name].when
            if when is None or evaluate(when) is True:
                names.add(name)
    return frozenset(names)


def settle(form: Form, values: Mapping[str, Any], bind: Callable[[Mapping[str, Any]], Evaluate]) -> Settled:
    """Drop the answers of hidden fields until nothing more is hidden by what was dropped.

    `bind` makes an evaluator for given answers. Each lap drops at least one answer, so it ends.
    """
    kept = dict(values)
    while True:
        evaluate = bind(kept)
        names = shown(form, evaluate)
        fewer = {name: value for name, value in kept.items() if name in names}
        if len(fewer) == len(kept):
            return Settled(kept, names, evaluate)
        kept = fewer


def judge(
    form: Form,
    settled: Settled,
    *,
    pages: Collection[str] | None = None,
    unread: Sequence[Problem] = (),
    render: Render | None = None,
    code_fault: CodeFault | None = None,
) -> tuple[Problem, ...]:
    """Every problem of the answers of `pages` (ids; None: all), in the order of the form.

    `unread` are the problems of `parse`, and nothing more is said of their fields. Hidden fields have no
    problems. A check that weighs facts beyond the answers is only asked when the answers themselves are right.
    """
    asked = [
        name
        for page in form.pages
        if pages is None or page.id in pages
        for name in page.fields
        if name in settled.shown
    ]
    found = [problem for problem in unread if _of(problem) in asked or _of(problem) not in form.fields]
    spoken = {_of(problem) for problem in found}
    answered = [name for name in asked if name not in spoken]
    misfit = _by_value(form, settled.values, answered, code_fault)
    places = {problem.at for problem in misfit}
    found += misfit
    found += [each for each in _by_schema(form, settled.values, answered) if each.at not in places]
    found += _by_check(form, found, asked, settled.evaluate, render, whole=pages is None)
    order = {name: place for place, name in enumerate(asked)}
    return tuple(sorted(_once(found), key=lambda problem: order.get(_of(problem), len(order))))


def with_label(form: Form, problem: Problem) -> Text:
    """The problem's words with the field's label before them, for where the field is not beside."""
    field = form.fields.get(_of(problem))
    if field is None:
        return problem.say
    said: dict[str, str] = {}
    for lang, words_ in problem.say.items():
        label = field.label.get(lang) or field.label.get("es", "")
        said[lang] = f"{label} {words_}" if label.endswith(("?", ":")) else f"{label}: {words_}"
    return said


def _of(problem: Problem) -> str:
    return problem.at.split("/")[1] if "/" in problem.at else ""


def _once(problems: Sequence[Problem]) -> list[Problem]:
    seen: dict[tuple[str, str], Problem] = {}
    for problem in problems:
        seen.setdefault((problem.at, problem.check), problem)
    return list(seen.values())


def _by_schema(form: Form, values: Mapping[str, Any], names: Sequence[str]) -> list[Problem]:
    problems = [
        Problem(f"/{name}", "required", _words(form.fields[name], "required", {}))
        for name in names
        if form.fields[name].required and name not in values
    ]
    mine = {name: values[name] for name in names if name in values}
    for error in form.validator.iter_errors(mine):
        path = [str(step) for step in error.instance_path]
        keyword, limits = error.kind.name, _limits(error)
        if keyword == "required":
            path.append(str(getattr(error.kind, "property", "")))
        field = _at(form, path)
        if field is None:  # a rule over the whole object: the schema's author put it there on purpose
            problems.append(Problem("", keyword, words.failed(_WHOLE, keyword, limits)))
        else:
            at = "".join(f"/{escape(step)}" for step in path)
            problems.append(Problem(at, keyword, _words(field, keyword, limits)))
    return problems


_WHOLE = Field("", "group", "group", {"es": "", "en": ""})


def _limits(error: Any) -> Mapping[str, Any]:
    told: Mapping[str, Any] = error.kind.as_dict()
    return told


def _words(field: Field, keyword: str, limits: Mapping[str, Any]) -> Text:
    return field.say.get(keyword) or words.failed(field, keyword, limits)


def _at(form: Form, path: Sequence[str]) -> Field | None:
    if not path or path[0] not in form.fields:
        return None
    field = form.fields[path[0]]
    for step in path[1:]:
        if field.kind == "list":
            # the words are the list's own where its items have none
            field = field.item if field.item.say or not field.say else field
        elif not (field.kind == "rows" and step.isdigit()):
            field = next((child for child in field.children if child.name == step), field)
    return field


def _by_value(
    form: Form, values: Mapping[str, Any], names: Sequence[str], code_fault: CodeFault | None
) -> list[Problem]:
    """What a format or a code list refuses: it says more than the pattern that the text fails besides."""
    mine = {name: values[name] for name in names if name in values}
    problems: list[Problem] = []
    for misfit in misfits(form.schema, mine, formats=form.formats, code_fault=code_fault):
        at = "".join(f"/{escape(step)}" for step in misfit.path)
        field = _at(form, misfit.path)
        own = field.say.get(misfit.keyword) if field else None
        problems.append(Problem(at, misfit.keyword, own or words.alone(misfit.say)))
    return problems


def _by_check(
    form: Form,
    found: Sequence[Problem],
    asked: Sequence[str],
    evaluate: Evaluate,
    render: Render | None,
    *,
    whole: bool,
) -> list[Problem]:
    wrong = {_of(problem) for problem in found}
    problems: list[Problem] = []
    for check in form.checks:
        due = check.field in asked if check.field else whole
        if not due or check.field in wrong or (check.weighs_facts and found):
            continue
        if evaluate(check.wrong_when) is True:
            problems.append(Problem(check.at, check.id, _said(check, render), check.law))
    return problems


def _said(check: Check, render: Render | None) -> Text:
    if render is None:
        return check.say
    return {lang: render(text, lang) for lang, text in check.say.items()}
