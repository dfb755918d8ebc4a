"""What can happen in a story, each done by the same service function that a page calls."""

from __future__ import annotations

import io
import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import date, datetime, time
from typing import Any

from ruta.definitions.runtime import CompiledAct
from ruta.documents.services import store_upload
from ruta.engine.problems import Problem
from ruta.identity import counter
from ruta.identity.actors import Actor
from ruta.kernel import clock
from ruta.kernel.errors import Conflict, Forbidden, Invalid, RutaError
from ruta.notifications import services as notifications
from ruta.notifications.models import Message
from ruta.payments.models import Charge
from ruta.registers import selectors as register_reads
from ruta.registers import services as registers

from .. import asking, perms, reassigning, services
from ..appeals import filing as appeals
from ..applicants import COUNTER, DESK
from ..asking import forms as asking_forms
from ..corrections import answering as correcting
from ..corrections import asking as returning
from ..drafts import services as drafts
from ..drafts import sight
from ..models import AskedPerson, Case, Draft, Task
from ..models.task import TaskStatus
from ..models.term import TermStatus
from .world import World, plain

PDF = ".pdf"
Doing = Callable[["Play", re.Match[str], Any], None]


class SentenceUnknown(RutaError):
    """Nobody knows how to do this."""


class CannotHappen(RutaError):
    """The sentence is known but does not fit where the story stands."""


class Play:
    """One story being played: its world, its case, the last draft, and the problems met."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.draft: Draft | None = None
        self.contested: dict[str, str] = {}  # what the next application contests, with why
        self.case: Case | None = None
        self.problems: tuple[Problem, ...] = ()

    def do(self, sentence: str, said: Any) -> None:
        """Do what the sentence says. A refusal of the input is kept as `problems`; anything else raises."""
        for pattern, doing in SENTENCES:
            if (match := pattern.fullmatch(sentence.strip())) is not None:
                doing(self, match, self.world.meant(said))
                self.world.settle()
                if self.case is not None:
                    self.case.refresh_from_db()
                return
        raise SentenceUnknown(
            {
                "es": f"No se entiende la frase «{sentence}».",
                "en": f"The sentence “{sentence}” is not understood.",
            }
        )

    def the_case(self) -> Case:
        """The case of the story."""
        if self.case is None:
            raise CannotHappen({"es": "Aún no hay expediente.", "en": "There is no case yet."})
        return self.case

    def open_task(self, node: str) -> Task:
        """The open task at `node` of the story's case."""
        task = Task.objects.filter(case=self.the_case(), node=node, status=TaskStatus.OPEN).first()
        if task is None:
            waiting = list(
                Task.objects.filter(case=self.case, status=TaskStatus.OPEN).values_list("node", flat=True)
            )
            raise CannotHappen(
                {
                    "es": f"No hay una tarea abierta {node}; hay: {', '.join(waiting) or 'ninguna'}.",
                    "en": f"There is no open task {node}; there are: {', '.join(waiting) or 'none'}.",
                }
            )
        return task


@contextmanager
def _refusals_kept(play: Play, *whole: type[RutaError]) -> Iterator[None]:
    """What is refused within is kept as `problems`: answer by answer, and as one problem where `whole` names the error."""
    play.problems = ()
    try:
        yield
    except Invalid as wrong:
        play.problems = wrong.problems
    except whole as refused:
        play.problems = (Problem("/", refused.code, refused.message),)


def _files(play: Play, match: re.Match[str], said: Any) -> None:
    """`ana files copy: {field: value, …}`: a draft is begun and filed; what is refused is kept as `problems`.

    An official files for the own office, `for ana` for somebody who is at the counter. A field that asks for a file gets
    its name (`record.pdf`): a page that says so is sent by who files.
    """
    actor = play.world.actor(match["who"])
    typed = _with_files(play.world.compiled.act(match["act"]), plain(said or {}), actor)
    draft = _begun(play, actor, match["act"], match["whom"], typed)
    # Who files in a story authorises what the law leaves to the person; a page asks for it.
    for read in play.world.compiled.act(match["act"]).spec.needs:
        if play.world.compiled.read(read).consent == "person":
            draft = drafts.consent_to_read(draft, read, given=True, actor=actor)
    play.draft = _contest(play, draft, actor)
    with _refusals_kept(play):
        play.case = drafts.file_draft(play.draft, actor)


