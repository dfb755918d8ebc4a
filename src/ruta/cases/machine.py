"""One case step is one transaction: lock, load, step, carry the effects out, write the difference.

The engine says what happens; this is the only place that makes it happen.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext, suppress
from datetime import datetime
from functools import cached_property
from typing import Any, cast
from uuid import UUID

from django.db import transaction

from ruta.definitions import runtime
from ruta.engine import bpmn
from ruta.engine.bpmn.state import Status
from ruta.identity.actors import Actor
from ruta.kernel import calendars, clock
from ruta.kernel.errors import Conflict, NotFound, RutaError

from . import asking, context, correlation, endings, history, parties, tasks, terms, verbs
from .appeals import kinds
from .applicants import Applicant
from .models import Case, CaseTerm, FlowToken, Party, RuleResult, ThrownMessage
from .models.case import CaseStatus
from .rules import CaseRules

CLOCK = Actor.system("clock")
_MOVES_OF_A_VERB = 10
"""What a verb counts among the moves of a step: it writes, where a token only moves."""


def _moves_of(step: bpmn.Step) -> int:
    entered = sum(isinstance(effect, bpmn.Entered) for effect in step.effects)
    verbs_asked = sum(isinstance(effect, bpmn.JobRequested) for effect in step.effects)
    return entered + _MOVES_OF_A_VERB * verbs_asked


def advance(case_id: UUID, *commands: bpmn.Command, actor: Actor) -> Case:
    """Carry `commands` out on the case, each with all that follows from it, in one transaction.

    Raises NotFound for an unknown case and Conflict when what a command speaks of is gone, or brings what cannot be
    mapped.
    """
    with stepping(case_id, actor) as machine:
        for command in commands:
            machine.run(command)
    return machine.case


@contextmanager
def stepping(case_id: UUID, actor: Actor, *, waiting_at: int | None = None) -> Iterator[Machine]:
    """Lock the case, let the block step it, and save it, in one transaction.

    Raises NotFound for an unknown case, and Conflict when it no longer waits at the token `waiting_at`.
    """
    with transaction.atomic():
        machine = Machine.load(case_id, actor)
        if waiting_at is not None and (machine.state is None or machine.state.token(waiting_at) is None):
            raise Conflict(
                {"es": "Ese paso ya no espera.", "en": "That step no longer waits."}, code="stale-step"
            )
        yield machine
        machine.save()


class Machine:
    """A locked case with its compiled service; lives within one transaction."""

    def __init__(self, case: Case, actor: Actor) -> None:
        self.case = case
        self.actor = actor
        self.compiled = runtime.compiled(case.version_id)
        self.act = self.compiled.act(case.act)
        self.process = self._process()
        self.filing = not case.flow
        # Whether a verb that cannot be done is told to who acts, who typed something and can mend it.
        self.telling = self.filing or actor.kind in ("person", "official")
        self.terms_changed: set[str] = set()
        self.by_law = False  # the case ends because the law says so: an act tells, and is notified
        self.form_changed = False  # the applicant corrected what was filed
        self.rules = CaseRules(self)
        self._rows = {} if self.filing else {row.token: row for row in case.tokens.all()}
        self._ruled_now: list[RuleResult] = []
        self.state: bpmn.State | None = None if self.filing else self._state()

    @cached_property
    def terms(self) -> dict[str, CaseTerm]:
        """The case's terms by name. Whoever changes one says so in `terms_changed`; `save` writes it."""
        return {} if self.filing else {term.term: term for term in self.case.terms.all()}

    @cached_property
    def parties(self) -> list[Party]:
        """Who is in the case."""
        return list(self.case.parties.all())

    def _process(self) -> bpmn.Process:
        if self.act.process is None:
            raise NotFound({"es": "Este acto no tiene un proceso.", "en": "This act has no process."})
        return self.act.process

    @classmethod
    def load(cls, case_id: UUID, actor: Actor) -> Machine:
        """Lock the case's row and read what a step needs."""
        try:
            case = Case.objects.select_for_update(of=("self",)).get(id=case_id)
        except Case.DoesNotExist:
            raise NotFound({"es": "No existe ese expediente.", "en": "There is no such case."}) from None
        return cls(case, actor)

    # -- what FEEL sees

    def subject(self) -> context.Subject:
        """The case as the source of FEEL's names."""
        case = self.case
        return context.Subject(
            compiled=self.compiled,
            act=self.act,
            applicant=Applicant(case.applicant_facts, case.filed_by_id),
            form=case.form,
            facts=case.facts,
            channel=case.channel,
            lang=case.lang,
            filed_at=case.filed_at,
            received_on=case.received_on,
            number=case.number,
        )

    @property
    def variables(self) -> dict[str, Any]:
        """The process's variables now."""
        return self.state.variables if self.state else {}

    def names(self) -> dict[str, Any]:
        """The names of contract §4.1, over which the process's variables stand."""
        return context.names_of(self.subject()) | {
            "terms": terms.as_names(self.case, self.terms),
            "parties": parties.as_names(self),
        }

    # -- stepping

    def run(self, command: bpmn.Command) -> None:
        """Carry one command out, and every command that a finished verb gives back, with one budget for all.

        Raises Conflict when what the command speaks of is gone, or its result cannot be written down by the process.
        """
        waiting = deque([command])
        moves = bpmn.BUDGET
        self.rules.begin()
        while waiting:
            try:
                step = bpmn.step(
                    self.process,
                    self.state,
                    waiting.popleft(),
                    now=clock.now(),
                    rules=self.rules,
                    calendar=calendars.calendar_of(self.case.agency),
                    budget=moves,
                )
            except bpmn.StaleToken as stale:
                raise Conflict(stale.say, code="stale-step") from stale
            except bpmn.RuleFailed as failed:
                raise Conflict(failed.say, code="rule-failed") from failed
            moves = max(moves - _moves_of(step), 0)
            self.state = step.state
            for effect in step.effects:
                waiting.extend(self._carry_out(effect))

    def follow(self, effect: bpmn.Effect) -> None:
        """Carry out one effect of a step taken elsewhere (a move to another version), with all that follows."""
        for command in self._carry_out(effect):
            self.run(command)

    def _carry_out(self, effect: bpmn.Effect) -> list[bpmn.Command]:
        match effect:
            case bpmn.Entered():
                self._entered(effect)
            case bpmn.Left():
                self._left(effect.node)
            case bpmn.Withdrawn():
                self._withdrawn(effect)
            case bpmn.Waiting(kind="user"):
                if effect.token not in self._rows or not tasks.ask_again(self, effect):
                    tasks.open_task(self, effect)
            case bpmn.Waiting(kind="message"):
                return correlation.early(effect.name, effect.key)
            case bpmn.JobRequested():
                return self._verb(effect)
            case bpmn.RuleEvaluated():
                self._ruled(effect)
            case bpmn.Incident():
                self._stop(effect)
            case bpmn.CaseEnded():
                endings.decide(self, effect.outcome or "", effect.node)
            case bpmn.MessageThrown():
                from .jobs import deliver

                thrown = ThrownMessage.objects.create(
                    name=effect.name, key=effect.key or "", payload=dict(effect.payload), at=clock.now()
                )
                deliver.defer(message_id=str(thrown.id))
            case _:
                pass
        return []

    def _verb(self, effect: bpmn.JobRequested) -> list[bpmn.Command]:
        try:
            # Where nobody is there to be told, what a failed verb began is undone and the rest of the step stands.
            with nullcontext() if self.telling else transaction.atomic():
                result = verbs.carry_out(self, effect)
        except bpmn.RuleFailed as failed:
            return [bpmn.JobFailed(effect.token, "rule-failed", say=failed.say)]
        except RutaError as wrong:
            if self.telling and not isinstance(wrong, verbs.CannotBeDone):
                raise  # who acts is told and can mend it; nothing of the step is kept
            return [bpmn.JobFailed(effect.token, wrong.code, say=wrong.message)]
        if result is None:
            return []
        self.rules.stale()
        return [bpmn.JobDone(effect.token, result)]

    def _withdrawn(self, effect: bpmn.Withdrawn) -> None:
        node = self.process.node(effect.node)
        if node.kind != "boundaryEvent":  # which only listens
            tasks.withdraw(self, effect.token)
        verbs.withdraw(self, node.job_type, effect.token)
        self._left(effect.node)

    def _entered(self, effect: bpmn.Entered) -> None:
        stage = self.process.node(effect.node).properties.get("ruta:stage", "")
        if stage and stage != self.case.stage:
            self.case.stage, self.case.stage_since = stage, clock.now()
            history.append(self.case, "stage", actor=self.actor, public={"stage": stage})
        terms.pause_at(self, effect.node)
        self.rules.stale()

    def _left(self, node: str) -> None:
        terms.resume_at(self, node)
        self.rules.stale()

    def rule_again(self) -> None:
        """Ask every rule that answered already once more, in the same order: its answer of now replaces the one before.

        Where one cannot answer any more, its answer stands.
        """
        asked = RuleResult.objects.filter(case=self.case).order_by("id").values_list("node", flat=True)
        self.rules.stale()
        for node in dict.fromkeys(asked):
            with suppress(bpmn.RuleFailed):
                self.run(bpmn.AskRule(node))

    def _ruled(self, effect: bpmn.RuleEvaluated) -> None:
        self._ruled_now.append(
            RuleResult(
                case=self.case,
                node=effect.node,
                decision=effect.decision,
                value=effect.value,
                hits=effect.hits,
                at=clock.now(),
            )
        )
        public = {"decision": effect.decision, "rules": [hit["rule"] for hit in effect.hits]}
        history.append(
            self.case,
            "rule",
            actor=self.actor,
            public=public,
            private={"value": effect.value, "hits": effect.hits},
        )

    def _stop(self, effect: bpmn.Incident) -> None:
        """Keep the incident with the case, so that a person mends its cause; nothing else is lost."""
        self.case.incident = {
            "token": effect.token,
            "node": effect.node,
            "say": dict(effect.say),
            "at": clock.now().isoformat(),
        }
        history.append(
            self.case,
            "incident",
            actor=self.actor,
            public={"node": effect.node},
            private={"say": dict(effect.say)},
        )
        # A clock that stands still for a person does not stand still for what failed on our side.
        terms.resume_at(self, effect.node)

    def retry(self) -> None:
        """Do again every step that stopped; what still cannot be done stops again, with its reason of now."""
        if self.state is None:
            return
        self.telling = False
        told = (self.case.incident or {}).get("token")
        stopped = [token.id for token in self.state.tokens if token.status == "stuck" or token.id == told]
        self.case.incident = None
        history.append(self.case, "incident-mended", actor=self.actor)
        for id in stopped:
            if (token := self.state.token(id)) is not None:  # what went before may have ended it
                terms.pause_at(self, token.node)
                self.run(bpmn.Retry(id))

    def _forget_incident(self) -> None:
        """A step no longer wanted (withdrawn, overtaken by a deadline) needs nobody's look, unless another stopped."""
        told = (self.case.incident or {}).get("token")
        tokens = self.state.tokens if self.state else ()
        if told is not None and not any(token.id == told or token.status == "stuck" for token in tokens):
            self.case.incident = None

    # -- terms

    def expire_term(self, name: str) -> None:
        """Let the term expire: its effect, the terms that count from it, and the message to the process."""
        term = self.terms.get(name)
        if term is None or term.status != "running" or term.due_on >= clock.today():
            return
        effect = self.effect_of(name)
        terms.expire(self, term, effect)
        self.rules.stale()
        endings.apply_expiry(self, name, effect)
        if self.case.status != CaseStatus.CLOSED and self.state is not None and self.state.ended is None:
            # Where no part of the process waits for it, the expiry has its effect all the same.
            with suppress(Conflict):
                self.run(bpmn.Receive(f"term.{name}.expired", self.case.number, {}))
            # What the process draws for the expiry goes first: it may have taken back what was asked.
            asking.expire(self, name)

    def effect_of(self, name: str) -> str:
        """What the expiry of the term would do, as things stand now (a word of common facts §6.3)."""
        for spec in self.act.spec.terms:
            if spec.id == name:
                text = spec.on_expiry
                value = self.rules.evaluate(text[1:], self.variables) if text.startswith("=") else text
                return str(value or "escalate")
        if name in (terms.APPEAL, terms.FIRMNESS):
            return "firm"
        if name.startswith(terms.APPEAL_ANSWER):
            return self._silence_of(name)
        return "tacit_withdrawal" if terms.of_person(name) else "escalate"

    def _silence_of(self, term: str) -> str:
        """What it means that an appeal is not decided in time."""
        appeal = self.case.appeals.get(term=term)
        return next((k.silence for k in kinds.of_act(self.act) if k.kind == appeal.kind), "negative_silence")

    # -- state and rows

    def _state(self) -> bpmn.State:
        tokens = [_token_json(row) for row in self._rows.values()]
        return bpmn.State.from_json({**self.case.flow, "variables": self.case.variables, "tokens": tokens})

    def save(self) -> None:
        """Write what the step changed: terms, rules applied, tokens by difference, the case and its history."""
        self._forget_incident()
        if self.state is not None:
            data = self.state.to_json()
            self.case.variables = data.pop("variables")
            self._save_tokens(self.state.tokens)
            del data["tokens"]
            self.case.flow = data
        if self.terms_changed:
            tasks.refresh_due(self)
            asking.refresh_due(self)
        terms.write(self)
        RuleResult.objects.bulk_create(self._ruled_now)
        self._ruled_now.clear()
        self.case.rev += 1
        if self.case._state.adding:
            self.case.save(force_insert=True)
        else:
            self.case.save(update_fields=[*_STEPPED, "form"] if self.form_changed else _STEPPED)
        history.flush(self.case)

    def _save_tokens(self, tokens: tuple[bpmn.Token, ...]) -> None:
        live = {token.id: token for token in tokens}
        gone = [number for number in self._rows if number not in live]
        if gone:
            FlowToken.objects.filter(case=self.case, token__in=gone).delete()
        fresh = []
        for number, token in live.items():
            row = self._rows.get(number)
            if row is None:
                fresh.append(self._row(token, clock.now()))
            elif _token_json(row) != token.to_json():
                same_place = row.node == token.node and row.status == token.status
                changed = self._row(token, row.since if same_place else clock.now())
                FlowToken.objects.filter(case=self.case, token=number).update(
                    **{name: getattr(changed, name) for name in _TOKEN_FIELDS}
                )
        FlowToken.objects.bulk_create(fresh)

    def _row(self, token: bpmn.Token, since: datetime) -> FlowToken:
        return FlowToken(
            case=self.case,
            token=token.id,
            version_id=self.case.version_id,
            node=token.node,
            scope=token.scope,
            host=token.host,
            status=token.status,
            via=token.via,
            since=since,
            due=token.due,
            key=token.key,
        )


_FILED = frozenset(
    {
        *("id", "number", "version", "service", "act", "agency", "channel", "lang", "submission_key", "form"),
        *("applicant", "filed_by", "client", "applicant_name", "applicant_document", "search_name"),
        *("applicant_facts", "submission_digest"),
        *("filed_at", "received_on", "sealed", "confidentiality"),
    }
)
"""What filing settles; `form` alone changes, when the applicant corrects it."""
_STEPPED = [field.name for field in Case._meta.concrete_fields if field.name not in _FILED]
_TOKEN_FIELDS = ("node", "scope", "host", "status", "via", "since", "due", "key")


def _token_json(row: FlowToken) -> dict[str, Any]:
    status = cast(Status, row.status)
    token = bpmn.Token(row.token, row.node, row.scope, status, row.via, row.due, row.key, row.host)
    return token.to_json()
