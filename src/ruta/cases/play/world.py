"""The stage of a story: people, officials, registers, a bank, and the clock."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID

from ruta.definitions import runtime
from ruta.definitions.selectors import current_version
from ruta.identity import services as identity
from ruta.identity.actors import Actor, actor_of_account
from ruta.identity.models import Account, Agency, Official, Person, PersonDocument, Team
from ruta.interop import playing as played_registers
from ruta.kernel import clock, jobs
from ruta.kernel.errors import Conflict, NotFound
from ruta.kernel.ids import new_id
from ruta.payments import services as payments
from ruta.payments.gateways import playing, using
from ruta.payments.models import Charge
from ruta.registers import services as registers
from ruta.registers.models import Entry, EntryStatus

OFFICE_HOURS = time(9)
STEP_BY_STEP = timedelta(days=1)


@dataclass
class World:
    """What a story can touch. Open it with `open()`; jobs run when `settle()` is called."""

    service: str
    not_by_the_clock: frozenset[str] = frozenset()
    actors: dict[str, Actor] = field(default_factory=dict)
    receipts: dict[str, str] = field(default_factory=dict)  # the number that a story tells → the one issued
    gateway: playing.PlayingGateway = field(default_factory=playing.PlayingGateway)
    elsewhere: played_registers.PlayingAgencies = field(default_factory=played_registers.PlayingAgencies)

    @contextmanager
    def open(self) -> Iterator[World]:
        """Within the block the bank and the other agencies are those of this world."""
        with ExitStack() as stack:
            stack.enter_context(using(self.gateway))
            stack.enter_context(played_registers.using(self.elsewhere))
            yield self

    @property
    def compiled(self) -> runtime.CompiledService:
        """The service in force today."""
        return runtime.compiled(current_version(self.service).pk)

    @property
    def system(self) -> Actor:
        """Who sets the stage."""
        return Actor.system("story")

    def actor(self, name: str) -> Actor:
        """Somebody of the story by name, or `the ‹role›` by the role that only one has."""
        if name in self.actors:
            return self.actors[name]
        role = name.removeprefix("the ")
        found = [actor for actor in self.actors.values() if role in actor.roles]
        if len(found) == 1:
            return found[0]
        raise NotFound({"es": f"En la historia no hay {name}.", "en": f"There is no {name} in the story."})

    # -- people

    def person(self, name: str, told: Mapping[str, Any]) -> Actor:
        """Bring somebody on: `document: CC 1020304050`, `born`, `assurance`, or an official's `role` and `office`."""
        actor = self._official(name, told) if "role" in told else self._citizen(name, told)
        self.actors[name] = actor
        return actor

    def _citizen(self, name: str, told: Mapping[str, Any]) -> Actor:
        kind, _, number = str(told.get("document", f"CC {_number_of(name)}")).partition(" ")
        person = self._person(name, kind, number, told)
        if told.get("accepts_electronic_notice", True):
            identity.accept_electronic_notice(person, True)
        account = person.accounts.first() or _account(f"{name}@example.co", person)
        return _as_told(actor_of_account(account), told)

    def _person(self, name: str, kind: str, number: str, told: Mapping[str, Any]) -> Person:
        known = PersonDocument.objects.filter(type=kind, number=number).select_related("person").first()
        if known is not None:
            return known.person
        person = identity.register_person(
            given_names=str(told.get("given_names", name.capitalize())),
            first_surname=str(told.get("first_surname", "Rojas")),
            second_surname=str(told.get("second_surname", "")),
            birth_date=_date(told["born"]) if "born" in told else None,
            document_type=kind,
            document_number=number,
            email=f"{name}@example.co",
        )
        person.assurance = str(told.get("assurance", "medium"))
        person.assured_at = clock.now()
        person.save()
        return person

    def _official(self, name: str, told: Mapping[str, Any]) -> Actor:
        """Somebody who works under that role in that office: who does already, else somebody new."""
        nit = self.compiled.service.agency
        agency = Agency.objects.filter(nit=nit).first() or identity.define_agency(nit=nit, name=nit)
        code, role = str(told["office"]), str(told["role"])
        team = Team.objects.filter(code=code).first() or identity.define_team(agency, code=code, name=code)
        playing = [account for account in self._playing() if account is not None]
        free = Official.objects.filter(team=team, role=role, active=True).exclude(account_id__in=playing)
        posting = free.select_related("account").order_by("id").first()
        if posting is not None and "document" not in told:
            account = posting.account
        else:
            kind, _, number = str(told.get("document", f"CC {_number_of(name)}")).partition(" ")
            person = self._person(name, kind, number, told)
            account = person.accounts.first() or _account(f"{name}.{code}@example.co", person)
            identity.appoint_official(account, person=person, team=team, role=role)
        return actor_of_account(account, desk=True, authenticator="very_high")

    def _playing(self) -> set[int | None]:
        return {actor.account_id for actor in self.actors.values()}

    # -- registers

    def entry(self, register: str, told: Mapping[str, Any]) -> None:
        """Have `register` hold an entry: ours by recording it, another agency's by its playing it. `status: annulled`
        annuls it afterwards; `notes` of one of ours ({kind, text, on, sets}) were written in its margin before the story.
        """
        data = {name: plain(value) for name, value in told.items()}
        if "source" in self.compiled.register(register).rules:
            self.elsewhere.entries.setdefault(register, []).append(data)
            return
        status, notes = data.pop("status", "valid"), data.pop("notes", [])
        entry = self._recorded(register, data)
        for note in notes:
            self.noted(entry.entry_id, note)
        if status == "annulled":
            registers.annul_entry(entry.entry_id, reason="así lo cuenta la historia", actor=self.system)

    def _recorded(self, register: str, data: Mapping[str, Any]) -> Entry:
        """The entry, which is there already when the register holds the very same."""
        try:
            return registers.record_entry(register, data, actor=self.system)
        except Conflict:
            held = Entry.objects.filter(register=register, status=EntryStatus.VALID, data=dict(data)).first()
            if held is None:
                raise
            return held

    def noted(self, entry_id: UUID, told: Mapping[str, Any]) -> None:
        """Write a note in the margin of an entry of ours: `{kind, text, on, sets}`; without `on`, now."""
        at = clock.instant(_date(told["on"]), OFFICE_HOURS) if "on" in told else clock.now()
        with clock.moved(at):
            registers.note_entry(
                entry_id,
                kind=str(told["kind"]),
                text=str(told.get("text") or told["kind"]),
                sets=told.get("sets"),
                actor=self.system,
            )

    def numbers(self, told: Mapping[str, Any]) -> None:
        """Give an office numbers of a range: `{register, range, office, first, last}`."""
        office = str(told.get("office") or "")
        bounds = {"first": int(told["first"]), "last": int(told["last"])}
        registers.open_range(str(told["register"]), str(told["range"]), office=office, **bounds)

    def meant(self, said: Any) -> Any:
        """What a sentence says, with the numbers of receipts that this world issued for those told."""
        if isinstance(said, Mapping):
            return {name: self.meant(item) for name, item in said.items()}
        if isinstance(said, list):
            return [self.meant(item) for item in said]
        return self.receipts.get(said, said) if isinstance(said, str) else said

    # -- time and work

    def settle(self) -> None:
        """Let the workers do all that is due now."""
        for _ in range(50):
            if jobs.run_due() == 0:
                return
        raise RuntimeError("the workers never come to rest")

    def move_to(self, moment: date | datetime) -> None:
        """Let time pass, day by day, with all that happens by the clock, until `moment`."""
        target = clock.instant(moment, OFFICE_HOURS)
        self.settle()
        while clock.now() + STEP_BY_STEP < target:
            clock.set_clock(clock.now() + STEP_BY_STEP)
            self._tick()
        clock.set_clock(max(target, clock.now()))
        self._tick()

    def _tick(self) -> None:
        jobs.run_periodic(skip=self.not_by_the_clock)
        self.settle()

    # -- the bank

    def pay(self, charge: Charge) -> None:
        """The payer goes to the gateway's page, pays, and the signed notice comes."""
        payments.start_checkout(charge, "http://localhost/pagos/")
        headers, body = self.gateway.approve(charge.number)
        payments.receive_webhook(headers, body)
        self.settle()


def _account(email: str, person: Person) -> Account:
    if Account.objects.filter(email=email).exists():  # somebody's of this home, who is nobody of the story
        email = f"{new_id().hex[-12:]}.{email}"
    return identity.create_account(email, None, person=person, verified=True)


def _as_told(actor: Actor, told: Mapping[str, Any]) -> Actor:
    from dataclasses import replace

    return replace(actor, level=str(told.get("assurance", "medium")))


def _number_of(name: str) -> str:
    """A cédula of nobody, the same for the same name."""
    import hashlib

    return str(1_900_000_000 + int(hashlib.sha256(name.encode()).hexdigest(), 16) % 99_000_000)


def _date(value: Any) -> date:
    return value if isinstance(value, date) else date.fromisoformat(str(value))


def plain(value: Any) -> Any:
    """The value as JSON has it: dates as ISO texts."""
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Mapping):
        return {name: plain(item) for name, item in value.items()}
    return [plain(item) for item in value] if isinstance(value, list) else value