def _with_files(act: CompiledAct, typed: Mapping[str, Any], actor: Actor) -> dict[str, Any]:
    """What was typed, with the file behind each name told where the form asks for one."""
    sent = dict(typed)
    for name, field in act.form.fields.items() if act.form is not None else ():
        if field.widget == "evidence" and (called := str(typed.get(name) or "")).endswith(PDF):
            page = io.BytesIO(_page(called))
            blob = store_upload(
                page, accept=["application/pdf"], max_mb=1, name=called, at=f"/{name}", by=actor
            )
            sent[name] = f"sha256:{blob.sha256}"
    return sent


def _page(text: str) -> bytes:
    """A PDF with one empty page that is named so: as small as may be, and another for another name."""
    import pikepdf  # only who tells of a file needs it

    made = pikepdf.new()
    made.add_blank_page()
    made.docinfo["/Title"] = text
    out = io.BytesIO()
    made.save(out, deterministic_id=True)
    return out.getvalue()


def _begun(play: Play, actor: Actor, act: str, whom: str | None, typed: Mapping[str, Any]) -> Draft:
    """A draft as the page that begins it makes it: the portal's, the desk's or the counter's."""
    service = play.world.service
    if whom is not None:
        person = play.world.actor(whom)
        seen = counter.look(*person.document, by=actor)
        here = counter.receive(
            seen, document_type=person.document_type, document_number=person.document_number
        )
        return drafts.start_draft(
            actor, service, act, channel=COUNTER, applicant=here, level=seen.level, typed=typed
        )
    channel = DESK if actor.kind == "official" else "portal"
    return drafts.start_draft(actor, service, act, channel=channel, typed=typed)


def _contest(play: Play, draft: Draft, actor: Actor) -> Draft:
    """Save the page that shows what is contested, as the portal does, and say that it is wrong."""
    for page in sight.form_of(draft)[2].pages:
        if not set(page.shows) & set(play.contested):
            continue
        typed = {name: draft.typed[name] for name in page.fields if name in draft.typed}
        draft = drafts.save_page(draft, page.id, typed, draft.revision, actor).draft
        for read in page.shows:
            if note := play.contested.pop(read, ""):
                draft = drafts.dispute_read(draft, read, note=note, actor=actor)
    return draft


def _contests(play: Play, match: re.Match[str], said: Any) -> None:
    """`ana contests entry: what is wrong`: what the next application says of what a look-up shows."""
    play.contested[match["read"]] = str(said)


def _pays(play: Play, match: re.Match[str], said: Any) -> None:
    """Somebody pays the newest charge of the case at the gateway."""
    charge = Charge.objects.filter(case_number=play.the_case().number).order_by("-id").first()
    if charge is None:
        raise CannotHappen({"es": "No hay nada que pagar.", "en": "There is nothing to pay."})
    if charge.status != Charge.Status.PAID:
        play.world.pay(charge)


def _completes(play: Play, match: re.Match[str], said: Any) -> None:
    """An official finishes the open task with what its form asks."""
    task = play.open_task(match["task"])
    _finish(play, task, match["who"], plain(said or {}))


