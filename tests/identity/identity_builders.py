"""The smallest people, officials and register of persons that the stories need."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import date
from typing import Any

from ruta.identity import proofing, services
from ruta.identity.models import Account, Official, Person

PASSWORD = "una frase larga y propia"


def a_person(**changes: Any) -> Person:
    return services.register_person(
        **{
            "given_names": "María Fernanda",
            "first_surname": "Rojas",
            "second_surname": "Pérez",
            "birth_date": date(1998, 3, 27),
            "document_type": "CC",
            "document_number": "1020304050",
            **changes,
        }
    )


def an_account(email: str = "ana@ejemplo.co", **changes: Any) -> Account:
    return services.create_account(email, PASSWORD, verified=True, **changes)


def an_official(role: str = "registrar", code: str = "1501-15001") -> Official:
    person = a_person(given_names="Clara", document_number="52148963", birth_date=date(1970, 1, 5))
    agency = services.define_agency(
        nit="899999040-4", name="Registraduría Nacional", short_name="Registraduría"
    )
    team = services.define_team(
        agency, code=code, name="Registraduría Especial de Cali", municipality="76001"
    )
    return services.appoint_official(
        an_account("clara@ejemplo.gov.co", person=person), person=person, team=team, role=role
    )


ANA: dict[str, str] = {
    "given_names": "María Fernanda",
    "first_surname": "Rojas",
    "second_surname": "Pérez",
    "birth_date": "1998-03-27",
    "issue_date": "2016-06-05",
    "issue_place": "Tunja",
    "mother": "Lucía",
    "birth_place": "Sogamoso",
    "blood_group": "O+",
    "father": "Ramiro",
}
DECOYS = {
    "issue_place": ["Cali", "Pasto", "Neiva", "Tunja", "Leticia"],
    "mother": ["Ana", "Rosa", "Marta", "Lucia", "Elena"],
    "birth_place": ["Duitama", "Paipa", "Bogotá", "Yopal", "Mitú"],
    "blood_group": ["A+", "B+", "AB-", "O-", "O+"],
    "father": ["Luis", "Jorge", "Carlos", "Pedro", "Hugo"],
}
QUESTIONS: list[dict[str, Any]] = [
    {"field": name, "label": {"es": f"¿{name}?", "en": f"{name}?"}, "decoys": decoys}
    for name, decoys in DECOYS.items()
]
CLAIM = {
    "document_type": "CC",
    "document_number": "1.020.304.050",
    "given_names": "MARIA FERNANDA",
    "first_surname": "Rojas",
    "second_surname": "Perez",
    "birth_date": "27/03/1998",
    "issue_date": "05/06/2016",
}


@contextmanager
def a_register_of_persons(**changes: str) -> Iterator[None]:
    """A register that knows Ana, in place of the installation's."""

    def ask(kind: str, number: str) -> Mapping[str, Any] | None:
        return ANA | changes if (kind, number) == ("CC", "1020304050") else None

    before = list(proofing._source)
    proofing.use_register("persons", ask=ask, questions=lambda: QUESTIONS)
    try:
        yield
    finally:
        proofing._source[:] = before


def right_answers(attempt_questions: tuple[proofing.Question, ...], wrong: int = 0) -> list[str]:
    """The right answers of Ana, the first `wrong` of them wrong."""
    answers = []
    for place, question in enumerate(attempt_questions):
        right = next(option for option in question.options if option in ANA.values())
        other = next(option for option in question.options if option != right)
        answers.append(other if place < wrong else right)
    return answers
