"""Ask another agency's register, and write down that it was asked."""

import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any, Literal

from django.conf import settings

from ruta.engine import forms
from ruta.engine.problems import Problem
from ruta.kernel import audit, clock
from ruta.registers import rules
from ruta.registers.spec import RegisterSpec

from . import log, playing, xroad
from .models import ExchangeRecord

if TYPE_CHECKING:
    from ruta.identity.actors import Actor

logger = logging.getLogger(__name__)
PERSON = ("document_type", "document_number")
Fault = ExchangeRecord.Fault
Status = Literal["found", "absent", "ambiguous", "unavailable"]
_NOT_FOUND = 404


@dataclass(frozen=True)
class Answer:
    """What another agency's register says, as one kept here answers (`registers.selectors.Answer`).

    `value` are the fields asked for (`match: many`: a list of them), None unless found. `unavailable`: there is no
    answer that can be used, and `fault` says why (silent, unreadable, another, impossible); `problems` are then those
    of data that cannot be.
    """

    value: Any
    source: str
    at: datetime
    status: Status
    fault: str = ""
    problems: tuple[Problem, ...] = ()


def read(
    register: str,
    source: Mapping[str, Any],
    key: Mapping[str, Any],
    *,
    actor: "Actor",
    purpose: str,
    case_number: str = "",
    wait: float = xroad.TIMEOUT,
    about: RegisterSpec | None = None,
    fields: Sequence[str] = (),
    match: str = "one",
    code_fault: forms.CodeFault | None = None,
) -> Answer:
    """Ask a register for the one entry (`match: many`: those) that `key` names (network: call it from a job or a draft,
    never in a step).

    `source` is that of the register's file: its `xroad` is the service (`CO/GOB/<NIT>/SUBSYSTEM/service/v1`).
    `wait` is how many seconds this one call may take (at most 30). Unavailable is an answer, not an error: the caller,
    who knows how much `patience` the register is given, decides whether to ask again. Every call is a line of the
    message log, without the payload, and, when something was found, of the log of reads. Raises RutaError for a source
    that is not an X-Road service.

    `about`, the register as its file describes it, judges the answer: one about something else than was asked, or
    whose `fields` (no fields: all) cannot be, is not used and not kept. `code_fault` judges its codes.
    """
    service = log.service_of(register, source.get("xroad"))
    asked = {name: str(value) for name, value in key.items() if value is not None}
    sent = log.envelope(actor, case_number)
    if (played := playing.current()) is not None:
        reply = played.reply(register, asked)
    else:
        reply = xroad.get(settings.XROAD_URL, service, asked, sent, patience=wait)
    status, fault, entries = _entries(reply)
    problems: tuple[Problem, ...] = ()
    if about is not None and entries:
        entries = [_known(about, entry) for entry in entries]
        fault, problems = _judged(about, entries, asked, fields, code_fault)
        status = "unavailable" if fault else status
    if status == "found" and match == "one" and len(entries) > 1:
        status = "ambiguous"
    log.write(sent, reply, kind=ExchangeRecord.Kind.READ, other=register, service=service, said=asked,
              actor=actor, purpose=purpose, status=status, fault=fault)  # fmt: skip
    if status == "unavailable":
        why = reply.error or reply.status or "no answer"
        logger.warning("register %s gives no answer to use: %s (%s)", register, fault, why)
    if status == "found":
        _told(register, about, entries, asked, fields, actor=actor, purpose=purpose, case_number=case_number)
    value = _value(entries, fields, match) if status == "found" else None
    return Answer(value, service, clock.now(), status, fault, problems)


def _entries(reply: xroad.Reply) -> tuple[Status, str, list[dict[str, Any]]]:
    """Status, fault and the entries of a reply, the same one once.

    A security server's error is not an answer: only the register itself can say that there is no entry.
    """
    if reply.error or reply.status is None:
        return "unavailable", Fault.SILENT, []
    if reply.status == _NOT_FOUND:
        return "absent", "", []
    if reply.status != 200:
        return "unavailable", Fault.SILENT, []
    bodies = reply.body if isinstance(reply.body, list) else [reply.body]
    entries: list[dict[str, Any]] = []
    for body in bodies:
        if not isinstance(body, dict):
            return "unavailable", Fault.UNREADABLE, []
        if body not in entries:
            entries.append(body)
    return ("found" if entries else "absent"), "", entries


def _known(about: RegisterSpec, entry: Mapping[str, Any]) -> dict[str, Any]:
    """The entry without fields that the register's file does not have: nobody asked for them."""
    return {name: entry[name] for name in about.schema.get("properties", {}) if entry.get(name) is not None}


def _judged(
    about: RegisterSpec,
    entries: Sequence[Mapping[str, Any]],
    asked: Mapping[str, str],
    fields: Sequence[str],
    code_fault: forms.CodeFault | None,
) -> tuple[str, tuple[Problem, ...]]:
    """Why the entries are of no use, if they are not: about another than was asked, or impossible."""
    wanted = {name.partition(".")[0] for name in (*fields, *asked)} if fields else None
    found: list[Problem] = []
    for entry in entries:
        if not all(_is_asked(about, entry, name, value) for name, value in asked.items()):
            return Fault.ANOTHER, ()
        found += [
            problem
            for problem in rules.problems_of(about, entry, clock.now(), code_fault=code_fault)
            if wanted is None or problem.at.split("/")[1:2] == [] or problem.at.split("/")[1] in wanted
        ]
    return (Fault.IMPOSSIBLE if found else ""), tuple(found)


def _is_asked(about: RegisterSpec, entry: Mapping[str, Any], name: str, value: str) -> bool:
    """Whether the entry has what was asked by; a part that it does not tell speaks of nobody else."""
    told = rules.values_of(about, entry, name)
    return not told or rules.search_value([value]) in [rules.search_value([each]) for each in told]


def _told(
    register: str,
    about: RegisterSpec | None,
    entries: Sequence[Mapping[str, Any]],
    asked: Mapping[str, str],
    fields: Sequence[str],
    *,
    actor: "Actor",
    purpose: str,
    case_number: str,
) -> None:
    """Let whom the entries are about see that they were read."""
    kind = (about.holder_type if about else "") or PERSON[0]
    number = (about.holder if about else "") or PERSON[1]
    names = about.fields_of(number) if about else (number,)
    kinds = about.fields_of(kind) if about else (kind,)
    persons = {
        (_part(entry, asked, kinds[at] if at < len(kinds) else ""), _part(entry, asked, field))
        for entry in entries
        for at, field in enumerate(names)
    }
    known = sorted(person for person in persons if person[1])
    if known:
        read_fields = sorted(fields) or sorted({name for entry in entries for name in entry})
        audit.log_read(
            actor,
            persons=known,
            purpose=purpose,
            case_number=case_number,
            what=f"register:{register}",
            fields=read_fields,
        )


def _part(entry: Mapping[str, Any], asked: Mapping[str, str], name: str) -> str:
    return str(rules.value_at(entry, name) or asked.get(name) or "") if name else ""


def _value(entries: Sequence[Mapping[str, Any]], fields: Sequence[str], match: str) -> Any:
    values = [
        {name: rules.value_at(entry, name) for name in fields} if fields else dict(entry) for entry in entries
    ]
    return values if match == "many" else values[0]