def _decides(play: Play, match: re.Match[str], said: Any) -> None:
    """`clara decides weigh_purpose: {outcome, motivation}`, or `the registrar decides grant: {motivation}`."""
    told = plain(said or {})
    open_tasks = {
        task.node: task for task in Task.objects.filter(case=play.the_case(), status=TaskStatus.OPEN)
    }
    if match["what"] == "appeal":
        task = play.open_task(appeals.NODE)
    elif match["what"] in open_tasks:
        task = open_tasks[match["what"]]
    elif len(open_tasks) == 1 and "outcome" not in told:
        task = next(iter(open_tasks.values()))
        told = told | {"outcome": match["what"]}
    else:
        task = play.open_task(match["what"])
    _finish(play, task, match["who"], told)


def _finish(play: Play, task: Task, who: str, typed: Mapping[str, Any]) -> None:
    with _refusals_kept(play):
        services.complete(task.id, actor=play.world.actor(who), typed=typed)


def _confirms(play: Play, match: re.Match[str], said: Any) -> None:
    """`ana confirms names`, or with the answers to its questions: `{order: mother_first}`."""
    _give(play, match["who"], match["ask"], {asking_forms.RIGHT: asking_forms.YES, **plain(said or {})})


def _disputes(play: Play, match: re.Match[str], said: Any) -> None:
    """`ana disputes names: {wrong: [first_name], note: what it should say}`, with other answers beside."""
    told = plain(said or {})
    wrong = {asking_forms.RIGHT: asking_forms.NO, asking_forms.NOTE: told.pop("note", "")}
    if "wrong" in told:
        wrong[asking_forms.WRONG] = told.pop("wrong")
    _give(play, match["who"], match["ask"], {**wrong, **told})


def _answers_ask(play: Play, match: re.Match[str], said: Any) -> None:
    """`ana answers home: {field: value, …}`; `clara answers home for ana: {…}`: an official, ana being present."""
    _give(play, match["who"], match["ask"], plain(said or {}), present=match["present"] or "")


def _give(play: Play, who: str, node: str, typed: Mapping[str, Any], present: str = "") -> None:
    """An answer is begun as a draft and sent; what is refused is kept as `problems`."""
    actor = play.world.actor(who)
    person = play.world.actor(present) if present else actor
    open_for = AskedPerson.objects.filter(perms.is_person(person), ask__case=play.the_case(), ask__node=node)
    asked = open_for.select_related("ask__case").order_by("-ask__token").first()
    if asked is None:
        raise CannotHappen(
            {
                "es": f"A {present or who} no se le pide {node}.",
                "en": f"{present or who} is not asked {node}.",
            }
        )
    draft = drafts.start_answer(
        actor, asking.find(asked.id, actor, counter=bool(present)), counter=bool(present)
    )
    draft.typed = {**draft.typed, **typed}
    draft.save()
    with _refusals_kept(play):
        drafts.send_answer(draft, actor)


def _opens(play: Play, match: re.Match[str], said: Any) -> None:
    """A person opens a message of the case; `{on: ‹date›}` moves the clock first."""
    if isinstance(said, Mapping) and "on" in said:
        play.world.move_to(_at(said["on"]))
    actor = play.world.actor(match["who"])
    sent = Message.objects.filter(case_id=play.the_case().id, template=match["message"]).order_by("-id")
    message = sent.filter(person_id=actor.person_id).first() or sent.first()
    if message is None:
        raise CannotHappen(
            {"es": f"No se envió {match['message']}.", "en": f"{match['message']} was not sent."}
        )
    notifications.open_message(message, actor)


def _withdraws(play: Play, match: re.Match[str], said: Any) -> None:
    """The applicant withdraws the request; `ana withdraws: why` tells a reason. Refused once it is decided (`problems`)."""
    with _refusals_kept(play, Forbidden):
        services.withdraw(play.the_case(), actor=play.world.actor(match["who"]), reason=str(said or ""))


