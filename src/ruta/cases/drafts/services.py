"""Writes: begin a draft, save a page, dispute a look-up, bring it up to date, file it once, drop it."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from django.db import transaction

from ruta.cases import applicants, asking, context, facts, filing, perms
from ruta.cases.models import AskedPerson, Case, Draft
from ruta.cases.models.draft import KEPT_FOR
from ruta.cases.offline import lines
from ruta.definitions import runtime
from ruta.definitions.selectors import current_version
from ruta.engine import feel, forms
from ruta.engine.problems import Problem
from ruta.identity.actors import Actor
from ruta.identity.levels import at_least
from ruta.identity.models import Person
from ruta.kernel import clock
from ruta.kernel.errors import Conflict, Forbidden, NotFound

from . import parking, selectors, sight, versions
from .conflicts import FieldConflict, changed, conflicts


class NeedsLevel(Forbidden):
    """The actor must be known more surely; `level` says how surely. Everything typed is kept meanwhile."""

    code = "needs-level"

    def __init__(self, level: str) -> None:
        self.level = level
        super().__init__(
            {
                "es": "Para continuar debe confirmar su identidad. Lo que escribió queda guardado.",
                "en": "To go on you must confirm your identity. What you wrote is saved.",
            }
        )


@dataclass(frozen=True)
class Saved:
    """What became of a save: the draft as stored, the problems of the page, and answers of another tab.

    `level` is the assurance that the page's look-ups need and the actor lacks; empty when nothing lacks.
    `appeared` are fields that the answers brought up and that the person has not seen yet; `shown` all fields that
    are shown now, on every page.
    """

    draft: Draft
    problems: tuple[Problem, ...]
    conflict: tuple[FieldConflict, ...] = ()
    level: str = ""
    appeared: tuple[str, ...] = ()
    shown: frozenset[str] = frozenset()

    @property
    def done(self) -> bool:
        """Whether the person may go on to the next page."""
        return not (self.problems or self.conflict or self.level or self.appeared)


def start_draft(
    actor: Actor,
    service_slug: str,
    act: str,
    *,
    channel: str = "portal",
    lang: str = "es",
    posting: int | None = None,
    applicant: Person | None = None,
    level: str = "",
    typed: Mapping[str, Any] | None = None,
) -> Draft:
    """Begin a form on the version in force, with the form's defaults and what is known of the person.

    An official names the `posting` under which the form is filled (None: the first that may), at the counter the
    `applicant` who is there, identified as surely as `level` says. `typed` is what somebody already answered (an API
    call, a scenario); it goes before defaults. Raises NotFound for an unknown service or act and Forbidden when the
    actor may not start it there.
    """
    version = current_version(service_slug)
    compiled = runtime.compiled(version.pk)
    spec = compiled.act(act).spec
    may = perms.may_start(actor, compiled, spec, channel)
    if posting is None:
        posting = next((each.id for each in actor.postings if each.id in may), None)
    if posting not in may or (channel == applicants.COUNTER) != (applicant is not None):
        raise not_for_you(channel)
    now = clock.now()
    draft = Draft(
        version_id=version.pk,
        service=service_slug,
        act=act,
        owner_id=actor.account_id,
        channel=channel,
        posting_id=posting,
        applicant=applicant,
        applicant_level=level,
        lang=lang,
        created_at=now,
        updated_at=now,
        expires_at=now + KEPT_FOR,
    )
    form = sight.form_of(draft)[2]
    draft.typed = forms.defaults(form) | _prefilled(draft, actor, form) | dict(storable(typed or {}))
    with transaction.atomic():
        sight.shown(draft, actor)
        draft.save()
    return draft


def not_for_you(channel: str) -> Forbidden:
    """What is said to who may not begin an act in this channel."""
    if channel in applicants.BY_OFFICIALS:
        said = {
            "es": "Su cargo no presenta este trámite. En «Nuevo trámite» están los que puede presentar.",
            "en": "Your post does not file this act. “New filing” has those that you can file.",
        }
    else:
        said = {
            "es": "Este trámite lo inicia la entidad. Su página explica qué puede hacer usted.",
            "en": "The agency starts this one. The page of the service explains what you can do.",
        }
    return Forbidden(said, code="not-for-you")


def start_answer(actor: Actor, asked: AskedPerson, *, counter: bool = False, lang: str = "es") -> Draft:
    """The draft of an answer to what is asked: the one that the account began, else a new one.

    `counter`: an official writes down what the person says who is present, under a post that assists. The caller has
    found `asked` for this actor.
    """
    case, now = asked.ask.case, clock.now()
    assisting = perms.may_assist(actor, runtime.compiled(case.version_id)) if counter else ()
    with transaction.atomic():
        draft, made = Draft.objects.get_or_create(
            owner_id=actor.account_id,
            asked=asked,
            defaults={
                "version_id": asked.ask.version_id,
                "service": case.service,
                "act": case.act,
                "channel": applicants.COUNTER if counter else "portal",
                "posting_id": min(assisting, default=None),
                "lang": lang,
                "created_at": now,
                "updated_at": now,
                "expires_at": now + KEPT_FOR,
            },
        )
        if made:
            form = sight.form_of(draft)[2]
            draft.typed = forms.defaults(form) | _prefilled(draft, actor, form)
            sight.shown(draft, actor)
            draft.save()
    return draft


def send_answer(draft: Draft, actor: Actor) -> AskedPerson:
    """Give the answer that the draft holds. Raises what `asking.answer` raises; the draft then keeps what was typed."""
    with transaction.atomic():
        row = _locked(draft, actor)
        if row.asked_id is None:
            raise no_page()
        asked = asking.answer(
            row.asked_id, actor=actor, typed=row.typed, counter=row.channel == applicants.COUNTER
        )
        row.typed, row.values, row.files = {}, {}, {}  # the case holds the answer now
        row.updated_at = clock.now()
        row.save()
        parking.forget_all(row)
        return asked


def _prefilled(draft: Draft, actor: Actor, form: forms.Form) -> dict[str, Any]:
    evaluate = context.binder(sight.subject_of(draft, actor))({})
    answers: dict[str, Any] = {}
    for name, field in form.fields.items():
        if field.prefill and (value := feel.to_json(evaluate(field.prefill))) not in (None, "", []):
            answers[name] = forms.as_typed(field, value)
    return answers


def storable(given: Any) -> Any:
    """What was sent, or answers as typed, as the database can hold it: no NUL and no half character."""
    if isinstance(given, str):
        return given.replace("\x00", "\ufffd").encode("utf-8", "replace").decode()
    if isinstance(given, Mapping):
        return {str(name): storable(part) for name, part in given.items()}
    if isinstance(given, list | tuple):
        return [storable(part) for part in given]
    return given if given is None or isinstance(given, bool | int | float) else str(given)


def problems_of(draft: Draft, actor: Actor) -> tuple[Problem, ...]:
    """Every problem of the draft as it stands. Looks up what is needed; writes nothing."""
    return sight.judge(draft, actor).problems


def _locked(draft: Draft, actor: Actor) -> Draft:
    """The draft's row, locked. Raises NotFound for another's and Conflict for a filed one."""
    rows = Draft.objects.select_for_update(of=("self",)).select_related("asked__ask__case")
    row = rows.filter(pk=draft.pk).first()
    if row is None or row.owner_id != actor.account_id:
        raise selectors.unknown()
    if row.case_id is not None:
        raise already_filed()
    return row


def save_page(
    draft: Draft,
    page_id: str,
    typed: Mapping[str, Any],
    seen_revision: int,
    actor: Actor,
    *,
    tab: str = "",
    files: Mapping[str, Mapping[str, Any]] | None = None,
    leaving: bool = True,
) -> Saved:
    """Store what was typed on a page, then say what is wrong with it.

    All that was typed is stored, right or wrong; only an answer that another tab changed since
    `seen_revision` is not: both are given back. `typed` names every field that the person saw, blank ones
    too. `files` describes evidence by field. With `leaving` false the page is not asked to be complete (the
    person goes on later). Raises NotFound for another's draft and Conflict for a filed one.
    """
    with transaction.atomic():
        row = _locked(draft, actor)
        form = sight.form_of(row)[2]
        page = form.page(page_id)
        if page is None:
            raise no_page()
        written = {name: given for name, given in storable(typed).items() if name in page.fields}
        clash = conflicts(row.typed, row.revisions, written, seen=seen_revision, tab=tab)
        for one in clash:
            del written[one.field]
        _write(row, page, written, files or {}, tab)
        saved = _judged(row, page, typed, clash, actor) if leaving else Saved(row, (), clash)
        if not leaving:
            saved = replace(saved, shown=sight.shown(row, actor))
        if leaving and saved.done:
            row.pages[page_id] = row.revision
        else:
            row.pages.pop(page_id, None)
        row.changes = []
        row.save()
        parking.forget(row, page_id)
        return saved


def _judged(
    row: Draft,
    page: forms.Page,
    typed: Mapping[str, Any],
    clash: tuple[FieldConflict, ...],
    actor: Actor,
) -> Saved:
    """Look up what the page needs and say what keeps the person from going on."""
    judged = sight.judge(row, actor, pages=[page.id])
    page = sight.form_of(row)[2].page(page.id) or page  # a correction may have opened more of it
    new = _appeared(page, typed, judged.shown)
    found = tuple(one for one in judged.problems if not (one.check == "required" and _name(one) in new))
    lacking = "" if found or new else _level_lacking(row, page, actor)
    return Saved(row, found, clash, lacking, new, judged.shown)


def _appeared(page: forms.Page, typed: Mapping[str, Any], shown: frozenset[str]) -> tuple[str, ...]:
    """The fields that these very answers brought up: not seen by the person yet, so not missing."""
    return tuple(name for name in page.fields if name in shown and name not in typed)


def already_filed() -> Conflict:
    """What is said of a draft that has become a case."""
    return Conflict(
        {
            "es": "Esta solicitud ya se radicó. Véala en sus trámites; para otra, empiece de nuevo.",
            "en": "This application has been filed. See it among your cases; to ask again, start anew.",
        },
        code="already-filed",
    )


def no_page() -> NotFound:
    """What is said of a page that the form does not have."""
    return NotFound({"es": "El formulario no tiene esa página.", "en": "The form has no such page."})


def _write(
    row: Draft,
    page: forms.Page,
    written: Mapping[str, Any],
    files: Mapping[str, Mapping[str, Any]],
    tab: str,
) -> None:
    fresh = changed(row.typed, written, written)
    now = clock.now()
    if fresh:
        row.revision += 1
        row.revisions.update({name: [row.revision, tab] for name in fresh})
        # what was looked up for other answers is not shown for these; it is asked anew when the page is left
        row.facts = {name: fact for name, fact in row.facts.items() if name not in page.shows}
    row.typed = {**row.typed, **written}
    row.files = {**row.files, **{name: dict(told) for name, told in files.items()}}
    row.files = {name: told for name, told in row.files.items() if row.typed.get(name)}
    row.updated_at, row.expires_at = now, now + KEPT_FOR


def _level_lacking(row: Draft, page: forms.Page, actor: Actor) -> str:
    """The level that what the page shows needs and the applicant has not; empty when nothing lacks."""
    if not page.shows:
        return ""
    act = sight.form_of(row)[1]
    level = applicants.of_draft(row, actor).facts["level"]
    return "" if sight.may_look_up(act, level) else act.spec.assurance.read


def _name(problem: Problem) -> str:
    return problem.at.split("/")[1] if "/" in problem.at else ""


def dispute_read(draft: Draft, read: str, *, note: str, actor: Actor) -> Draft:
    """The person says that what was looked up is wrong: it is marked so, and the form goes on."""
    with transaction.atomic():
        row = _locked(draft, actor)
        fact = row.facts.get(read)
        if not fact or fact.get("status") not in ("found", "disputed"):
            raise NotFound(
                {"es": "No hay un dato traído con ese nombre.", "en": "Nothing was looked up by that name."}
            )
        said = str(storable(note))[:2000]
        row.facts = {**row.facts, read: facts.disputed(fact, said)}
        row.disputes = {**row.disputes, read: {"at": clock.now().isoformat(), "note": said}}
        row.updated_at = clock.now()
        row.save()
        return row


def consent_to_read(draft: Draft, read: str, *, given: bool, actor: Actor) -> Draft:
    """The person authorises a look-up that the law leaves to the person, or takes that back (Ley 1581 de 2012, art. 9).

    Taking it back forgets the answer. Raises NotFound for a look-up that needs no authorisation.
    """
    with transaction.atomic():
        row = _locked(draft, actor)
        compiled, act, _form = sight.form_of(row)
        if read not in act.spec.needs or compiled.read(read).consent != "person":
            raise NotFound({"es": "Esa consulta no se autoriza.", "en": "That look-up is not authorised."})
        consents = {name: at for name, at in row.consents.items() if name != read}
        if given:
            consents[read] = clock.now().isoformat()
        else:
            row.facts = {name: fact for name, fact in row.facts.items() if name != read}
        row.consents = consents
        row.updated_at = clock.now()
        row.save()
        return row


def bring_up_to_date(draft: Draft, actor: Actor) -> Draft:
    """Bind the draft to the version in force, when another; `draft.changes` then says what changed."""
    version = current_version(draft.service)
    bound = draft.case_id is not None or draft.correction_id is not None or draft.asked_id is not None
    if bound or version.pk == draft.version_id:
        return draft  # what a case asks is read in the version on which it was asked
    with transaction.atomic():
        row = _locked(draft, actor)
        versions.convert(row, version.pk)
        sight.shown(row, actor)
        row.save()
        return row


def file_draft(draft: Draft, actor: Actor) -> Case:
    """File the draft on the version in force; a second call gives the same case.

    Raises Invalid with every problem, NeedsLevel when the actor is not known surely enough to file,
    Conflict when a newer version changed the form meanwhile (the draft has been brought to it and says what
    changed).
    """
    with transaction.atomic():
        row = Draft.objects.select_for_update().filter(pk=draft.pk).first()
        if row is None or row.owner_id != actor.account_id or row.asked_id is not None:
            raise selectors.unknown()
        if row.case_id is not None:
            return Case.objects.get(pk=row.case_id)
        if row.correction_id is not None:
            raise _is_correction()
        version = current_version(row.service)
        changes = versions.convert(row, version.pk) if version.pk != row.version_id else []
        if not changes:
            return _file(row, actor)
        sight.shown(row, actor)
        row.save()
    raise Conflict(
        {
            "es": "El formulario cambió mientras lo llenaba. Revise lo que cambió y radique de nuevo.",
            "en": "The form changed while you were filling it. Check what changed and file again.",
        },
        code="newer-version",
    )


def _is_correction() -> Conflict:
    return Conflict(
        {
            "es": "Este borrador corrige un expediente: se envía, no se radica.",
            "en": "This draft corrects a case: it is sent back, not filed.",
        },
        code="is-correction",
    )


def _file(row: Draft, actor: Actor) -> Case:
    needed = sight.form_of(row)[1].spec.assurance.file
    applicant = applicants.of_draft(row, actor)
    if not at_least(applicant.facts["level"], needed):
        raise NeedsLevel(needed)
    case = filing.file_case(
        filing.Application(
            version_id=row.version_id,
            act=row.act,
            form=row.typed,
            actor=actor,
            channel=row.channel,
            lang=row.lang,
            submission_key=lines.submission_key(row.offline) if row.offline else submission_key(row.pk),
            applicant=applicant,
            offline=lines.act_of(row.offline) if row.offline else None,
            facts=row.facts,
            disputes={read: str(told["note"]) for read, told in row.disputes.items()},
            consents=set(row.consents),
        )
    )
    if row.offline is not None:
        lines.filed(row.offline, case, actor)
    row.case_id = case.pk
    # the case holds the answers now; the draft is only the receipt that it was filed
    row.typed, row.values, row.facts, row.files, row.disputes, row.consents = {}, {}, {}, {}, {}, {}
    row.updated_at = clock.now()
    row.save()
    parking.forget_all(row)
    return case


def submission_key(draft_id: UUID) -> str:
    """What makes two filings of one draft one case."""
    return f"draft:{draft_id}"


def discard_draft(draft: Draft, actor: Actor) -> None:
    """Delete the draft and all that was typed into it.

    Raises NotFound for another's, Conflict for a filed one.
    """
    with transaction.atomic():
        _locked(draft, actor).delete()


def drop_expired() -> int:
    """Delete drafts that nobody has touched for 90 days; return how many."""
    return Draft.objects.filter(case_id__isnull=True, expires_at__lte=clock.now()).delete()[0]
