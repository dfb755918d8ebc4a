"""The people of a sample country: families over three generations, invented, with identifiers nobody holds.

Numbers are taken from the range that is set aside for people generated in bulk (1 900 000 000 - 1 999 999 999),
addresses from `example.co`. The same seed gives the same people.
"""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

FIRST_NUMBER = 1_900_000_000
FIRST_SERIAL = 50_000_000
FIRST_CERTIFICATE = 90_000_000
OF_AGE = 18

WOMEN = (
    *(
        "María",
        "Luz",
        "Ana",
        "Sandra",
        "Andrea",
        "Valentina",
        "Mariana",
        "Salomé",
        "Gloria",
        "Rosa",
        "Carmen",
        "Clara",
    ),
    *(
        "Yolanda",
        "Patricia",
        "Paola",
        "Camila",
        "Isabella",
        "Luisa",
        "Remedios",
        "Aura",
        "Diana",
        "Natalia",
        "Sofía",
    ),
)
MEN = (
    *(
        "José",
        "Luis",
        "Carlos",
        "Juan",
        "Andrés",
        "Santiago",
        "Matías",
        "Samuel",
        "Jorge",
        "Pedro",
        "Hernán",
        "Álvaro",
    ),
    *(
        "Camilo",
        "Felipe",
        "Miguel",
        "Ángel",
        "Óscar",
        "Iván",
        "Nicolás",
        "Sebastián",
        "Tomás",
        "Jaime",
        "Germán",
    ),
)
SURNAMES = (
    *(
        "Rodríguez",
        "Gómez",
        "González",
        "Martínez",
        "García",
        "López",
        "Hernández",
        "Sánchez",
        "Pérez",
        "Ramírez",
    ),
    *(
        "Torres",
        "Rojas",
        "Muñoz",
        "Quiñones",
        "Ñáñez",
        "Jacanamijoy",
        "Epiayú",
        "Quilcué",
        "Mosquera",
        "Díaz",
        "Cuero",
    ),
    *(
        "Castro",
        "Vargas",
        "Moreno",
        "Ortiz",
        "Suárez",
        "Peña",
        "Yonda",
        "De la Hoz",
        "Ibarra",
        "Mendoza",
        "Ospina",
    ),
)


@dataclass
class Inhabitant:
    """One person. `office` keeps the person's entry; dates are None for what did not happen."""

    number: str
    serial: str
    given_names: str
    first_surname: str
    second_surname: str
    sex: str
    birth_date: date
    office: str
    generation: int
    mother: Inhabitant | None = None
    father: Inhabitant | None = None
    spouse: Inhabitant | None = None
    married_on: date | None = None
    married_serial: str = ""
    died_on: date | None = None
    died_serial: str = ""
    displaced: bool = False
    unreported_on: date | None = None  # the day on which somebody died of whom only a certificate tells yet
    newborn: bool = False  # no entry yet, and no number: a certificate tells of it
    order: int = 1
    together: int = 1
    children: list[Inhabitant] = field(default_factory=list)

    @property
    def names(self) -> str:
        """Full name."""
        return " ".join(part for part in (self.given_names, self.first_surname, self.second_surname) if part)

    @property
    def place(self) -> str:
        """The municipality of the office, five digits."""
        return self.office.partition("-")[2]

    def age_on(self, day: date) -> int:
        """Completed years on `day`."""
        before = (day.month, day.day) < (self.birth_date.month, self.birth_date.day)
        return day.year - self.birth_date.year - before

    def document_type(self, day: date) -> str:
        """The document that somebody of this age has (common facts §1.1)."""
        age = self.age_on(day)
        return "CC" if age >= OF_AGE else "TI" if age >= 7 else "RC"

    def as_names(self, today: date) -> dict[str, Any]:
        """The person as the expressions of `samples.yaml` see it, relatives one step deep."""
        return {
            **self._alone(today),
            "mother": self.mother._alone(today) if self.mother else None,
            "father": self.father._alone(today) if self.father else None,
            "spouse": self.spouse._alone(today) if self.spouse else None,
        }

    def _alone(self, today: date) -> dict[str, Any]:
        return {
            "number": self.number,
            "document_type": self.document_type(today),
            "serial": self.serial,
            "given_names": self.given_names,
            "first_surname": self.first_surname,
            "second_surname": self.second_surname,
            "names": self.names,
            "sex": self.sex,
            "birth_date": self.birth_date,
            "registered_on": self.birth_date + timedelta(days=int(self.serial) % 25 + 2),
            "of_age_on": _years_after(self.birth_date, OF_AGE) + timedelta(days=40),
            "office": self.office,
            "place": self.place,
            "married_on": self.married_on,
            "married_serial": self.married_serial or None,
            "died_on": self.died_on,
            "died_serial": self.died_serial or None,
            "displaced": self.displaced,
            "unreported_on": self.unreported_on,
            "newborn": self.newborn,
            "order": self.order,
            "together": self.together,
        }


def _years_after(day: date, years: int) -> date:
    try:
        return day.replace(year=day.year + years)
    except ValueError:  # 29 February
        return day.replace(year=day.year + years, day=28)