def _returns(play: Play, match: re.Match[str], said: Any) -> None:
    """`the registrar returns: {fields: {field: what is wrong}, reasons: …}` from the only open task of the process."""
    told = plain(said or {})
    found = Task.objects.filter(case=play.the_case(), status=TaskStatus.OPEN, token__isnull=False)
    task = found.order_by("due_on", "id").first()
    if task is None:
        raise CannotHappen({"es": "No hay una tarea abierta.", "en": "There is no open task."})
    with _refusals_kept(play, Conflict):
        returning.ask(
            task.id,
            actor=play.world.actor(match["who"]),
            reason=str(told.get("reasons", "")),
            fields={str(name): str(say) for name, say in (told.get("fields") or {}).items()},
        )


def _corrects(play: Play, match: re.Match[str], said: Any) -> None:
    """`ana corrects: {field: value, note: …}`: page by page in the draft of the correction, which is then sent."""
    actor = play.world.actor(match["who"])
    told = dict(plain(said or {}))
    note = str(told.pop("note", ""))
    draft = play.draft = correcting.begin(play.the_case(), actor)
    for page in list(sight.form_of(draft)[2].pages):
        typed = {name: told.get(name, draft.typed.get(name)) for name in page.fields}
        draft = drafts.save_page(
            draft, page.id, {k: v for k, v in typed.items() if v is not None}, draft.revision, actor
        ).draft
        more = sight.form_of(draft)[2].page(page.id)
        brought = {n: told[n] for n in (more.fields if more else ()) if n in told and n not in typed}
        if brought:
            draft = drafts.save_page(draft, page.id, brought, draft.revision, actor).draft
    with _refusals_kept(play):
        play.case = correcting.send(draft, actor, note=note)


def _asks_for_longer(play: Play, match: re.Match[str], said: Any) -> None:
    """The applicant asks for as much time again to correct."""
    correcting.ask_for_longer(play.the_case(), play.world.actor(match["who"]))


def _reassigns(play: Play, match: re.Match[str], said: Any) -> None:
    """`beatriz reassigns weigh_purpose: {to: clara, reason: …}`: a supervisor gives the open task to somebody else."""
    told = plain(said or {})
    task = play.open_task(match["task"])
    with _refusals_kept(play, Forbidden):
        reassigning.reassign(
            task.id,
            to=play.world.actor(str(told.get("to"))).official_id,
            reason=str(told.get("reason", "")),
            actor=play.world.actor(match["who"]),
        )


def _appeals(play: Play, match: re.Match[str], said: Any) -> None:
    """`luis appeals reposicion: {grounds: …}` (or apelacion, or both); what is refused is kept as `problems`."""
    told = plain(said or {})
    with _refusals_kept(play, Conflict):
        appeals.file(
            play.the_case(),
            kind=match["kind"],
            grounds=str(told.get("grounds", "")),
            actor=play.world.actor(match["who"]),
        )


def _clock_reaches(play: Play, match: re.Match[str], said: Any) -> None:
    """The clock goes to a date, or to the day after a running term ends; all that is due by then happens."""
    wanted = str(match.groupdict().get("when") or said)
    if re.fullmatch(r"\d{4}-\d\d-\d\d", wanted):
        play.world.move_to(_at(wanted))
        return
    case = play.the_case()
    term = case.terms.filter(term=wanted.removeprefix("terms."), status=TermStatus.RUNNING).first()
    if term is None:
        raise CannotHappen({"es": f"No corre un término {wanted}.", "en": f"No term {wanted} is running."})
    play.world.move_to(date.fromordinal(term.due_on.toordinal() + 1))


