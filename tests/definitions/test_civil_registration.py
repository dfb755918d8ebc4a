"""The folder of civil registration: who may ask for what, what it costs, what is printed (Decreto-Ley 1260, art. 115)."""

# ruff: noqa: E501  the document of a test is wide

import io
import json
from datetime import UTC, date, datetime
from typing import Any

import pikepdf
import pytest
import segno
import typst
from definitions_builders import GOOD, SERVICES

from ruta.definitions.runtime import compile_folder
from ruta.engine import bpmn, dmn, feel

SERVICE = compile_folder(GOOD)
CTX = SERVICE.context(now=datetime(2026, 3, 2, 15, tzinfo=UTC))
MOTHER, FATHER, CHILD, STRANGER = "40023114", "19456789", "1020304050", "52148963"


def _decide(
    name: str, *, entry: dict[str, Any] | None, own: dict[str, Any] | None = None, **more: Any
) -> Any:
    applicant = {
        "document_number": more.pop("who", STRANGER),
        "acts_as": more.pop("acts_as", "self"),
        "represents": None,
    }
    found = {
        "entry": {"status": "found" if entry else "absent", "value": entry},
        "own_entry": {"status": "found" if own else "absent", "value": own},
        "victim": {"status": "absent", "value": None},
    }
    env = feel.to_feel(
        {"form": {"kind": more.pop("kind", "copy")}, "found": found, "applicant": applicant, **more}
    )
    outcome = SERVICE.decide(name, env, CTX)
    return outcome.value["answer"], outcome.hits[-1].rule_id


ENTRY = {
    "nuip": CHILD,
    "status": "valid",
    "reserved": False,
    "mother": {"number": MOTHER},
    "father": {"number": FATHER},
}


@pytest.mark.parametrize("who", [CHILD, MOTHER, FATHER])
def test_the_person_and_the_parents_may_have_the_full_copy(who: str) -> None:
    assert _decide("who_may_ask", entry=ENTRY, who=who) == ("allowed", "who_may_ask_2")


def test_a_child_and_a_spouse_proved_by_their_own_entry_may_have_it() -> None:
    assert (
        _decide("who_may_ask", entry=ENTRY, own={"nuip": STRANGER, "mother": {"number": CHILD}})[0]
        == "allowed"
    )
    assert _decide("who_may_ask", entry=ENTRY, own={"nuip": STRANGER, "spouse": CHILD})[0] == "allowed"


def test_a_stranger_s_purpose_is_weighed_and_the_certificate_is_anyone_s() -> None:
    assert _decide("who_may_ask", entry=ENTRY) == ("study", "who_may_ask_3")
    assert _decide("who_may_ask", entry=ENTRY, kind="certificate") == ("allowed", "who_may_ask_1")


def test_nobody_becomes_a_relative_of_an_old_entry_that_has_no_number() -> None:
    old = {"nuip": None, "status": "valid", "reserved": False, "mother": {"number": None}, "father": None}
    for own in (None, {"nuip": STRANGER, "mother": None, "spouse": None}):
        assert _decide("who_may_ask", entry=old, own=own)[0] == "study"


@pytest.mark.parametrize("kind", ["copy", "certificate"])
@pytest.mark.parametrize("who", [CHILD, MOTHER, STRANGER])
def test_a_reserved_or_annulled_entry_is_only_for_an_authority(kind: str, who: str) -> None:
    for change in ({"reserved": True}, {"status": "annulled"}):
        assert _decide("who_may_ask", entry=ENTRY | change, who=who, kind=kind)[0] == "refused"
        assert (
            _decide("who_may_ask", entry=ENTRY | change, who=who, kind=kind, acts_as="authority")[0]
            == "study"
        )


@pytest.mark.parametrize(("reserved", "answer"), [(None, "allowed"), (False, "allowed"), (True, "refused")])
def test_what_the_books_show_is_handed_over_unless_reserved(reserved: bool | None, answer: str) -> None:
    assert _decide("may_deliver", entry=None, entered={"reserved": reserved})[0] == answer


