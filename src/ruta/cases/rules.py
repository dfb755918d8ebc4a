"""FEEL and DMN for a process step: the environment is converted once and kept while nothing is written."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import AbstractContextManager
from typing import TYPE_CHECKING, Any

from ruta.engine import feel
from ruta.engine.rules import StepBudget

from . import context

if TYPE_CHECKING:
    from ruta.engine import dmn

    from .machine import Machine


class CaseRules:
    """The `Rules` of `bpmn.step` for one case. `stale()` after anything but variables has changed.

    All that is asked between two calls of `begin` spends one budget.
    """

    def __init__(self, machine: Machine) -> None:
        self.machine = machine
        self.begin()
        self._env: dict[str, Any] | None = None
        self._variables: Mapping[str, Any] | None = None
        self._base: dict[str, Any] = {}
        self._ctx: feel.Context | None = None

    def begin(self) -> None:
        """A step begins, with a budget of its own."""
        self._budget = StepBudget(feel.Budget())

    def stale(self) -> None:
        """Forget the environment: terms, facts or the case have changed."""
        self._env = None
        self._ctx = None

    def env(self, variables: Mapping[str, Any]) -> tuple[dict[str, Any], feel.Context]:
        """The names an expression sees: the case's and, over them, the process's variables."""
        if self._ctx is None:
            machine = self.machine
            self._ctx = context.feel_context(machine.compiled, machine.case.lang)
            self._base = {name: feel.to_feel(value) for name, value in machine.names().items()}
            self._env = None
        if self._env is None or self._variables is not variables:
            env = self._base | {name: feel.to_feel(value) for name, value in variables.items()}
            context.bind_decisions(env, self.machine.compiled, self._ctx)
            self._env, self._variables = env, variables
        return self._env, self._ctx

    def evaluate(self, text: str, variables: Mapping[str, Any]) -> Any:
        """The JSON value of an expression."""
        env, ctx = self.env(variables)
        with self._budget.pays(text, ctx) as run:
            return _kept(self.machine.compiled.program(text).run(env, run), run)

    def decide(self, decision: str, variables: Mapping[str, Any]) -> tuple[Any, Any]:
        """(value, hits) of a decision; the hits carry the law and the words of each rule."""
        env, ctx = self.env(variables)
        with self._budget.pays(decision, ctx) as run:
            outcome = self.machine.compiled.decide(decision, env, ctx, run=run)
            return _kept(outcome.value, run), [_hit(hit, run) for hit in outcome.hits]

    def pays(self, asked: str, ctx: feel.Context) -> AbstractContextManager[feel.Run]:
        """A run that this step's budget pays for; see `StepBudget`."""
        return self._budget.pays(asked, ctx)

    def render(self, text: str, variables: Mapping[str, Any]) -> str:
        """A text with its `{{ FEEL }}` filled."""
        env, ctx = self.env(variables)
        with self._budget.pays(text, ctx) as run:
            return self.machine.compiled.template(text).render(env, ctx, run=run)


def _kept(value: Any, run: feel.Run) -> Any:
    """A value as the case keeps it, and its history hashes it."""
    return feel.as_floats(feel.to_json(value, run))


def _hit(hit: dmn.Hit, run: feel.Run) -> dict[str, Any]:
    return {
        "decision": hit.decision,
        "rule": hit.rule_id,
        "law": hit.annotations.get("law", ""),
        "words": _words(hit.annotations),
        "inputs": _kept(dict(hit.inputs), run),
        "labels": {label: dict(said) for label, said in hit.labels.items()},
    }


def _words(annotations: Mapping[str, str]) -> dict[str, str]:
    """What the rule says to people, by language; empty for a rule that says nothing."""
    said = {"es": annotations.get("words", ""), "en": annotations.get("words_en", "")}
    return {lang: text for lang, text in said.items() if text}