def _changes(play: Play, match: re.Match[str], said: Any) -> None:
    """`‹register› changes: {key: …, field: …}` supersedes the entry with that key; `status: annulled` annuls it, `notes`
    ({kind, text, sets}) write in its margin."""
    register, told = match["register"], plain(said or {})
    spec = register_reads.spec(register)
    combination = next((fields for fields in spec.keys if all(name in told for name in fields)), None)
    if combination is None:
        raise CannotHappen(
            {
                "es": f"{register}: diga de qué asiento, con su clave.",
                "en": f"{register}: say which entry, by its key.",
            }
        )
    key = {name: told[name] for name in combination}
    answer = register_reads.look_up(
        register,
        key,
        fields=tuple(spec.schema["properties"]),
        actor=play.world.system,
        purpose="case_processing",
    )
    if answer.entry_id is None:
        raise CannotHappen(
            {"es": f"No hay ese asiento en {register}.", "en": f"{register} has no such entry."}
        )
    if told.get("status") == "annulled":
        registers.annul_entry(answer.entry_id, reason="por la historia", actor=play.world.system)
        return
    if told.get("notes"):
        for note in told["notes"]:
            play.world.noted(answer.entry_id, note)
        return
    data = {name: value for name, value in {**answer.value, **told}.items() if value is not None}
    known = {name: value for name, value in data.items() if name in spec.schema["properties"]}
    registers.record_entry(register, known, actor=play.world.system, supersedes=answer.entry_id)


def _is_down(play: Play, match: re.Match[str], said: Any) -> None:
    """Another agency does not answer from now on."""
    play.world.elsewhere.down.add(match["agency"])


def _answers(play: Play, match: re.Match[str], said: Any) -> None:
    """Another agency answers again as it should; a register with the entries told, if any."""
    agency = match["agency"]
    play.world.elsewhere.behave(agency)
    for entry in said if isinstance(said, list) else [said] if said else []:
        play.world.entry(agency, entry)


def _answers_twice(play: Play, match: re.Match[str], said: Any) -> None:
    """Another agency says everything twice from now on."""
    play.world.elsewhere.behave(match["agency"])
    play.world.elsewhere.twice.add(match["agency"])


def _answers_with(play: Play, match: re.Match[str], said: Any) -> None:
    """`‹agency› answers with: {…}`: the same from now on, whatever it is asked or told."""
    play.world.elsewhere.behave(match["agency"])
    play.world.elsewhere.always[match["agency"]] = plain(said)


def _at(day: Any) -> datetime:
    return clock.instant(date.fromisoformat(str(day)), time(10))


SENTENCES: tuple[tuple[re.Pattern[str], Doing], ...] = tuple(
    (re.compile(text), doing)
    for text, doing in (
        (r"the clock reaches(?: (?P<when>\S+))?", _clock_reaches),
        (r"(?P<who>(?:the )?\w+) files (?P<act>[a-z0-9-]+)(?: for (?P<whom>\w+))?", _files),
        (r"(?P<who>\w+) contests (?P<read>\w+)", _contests),
        (r"(?P<who>\w+) pays", _pays),
        (r"(?P<who>\w+) withdraws", _withdraws),
        (r"(?P<who>(?:the )?[\w-]+) returns", _returns),
        (r"(?P<who>\w+) corrects", _corrects),
        (r"(?P<who>(?:the )?[\w-]+) reassigns (?P<task>\w+)", _reassigns),
        (r"(?P<who>\w+) appeals (?P<kind>\w+)", _appeals),
        (r"(?P<who>\w+) asks for longer", _asks_for_longer),
        (r"(?P<who>\w+) confirms (?P<ask>\w+)", _confirms),
        (r"(?P<who>\w+) disputes (?P<ask>\w+)", _disputes),
        (r"(?P<who>\w+) opens (?P<message>[a-z0-9-]+)", _opens),
        (r"(?P<who>(?:the )?[\w-]+) completes (?P<task>\w+)", _completes),
        (r"(?P<who>(?:the )?[\w-]+) decides (?P<what>[\w-]+)", _decides),
        (r"(?P<register>\w+) changes", _changes),
        (r"(?P<agency>\w+) is down", _is_down),
        (r"(?P<agency>\w+) answers", _answers),
        (r"(?P<agency>\w+) answers twice", _answers_twice),
        (r"(?P<agency>\w+) answers with", _answers_with),
        (r"(?P<who>\w+) answers (?P<ask>\w+)(?: for (?P<present>\w+))?", _answers_ask),
    )
)