@pytest.mark.parametrize(
    ("displaced", "acts_as", "pesos", "rule"),
    [
        (None, "self", 18750, "exemption_2"),
        (False, "self", 18750, "exemption_2"),
        (True, "self", 0, "exemption_1"),
        (None, "authority", 0, "exemption_3"),
    ],
)
def test_displaced_victims_and_authorities_pay_nothing(
    displaced: bool | None, acts_as: str, pesos: int, rule: str
) -> None:
    victim = (
        {"status": "absent", "value": None}
        if displaced is None
        else {"status": "found", "value": {"displaced": displaced}}
    )
    env = feel.to_feel(
        {
            "form": {"kind": "copy", "delivery": "online", "copies": 1},
            "found": {"victim": victim},
            "applicant": {"acts_as": acts_as},
        }
    ) | {"case": {"filed_on": date(2026, 3, 2)}}
    outcome = SERVICE.decide("fee", env, CTX)
    assert outcome.value["total"] == pesos
    assert outcome.hits[0].rule_id == rule


def test_every_combination_of_answers_hits_exactly_one_rule() -> None:
    for model in SERVICE.models.values():
        assert dmn.check_tables(model) == ()


def test_the_process_ends_on_every_way_and_every_box_is_drawn() -> None:
    process = SERVICE.act("copy").process
    assert process is not None
    assert bpmn.check(process) == ()
    drawn = GOOD.text("acts/copy/process.bpmn")
    for node in process.nodes:
        assert f'bpmnElement="{node}"' in drawn
    assert "<title" in bpmn.svg(process)


def test_who_prepared_may_not_decide_in_the_second_place() -> None:
    process = SERVICE.act("copy").process
    assert process is not None
    assert process.nodes["supervisor_weighs"].properties["ruta:not-by"] == "weigh_purpose"


def _document(kind: str, lang: str) -> bytes:
    qr = io.BytesIO()
    segno.make("https://ruta.example.co/v/7KQ2").save(qr, kind="svg")
    parents = {
        "mother": {"names": "Gloria Pérez Cuero", "document": "CC 40.023.114"},
        "father": {"names": None},
    }
    facts = {
        "serial": "28451190",
        "nuip": CHILD,
        "given_names": "María",
        "first_surname": "Rojas",
        "office": "Tunja",
    }
    doc = {
        "lang": lang, "agency": "Registraduría", "office": "Tunja", "case_number": "2026-CRB-000123-7", "kind": kind,
        "words": {"purpose": "Pensión"}, "entry": facts | {"birth_date": "27 de marzo de 1998", "birth_place": "Tunja"} | parents,
        "raw": facts | parents,
        "notes": [{"date": "3 de mayo de 2019", "kind": "Matrimonio", "text": "Notaría 19 de Bogotá."}],
        "output": {
            "code": "7KQ2-M9XP-4RTD", "url": "https://ruta.example.co/v/7KQ2", "issued_at": "24 de noviembre de 2026", "role": "",
            "official": "", "qr_svg": qr.getvalue().decode(), "digest": "ab" * 32, "year": 2026, "month": 11, "day": 24,
        },
    }  # fmt: skip
    template = SERVICES / "civil-registration" / "outputs" / "copy.typ"
    made = typst.compile(template, sys_inputs={"doc": json.dumps(doc)}, pdf_standards=["a-3a", "ua-1"])
    assert isinstance(made, bytes)
    return made


@pytest.mark.parametrize("kind", ["copy", "certificate"])
@pytest.mark.parametrize("lang", ["es", "en"])
def test_the_document_is_pdf_a_and_pdf_ua_by_the_compiler_s_own_checks(kind: str, lang: str) -> None:
    with pikepdf.open(io.BytesIO(_document(kind, lang))) as pdf:
        assert len(pdf.pages) == 1
        assert str(pdf.Root.Lang) == lang
        assert "entry.json" in pdf.attachments


def test_a_certificate_carries_no_filiation_not_even_for_machines() -> None:
    for kind, there in (("copy", True), ("certificate", False)):
        with pikepdf.open(io.BytesIO(_document(kind, "es"))) as pdf:
            attached = json.loads(pdf.attachments["entry.json"].get_file().read_bytes())
        assert ("mother" in attached["entry"]) is there
        assert bool(attached["notes"]) is there


def test_figures_end_so_that_an_unknown_tariff_is_never_guessed() -> None:
    for figure in SERVICE.parameters["tariffs"].figures:
        assert figure.valid_to is not None
    assert SERVICE.parameter("tariffs.copy_counter", date(2026, 11, 24)) == 10800


def test_what_other_agencies_hold_is_asked_of_them() -> None:
    for name in ("ani", "ruv"):
        register = SERVICE.register(name)
        assert register.shared
        assert register.rules["source"]["xroad"]
    questions = SERVICE.register("ani").rules["proofing"]
    assert all(set(question["label"]) == {"es", "en"} for question in questions)
    assert {question["field"] for question in questions} <= set(SERVICE.register("ani").schema["properties"])
