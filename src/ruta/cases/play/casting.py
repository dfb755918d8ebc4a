"""A story told for one person becomes the story of another: same acts, other names, numbers, offices and days."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from functools import partial
from typing import Any

from ruta.engine.terms import add_business_days, business_days_between
from ruta.kernel import calendars
from ruta.kernel.errors import RutaError

from .people import OF_AGE, Generator, Inhabitant
from .story import Act, Story
from .world import plain


class NobodyFits(RutaError):
    """The country has nobody who could play the story."""


Flat = Mapping[str, str]
"""An entry as texts by dotted names: `mother.number`."""
_PARTS = ("given_names", "first_surname", "second_surname")
_RECENT = 31  # days: what a story tells of the last ones has just happened
_APART = 9  # years between what a story tells of somebody unknown and what is told of another


def flat(entry: Mapping[str, Any], before: str = "") -> dict[str, str]:
    """The values of an entry, or of what a sentence says, by their dotted names."""
    found: dict[str, str] = {}
    for name, value in entry.items():
        if isinstance(value, Mapping):
            found |= flat(value, f"{before}{name}.")
        elif value is not None and not isinstance(value, list):
            found[before + name] = str(value)
    return found


class Casting:
    """Finds who of the country can play a story's people, and rewrites the story for them.

    `entries` are the country's entries by register and by the number of the person of whom each was made.
    """

    def __init__(
        self, story: Story, country: Generator, entries: Mapping[str, Mapping[str, Flat]], day: date
    ) -> None:
        self.story = story
        self.country = country
        self.entries = entries
        self.day = day
        self.told_on = date.fromisoformat(str(story.given.get("today", day.isoformat())))
        self.inhabitants = {person.number: person for person in country.people}
        self.wanted = {_number(told) for told in (story.given.get("people") or {}).values()}
        self.numbers: dict[str, Inhabitant] = {}
        self.values: dict[tuple[str, str], str] = {}  # (field, as the story tells it) -> as it is told now
        self.invented: set[tuple[str, str]] = set()  # those of `values` that stand in no register
        self.offices: dict[str, str] = {}

    def cast(self, choices: Mapping[str, Any]) -> Story:
        """The story for other people, beginning on `day`; `choices` narrows answers of the form (one of a list)."""
        self._cast_entries()
        given: dict[str, Any] = {"today": self.day.isoformat(), "people": self._people()}
        if paid := self.story.given.get("payments"):
            given["payments"] = [self._payment(each) for each in paid]
        picked = {
            name: self.country.random.choice(value) if isinstance(value, list) else value
            for name, value in choices.items()
        }
        acts = tuple(
            Act(tuple((sentence, self._said(sentence, said, picked)) for sentence, said in act.sentences), {})
            for act in self.story.acts
        )
        return replace(self.story, given=given, acts=acts)

    # -- who

    def _cast_entries(self) -> None:
        told = [
            (register, flat(plain(entry)))
            for register, entries in (self.story.given.get("registers") or {}).items()
            for entry in entries
        ]
        found = self._fitting(told, {}, ())
        if found is None:
            raise NobodyFits(
                {
                    "es": f"Nadie del país puede hacer la historia {self.story.name}.",
                    "en": f"Nobody of the country can play the story {self.story.name}.",
                }
            )
        self.numbers, chosen = found
        for (_, entry), real in zip(told, chosen, strict=True):
            self.values |= {(_last(path), value): real[path] for path, value in entry.items() if path in real}

    def _fitting(
        self, told: Sequence[tuple[str, Flat]], numbers: Mapping[str, Inhabitant], chosen: tuple[Flat, ...]
    ) -> tuple[dict[str, Inhabitant], tuple[Flat, ...]] | None:
        """Entries that can stand for those told, all of them together, and who is then who; None when none can."""
        if not told:
            return dict(numbers), chosen
        (register, entry), *rest = told
        there = list(self.entries.get(register, {}).values())
        for real in self.country.random.sample(there, len(there)):
            who = self._who_is_who(entry, real, numbers)
            if who is not None and (found := self._fitting(rest, who, (*chosen, real))) is not None:
                return found
        return None

    def _who_is_who(
        self, told: Flat, real: Flat, numbers: Mapping[str, Inhabitant]
    ) -> dict[str, Inhabitant] | None:
        """The persons of an entry told as those of a real one; None when it does not fit: somebody lacks, is another
        in the same story, or has to act and cannot; or the entry is not made yet."""
        if any(_is_day(value) and value > self.day.isoformat() for value in real.values()):
            return None
        who = dict(numbers)
        for path, value in told.items():
            person = self.inhabitants.get(real.get(path, ""))
            if person is None:
                if path.endswith(".number") or value in self.wanted or value in who:
                    return None
                continue
            taken = any(other.number == person.number for name, other in who.items() if name != value)
            if taken or who.setdefault(value, person).number != person.number:
                return None
            if value in self.wanted and not self._may_act(person):
                return None
        return who

    def _may_act(self, person: Inhabitant) -> bool:
        # Who is displaced pays nothing, and most stories are told by somebody who pays.
        lives = person.died_on is None and person.unreported_on is None
        return lives and not person.displaced and person.age_on(self.day) >= OF_AGE

    def _people(self) -> dict[str, Any]:
        cast: dict[str, Any] = {}
        for name, told in (self.story.given.get("people") or {}).items():
            if "role" in told:
                cast[name] = {**told, "office": self._office(str(told["office"]))}
                continue
            person = self.numbers.get(_number(told)) or self._anybody()
            cast[name] = {
                **{key: value for key, value in told.items() if key != "born"},
                "document": f"{person.document_type(self.day)} {person.number}",
            }
        return cast

    def _anybody(self) -> Inhabitant:
        """Somebody who is no one of the story, and near to none of them: the registers would prove it."""
        near = {kin.number for person in self.numbers.values() for kin in _household(person)}
        free = [each for each in self.country.people if each.number not in near and self._may_act(each)]
        return self.country.random.choice(free)

    def _office(self, told: str) -> str:
        """One office for the one told, everywhere in the story: that of the entry told to be there, else anyone's."""
        return self.offices.setdefault(told, self.values.get(("office", told)) or self.country.office())

    # -- what

    def _payment(self, told: Mapping[str, Any]) -> dict[str, Any]:
        number = f"RC-{self.day.year}-9{self.country.random.randrange(10**5):05d}"
        self.values["receipts", str(told["receipt"])] = number
        return {**told, "receipt": number, "on": self._shifted(str(told["on"]))}

    def _said(self, sentence: str, said: Any, picked: Mapping[str, Any]) -> Any:
        if isinstance(said, str) and _is_day(said):
            return self._shifted(said)
        if not isinstance(said, Mapping):
            return said
        told = plain(said)
        if " completes " in sentence or "search_by" in told:
            self._invent(flat(told))
        changed = {name: self._value(name, value) for name, value in told.items()}
        if " files " in sentence:
            changed |= {name: value for name, value in picked.items() if name in changed}
        return changed

    def _invent(self, told: Flat) -> None:
        """Persons of the story who are in no register get other names, days and serials, the same in every sentence."""
        if "serial" in told:
            self._as("serial", told["serial"], self.country.next_serial)
        days = {name: iso for name, text in told.items() if _tells_when(name) and (iso := _iso(text))}
        if not days or any(key in self.values and key not in self.invented for key in days.items()):
            return  # a register knows them
        for name, iso in days.items():
            year = date.fromisoformat(iso).year
            _, _, _, day, sex = self.country.invent(year - _APART, year + _APART)
            self._as(name, iso, day.isoformat)
            self.values.setdefault(("sex", "*"), sex)
            if entered := _iso(told.get("entry_date", "")):
                later = date.fromisoformat(entered) - date.fromisoformat(iso)
                self._as(
                    "entry_date", entered, (date.fromisoformat(self.values[name, iso]) + later).isoformat
                )
        for path, text in told.items():
            if _last(path) in _PARTS or _last(path).endswith("names"):
                self._as(_named(path), text, partial(self._name, path))

    def _as(self, name: str, told: str, make: Callable[[], str]) -> None:
        """What the story tells as `told` is from now on what `make` gives, unless it is something already."""
        if (name, told) not in self.values:
            self.values[name, told] = make()
            self.invented.add((name, told))

    def _name(self, path: str) -> str:
        """A name, or the part of one that the field asks for."""
        parts = self.country.invent(1950, 1960)[:3]
        return parts[_PARTS.index(_last(path))] if _last(path) in _PARTS else " ".join(parts)

    def _value(self, name: str, value: Any) -> Any:
        if isinstance(value, Mapping):
            return {part: self._value(part, item) for part, item in value.items()}
        if isinstance(value, list):
            return [self._value(name, item) for item in value]
        text = str(value)
        if name == "on" and _is_day(text):
            return self._shifted(text)
        if text in self.numbers:
            return self.numbers[text].number
        return (
            self._where(name, text) or self._as_remembered(name, text) or self._just_happened(text) or value
        )

    def _where(self, name: str, text: str) -> str | None:
        """The office of an answer or an entry; the municipality of what was invented is that of the office."""
        if name == "office" or name.endswith("_office"):
            return self.values.get((name, text)) or (self._office(text) if "-" in text else None)
        if name.endswith("_place") and self.invented:
            return next(iter(self.offices.values()), text).partition("-")[2]
        return None

    def _as_remembered(self, name: str, text: str) -> str | None:
        if (iso := _iso(text)) and (name, iso) in self.values:
            return _written_like(text, self.values[name, iso])
        return self.values.get((_named(name), text)) or self.values.get((name, "*"))

    def _just_happened(self, text: str) -> str | None:
        """A day shortly before the story begins: it is as long before the day on which it is played."""
        iso = _iso(text)
        if not iso or not 0 <= (self.told_on - date.fromisoformat(iso)).days <= _RECENT:
            return None
        return _written_like(text, self._shifted(iso))

    def _shifted(self, told: str) -> str:
        """A day of the story, as many business days from its beginning as it was told: terms count those."""
        calendar = calendars.national()
        away = business_days_between(self.told_on, date.fromisoformat(told), calendar)
        if away <= 0:
            return (date.fromisoformat(told) + (self.day - self.told_on)).isoformat()
        return add_business_days(self.day, away, calendar).isoformat()


