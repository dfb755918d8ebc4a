"""An office with two registrars and a supervisor, and cases that give them work."""

import re
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.test import Client
from tests.web import filling

from ruta.cases import filing
from ruta.cases.models import Case, Task
from ruta.cases.play.world import World
from ruta.definitions.selectors import current_version
from ruta.identity.actors import Actor
from ruta.payments.models import Charge

PURPOSE: dict[str, Any] = {
    "search_by": "nuip",
    "nuip": "1020304050",
    "birth_date": "27/03/1998",
    "kind": "copy",
    "purpose": "court",
    "purpose_text": "Soy apoderado de la inscrita en el proceso de sucesión de su padre, juzgado segundo de Tunja.",
    "copies": "1",
    "delivery": "online",
}
BOOKS: dict[str, Any] = {
    "search_by": "names",
    "given_names": "José",
    "first_surname": "Rojas",
    "birth_date": "14/08/1951",
    "office": "1501-15001",
    "kind": "certificate",
    "copies": "1",
    "delivery": "online",
}
WRITTEN = {
    "serial": "10233871",
    "office": "1501-15001",
    "entry_date.day": "20",
    "entry_date.month": "8",
    "entry_date.year": "1951",
    "given_names": "José",
    "first_surname": "Rojas",
    "birth_date.day": "14",
    "birth_date.month": "8",
    "birth_date.year": "1951",
    "birth_place": "15001",
    "sex": "M",
}
MOTIVATION = "El solicitante es apoderado de la inscrita en un proceso de sucesión; Decreto-Ley 1260 de 1970, art. 115."


@dataclass
class Office:
    """The office of Tunja at work, and who asks it for things."""

    world: World
    luis: Actor
    clara: Actor
    edgar: Actor
    beatriz: Actor
    lang: str = "es"
    filed: int = 0

    def asks(
        self,
        answers: dict[str, Any] = PURPOSE,
        *,
        act: str = "copy",
        pays: bool = False,
        by: Actor | None = None,
    ) -> Case:
        """A case of Luis, or of somebody else."""
        self.filed += 1
        case = filing.file_case(
            filing.Application(
                version_id=current_version("civil-registration").pk,
                act=act,
                form=answers,
                actor=by or self.luis,
                channel="portal",
                lang=self.lang,
                submission_key=f"desk-{self.filed}",
            )
        )
        self.world.settle()
        if pays:
            self.world.pay(Charge.objects.get(case_number=case.number))
        case.refresh_from_db()
        return case

    def somebody(self, name: str, given: str, surname: str) -> Actor:
        """Another applicant."""
        return self.world.person(
            name, {"given_names": given, "first_surname": surname, "born": date(1980, 1, 5)}
        )

    def sealed(self, case: Case) -> Case:
        """The case, sealed."""
        case.sealed, case.confidentiality = True, "L3"
        case.save(update_fields=["sealed", "confidentiality"])
        return case


def seal(*cases: Case) -> None:
    """From now on they are denied to whom no grant names (L3)."""
    Case.objects.filter(id__in=[case.id for case in cases]).update(sealed=True, confidentiality="L3")


def open_office(world: World) -> Office:
    """Everybody at their desks."""
    post = {"office": "1501-15001"}
    luis = world.person(
        "luis",
        {
            "document": "CC 52148963",
            "born": date(1970, 1, 5),
            "given_names": "Luis",
            "first_surname": "Quiroga",
            "second_surname": "Díaz",
        },
    )
    named = {
        name: world.person(name, {"role": role, "given_names": given, "first_surname": surname, **post})
        for name, role, given, surname in (
            ("clara", "registrar", "Clara Inés", "Mojica"),
            ("edgar", "registrar", "Édgar", "Barrera"),
            ("beatriz", "supervisor", "Beatriz", "Amaya"),
        )
    }
    return Office(world, luis, named["clara"], named["edgar"], named["beatriz"])


def desk(actor: Actor, **cookies: str) -> Client:
    """The browser of somebody at the desk."""
    client = filling.signed_in(actor)
    for name, value in cookies.items():
        client.cookies[name] = value
    return client


def seen(client: Client, path: str, status: int = 200) -> str:
    """The text of a page, without its tags."""
    answer = client.get(path)
    assert answer.status_code == status, (path, answer.status_code)
    return words_of(answer.content.decode())


def words_of(html: str) -> str:
    """The words of a page, one blank between."""
    body = re.sub(r"<(script|style|svg).*?</\1>", " ", html, flags=re.DOTALL)
    return " ".join(re.sub(r"<[^>]+>", " ", body).split())


def page_of(case: Case) -> str:
    return f"/escritorio/expedientes/{case.number}/"


def task_of(case: Case) -> Task:
    return Task.objects.get(case=case, status="open")
