"""What is told of a case beside its documents: the application, the decisions, the messages and the history."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from ruta.definitions import runtime
from ruta.kernel.texts import LANGUAGES
from ruta.notifications import selectors as notifications
from ruta.notifications.models import Message

from .. import history
from ..models import Case, CaseEvent, EventPayload, RuleResult, Task
from ..models.task import TaskStatus

Told = dict[str, dict[str, Any]]


def told(case: Case, person_id: UUID | None, *, office: bool) -> Told:
    """The members made of rows, by their path. What the law had erased is told as such, never left out in silence."""
    return {
        "application.json": application(case, office=office),
        "decisions.json": decisions(case, office=office),
        "messages.json": {"messages": messages(case, None if office else person_id)},
        "history.json": chained(case, office=office),
    }


def application(case: Case, *, office: bool) -> dict[str, Any]:
    """The form as filed, answer by answer and in words; who filed; for the agency also what registers answered."""
    made: dict[str, Any] = {
        "number": case.number,
        "filed_at": case.filed_at,
        "received_on": case.received_on,
        "channel": case.channel,
        "erased": case.erased_at is not None,
        "applicant": case.applicant_facts,
        "form": case.form,
        "in_words": in_words(case),
    }
    return {**made, "found": case.facts} if office else made


def in_words(case: Case) -> list[dict[str, Any]]:
    """Every answer in the form's order: {field, label, answer}, both in two languages."""
    compiled = runtime.compiled(case.version_id)
    form = compiled.act(case.act).form
    if form is None:
        return []
    return [
        {
            "field": field.name,
            "label": dict(field.label),
            "answer": {lang: compiled.in_words(field, case.form[field.name], lang) for lang in LANGUAGES},
        }
        for field in form.answered(case.form)
    ]


def decisions(case: Case, *, office: bool) -> dict[str, Any]:
    """How the case ended and why: motivation, rules that hit with their article; for the agency each task done."""
    decided = case.variables.get("decided") if case.outcome else None
    motivation = decided.get("motivation") if isinstance(decided, Mapping) else None
    rules = _rules(case, office=office) if case.outcome or office else []
    made: dict[str, Any] = {
        "outcome": case.outcome,
        "decided_at": case.decided_at,
        "notified_at": case.notified_at,
        "closed_at": case.closed_at,
        "motivation": motivation or "",
        "rules": rules,
    }
    return {**made, "tasks": _tasks(case)} if office else made


def _rules(case: Case, *, office: bool) -> list[dict[str, Any]]:
    service = runtime.compiled(case.version_id).service
    found = []
    for result in RuleResult.objects.filter(case=case).order_by("id"):
        for hit in result.hits:
            law = service.law(str(hit.get("law") or ""))
            line = {
                "decision": result.decision,
                "rule": hit["rule"],
                "words": hit.get("words") or "",
                "law": law.cited if law else "",
                "says": dict(law.says) if law else {},
                "at": result.at,
            }
            found.append({**line, "inputs": hit.get("inputs") or {}} if office else line)
    return found


def _tasks(case: Case) -> list[dict[str, Any]]:
    done = Task.objects.filter(case=case, status=TaskStatus.DONE).order_by("done_at", "id")
    return [
        {
            "task": task.node,
            "form": task.form_key,
            "done_at": task.done_at,
            "done_by": f"official:{task.done_by_id}",
            "result": task.result,
        }
        for task in done
    ]


def messages(case: Case, person_id: UUID | None) -> list[dict[str, Any]]:
    """The messages sent, in order, with what became of them; of `person_id` alone where one is given.

    A legal notice that its addressee has not opened is told without its text: reading it here would notify nobody.
    """
    sent = notifications.messages_of_case(case.number).prefetch_related("deliveries")
    if person_id is not None:
        sent = sent.filter(person_id=person_id, channels__contains=["folder"])
    return [_message(message, office=person_id is None) for message in sent]


def _message(message: Message, *, office: bool) -> dict[str, Any]:
    unopened = message.legal and message.opened_at is None and not office
    made: dict[str, Any] = {
        "id": message.id,
        "template": message.template,
        "subject": message.subject,
        "text": "" if unopened else message.body_text,
        "unopened": unopened,
        "legal": message.legal,
        "channels": message.channels,
        "created_at": message.created_at,
        "sent_at": message.sent_at,
        "opened_at": message.opened_at,
        "status": message.status,
    }
    if not office:
        return made
    tries = [
        {"channel": each.channel, "what": each.what, "status": each.status, "code": each.code, "at": each.at}
        for each in sorted(message.deliveries.all(), key=lambda each: each.pk)
    ]
    return {**made, "person": message.person_id, "email": message.email, "deliveries": tries}


def chained(case: Case, *, office: bool) -> dict[str, Any]:
    """The chain of events from the first to the newest. The agency's view holds the personal part of each with the salt
    of its commitment; the applicant's holds of internal events only their link, so that the chain still closes."""
    events = CaseEvent.objects.filter(case_id=case.id).order_by("seq")
    payloads = {row.seq: row for row in EventPayload.objects.filter(case_id=case.id)} if office else {}
    return {
        "case": str(case.id),
        "events": [_event(event, payloads.get(event.seq), office=office) for event in events],
    }


def _event(event: CaseEvent, payload: EventPayload | None, *, office: bool) -> dict[str, Any]:
    link = history.link_of(event)
    if not office and event.type not in history.TOLD:
        return {"seq": link.seq, "previous": link.previous, "hash": link.hash}
    made: dict[str, Any] = {name: getattr(link, name) for name in link.__dataclass_fields__ if name != "case"}
    made["title"] = history.EVENT_TYPES[event.type]
    if payload is not None:
        made |= {"private": payload.data, "salt": payload.salt}
    return made
