"""The rules of a process on real FEEL and DMN: what `bpmn.step` asks, where the host adds nothing of its own."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from ruta.engine import feel
from ruta.engine.bpmn.protocol import RuleFailed
from ruta.engine.dmn import Model
from ruta.engine.terms import Calendar


class FeelRules:
    """`bpmn.Rules` at one instant: expressions are compiled once, decisions looked up in `models` by their name.

    `known` gives answers for decisions that no model has (by name, JSON). What is no FEEL, costs too much or is
    not there raises RuleFailed: an incident at the node, to be mended and tried again.
    """

    def __init__(
        self,
        now: datetime,
        *,
        calendar: Calendar | None = None,
        models: Iterable[Model] = (),
        known: Mapping[str, Any] | None = None,
    ) -> None:
        self.ctx = feel.Context(now=now, calendar=calendar)
        self.models = tuple(models)
        self.known = known or {}
        self._programs: dict[str, feel.Program] = {}

    def evaluate(self, text: str, variables: Mapping[str, Any]) -> Any:
        """Return the JSON value of an expression. Raises RuleFailed."""
        try:
            program = self._programs.get(text)
            if program is None:
                names = (name for name in variables if not name.isidentifier())
                program = self._programs[text] = feel.compile(text, names=names)
            env = {name: feel.to_feel(variables[name]) for name in program.names if name in variables}
            return feel.to_json(program(env, self.ctx))
        except feel.FeelError as wrong:
            raise RuleFailed({lang: f"«{text}»: {say}" for lang, say in wrong.say.items()}) from wrong
        except feel.Stop as stop:
            raise RuleFailed(stop.problem.say) from stop

    def decide(self, decision: str, variables: Mapping[str, Any]) -> tuple[Any, Any]:
        """Return (value, hits) of a decision. Raises RuleFailed where no model has it."""
        for model in self.models:
            if decision in model.decisions:
                env = {name: feel.to_feel(value) for name, value in variables.items()}
                outcome = model.evaluate(decision, env, self.ctx)
                hits = [{"decision": hit.decision, "rule": hit.rule_id} for hit in outcome.hits]
                return feel.to_json(outcome.value), hits
        if decision in self.known:
            return self.known[decision], []
        raise RuleFailed(
            {
                "es": f"Ningún modelo tiene la decisión «{decision}».",
                "en": f'No model has the decision "{decision}".',
            }
        )
