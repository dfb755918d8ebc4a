"""A story told for one person becomes the story of another: same acts, other names, numbers, offices and days."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from ruta.engine.terms import add_business_days, business_days_between
from ruta.kernel import calendars

from .people import OF_AGE, Generator, Inhabitant
from .story import Act, Story
from .world import plain


class Casting:
    """Finds who of the country can play a story's people, and rewrites the story for them."""

    def __init__(
        self, story: Story, country: Generator, entries: Mapping[str, Mapping[str, Any]], day: date
    ) -> None:
        self.story = story
        self.country = country
        self.entries = (
            entries  # register entries by the person's number, of the register that stories speak of
        )
        self.day = day
        self.told_on = date.fromisoformat(str(story.given.get("today", day.isoformat())))
        self.numbers: dict[str, Inhabitant] = {}
        self.values: dict[tuple[str, str], str] = {}  # (field, as the story tells it) -> as it is told now
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
        people = self.story.given.get("people") or {}
        wanted = {_number(told) for told in people.values()}
        for entries in (self.story.given.get("registers") or {}).values():
            for told in entries:
                person = self._fitting(plain(told), wanted)
                self._remember(plain(told), self.entries[person.number], person)

    def _fitting(self, told: Mapping[str, Any], wanted: set[str]) -> Inhabitant:
        """Somebody whose entry can stand for the one told: whoever the story lets act must be of age and alive."""

        def fits(person: Inhabitant) -> bool:
            for field, relative in (("mother", person.mother), ("father", person.father)):
                number = (told.get(field) or {}).get("number")
                if number and (relative is None or (number in wanted and not self._may_act(relative))):
                    return False
            return not (set(map(str, told.values())) & wanted) or self._may_act(person)

        candidates = [
            p for p in self.country.people if p.number in self.entries and p.died_on is None and fits(p)
        ]
        return self.country.random.choice(candidates)

    def _may_act(self, person: Inhabitant) -> bool:
        # Who is displaced pays nothing, and most stories are told by somebody who pays.
        return person.died_on is None and not person.displaced and person.age_on(self.day) >= OF_AGE

    def _remember(self, told: Mapping[str, Any], entry: Mapping[str, Any], person: Inhabitant) -> None:
        for name, value in told.items():
            if isinstance(value, Mapping):
                relative = person.mother if name == "mother" else person.father
                if relative is not None and value.get("number"):
                    self.numbers[str(value["number"])] = relative
            elif name in entry:
                self.values[name, str(value)] = str(entry[name])
                if str(entry[name]) == person.number:
                    self.numbers[str(value)] = person

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
        return self.country.random.choice([person for person in self.country.people if self._may_act(person)])

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
            self._invent(told)
        changed = {name: self._value(name, value) for name, value in told.items()}
        if " files " in sentence:
            changed |= {name: value for name, value in picked.items() if name in changed}
        return changed

    def _invent(self, told: Mapping[str, Any]) -> None:
        """A person of the story who is in no register gets another name, date and serial, the same in every sentence."""
        born = _iso(str(told.get("birth_date", "")))
        if not born or ("birth_date", born) in self.values or "given_names" not in told:
            if "serial" in told and ("serial", str(told["serial"])) not in self.values:
                self.values["serial", str(told["serial"])] = self.country.next_serial()
            return
        given, first, second, day, sex = self.country.invent(1942, 1966)
        renamed = {
            "given_names": given, "first_surname": first, "second_surname": second,
            "birth_date": day.isoformat(), "sex": sex,
            "entry_date": (day + timedelta(days=6)).isoformat(),
        }  # fmt: skip
        for name, value in renamed.items():
            if name in told or name in ("entry_date", "sex"):
                self.values[name, "*"] = value
        self.values["birth_date", born] = day.isoformat()
        if "serial" in told:
            self.values["serial", str(told["serial"])] = self.country.next_serial()

    def _value(self, name: str, value: Any) -> Any:
        if isinstance(value, list):
            return [self._value(name, item) for item in value]
        text = str(value)
        if name == "on" and _is_day(text):
            return self._shifted(text)
        if name == "office" or name.endswith("_office"):
            return self.values.get((name, text)) or (self._office(text) if "-" in text else value)
        if name == "birth_place" and ("birth_date", "*") in self.values:
            return next(iter(self.offices.values()), text).partition("-")[2] or text
        if (iso := _iso(text)) and (name, iso) in self.values:
            return _written_like(text, self.values[name, iso])
        return self.values.get((name, text)) or self.values.get((name, "*")) or value

    def _shifted(self, told: str) -> str:
        """A day of the story, as many business days from its beginning as it was told: terms count those."""
        calendar = calendars.national()
        away = business_days_between(self.told_on, date.fromisoformat(told), calendar)
        if away <= 0:
            return (date.fromisoformat(told) + (self.day - self.told_on)).isoformat()
        return add_business_days(self.day, away, calendar).isoformat()


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
