"""What FEEL sees of a draft or a case (contract §4.1)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time
from typing import TYPE_CHECKING, Any

from ruta.definitions import runtime
from ruta.definitions.runtime import CompiledAct, CompiledService
from ruta.engine import feel, forms
from ruta.engine.terms import reception_date
from ruta.identity.actors import Actor
from ruta.kernel import calendars, clock

from . import applicants
from .applicants import Applicant
from .typed import typed

if TYPE_CHECKING:
    from .models import Draft

Evaluate = Callable[[str], Any]
NOON = time(12)


@dataclass(frozen=True)
class Subject:
    """What an application says of itself, filed or not: the facts from which FEEL's names are made.

    `beside` are the names of a case in which somebody answers something: they stand in for those made here, and what is
    answered now stands over its `form`.
    """

    compiled: CompiledService
    act: CompiledAct
    applicant: Applicant
    form: Mapping[str, Any]
    facts: Mapping[str, Any]
    channel: str
    lang: str
    filed_at: datetime
    received_on: date
    number: str | None = None
    beside: Mapping[str, Any] = field(default_factory=dict)


def as_if_filed_now(
    compiled: CompiledService,
    act: str,
    *,
    applicant: Applicant,
    form: Mapping[str, Any],
    facts: Mapping[str, Any],
    channel: str,
    lang: str,
    on: date | None = None,
) -> Subject:
    """What rules would see if the application were filed at this moment.

    `on` is the day on which an office without a network took it: of that day only the date is known, so noon stands for it.
    """
    now = clock.now() if on in (None, clock.today()) else clock.instant(on, NOON)
    return Subject(
        compiled=compiled,
        act=compiled.act(act),
        applicant=applicant,
        form=form,
        facts=facts,
        channel=channel,
        lang=lang,
        filed_at=now,
        received_on=reception_date(now, calendars.calendar_of(compiled.service.agency)),
    )


_APPLICANT = {"properties": {"birth_date": {"format": "date"}}}


def names_of(subject: Subject) -> dict[str, Any]:
    """The names that stand before a process has said anything, as plain values with dates."""
    assert subject.act.form is not None
    names = {
        "case": {
            "number": subject.number,
            "service": subject.compiled.service.slug,
            "act": subject.act.name,
            "channel": subject.channel,
            "filed_on": clock.local_date(subject.filed_at),
            "received_on": subject.received_on,
        },
        "applicant": typed(dict(subject.applicant.facts), _APPLICANT),
        "form": forms.as_feel(subject.act.form, subject.form),
        "found": {name: _typed_fact(subject.compiled, name, fact) for name, fact in subject.facts.items()},
        "terms": {},
        "parties": {party.id: [] for party in subject.act.spec.parties},
        "charge": None,
        "decided": None,
        "output": None,
        "today": clock.today(),
        "now": clock.now(),
    }
    filed = subject.beside.get("form", {})
    return names | dict(subject.beside) | {"form": {**filed, **names["form"]}}


def _typed_fact(compiled: CompiledService, read: str, fact: Mapping[str, Any]) -> dict[str, Any]:
    schema = compiled.register(compiled.read(read).register_).schema
    value = fact.get("value")
    seen = {name: part for name, part in fact.items() if name != "key"}
    if isinstance(value, Mapping):
        seen["value"] = typed(value, schema)
    elif isinstance(value, list):
        seen["value"] = [typed(item, schema) for item in value]
    return seen


def feel_context(compiled: CompiledService, lang: str) -> feel.Context:
    """The FEEL context of this moment: clock, business calendar and the service's parameters and lists."""
    return compiled.context(lang=lang, calendar=calendars.calendar_of(compiled.service.agency))


def bind_decisions(env: dict[str, Any], compiled: CompiledService, ctx: feel.Context) -> None:
    """Give `env` the name `decisions`: functions without arguments that read this same environment."""
    env["decisions"] = compiled.decision_functions(env, ctx)


def env_of(subject: Subject) -> tuple[dict[str, Any], feel.Context]:
    """The environment and context in which the expressions of an application are read."""
    ctx = feel_context(subject.compiled, subject.lang)
    env = {name: feel.to_feel(value) for name, value in names_of(subject).items()}
    bind_decisions(env, subject.compiled, ctx)
    return env, ctx


def binder(subject: Subject) -> Callable[[Mapping[str, Any]], Evaluate]:
    """For given answers, a function that reads one expression with them as `form`."""

    def bind(values: Mapping[str, Any]) -> Evaluate:
        env, ctx = env_of(replace(subject, form=values))
        return lambda text: subject.compiled.program(text)(env, ctx)

    return bind


def render(subject: Subject, text: str, lang: str) -> str:
    """`text` with its `{{ FEEL }}` filled, dates and money in the manner of `lang`."""
    env, ctx = env_of(replace(subject, lang=lang))
    return subject.compiled.template(text).render(env, ctx)


def subject_of_draft(draft: Draft, actor: Actor) -> Subject:
    """A draft as if `actor` filed it now."""
    return as_if_filed_now(
        runtime.compiled(draft.version_id),
        draft.act,
        applicant=applicants.of_draft(draft, actor),
        form=draft.values,
        facts=draft.facts,
        channel=draft.channel,
        lang=draft.lang,
        on=draft.offline.acted_on if draft.offline else None,
    )
