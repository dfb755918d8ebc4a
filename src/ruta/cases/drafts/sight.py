"""What a draft sees of the world while it is filled: the form of its version, look-ups, rules and lists."""

from collections.abc import Callable, Collection
from dataclasses import replace
from functools import cache

from ruta.cases import applications, context
from ruta.cases.applicants import Applicant
from ruta.cases.asking import forms as asking_forms
from ruta.cases.models import Draft
from ruta.definitions import runtime
from ruta.definitions.runtime import CompiledAct, CompiledService
from ruta.engine import feel, forms
from ruta.identity.actors import Actor
from ruta.identity.levels import at_least
from ruta.kernel.errors import NotFound


def form_of(draft: Draft) -> tuple[CompiledService, CompiledAct, forms.Form]:
    """The parsed version, act and form that the draft is bound to.

    Raises NotFound for an act without a form. Of an answer to what a case asks they are those of the ask.
    """
    if draft.asked is not None:
        compiled, act = asking_forms.act_of(draft.asked.ask)
        assert act.form is not None
        return compiled, act, act.form
    compiled = runtime.compiled(draft.version_id)
    act = compiled.act(draft.act)
    if act.form is None:
        raise NotFound(
            {
                "es": "Este trámite no se hace en línea; su página explica cómo hacerlo.",
                "en": "This cannot be asked for online; its page explains how to do it.",
            }
        )
    return compiled, act, only_open(draft, act.form) if draft.correction_id else act.form


def only_open(draft: Draft, form: forms.Form) -> forms.Form:
    """The form of a correction: only the pages and fields that are open to it."""
    pages = (
        replace(page, fields=tuple(name for name in page.fields if name in draft.only)) for page in form.pages
    )
    return replace(form, pages=tuple(page for page in pages if page.fields))


def may_look_up(act: CompiledAct, level: str) -> bool:
    """Whether somebody of this level is known surely enough for registers to be read on their behalf."""
    return at_least(level, act.spec.assurance.read)


def subject_of(draft: Draft, actor: Actor) -> context.Subject:
    """The draft as if it were filed now; of an answer to what a case asks, the case in which it is given.

    For an applicant whose level is too low the act needs, and shows, nothing.
    """
    if draft.asked is not None:
        return asking_forms.subject_of(draft.asked.ask, actor)
    subject = _subject(draft, actor)
    if may_look_up(subject.act, subject.applicant.facts["level"]):
        return subject
    blind = replace(subject.act, spec=subject.act.spec.model_copy(update={"needs": ()}))
    return replace(subject, act=blind, facts={})


def _subject(draft: Draft, actor: Actor) -> context.Subject:
    """A correction is of the case as it was filed; anything else as if it were filed now."""
    subject = context.subject_of_draft(draft, actor)
    if draft.correction is None:
        return subject
    case = draft.correction.case
    return replace(
        subject,
        applicant=Applicant(case.applicant_facts),
        channel=case.channel,
        filed_at=case.filed_at,
        received_on=case.received_on,
        number=case.number,
    )


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
    if draft.correction is not None:
        _open_more(draft, judged)
    return judged


def _open_more(draft: Draft, judged: applications.Judged) -> None:
    """What the corrected answers bring up, or make wrong, is open to the correction too; that is kept at once."""
    assert draft.correction is not None
    form, filed = judged.subject.act.form, draft.correction.case.form
    assert form is not None
    before = forms.settle(form, filed, context.binder(judged.subject)).shown
    wrong = {problem.at.split("/")[1] for problem in judged.problems if "/" in problem.at}
    more = [
        name
        for page in form.pages
        for name in page.fields
        if name not in draft.only and (name in wrong or name in judged.shown - before)
    ]
    if more:
        draft.only = [*draft.only, *more]
        Draft.objects.filter(pk=draft.pk).update(only=draft.only)


def shown(draft: Draft, actor: Actor) -> frozenset[str]:
    """Read what is typed into `draft.values` and say which fields are shown, by what is known; nobody is asked."""
    subject = subject_of(draft, actor)
    form = subject.act.form
    assert form is not None
    bind = context.binder(subject)
    settled = forms.settle(form, forms.parse(form, draft.typed).values, bind)
    draft.values = dict(settled.values)
    return settled.shown


def told(draft: Draft, page: forms.Page, actor: Actor) -> list[forms.Text]:
    """What the page tells for the answers of `draft.values`, filled in, in both languages."""
    if not page.tells:
        return []
    evaluate = context.binder(subject_of(draft, actor))(draft.values)
    say = speaker(draft, actor)
    try:
        return [say(tell.say) for tell in page.tells if tell.when is None or evaluate(tell.when) is True]
    except feel.Stop as stop:  # a figure that is missing stops what is told, not the page
        return [stop.problem.say]


def speaker(draft: Draft, actor: Actor) -> Callable[[forms.Text], forms.Text]:
    """A function that fills the `{{ FEEL }}` of a text for the answers of `draft.values`."""

    @cache
    def whole() -> context.Subject:
        return replace(subject_of(draft, actor), form=draft.values)

    def say(text: forms.Text) -> forms.Text:
        return {
            lang: context.render(whole(), said, lang) if "{{" in said else said for lang, said in text.items()
        }

    return say


def _still(draft: Draft) -> dict[str, str]:
    """What is disputed and not marked so yet, with why; once marked, a fact stays so until its key changes."""
    return {
        name: str(told["note"])
        for name, told in draft.disputes.items()
        if draft.facts.get(name, {}).get("status") not in ("disputed", None)
    }
