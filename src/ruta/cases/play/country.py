"""The sample country: people in families, entries in the registers, officials in their offices, and cases that were
really filed, paid and decided, with the clock moved by hand. What is in it, the services' `samples.yaml` say."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import transaction

from ruta.definitions.marked import read_yaml
from ruta.definitions.runtime import CompiledService
from ruta.engine.terms import is_business_day
from ruta.identity import services as identity
from ruta.identity.actors import Actor
from ruta.identity.models import Account, Agency, Person
from ruta.kernel import calendars, clock, jobs
from ruta.kernel.errors import RutaError
from ruta.registers.imports import import_entries

from ..jobs import expire_term
from ..models import CaseTerm
from . import elsewhere
from .casting import Casting, Flat, flat
from .people import OF_AGE, Generator, Inhabitant
from .run import stage
from .sentences import Play
from .story import Story, stories_of
from .world import World

Progress = Callable[[str, int, int], None]
BUILDER = Actor.system("sample-country")
NOT_WHILE_PLAYING = frozenset({"cases.seal"})  # heads are sealed once, in order, when the country stands


@dataclass(frozen=True)
class Plan:
    """One line of `play`: a story, how often, between which days."""

    scenario: str
    times: int
    first: date
    last: date
    choices: Mapping[str, Any]
    stop_after: int | None


class Country:
    """Builds the country of one service, in steps that tell how far they are."""

    def __init__(self, compiled: CompiledService, *, today: date, progress: Progress) -> None:
        self.compiled = compiled
        self.today = today
        self.progress = progress
        self.samples = read_yaml(compiled.folder.text("samples.yaml")).value
        self.count = int(self.samples["people"])
        self.generator = Generator(int(self.samples["seed"]), self.samples["offices"], today)
        self.entries: dict[str, dict[str, Flat]] = {}

    def build(self) -> None:
        """People, their officials, registers, and the registers of other agencies."""
        self.generator.make(self.count)
        self.generator.foresee(int(self.samples.get("newborns", 0)), int(self.samples.get("unreported", 0)))
        with transaction.atomic():
            officials(read_yaml(self.compiled.folder.text("shared/samples.yaml")).value)
            self._people()
            self._registers()
            for told in self.samples.get("ranges") or ():
                World(self.compiled.service.slug).numbers(told)
        self.write_elsewhere(Path(settings.HOME) / "sandbox" / "registers.json")

    # -- people

    def _people(self) -> None:
        for done, person in enumerate(self.generator.people, 1):
            if person.died_on is None:
                self._settle_in(person)
            if done % 25 == 0 or done == len(self.generator.people):
                self.progress("people", done, len(self.generator.people))

    def _settle_in(self, person: Inhabitant) -> None:
        address = (
            f"{_ascii(person.given_names)}.{_ascii(person.first_surname)}.{person.number[-4:]}@example.co"
        )
        known = identity.register_person(
            given_names=person.given_names,
            first_surname=person.first_surname,
            second_surname=person.second_surname,
            birth_date=person.birth_date,
            document_type=person.document_type(self.today),
            document_number=person.number,
            email=address if person.age_on(self.today) >= OF_AGE else "",
        )
        if person.age_on(self.today) < OF_AGE:
            return
        known.assurance, known.assured_at, known.accepts_electronic_notice = "medium", clock.now(), True
        known.save()
        identity.create_account(address, None, person=known, verified=True)

    # -- registers

    def _registers(self) -> None:
        declared = self.samples["registers"]
        for name, told in declared.items():
            rows = list(self._rows(name, told))
            import_entries(name, rows, actor=BUILDER, code_fault=self.compiled.code_fault)
            self.progress("registers", list(declared).index(name) + 1, len(declared))

    def _rows(self, register: str, told: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
        kept = self.entries.setdefault(register, {})
        for person, entry in elsewhere.entries_of(self.compiled, told, self.generator.people, self._named):
            kept[person.number] = flat(entry)
            yield entry

    def _named(self, person: Inhabitant) -> Mapping[str, Any]:
        return person.as_names(self.today)

    def write_elsewhere(self, path: Path) -> None:
        """The registers of other agencies, for the sandbox to play. They know of whoever was just born, too."""
        known = [*self.generator.people, *self.generator.newborns]
        declared: Mapping[str, Any] = self.samples.get("agencies") or {}
        entries = {
            name: [entry for _, entry in elsewhere.entries_of(self.compiled, told, known, self._named)]
            for name, told in declared.items()
        }
        elsewhere.write(path, self.compiled, entries)

    # -- cases

    def plans(self) -> list[Plan]:
        """What is to be played, as the samples say it; days after today are today."""
        return [
            Plan(
                scenario=str(each["scenario"]),
                times=int(each["times"]),
                first=min(date.fromisoformat(str(each["between"][0])), self.today),
                last=min(date.fromisoformat(str(each["between"][1])), self.today),
                choices=each.get("with") or {},
                stop_after=each.get("stop_after"),
            )
            for each in self.samples["play"]
        ]

    def play(self) -> list[str]:
        """File, pay and decide every planned case with the real services, the oldest first.

        Returns what kept a story from going on, in words; its case stays as far as it came.
        """
        stories = {story.name: story for story in stories_of(self.compiled.folder)}
        first_rows = {name.partition("[")[0]: story for name, story in reversed(stories.items())}
        occasions = sorted(
            ((self._day(plan), number, plan) for plan in self.plans() for number in range(plan.times)),
            key=lambda occasion: (occasion[0], occasion[1]),
        )
        world = World(self.compiled.service.slug, not_by_the_clock=NOT_WHILE_PLAYING)
        known = elsewhere.read(Path(settings.HOME) / "sandbox" / "registers.json")
        world.elsewhere.entries = {name: list(one["entries"]) for name, one in known.items()}
        with world.open():
            stopped: list[str] = []
            for done, (day, _, plan) in enumerate(occasions, 1):
                try:
                    self._play_one(world, first_rows[plan.scenario], plan, day)
                except RutaError as wrong:
                    stopped.append(f"{plan.scenario} on {day}: {wrong.say('en')}")
                self.progress("cases", done, len(occasions))
            clock.set_clock(None)
            jobs.run_periodic(skip=NOT_WHILE_PLAYING)
            world.settle()
        return stopped

    def _day(self, plan: Plan) -> date:
        """A business day of the plan: stories are told from one, and count days from it."""
        calendar = calendars.national()
        span = max((plan.last - plan.first).days, 0)
        day = plan.first + timedelta(days=self.generator.random.randint(0, span))
        while not is_business_day(day, calendar):
            day -= timedelta(days=1)
        return day

    def _play_one(self, world: World, story: Story, plan: Plan, day: date) -> None:
        minute = self.generator.random.randint(0, 8 * 60)
        begins = clock.instant(day, time(8)) + timedelta(minutes=minute)
        clock.set_clock(min(begins, self._now()))
        cast = Casting(story, self.generator, self.entries, day).cast(plan.choices)
        world.actors = {}
        stage(world, cast.given)
        playing = Play(world)
        sentences = [each for act in cast.acts for each in act.sentences]
        for sentence, said in sentences[: plan.stop_after]:
            playing.do(sentence, said)
        if playing.case is not None:
            self._let_time_pass(playing.case.id)

    def _let_time_pass(self, case_id: UUID) -> None:
        """What the clock does to this case alone until today: nobody appealed, so the decision becomes firm."""
        while (
            term := CaseTerm.objects.filter(case=case_id, status="running").order_by("due_on").first()
        ) is not None:
            if term.due_on >= self.today:
                return
            clock.set_clock(term.due_on + timedelta(days=1))
            expire_term(case_id=str(case_id), term=term.term)
            jobs.run_due()

    def _now(self) -> datetime:
        """The real present, whatever the clock shows."""
        shown = clock.now()
        clock.set_clock(None)
        real = clock.now()
        clock.set_clock(shown)
        return real


def officials(samples: Mapping[str, Any]) -> list[Account]:
    """The agencies of the shared samples with their teams and officials; asked again it changes nothing."""
    accounts: list[Account] = []
    for told in samples.get("agencies") or ():
        agency: Agency = identity.define_agency(
            nit=str(told["nit"]), name=str(told["name"]), short_name=str(told.get("short_name", ""))
        )
        for team in told.get("teams") or ():
            defined = identity.define_team(
                agency,
                code=str(team["code"]),
                name=str(team["name"]),
                municipality=str(team.get("municipality", "")),
            )
            for role, names in (team.get("roles") or {}).items():
                for name in names if isinstance(names, list) else [names]:
                    accounts.append(_official(str(name), str(role), defined))
    return accounts


def _official(name: str, role: str, team: Any) -> Account:
    """An official of the sample; in a name of more than two words `|` stands between given names and surnames."""
    given, _, surname = name.partition("|" if "|" in name else " ")
    name = f"{given} {surname}".strip()
    address = f"{_ascii(name).replace(' ', '.')}@{team.code}.example.co"
    account = Account.objects.filter(email=address).first()
    if account is None:
        person: Person = identity.register_person(
            given_names=given,
            first_surname=surname or "Rojas",
            birth_date=None,
            document_type="CC",
            document_number=str(1_980_000_000 + Account.objects.count()),
            email=address,
        )
        person.assurance, person.assured_at = "very_high", clock.now()
        person.save()
        account = identity.create_account(address, None, person=person, verified=True)
    assert account.person is not None
    identity.appoint_official(account, person=account.person, team=team, role=role)
    return account


def _ascii(text: str) -> str:
    from ruta.kernel import names

    return names.fold(text).replace(" ", ".").replace("'", "")
