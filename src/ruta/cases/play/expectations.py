"""What must be true: each word of `then`, and how it is looked up. Nothing here is recorded from a run."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from ruta.documents.models import Output
from ruta.interop import selectors as interop
from ruta.kernel import clock
from ruta.kernel.errors import RutaError
from ruta.notifications.models import Message
from ruta.payments.models import Charge
from ruta.registers.models import Entry

from .. import asking
from ..models import Ask, CaseTerm, RuleResult, Task
from ..models.asking import AskedStatus, AskStatus
from ..models.task import TaskStatus
from .sentences import Play

BUILT_IN_MESSAGES = frozenset(
    {"filed", "charge", "reminder"}
)  # sent in every case: not worth telling in a story


class ExpectationUnknown(RutaError):
    """A word of `then` that nobody knows."""


def check(play: Play, expected: Mapping[str, Any]) -> list[str]:
    """Every expectation that does not hold, in words: what was expected, what was found."""
    failures: list[str] = []
    for word, wanted in expected.items():
        find = FINDERS.get(word)
        if find is None:
            raise ExpectationUnknown(
                {
                    "es": f"then: no se conoce {word}; hay: {', '.join(FINDERS)}.",
                    "en": f"then: {word} is unknown; there are: {', '.join(FINDERS)}.",
                }
            )
        found = find(play, wanted)
        if not fits(found, wanted):
            failures.append(f"{word}: expected {_shown(wanted)}, found {_shown(found)}")
    return failures


def fits(found: Any, wanted: Any) -> bool:
    """Whether what was found has everything that was wanted; it may have more, but not more items of a list."""
    if isinstance(wanted, Mapping):
        return isinstance(found, Mapping) and all(
            name in found and fits(found[name], part) for name, part in wanted.items()
        )
    if isinstance(wanted, list):
        return (
            isinstance(found, list)
            and len(found) == len(wanted)
            and all(fits(*pair) for pair in zip(found, wanted, strict=True))
        )
    return str(found) == str(wanted)


def _shown(value: Any) -> str:
    return (
        str(value)
        if not isinstance(value, Mapping)
        else "{" + ", ".join(f"{k}: {v}" for k, v in value.items()) + "}"
    )


def _case(play: Play, wanted: Any) -> Any:
    """`none`, when nothing could be filed."""
    return "none" if play.case is None else play.case.number


def _outcome(play: Play, wanted: Any) -> Any:
    """How the case was decided; `none` while it is not."""
    return play.the_case().outcome or "none"


def _status(play: Play, wanted: Any) -> Any:
    """How far the case has come: open, decided, notified, firm, closed."""
    return str(play.the_case().status)


def _notified_on(play: Play, wanted: Any) -> Any:
    """The day on which the decision was notified; `none` while it was not."""
    at = play.the_case().notified_at
    return "none" if at is None else clock.local_date(at).isoformat()


def _charge(play: Play, wanted: Any) -> Any:
    """The newest charge: lines, total, credited, due, status; `none` when there is nothing to pay."""
    if play.case is None:
        return "none"
    charge = Charge.objects.filter(case_number=play.case.number).order_by("-id").first()
    if charge is None or (charge.total == 0 and wanted == "none"):
        return "none"
    return {
        "lines": charge.lines,
        "total": charge.total,
        "credited": charge.credited,
        "due": charge.due,
        "status": str(charge.status),
    }


def _terms(play: Play, wanted: Any) -> Any:
    """By id of the term: due, state, effect, started."""
    found: dict[str, Any] = {}
    for term in CaseTerm.objects.filter(case=play.the_case()):
        found[term.term] = {
            "due": term.due_on.isoformat(),
            "state": str(term.status),
            "effect": term.effect or "none",
            "started": term.started_on.isoformat(),
        }
    return found


def _waiting(play: Play, wanted: Any) -> Any:
    """The open tasks, the earliest due first: task, for, due, has (who took it or got it). Then what is asked of
    people: ask, of, persons (how many are still to answer), due."""
    case = play.the_case()
    tasks = Task.objects.filter(case=case, status=TaskStatus.OPEN).order_by("due_on", "id")
    asks = Ask.objects.filter(case=case, status=AskStatus.OPEN).order_by("due_on", "id")
    return [
        *(
            {
                "task": task.node,
                "for": ", ".join(task.groups),
                "due": task.due_on.isoformat(),
                "has": _name_of(play, task),
            }
            for task in tasks
        ),
        *(
            {
                "ask": ask.node,
                "of": ask.party,
                "persons": ask.persons.filter(status=AskedStatus.OPEN).count(),
                "due": ask.due_on.isoformat(),
            }
            for ask in asks
        ),
    ]


def _name_of(play: Play, task: Task) -> str:
    """Who of the story has the task; `nobody` while it is free."""
    if task.assignee_id is None:
        return "nobody"
    named = (name for name, actor in play.world.actors.items() if actor.official_id == task.assignee_id)
    return next(named, "somebody")


def _answered(play: Play, wanted: Any) -> Any:
    """What the last ask that ended came to, as the process sees `answer`: status, values, disputed, persons."""
    case = play.the_case()
    ended = Ask.objects.filter(case=case).exclude(status=AskStatus.OPEN).order_by("-closed_at", "-id").first()
    return asking.result_of(ended) if ended is not None else "none"


def _outputs(play: Play, wanted: Any) -> Any:
    """The documents issued, in order: id, state."""
    if play.case is None:
        return []
    outputs = Output.objects.filter(case_number=play.case.number, issued_at__isnull=False).order_by(
        "issued_at"
    )
    return [{"id": output.output_id, "state": str(output.state)} for output in outputs]


def _messages(play: Play, wanted: Any) -> Any:
    """The messages sent, in order, by name; those sent in every case (filed, charge, reminder) are left out."""
    sent = Message.objects.filter(case_id=play.the_case().id).order_by("created_at", "id")
    return [message.template for message in sent if message.template not in BUILT_IN_MESSAGES]


def _entries(play: Play, wanted: Any) -> Any:
    """Entries with these data: register, status, data; the newest one is looked at."""
    found = []
    for each in wanted:
        data = {name: value for name, value in each.items() if name not in ("register", "status")}
        entry = (
            Entry.objects.filter(register=each["register"], data__contains=data)
            .order_by("-recorded_at")
            .first()
        )
        found.append(
            {"register": each["register"], "status": str(entry.status), **entry.data} if entry else "none"
        )
    return found


def _problems(play: Play, wanted: Any) -> Any:
    """What was refused in the last input: at (JSON pointer), check."""
    return [{"at": problem.at, "check": problem.check} for problem in play.problems]


def _kept(play: Play, wanted: Any) -> Any:
    """What the draft still holds, as typed."""
    if play.draft is None:
        return {}
    play.draft.refresh_from_db()
    return play.draft.typed


def _found(play: Play, wanted: Any) -> Any:
    """What look-ups were answered, by id of the read: status, value, fault."""
    return {
        read: {**fact, "fault": (fact.get("fault") or {}).get("code", "none")}
        for read, fact in play.the_case().facts.items()
    }


def _told(play: Play, wanted: Any) -> Any:
    """What other agencies were told, in order: service, status (`waiting` while they do not answer), reason, tries."""
    return [
        {"service": each.receiver, "status": str(each.status), "reason": each.reason, "tries": each.tries}
        for each in interop.told_by(play.the_case().number)
    ]


def _decided_by(play: Play, wanted: Any) -> Any:
    """The rules that hit, of those tables that the story speaks of, in the order in which they were asked."""
    hits = [
        hit["rule"]
        for result in RuleResult.objects.filter(case=play.the_case()).order_by("id")
        for hit in result.hits
    ]
    return [rule for rule in wanted if rule in hits]


def _corrected(play: Play, wanted: Any) -> Any:
    """What each correction of the case changed, in order: by field, before and after (`none`: not given)."""
    answered = play.the_case().corrections.filter(status="answered").order_by("number")
    return [
        {
            name: [correction.before.get(name, "none"), correction.after.get(name, "none")]
            for name in {**correction.before, **correction.after}
        }
        for correction in answered
    ]


def _appeals(play: Play, wanted: Any) -> Any:
    """The appeals of the case, in order: kind, status, outcome (`none` while undecided)."""
    return [
        {"kind": appeal.kind, "status": str(appeal.status), "outcome": str(appeal.outcome) or "none"}
        for appeal in play.the_case().appeals.order_by("number")
    ]


FINDERS: dict[str, Callable[[Play, Any], Any]] = {
    "case": _case,
    "outcome": _outcome,
    "notified_on": _notified_on,
    "charge": _charge,
    "terms": _terms,
    "waiting": _waiting,
    "answered": _answered,
    "outputs": _outputs,
    "messages": _messages,
    "entries": _entries,
    "problems": _problems,
    "kept": _kept,
    "corrected": _corrected,
    "appeals": _appeals,
    "status": _status,
    "decided_by": _decided_by,
    "found": _found,
    "told": _told,
}
