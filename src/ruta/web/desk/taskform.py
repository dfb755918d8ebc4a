"""The form of a task on the page: decide with a motivation, enter what the books say, approve a refund."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from ruta.cases import held_money, paper_notice, reasons, taskforms
from ruta.cases.models import Task
from ruta.definitions.runtime import CompiledService
from ruta.engine.forms import resolved
from ruta.engine.problems import Problem
from ruta.kernel.texts import current_language, pick
from ruta.registers.words import label_of
from ruta.web.site.parts import ErrorLink, Fact, Field, Option, by_field
from ruta.web.site.templatetags.site import pesos

from . import appealed

MOST_OPTIONS = 400  # from a longer list one types, and chooses the code


@dataclass(frozen=True)
class TaskForm:
    """What the official fills: `kind` is decide, enter, notify, refund or appeal; `templates` are model texts that can be
    put into the motivation."""

    kind: str
    fields: tuple[Field, ...]
    errors: tuple[ErrorLink, ...]
    submit: str
    intro: str = ""
    may_say_not_found: bool = False
    templates: tuple[Option, ...] = ()
    template_error: str = ""


def form_of(
    task: Task, compiled: CompiledService, typed: Mapping[str, Any], problems: Sequence[Problem]
) -> TaskForm:
    """The form of the task, with what was typed and what is wrong with it."""
    said = by_field(problems)
    match task.form_key:
        case taskforms.ENTER:
            return _enter(task, compiled, typed, said)
        case taskforms.REFUND:
            intro = _("Se devuelven %(amount)s a quien pagó. Lo aprueba alguien distinto de quien lo pidió.")
            if (why := held_money.WHY.get(str(task.inputs.get("why")))) is not None:
                intro = pick(why) + " " + _("Son %(amount)s de quien pagó, y se devuelven sin que los pida.")
            amount = pesos(int(task.inputs.get("amount", 0)))
            note = Field(
                "note",
                _("¿Por qué no se devuelve?"),
                "textarea",
                str(typed.get("note", "")),
                required=True,
                rows=3,
                error=said.get("note", ""),
                id="f-note-refund",
            )
            return TaskForm(
                "refund", (note,), _errors((note,)), _("Aprobar la devolución"), intro % {"amount": amount}
            )
        case paper_notice.FORM_KEY:
            return _notify(task, typed, said)
        case taskforms.APPEAL:
            fields = appealed.fields(task, compiled, typed, said)
            intro = _(
                "Lo decide alguien distinto de quien decidió. Lo que se decida no puede dejar peor a quien recurre."
            )
            return TaskForm("appeal", fields, _errors(fields), _("Firmar la decisión"), intro)
        case _:
            return _decide(task, typed, said)


def _notify(task: Task, typed: Mapping[str, Any], said: Mapping[str, str]) -> TaskForm:
    """How and when the person was notified on paper."""
    fields = (
        Field(
            "way",
            _("¿Cómo se notificó?"),
            "radio",
            str(typed.get("way", "")),
            required=True,
            options=tuple(Option(way, pick(title)) for way, title in paper_notice.WAYS.items()),
            error=said.get("way", ""),
            id="f-way",
        ),
        Field(
            "day",
            _("¿Qué día vino, se entregó o se publicó?"),
            value=str(typed.get("day", "")),
            required=True,
            hint=_("Día, mes y año, por ejemplo 27/03/2026"),
            error=said.get("day", ""),
            short=True,
            id="f-day",
        ),
    )
    intro = _("La persona no abrió «%(subject)s» en cinco días hábiles: nadie presume que la leyó.")
    return TaskForm(
        "notify", fields, _errors(fields), _("Dejar constancia"), intro % {"subject": task.inputs["subject"]}
    )


def kept(typed: Mapping[str, Any]) -> list[Fact]:
    """What was typed, to be copied from where no form can hold it any more: the task is another's, or done."""
    names = {"outcome": _("Decisión"), "motivation": _("Motivación")}
    return [
        Fact(names.get(name, name), _outcome(value) if name == "outcome" else str(value))
        for name, value in typed.items()
        if value and name not in ("template", "inserted")
    ]


def _outcome(code: str) -> str:
    return pick(taskforms.OUTCOME_TITLES.get(code, {"es": code, "en": code}))


def _decide(task: Task, typed: Mapping[str, Any], said: Mapping[str, str]) -> TaskForm:
    fields = decision_fields(task, typed, said)
    chosen = str(typed.get("template", ""))
    templates = tuple(
        Option(each.id, each.title, checked=each.id == chosen) for each in reasons.offered(task)
    )
    error = said.get("template", "")
    links = (*_errors(fields), *((ErrorLink(error, "f-template"),) if error else ()))
    return TaskForm(
        "decide", fields, links, _("Firmar la decisión"), templates=templates, template_error=error
    )


