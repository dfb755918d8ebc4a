"""The folder of civil registration: who may ask for what, what it costs, what is printed (Decreto-Ley 1260, art. 115)."""

# ruff: noqa: E501  the document of a test is wide

import io
import json
from datetime import UTC, date, datetime
from typing import Any

import pikepdf
import pytest
import segno
from definitions_builders import GOOD

from ruta.cases.outputs import entry_in_words
from ruta.definitions.runtime import compile_folder
from ruta.documents import rendering
from ruta.documents.templates import Template
from ruta.engine import bpmn, dmn, feel

SERVICE = compile_folder(GOOD)
CTX = SERVICE.context(now=datetime(2026, 3, 2, 15, tzinfo=UTC))
MOTHER, FATHER, CHILD, STRANGER = "40023114", "19456789", "1020304050", "52148963"

COPIES = ["copy", "marriage-copy", "death-copy"]


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


@pytest.mark.parametrize("act", COPIES)
def test_the_process_ends_on_every_way_and_every_box_is_drawn(act: str) -> None:
    process = SERVICE.act(act).process
    assert process is not None
    assert bpmn.check(process) == ()
    drawn = GOOD.text(f"acts/{act}/process.bpmn")
    for node in process.nodes:
        assert f'bpmnElement="{node}"' in drawn
    assert "<title" in bpmn.svg(process)


@pytest.mark.parametrize("act", COPIES)
def test_who_prepared_may_not_decide_in_the_second_place(act: str) -> None:
    process = SERVICE.act(act).process
    assert process is not None
    assert process.nodes["supervisor_weighs"].properties["ruta:not-by"] == "weigh_purpose"


WIFE = {"type": "CC", "number": MOTHER, "names": "Gloria Pérez Cuero", "nationality": "COL"}
HUSBAND = {"type": "CC", "number": FATHER, "names": "Jorge Rojas Peña", "nationality": "COL"}
AT = {"serial": "28451190", "office": "1501-15001", "entry_date": "2019-04-02"}
ENTRIES: dict[str, tuple[str, dict[str, Any]]] = {
    "copy": (
        "birth",
        {
            "nuip": CHILD, "given_names": "María", "first_surname": "Rojas", "birth_date": "1998-03-27",
            "birth_place": "15001", "sex": "F", "mother": WIFE,
        },
    ),
    "marriage-copy": (
        "marriage",
        {
            "spouse_a": WIFE, "spouse_b": HUSBAND, "celebration_date": "2019-03-16", "celebration_place": "15001",
            "celebrant_type": "notary", "celebration_document": "Escritura 412", "dissolved_on": "2024-08-02",
            "legitimated_children": [CHILD],
        },
    ),
    "death-copy": (
        "death",
        {
            "deceased": HUSBAND, "death_date": "2025-05-12", "death_time": "04:30", "death_place": "15001",
            "cause_type": "violent", "certificate_number": "72345678", "authority_order": "Fiscalía 17, orden 231",
            "declarant": WIFE,
        },
    ),
}  # fmt: skip


def _document(act: str, kind: str, lang: str) -> bytes:
    """The document of an act as it is issued, from an entry in words and in codes."""
    qr = io.BytesIO()
    segno.make("https://ruta.example.co/v/7KQ2").save(qr, kind="svg")
    register, facts = ENTRIES[act]
    raw = AT | facts
    (output,) = SERVICE.act(act).outputs.values()
    doc = {
        "lang": lang, "agency": "Registraduría", "office": "Tunja", "case_number": "2026-CRB-000123-7", "kind": kind,
        "words": {"purpose": "Pensión"}, "entry": entry_in_words(SERVICE, register, raw, lang), "raw": raw,
        "notes": [{"date": "3 de mayo de 2019", "kind": "Matrimonio", "text": "Notaría 19 de Bogotá."}],
        "output": {
            "code": "7KQ2-M9XP-4RTD", "url": "https://ruta.example.co/v/7KQ2", "issued_at": "24 de noviembre de 2026", "role": "",
            "official": "", "qr_svg": qr.getvalue().decode(), "digest": "ab" * 32, "year": 2026, "month": 11, "day": 24,
            "title": output.spec.title[lang],
        },
    }  # fmt: skip
    return rendering.render(
        Template.unpacked(output.template), doc, at=datetime(2026, 11, 24, 15, tzinfo=UTC)
    )


@pytest.mark.parametrize("act", COPIES)
@pytest.mark.parametrize("kind", ["copy", "certificate"])
@pytest.mark.parametrize("lang", ["es", "en"])
def test_the_document_is_pdf_a_and_pdf_ua_by_the_compiler_s_own_checks(
    act: str, kind: str, lang: str
) -> None:
    with pikepdf.open(io.BytesIO(_document(act, kind, lang))) as pdf, pdf.open_metadata() as metadata:
        assert (metadata["pdfaid:part"], metadata["pdfaid:conformance"], metadata["pdfuaid:part"]) == (
            "3",
            "A",
            "1",
        )
        assert len(pdf.pages) == 1
        assert str(pdf.Root.Lang) == lang
        assert "entry.json" in pdf.attachments


@pytest.mark.parametrize(
    ("act", "only_in_the_copy"),
    [
        ("copy", {"mother"}),
        ("marriage-copy", {"celebration_document", "legitimated_children"}),
        ("death-copy", {"cause_type", "certificate_number", "authority_order", "declarant"}),
    ],
)
def test_a_certificate_carries_the_essential_facts_alone_for_machines_too(
    act: str, only_in_the_copy: set[str]
) -> None:
    told = {}
    for kind in ("copy", "certificate"):
        with pikepdf.open(io.BytesIO(_document(act, kind, "es"))) as pdf:
            told[kind] = json.loads(pdf.attachments["entry.json"].get_file().read_bytes())
    assert set(told["copy"]["entry"]) - set(told["certificate"]["entry"]) == only_in_the_copy
    assert told["copy"]["notes"] and not told["certificate"]["notes"]


def test_whoever_verifies_a_death_never_reads_of_what_it_was() -> None:
    for output in SERVICE.act("death-copy").outputs.values():
        assert not any(
            "cause" in name or "order" in name or "certificate" in name for name in output.spec.verify_shows
        )


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
