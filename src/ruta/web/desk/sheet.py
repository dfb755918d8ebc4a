"""A case laid out for an official: answers and looked-up data with their source, rules with their article, history."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from ruta.cases.models import Case
from ruta.cases.outputs import entry_in_words
from ruta.cases.selectors import EventView
from ruta.definitions.runtime import CompiledService
from ruta.definitions.schema import Law
from ruta.engine import forms
from ruta.kernel.identifiers import format_document
from ruta.kernel.texts import current_language, pick
from ruta.registers.words import label_of
from ruta.web.site import parts
from ruta.web.site.templatetags.site import moment


@dataclass(frozen=True)
class FoundView:
    """What a register answered: whose, when, and its fields."""

    title: str
    status: str
    color: str
    source: str
    at: str
    facts: tuple[parts.Fact, ...]


@dataclass(frozen=True)
class RuleView:
    """One rule that hit: in words, with its article and what it saw."""

    words: str
    law: Law | None
    inputs: str
    rule: str


def applicant(case: Case) -> list[parts.Fact]:
    """Who asks."""
    facts = case.applicant_facts
    number = str(facts.get("document_number") or "")
    kind = str(facts.get("document_type") or "")
    shown = f"{kind} {format_document(kind, number)}" if kind and number else number
    level = {"low": _("bajo"), "medium": _("medio"), "high": _("alto"), "very_high": _("muy alto")}
    return [
        parts.Fact(_("Solicitante"), case.applicant_name),
        parts.Fact(_("Documento"), shown),
        parts.Fact(_("Identidad confirmada"), level.get(str(facts.get("level")), _("no"))),
        parts.Fact(_("Canal"), case.channel),
        parts.Fact(_("Radicado"), moment(case.filed_at)),
    ]


def answers(case: Case, compiled: CompiledService) -> list[parts.Fact]:
    """What was asked for, in the form's order and words."""
    form = compiled.act(case.act).form
    if form is None:
        return []
    lang = current_language()
    return [
        parts.Fact(
            pick(form.fields[name].label),
            forms.in_words(
                form.fields[name],
                case.form[name],
                lang,
                lambda code_list, code: _title(compiled, code_list, code),
            ),
        )
        for page in form.pages
        for name in page.fields
        if name in case.form
    ]


def _title(compiled: CompiledService, code_list: str, code: str) -> str:
    return compiled.list(code_list).title(code, current_language())


def found(case: Case, compiled: CompiledService) -> list[FoundView]:
    """Every look-up of the case with its answer."""
    return [
        _found(compiled, read, fact) for read, fact in case.facts.items() if fact.get("status") is not None
    ]


def _found(compiled: CompiledService, read_id: str, fact: Mapping[str, Any]) -> FoundView:
    read = compiled.read(read_id)
    schema = compiled.register(read.register_).schema
    words, color = {
        "found": (_("encontrado"), "success"),
        "absent": (_("no existe"), "neutral"),
        "ambiguous": (_("varios coinciden"), "warning"),
        "unavailable": (_("no responde"), "warning"),
        "disputed": (_("la persona dice que está mal"), "danger"),
    }.get(str(fact["status"]), (str(fact["status"]), "neutral"))
    value = fact.get("value") if isinstance(fact.get("value"), Mapping) else {}
    told = entry_in_words(compiled, read.register_, value or {}, current_language())
    at = fact.get("at")
    return FoundView(
        title=pick(compiled.register(read.register_).rules.get("title")) or read.register_,
        status=words,
        color=color,
        source=str(fact.get("source") or ""),
        at=moment(datetime.fromisoformat(str(at))) if at else "",
        facts=tuple(
            parts.Fact(pick(label_of(schema["properties"].get(name, {}), name)), _shown(shown))
            for name, shown in told.items()
            if shown not in (None, "", {}) and name in read.fields and _shown(shown)
        ),
    )


def _shown(value: Any) -> str:
    if isinstance(value, Mapping):
        return " · ".join(str(value[name]) for name in ("names", "document") if value.get(name))
    if isinstance(value, bool):
        return _("sí") if value else _("no")
    return str(value)


def rules(explanation: Iterable[Mapping[str, Any]]) -> list[RuleView]:
    """The rules that decided, in order."""
    return [
        RuleView(
            words=pick(line["words"]) or str(line["rule"]),
            law=line["law"],
            inputs=" · ".join(
                f"{name}: {value}" for name, value in line["inputs"].items() if _is_plain(value)
            ),
            rule=str(line["rule"]),
        )
        for line in explanation
    ]


def _is_plain(value: Any) -> bool:
    return not isinstance(value, Mapping | list)


def moments(history: Iterable[EventView], compiled: CompiledService) -> list[parts.Moment]:
    """The whole history, newest first, internal steps too."""
    return [parts.Moment(event.at, pick(event.title), _detail(event, compiled)) for event in history]


def _detail(event: EventView, compiled: CompiledService) -> str:
    public = event.public
    stage = compiled.service.stage(str(public.get("stage", "")))
    told = [pick(stage.title)] if stage else []
    for name in (
        "task",
        "decision",
        "term",
        "message",
        "read",
        "output",
        "outcome",
        "effect",
        "due",
        "charge",
        "code",
    ):
        value = public.get(name)
        if value not in (None, "", []):
            told.append(str(value))
    if public.get("rules"):
        told.append(", ".join(str(rule) for rule in public["rules"]))
    return " · ".join(told)