def decision_fields(
    task: Task, typed: Mapping[str, Any], said: Mapping[str, str], suffix: str = ""
) -> tuple[Field, Field]:
    """Outcome and motivation; `suffix` sets those of one task apart on a page of several."""
    outcomes = [Option(outcome, _outcome(outcome)) for outcome in taskforms.outcomes_of(task)]
    return (
        Field(
            f"outcome{suffix}", _("Decisión"), "radio", str(typed.get("outcome", "")), required=True,
            options=tuple(outcomes), error=said.get("outcome", ""), id=f"f-outcome{suffix}",
        ),
        Field(
            f"motivation{suffix}", _("Motivación"), "textarea", str(typed.get("motivation", "")), required=True, rows=6,
            hint=_("Al menos un hecho de este expediente y una norma. La persona la lee tal cual."),
            error=said.get("motivation", ""), id=f"f-motivation{suffix}",
            focused=bool(typed.get("inserted")),
        ),
    )  # fmt: skip


def _enter(
    task: Task, compiled: CompiledService, typed: Mapping[str, Any], said: Mapping[str, str]
) -> TaskForm:
    register = taskforms.entered_register(task)
    schema = compiled.register(register).schema
    asked = taskforms.known_of_the_request(task)
    fields = tuple(_entry_fields(compiled, schema, schema, "", {**asked, **typed}, said))
    return TaskForm(
        "enter",
        fields,
        _errors(fields),
        _("Guardar lo encontrado"),
        _("Copie lo que dice la fuente. Lo que no esté escrito se deja vacío."),
        bool(task.inputs.get("not_found")),
    )


def _entry_fields(
    compiled: CompiledService,
    root: Mapping[str, Any],
    node: Mapping[str, Any],
    prefix: str,
    typed: Mapping[str, Any],
    said: Mapping[str, str],
    group: str = "",
    *,
    needed: bool = True,
) -> list[Field]:
    fields: list[Field] = []
    required = set(node.get("required", ()))
    for name, part in node.get("properties", {}).items():
        path = f"{prefix}{name}"
        ui, whole = part.get("x-ui", {}), resolved(root, part)
        label = pick(label_of(part, name))
        if whole.get("type") == "object":
            fields += _entry_fields(
                compiled, root, whole, f"{path}.", typed, said, label, needed=needed and name in required
            )
            continue
        if ui.get("widget") in ("file", "hidden"):
            continue
        fields.append(
            _entry_field(
                compiled,
                whole,
                ui,
                path,
                f"{group}: {label}" if group else label,
                typed,
                said,
                required=name in required and needed,
            )
        )
    return fields


def _entry_field(
    compiled: CompiledService,
    schema: Mapping[str, Any],
    ui: Mapping[str, Any],
    path: str,
    label: str,
    typed: Mapping[str, Any],
    said: Mapping[str, str],
    *,
    required: bool,
) -> Field:
    value = str(typed.get(path) or "")
    kind = "text"
    options: tuple[Option, ...] = ()
    day = month = year = ""
    if schema.get("format") == "date":
        kind = "date"
        parts = value.replace("-", "/").split("/")
        if len(parts) == 3 and all(part.isdigit() for part in parts):
            day, month, year = parts if len(parts[0]) < 4 else (parts[2], parts[1], parts[0])
    elif schema.get("enum"):
        kind = "select"
        options = tuple(
            Option(str(code), pick(ui.get("options", {}).get(code)) or str(code)) for code in schema["enum"]
        )
    elif schema.get("type") == "array":
        return Field(
            path, label, value=value, hint=_("Si son varios, sepárelos con comas."), required=required,
            error=next((text for at, text in said.items() if at == path or at.startswith(f"{path}.")), ""),
            id=f"f-{path}",
        )  # fmt: skip
    elif schema.get("type") == "boolean":
        kind, value = "checkbox", value if value in ("true", "True", "on") else ""
    elif ui.get("list"):
        codes = list(compiled.list(ui["list"]))
        if len(codes) <= MOST_OPTIONS:
            kind = "select"
            options = tuple(Option(code.code, code.title[current_language()]) for code in codes)
        else:
            kind = "search"
            options = tuple(Option(code.code, code.code, code.title[current_language()]) for code in codes)
    hint = pick(ui.get("hint")) or (
        _("Escriba el nombre y elija el código de la lista.") if kind == "search" else ""
    )
    return Field(
        path, label, kind, value, hint=hint, error=said.get(path, ""), required=required,
        options=options, day=day, month=month, year=year, id=f"f-{path.replace('.', '-')}",
    )  # fmt: skip


def _errors(fields: Sequence[Field]) -> tuple[ErrorLink, ...]:
    return tuple(ErrorLink(_named(field), field.first_id) for field in fields if field.error)


def _named(field: Field) -> str:
    """The fault with the field's name in front, unless it begins with it already."""
    return field.error if field.error.startswith(f"{field.label}:") else f"{field.label}: {field.error}"
