"""What a draft sees of the world while it is filled: the form of its version, look-ups, rules and lists."""

from collections.abc import Collection
from dataclasses import replace

from ruta.cases import applications, context
from ruta.cases.models import Draft
from ruta.definitions import runtime
from ruta.definitions.runtime import CompiledAct, CompiledService
from ruta.engine import forms
from ruta.identity.actors import Actor
from ruta.identity.levels import at_least
from ruta.kernel.errors import NotFound


def form_of(draft: Draft) -> tuple[CompiledService, CompiledAct, forms.Form]:
    """The parsed version, act and form that the draft is bound to.

    Raises NotFound for an act without a form.
    """
    compiled = runtime.compiled(draft.version_id)
    act = compiled.act(draft.act)
    if act.form is None:
        raise NotFound(
            {
                "es": "Este trámite no se hace en línea; su página explica cómo hacerlo.",
                "en": "This cannot be asked for online; its page explains how to do it.",
            }
        )
    return compiled, act, act.form


def may_look_up(act: CompiledAct, level: str) -> bool:
    """Whether somebody of this level is known surely enough for registers to be read on their behalf."""
    return at_least(level, act.spec.assurance.read)


def subject_of(draft: Draft, actor: Actor) -> context.Subject:
    """The draft as if it were filed now.

    For an applicant whose level is too low the act needs, and shows, nothing.
    """
    subject = context.subject_of_draft(draft, actor)
    if may_look_up(subject.act, subject.applicant.facts["level"]):
        return subject
    blind = replace(subject.act, spec=subject.act.spec.model_copy(update={"needs": ()}))
    return replace(subject, act=blind, facts={})


def judge(draft: Draft, actor: Actor, *, pages: Collection[str] | None = None) -> applications.Judged:
    """Read what is typed into `draft.values` and `draft.facts` (not saved), and judge `pages`.

    Registers are asked as far as the answers say about whom. `pages` None: everything is judged.
    """
    judged = applications.judge(
        subject_of(draft, actor),
        draft.typed,
        actor=actor,
        pages=pages,
        disputes=_still(draft),
        consents=set(draft.consents),
    )
    draft.values = dict(judged.values)
    if judged.subject.act.spec.needs or not draft.disputes:
        draft.facts = {name: dict(fact) for name, fact in judged.facts.items()}
        draft.disputes = {
            name: told
            for name, told in draft.disputes.items()
            if draft.facts.get(name, {}).get("status") == "disputed"
        }
    return judged


def shown(draft: Draft, actor: Actor) -> frozenset[str]:
    """Read what is typed into `draft.values` and say which fields are shown, by what is known; nobody is asked."""
    form = form_of(draft)[2]
    bind = context.binder(subject_of(draft, actor))
    settled = forms.settle(form, forms.parse(form, draft.typed).values, bind)
    draft.values = dict(settled.values)
    return settled.shown


def _still(draft: Draft) -> dict[str, str]:
    """What is disputed and not marked so yet, with why; once marked, a fact stays so until its key changes."""
    return {
        name: str(told["note"])
        for name, told in draft.disputes.items()
        if draft.facts.get(name, {}).get("status") not in ("disputed", None)
    }
