"""A certified copy is asked for, paid, issued and known to everybody who should know."""

from typing import Any

import pytest
from tests.cases.case_builders import ANSWERS, ENTRY, a_case, ana

from ruta.cases.models import CaseEvent
from ruta.cases.play.world import World
from ruta.documents.models import Output
from ruta.payments.models import Charge

pytestmark = pytest.mark.django_db


def test_a_copy_is_filed_paid_and_issued(world: World) -> None:
    case = a_case(world, ana(world))
    world.settle()
    charge = Charge.objects.get(case_number=case.number)
    assert charge.total == 56250
    world.pay(charge)
    case.refresh_from_db()
    output = Output.objects.get(case_number=case.number)
    assert (case.outcome, output.state) == ("granted", "valid")
    assert output.pdf_sha256


def test_the_history_has_no_gap_and_nothing_waits_to_be_written(world: World) -> None:
    case = a_case(world, ana(world))
    world.settle()
    case.refresh_from_db()
    seqs = list(CaseEvent.objects.filter(case_id=case.id).order_by("seq").values_list("seq", flat=True))
    assert seqs == list(range(1, case.head_seq + 1))


def test_the_same_filing_sent_twice_is_one_case(world: World) -> None:
    actor = ana(world)
    assert a_case(world, actor).number == a_case(world, actor).number
    assert a_case(world, actor, key="another").number != a_case(world, actor).number


@pytest.mark.parametrize(
    ("answers", "title"),
    [
        (ANSWERS, {"es": "Copia del registro civil de nacimiento", "en": "Copy of the birth entry"}),
        (
            {**ANSWERS, "kind": "certificate", "copies": "1"},
            {"es": "Certificado de registro civil de nacimiento", "en": "Certificate of birth entry"},
        ),
    ],
)
def test_the_title_of_a_document_says_of_which_kind_it_is(
    world: World, answers: dict[str, Any], title: dict[str, str]
) -> None:
    case = a_case(world, ana(world), answers=answers)
    world.settle()
    world.pay(Charge.objects.get(case_number=case.number))
    output = Output.objects.get(case_number=case.number)
    assert output.title == title
    issued = CaseEvent.objects.get(case_id=case.id, type="output-issued")
    assert issued.public["title"] == title


def test_a_document_says_posts_and_countries_in_words(world: World) -> None:
    """Neither `registrar` nor `COL` is a word that a person reads."""
    world.person("clara", {"role": "registrar", "office": "1501-15001"})
    actor = ana(world)
    mother = {"type": "CC", "number": "41000111", "names": "Luz Pérez", "nationality": "VEN"}
    world.entry("birth", ENTRY | {"serial": "28451191", "nuip": "1020304051", "mother": mother})
    case = a_case(
        world, actor, answers={**ANSWERS, "nuip": "1020304051", "kind": "certificate", "copies": "1"}
    )
    world.settle()
    world.pay(Charge.objects.get(case_number=case.number))
    output = Output.objects.get(case_number=case.number)
    assert output.role["es"].startswith("Registrador · ")
    assert output.role["en"].startswith("Registrar · ")
    assert output.data["entry"]["mother"]["nationality"] == "Venezuela"
