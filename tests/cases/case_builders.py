"""The smallest valid application of the act that stories are about."""

from collections.abc import Collection, Mapping
from datetime import date, datetime
from typing import Any

from ruta.cases import filing
from ruta.cases.models import Case
from ruta.cases.play.world import World
from ruta.definitions.selectors import current_version
from ruta.documents.models import Output
from ruta.identity.actors import Actor
from ruta.kernel import clock
from ruta.payments.models import Charge

ENTRY: dict[str, Any] = {
    "serial": "28451190",
    "nuip": "1020304050",
    "office": "1501-15001",
    "given_names": "María Fernanda",
    "first_surname": "Rojas",
    "second_surname": "Pérez",
    "birth_date": "1998-03-27",
    "birth_place": "15001",
    "sex": "F",
    "entry_date": "1998-04-02",
}
ANSWERS: dict[str, Any] = {
    "search_by": "nuip",
    "nuip": "1020304050",
    "birth_date": "27/03/1998",
    "kind": "copy",
    "purpose": "marriage",
    "copies": "3",
    "delivery": "online",
}


def ana(world: World) -> Actor:
    """The person of the entry, on the morning of 2 March 2026."""
    clock.set_clock(datetime(2026, 3, 2, 10))
    actor = world.person("ana", {"document": "CC 1020304050", "born": date(1998, 3, 27)})
    world.entry("birth", ENTRY)
    return actor


def a_case(
    world: World,
    actor: Actor,
    *,
    key: str = "once",
    answers: Mapping[str, Any] = ANSWERS,
    consents: Collection[str] = ("victim",),
) -> Case:
    """A copy asked for by `actor`."""
    return filing.file_case(
        filing.Application(
            version_id=current_version("civil-registration").pk,
            act="copy",
            form=answers,
            actor=actor,
            channel="portal",
            lang="es",
            submission_key=key,
            consents=consents,
        )
    )


def an_output(world: World, actor: Actor, *, key: str = "once") -> Output:
    """A copy asked for, paid and issued."""
    case = a_case(world, actor, key=key)
    world.settle()
    world.pay(Charge.objects.get(case_number=case.number))
    return Output.objects.get(case_number=case.number)
