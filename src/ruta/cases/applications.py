"""What is typed is read, completed from registers and judged here: for page, API, bulk row and scenario alike."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from functools import partial
from types import MappingProxyType
from typing import Any

from ruta.documents import selectors as documents
from ruta.documents import services as papers
from ruta.documents.models import Blob
from ruta.engine import feel, forms
from ruta.engine.problems import Problem
from ruta.identity.actors import Actor
from ruta.kernel import clock
from ruta.payments import selectors as payments

from . import context, facts
from .context import Subject

NONE: Mapping[str, str] = MappingProxyType({})


@dataclass(frozen=True)
class Judged:
    """The answers that count, what registers said of them, what is shown, and what is wrong."""

    values: Mapping[str, Any]
    facts: Mapping[str, facts.Fact]
    shown: frozenset[str]
    problems: tuple[Problem, ...]
    subject: Subject


def judge(
    subject: Subject,
    typed: Mapping[str, Any],
    *,
    actor: Actor,
    pages: Collection[str] | None = None,
    disputes: Mapping[str, str] = NONE,
    consents: Collection[str] = (),
    again: bool = False,
    case_number: str = "",
) -> Judged:
    """Read what was `typed`, ask the act's registers where the key is known, and judge the answers of `pages`.

    `subject.facts` are the answers known so far; `again` asks anew. `disputes` are reads that the person contests, with
    why: the answer stays, marked, and nothing is held against the person because of it. `consents` are reads left to
    the person that the person authorises. A figure that is missing (`feel.Stop`) is a problem of the whole.
    """
    form = subject.act.form
    assert form is not None
    parsed = forms.parse(form, typed)
    settled = forms.settle(form, parsed.values, context.binder(subject))
    ask = partial(
        facts.gather,
        subject.compiled,
        subject.act.spec.needs,
        actor=actor,
        case_number=case_number,
        consents=consents,
    )
    found = ask(evaluate=settled.evaluate, known=subject.facts, again=again)
    for _ in subject.act.spec.needs:  # the key of a read may name what another one found
        then = forms.settle(form, parsed.values, context.binder(replace(subject, facts=found)))
        more = ask(evaluate=then.evaluate, known=found, renamed=True)
        if more == found:
            break
        found = more
    for read, note in disputes.items():
        if read in found:
            found[read] = facts.disputed(found[read], note)
    if found != subject.facts:
        settled = forms.settle(form, parsed.values, context.binder(replace(subject, facts=found)))
    whole = replace(subject, facts=found, form=settled.values)
    try:
        problems = forms.judge(
            form,
            settled,
            pages=pages,
            unread=parsed.problems,
            render=lambda text, lang: context.render(whole, text, lang),
            code_fault=lambda name, code: whole.compiled.code_fault(name, code, clock.today()),
        )
    except feel.Stop as stop:
        problems = (stop.problem,)
    asked = {name for page in form.pages if pages is None or page.id in pages for name in page.fields}
    problems = (
        *problems,
        *_not_sent(form, settled, actor, asked),
        *_not_credited(subject, settled, asked),
    )
    return Judged(settled.values, found, settled.shown, problems, whole)


def evidence_named(form: forms.Form, values: Mapping[str, Any]) -> dict[str, str]:
    """The digest of the file that each answer for evidence names, by field."""
    return {
        name: str(values[name]).removeprefix("sha256:")
        for name, field in form.fields.items()
        if field.widget == "evidence" and values.get(name)
    }


def attach(judged: Judged, case_number: str, actor: Actor, *, had: Collection[str] = ()) -> None:
    """Put the files that the answers name into the case's electronic file, but those that it `had` (by digest)."""
    form = judged.subject.act.form
    assert form is not None
    named = evidence_named(form, judged.values)
    names = documents.attachable(actor, named.values())
    titles = {each.id: each.title["es"] for each in judged.subject.act.spec.evidence}
    for name, digest in named.items():
        if digest in had:
            continue
        field = form.fields[name]
        papers.add_document(
            case_number,
            blob=Blob.objects.get(sha256=digest),
            name=names[digest],
            document_type=titles.get(field.evidence or name, field.label["es"]),
            added_by=actor.ref,
        )


def _not_sent(
    form: forms.Form, settled: forms.Settled, actor: Actor, asked: Collection[str]
) -> tuple[Problem, ...]:
    """Files that the answers name and that the applicant neither sent nor may see."""
    named = {name: digest for name, digest in evidence_named(form, settled.values).items() if name in asked}
    known = documents.attachable(actor, named.values())
    return tuple(
        Problem(
            f"/{name}",
            "evidence-not-sent",
            {
                "es": f"{form.fields[name].label['es']}: ese archivo no está entre los suyos. Adjúntelo otra vez.",
                "en": f"{form.fields[name].label['en']}: that file is not among yours. Attach it again.",
            },
        )
        for name, digest in named.items()
        if digest not in known
    )


def _not_credited(subject: Subject, settled: forms.Settled, asked: Collection[str]) -> tuple[Problem, ...]:
    """Receipts among the answers that cannot be credited to the applicant: told on the page, before anything is charged."""
    return tuple(
        problem
        for name in subject.act.receipt_fields
        if name in asked and settled.values.get(name)
        for problem in payments.receipt_problems(
            subject.applicant.person_id, [str(number) for number in settled.values[name]], at=f"/{name}"
        )
    )


def fee_lines(subject: Subject) -> list[dict[str, Any]]:
    """The lines that the act's fee decision gives for the answers so far; none where it has no fee."""
    fee = subject.act.spec.fee
    if fee is None:
        return []
    env, ctx = context.env_of(subject)
    value = feel.to_json(subject.compiled.decide(fee.decision, env, ctx).value)
    return [fee_line(subject, line) for line in (value or {}).get("lines", [])]


def fee_line(subject: Subject, line: Mapping[str, Any]) -> dict[str, Any]:
    """A fee line as every page shows it: with a title in both languages and the agency that gets the money."""
    fee = subject.act.spec.fee
    concept = str(line.get("concept", ""))
    shown = next((each for each in (fee.show if fee else ()) if each.value.endswith(f".{concept}")), None)
    return {
        "concept": concept,
        "title": dict(line.get("title") or (shown.title if shown else subject.act.spec.title)),
        "quantity": line.get("quantity", 1),
        "unit": line.get("unit", line.get("amount", 0)),
        "amount": line.get("amount", 0),
        "beneficiary": line.get("beneficiary") or subject.compiled.service.agency,
        "law": line.get("law", ""),
    }
