"""The verbs that the lint accepts are those that are carried out; every other word of the contract is refused."""

import inspect

import pytest

from ruta.cases import verbs as carried_out
from ruta.definitions.lint.verbs import BUILT, INPUTS_IGNORED, INPUTS_NOT_BUILT, NOT_BUILT

CONTRACT = {
    "look-up", "ask", "sign", "charge", "refund", "reserve", "record", "note", "annul", "issue", "set-output", "send",
    "tell", "draw", "start-term", "start-case", "settle",
}  # fmt: skip
KEPT_FOR_LATER = {"compose", "run"}


def test_the_lint_accepts_exactly_the_verbs_that_are_carried_out() -> None:
    assert {f"ruta.{verb}" for verb in BUILT} == set(carried_out.BUILT)


def test_every_verb_of_the_contract_is_built_or_refused_by_name() -> None:
    assert set(BUILT) | NOT_BUILT == CONTRACT | KEPT_FOR_LATER
    assert not set(BUILT) & NOT_BUILT


@pytest.mark.parametrize("name", BUILT)
def test_a_verb_reads_each_input_that_the_lint_accepts_and_none_that_it_refuses(name: str) -> None:
    source = inspect.getsource(carried_out.BUILT[f"ruta.{name}"])
    verb = BUILT[name]
    unread = {one for one in verb.needs | verb.takes if f'inputs["{one}"]' not in source}
    assert {one for one in unread if f'inputs.get("{one}"' not in source} == set()
    refused = INPUTS_NOT_BUILT.get(name, frozenset()) | INPUTS_IGNORED.get(name, frozenset())
    assert not refused & (verb.needs | verb.takes)