class Generator:
    """Makes `count` people in families; `offices` gives each office its share."""

    def __init__(self, seed: int, offices: Mapping[str, float], today: date) -> None:
        self.random = random.Random(seed)  # noqa: S311  invented people need no secrecy
        self.offices = list(offices)
        self.shares = [float(share) for share in offices.values()]
        self.today = today
        self.people: list[Inhabitant] = []
        self.newborns: list[Inhabitant] = []
        self._serial = FIRST_SERIAL

    def make(self, count: int) -> list[Inhabitant]:
        """Grandparents, parents and children, linked to each other."""
        couples = [self._couple(1935, 1956) for _ in range(count // 8)]
        parents = [child for couple in couples for child in self._children(*couple, 2, most=3)]
        couples = self._marry(parents)
        while len(self.people) < count and couples:
            couple = couples[len(self.people) % len(couples)]
            self._children(*couple, 3, most=1)
        self._let_die()
        for person in self.people:
            person.displaced = self.random.random() < 0.03
        return self.people[:count]

    def foresee(self, newborns: int, unreported: int) -> None:
        """What no register here knows yet and a certificate tells: children of the last weeks (one pair of twins in
        twenty), and old people who died in the last days. Nothing else of the country changes by it."""
        chance = random.Random(len(self.people))  # noqa: S311  invented people need no secrecy
        mothers = [
            woman for woman in self.people
            if woman.sex == "F" and woman.spouse and woman.died_on is None and 18 <= woman.age_on(self.today) <= 42
        ]  # fmt: skip
        for mother in chance.sample(mothers, min(newborns, len(mothers))):
            born = self.today - timedelta(days=chance.randint(1, 20))
            together = 2 if len(self.newborns) % 20 == 3 else 1
            self.newborns += [
                self._newborn(mother, born, order, together) for order in range(1, together + 1)
            ]
        living = [person for person in self.people if person.died_on is None]
        for person in sorted(living, key=lambda each: each.birth_date)[:unreported]:
            person.unreported_on = self.today - timedelta(days=chance.randint(0, 2))

    def _newborn(self, mother: Inhabitant, born: date, order: int, together: int) -> Inhabitant:
        father = mother.spouse
        assert father is not None
        certificate = str(FIRST_CERTIFICATE + len(self.newborns) + order)
        return Inhabitant(
            number="",
            serial=certificate,
            given_names="",
            first_surname=father.first_surname,
            second_surname=mother.first_surname,
            sex="FM"[int(certificate) % 2],
            birth_date=born,
            office=mother.office,
            generation=mother.generation + 1,
            mother=mother,
            father=father,
            newborn=True,
            order=order,
            together=together,
        )

    def invent(self, since: int, until: int) -> tuple[str, str, str, date, str]:
        """Somebody who is in no register: given names, surnames, when born, sex."""
        sex = self.random.choice("MF")
        return (
            self._given(sex), self.random.choice(SURNAMES), self.random.choice(SURNAMES),
            self._day(since, until), sex,
        )  # fmt: skip

    def next_serial(self) -> str:
        """A serial that no entry has yet."""
        self._serial += 1
        return str(self._serial)

    def office(self) -> str:
        """An office, by its share."""
        return self.random.choices(self.offices, self.shares)[0]

    def _given(self, sex: str) -> str:
        names = WOMEN if sex == "F" else MEN
        return " ".join(self.random.sample(names, 2 if self.random.random() < 0.55 else 1))

    def _day(self, since: int, until: int) -> date:
        first, last = date(since, 1, 1), min(date(until, 12, 28), self.today - timedelta(days=40))
        return first + timedelta(days=self.random.randrange((last - first).days))

    def _person(self, sex: str, born: date, surnames: Sequence[str], generation: int) -> Inhabitant:
        person = Inhabitant(
            number=str(FIRST_NUMBER + len(self.people) * 7 + 11),
            serial=self.next_serial(),
            given_names=self._given(sex),
            first_surname=surnames[0],
            second_surname=surnames[1],
            sex=sex,
            birth_date=born,
            office=self.office(),
            generation=generation,
        )
        self.people.append(person)
        return person

    def _couple(self, since: int, until: int) -> tuple[Inhabitant, Inhabitant]:
        woman = self._person("F", self._day(since, until), self.random.sample(SURNAMES, 2), 1)
        man = self._person("M", self._day(since - 3, until), self.random.sample(SURNAMES, 2), 1)
        self._wed(woman, man)
        return woman, man

    def _wed(self, woman: Inhabitant, man: Inhabitant) -> None:
        youngest = max(woman.birth_date, man.birth_date)
        day = _years_after(youngest, self.random.randint(20, 27))
        if day > self.today:
            return
        serial = self.next_serial()
        for one, other in ((woman, man), (man, woman)):
            one.spouse, one.married_on, one.married_serial = other, day, serial

    def _children(
        self, mother: Inhabitant, father: Inhabitant, generation: int, *, most: int
    ) -> list[Inhabitant]:
        made = []
        for _ in range(self.random.randint(1, most)):
            age = self.random.randint(19, 38)
            born = _years_after(mother.birth_date, age) + timedelta(days=self.random.randrange(365))
            if born > self.today - timedelta(days=40):
                continue
            child = self._person(
                self.random.choice("MF"), born, (father.first_surname, mother.first_surname), generation
            )
            child.mother, child.father = mother, father
            mother.children.append(child)
            father.children.append(child)
            made.append(child)
        return made

    def _marry(self, people: list[Inhabitant]) -> list[tuple[Inhabitant, Inhabitant]]:
        women = [person for person in people if person.sex == "F"]
        men = [person for person in people if person.sex == "M"]
        self.random.shuffle(men)
        couples = []
        for woman in women:
            man = next((man for man in men if man.spouse is None and man.mother is not woman.mother), None)
            if man is not None:
                self._wed(woman, man)
                couples.append((woman, man))
        return couples

    def _let_die(self) -> None:
        for person in self.people:
            age = person.age_on(self.today)
            if age > 68 and self.random.random() < 0.35:
                lived = timedelta(days=365 * self.random.randint(66, age - 1) + self.random.randrange(300))
                person.died_on, person.died_serial = person.birth_date + lived, self.next_serial()
