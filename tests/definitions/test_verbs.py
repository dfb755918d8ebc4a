"""The verbs that the lint accepts are those that are carried out; every other word of the contract is refused."""

from ruta.cases import verbs as carried_out
from ruta.definitions.lint.verbs import BUILT, NOT_BUILT

CONTRACT = {
    "look-up", "ask", "sign", "charge", "refund", "reserve", "record", "note", "annul", "issue", "set-output", "send",
    "tell", "draw", "start-term", "start-case",
}  # fmt: skip
KEPT_FOR_LATER = {"compose", "run"}


def test_the_lint_accepts_exactly_the_verbs_that_are_carried_out() -> None:
    assert {f"ruta.{verb}" for verb in BUILT} == set(carried_out.BUILT)


def test_every_verb_of_the_contract_is_built_or_refused_by_name() -> None:
    assert set(BUILT) | NOT_BUILT == CONTRACT | KEPT_FOR_LATER
    assert not set(BUILT) & NOT_BUILT