def _household(person: Inhabitant) -> list[Inhabitant]:
    """A person with parents, spouse and children."""
    kin = (person, person.mother, person.father, person.spouse, *person.children)
    return [each for each in kin if each is not None]


def _last(path: str) -> str:
    return path.rpartition(".")[2]


def _named(path: str) -> str:
    """The field by which a value is remembered; a full name is one in whichever field it stands."""
    name = _last(path)
    return "names" if name.endswith("names") and name not in _PARTS else name


def _tells_when(path: str) -> bool:
    """Whether the field is the day of what an entry tells, not of the entry."""
    return path.endswith("_date") and path != "entry_date"


def _number(told: Mapping[str, Any]) -> str:
    return str(told.get("document", "")).partition(" ")[2]


def _is_day(text: str) -> bool:
    return len(text) == 10 and text[4] == text[7] == "-" and text.replace("-", "").isdigit()


def _iso(text: str) -> str:
    """A day written either way, in ISO; empty for anything else."""
    if _is_day(text):
        return text
    parts = text.split("/")
    if len(parts) == 3 and all(part.isdigit() for part in parts):
        return f"{int(parts[2]):04d}-{int(parts[1]):02d}-{int(parts[0]):02d}"
    return ""


def _written_like(told: str, iso: str) -> str:
    if "/" not in told:
        return iso
    year, month, day = iso.split("-")
    return f"{day}/{month}/{year}"
