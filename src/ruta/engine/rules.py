"""The rules of a process on real FEEL and DMN: what `bpmn.step` asks, where the host adds nothing of its own."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from typing import Any

from ruta.engine import feel
from ruta.engine.bpmn.protocol import RuleFailed, RulesSpent
from ruta.engine.dmn import DmnError, Model
from ruta.engine.terms import Calendar

_COST_OF_ASKING = 5


class StepBudget:
    """What all expressions and decisions that one step of a process asks for may spend together.

    However often a step goes round, its rules hold a worker no longer than one expression may.
    """

    def __init__(self, budget: feel.Budget) -> None:
        self._steps = budget.steps
        self._left = budget.steps

    @contextmanager
    def pays(self, asked: str, ctx: feel.Context) -> Iterator[feel.Run]:
        """A run for one expression or decision, `asked` in words. What stops it becomes RuleFailed."""
        run = feel.Run(ctx)
        run.left = self._left
        try:
            run.spend(_COST_OF_ASKING)
            yield run
        except feel.FeelError as wrong:
            if run.left < 0:
                raise RulesSpent(self._spent(asked)) from wrong
            raise RuleFailed({lang: f"«{asked}»: {said}" for lang, said in wrong.say.items()}) from wrong
        except DmnError as wrong:
            raise RuleFailed(wrong.say) from wrong
        except feel.Stop as stop:
            raise RuleFailed(stop.problem.say) from stop
        finally:
            self._left = max(run.left, 0)

    def _spent(self, asked: str) -> dict[str, str]:
        most = f"{self._steps:,}"
        return {
            "es": f"Las reglas de este paso necesitan más de {most} pasos de cálculo; se detuvo en «{asked}».",
            "en": f"The rules of this step need more than {most} steps of computing; it stopped at «{asked}».",
        }


class FeelRules:
    """`bpmn.Rules` for one step, at one instant: all that it asks spends one budget.

    Expressions are compiled once, decisions looked up in `models` by their name. `known` gives answers for decisions
    that no model has (by name, JSON). What is no FEEL, costs too much or is not there raises RuleFailed: an incident at
    the node, to be mended and tried again.
    """

    def __init__(
        self,
        now: datetime,
        *,
        calendar: Calendar | None = None,
        models: Iterable[Model] = (),
        known: Mapping[str, Any] | None = None,
        budget: feel.Budget | None = None,
    ) -> None:
        self.ctx = feel.Context(now=now, calendar=calendar, budget=budget or feel.Budget())
        self.models = tuple(models)
        self.known = known or {}
        self._budget = StepBudget(self.ctx.budget)
        self._programs: dict[str, feel.Program] = {}
        self._converted: dict[
            str, tuple[Any, Any]
        ] = {}  # a variable's value as it is and as FEEL has it, by name

    def evaluate(self, text: str, variables: Mapping[str, Any]) -> Any:
        """Return the JSON value of an expression. Raises RuleFailed."""
        with self._budget.pays(text, self.ctx) as run:
            program = self._programs.get(text)
            if program is None:
                names = (name for name in variables if not name.isidentifier())
                program = self._programs[text] = feel.compile(text, names=names)
            env = {name: self._value(name, variables, run) for name in program.names if name in variables}
            return feel.to_json(program.run(env, run), run)

    def decide(self, decision: str, variables: Mapping[str, Any]) -> tuple[Any, Any]:
        """Return (value, hits) of a decision. Raises RuleFailed where no model has it."""
        for model in self.models:
            if decision in model.decisions:
                with self._budget.pays(decision, self.ctx) as run:
                    env = {name: self._value(name, variables, run) for name in variables}
                    outcome = model.evaluate(decision, env, self.ctx, run=run)
                    hits = [{"decision": hit.decision, "rule": hit.rule_id} for hit in outcome.hits]
                    return feel.to_json(outcome.value, run), hits
        if decision in self.known:
            return self.known[decision], []
        raise RuleFailed(
            {
                "es": f"Ningún modelo tiene la decisión «{decision}».",
                "en": f'No model has the decision "{decision}".',
            }
        )

    def _value(self, name: str, variables: Mapping[str, Any], run: feel.Run) -> Any:
        """A variable as FEEL has it; one that was not written since is not converted again."""
        given = variables[name]
        known = self._converted.get(name)
        if known is None or known[0] is not given:
            known = self._converted[name] = given, feel.to_feel(given, run)
        return known[1]
