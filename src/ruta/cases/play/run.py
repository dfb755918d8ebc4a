"""Play stories and tell what did not hold."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

from django.db import transaction

from ruta.cases import applicants, context, sealing
from ruta.cases.models import Case
from ruta.engine import feel
from ruta.kernel import clock
from ruta.kernel.errors import RutaError
from ruta.kernel.ids import new_id
from ruta.payments import services as payments

from . import expectations
from .sentences import Play
from .story import Story
from .world import World, plain

MORNING = time(10)  # stories begin within office hours


@dataclass(frozen=True)
class Result:
    """How a story went: `failures` in words, none when all held."""

    story: Story
    failures: tuple[str, ...]

    @property
    def passed(self) -> bool:
        """Whether everything held."""
        return not self.failures


class _PlayedError(Exception):
    """Rolls the story's rows back."""


def play(story: Story, service: str) -> Result:
    """Play one story against the version of `service` in force on its day, and leave no row behind."""
    failures: list[str] = []
    try:
        with transaction.atomic():
            failures = _play(story, service)
            raise _PlayedError
    except _PlayedError:
        pass
    except Exception as broken:
        # One story that breaks must not keep the others from being played; its rows are rolled back all the same.
        failures = [f"the story broke: {type(broken).__name__}: {' '.join(str(broken).split())}"]
    finally:
        clock.set_clock(None)
    return Result(story, tuple(failures))


def _play(story: Story, service: str) -> list[str]:
    world = World(service)
    clock.set_clock(opening(story))
    with world.open():
        try:
            stage(world, story.given)
            if story.decide:
                return _decide_alone(world, story)
            playing = Play(world)
            failures: list[str] = []
            for act in story.acts:
                for sentence, said in act.sentences:
                    playing.do(sentence, said)
                failures += expectations.check(playing, act.expected)
            failures += _unproven()
        except RutaError as wrong:
            return [wrong.say("en") or type(wrong).__name__]
        return failures


def _unproven() -> list[str]:
    """What would not verify of the cases of the story: whatever a story does, rows and events agree afterwards."""
    found = (sealing.verify_record(record) for record in sealing.records(list(Case.objects.all())))
    return [f"event {broken.seq}: {broken.say['en']}" for broken in found if broken is not None]


def opening(story: Story) -> datetime:
    """The instant at which the story begins: the morning of its `today`, else now."""
    told = story.given.get("today")
    if told is None:
        return clock.now()
    return clock.instant(date.fromisoformat(str(told)), MORNING)


def stage(world: World, given: Mapping[str, Any]) -> None:
    """Set the stage: people, registers, other agencies, numbers of offices, and what was paid before."""
    for name, told in (given.get("people") or {}).items():
        world.person(name, told or {})
    for source in ("registers", "agencies"):
        for register, entries in (given.get(source) or {}).items():
            for entry in entries or ():
                world.entry(register, entry)
    for told in given.get("ranges") or ():
        world.numbers(told)
    for paid in given.get("payments") or ():
        actor = world.actor(str(paid["by"]))
        day = date.fromisoformat(str(paid["on"]))
        told = str(paid["receipt"])
        # The number told may be somebody's already: the receipt gets the next one, and sentences mean that one.
        receipt = payments.record_counter_payment(
            payer=actor.person_id,
            amount=int(paid["amount"]),
            concept="advance",
            title={"es": "Pago anticipado", "en": "Paid in advance"},
            paid_at=clock.instant(day, MORNING),
            proof=f"{told}-{new_id().hex[-12:]}",
        )
        world.receipts[told] = receipt.number


def _act_that_asks(world: World, form: Mapping[str, Any]) -> str:
    """The act whose form asks most of what is told, so that each answer is read as its field says."""
    acts = [world.compiled.act(name) for name in world.compiled.service.acts]
    return max(acts, key=lambda act: len(form.keys() & act.form.fields.keys()) if act.form else -1).name


def _decide_alone(world: World, story: Story) -> list[str]:
    """`decide: ‹name›`: evaluate one decision with the names that each `when` gives; `then` is its value."""
    failures: list[str] = []
    someone = next(iter(world.actors.values()), world.system)
    for part in story.acts:
        given = {name: plain(value) for name, value in part.sentences}
        form = given.pop("form", {})
        subject = context.as_if_filed_now(
            world.compiled,
            _act_that_asks(world, form),
            applicant=applicants.myself(someone),
            form=form,
            facts={},
            channel="portal",
            lang="es",
        )
        env, ctx = context.env_of(subject)
        env |= {name: feel.to_feel(value) for name, value in given.items()}
        playing = Play(world)
        try:
            value = feel.to_json(world.compiled.decide(story.decide, env, ctx).value)
        except feel.Stop as stop:
            value, playing.problems = None, (stop.problem,)
        expected = dict(part.expected)
        if "problems" in expected:
            failures += expectations.check(playing, {"problems": expected.pop("problems")})
        wanted = expected.pop("value", expected or None)
        if wanted is not None and not expectations.fits(value, wanted):
            failures.append(f"{story.decide}: expected {wanted}, found {value}")
    return failures
