"""A version ready to work: figures by their day, lists, decisions, expressions, messages."""

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest
from definitions_builders import GOOD

from ruta.definitions.messages import read_message
from ruta.definitions.runtime import compile_folder
from ruta.engine import feel
from ruta.kernel.errors import NotFound

SERVICE = compile_folder(GOOD)
CTX = SERVICE.context(now=datetime(2026, 3, 2, 15, tzinfo=UTC))


@pytest.mark.parametrize(
    ("day", "pesos"),
    [
        (date(2024, 3, 1), 16950),
        (date(2025, 2, 28), 16950),
        (date(2025, 3, 1), 17850),
        (date(2026, 2, 28), 17850),
        (date(2026, 3, 1), 18750),
    ],
)
def test_a_figure_is_that_of_its_day(day: date, pesos: int) -> None:
    assert SERVICE.parameter("tariffs.copy_online", day) == pesos
    assert SERVICE.parameter("tariffs", {"name": "copy_online"}, day) == pesos
    assert SERVICE.parameter("tariffs", "copy_online", day.isoformat()) == pesos


@pytest.mark.parametrize("day", [date(2031, 1, 1), date(2024, 2, 29)])
def test_co_b14_a_day_without_a_row_stops_and_the_last_row_is_never_taken(day: date) -> None:
    with pytest.raises(feel.Stop) as stopped:
        SERVICE.program('parameter("tariffs.copy_online", day)')({"day": day}, CTX)
    assert stopped.value.problem.say["en"] == (
        f"No row of tariffs.copy_online for {day.isoformat()}; the administrator must add it."
    )


def test_a_parameter_that_does_not_exist_or_has_no_date_stops_too() -> None:
    for text in ('parameter("tarifs.copy", today())', 'parameter("tariffs.copy_online", null)'):
        with pytest.raises(feel.Stop):
            SERVICE.program(text)({}, CTX)


def test_periods_of_a_figure_are_cut_to_the_range_and_have_no_hole() -> None:
    asked = 'parameter periods("tariffs.certificate", date("2025-02-01"), date("2026-03-10"))'
    assert SERVICE.program(asked)({}, CTX) == [
        {"from": date(2025, 2, 1), "to": date(2025, 2, 28), "value": Decimal(5450)},
        {"from": date(2025, 3, 1), "to": date(2026, 2, 28), "value": Decimal(5750)},
        {"from": date(2026, 3, 1), "to": date(2026, 3, 10), "value": Decimal(6000)},
    ]
    with pytest.raises(feel.Stop):
        SERVICE.parameter_periods("tariffs.certificate", date(2026, 1, 1), date(2031, 1, 1))


def test_a_code_has_its_title_in_the_language_of_the_page() -> None:
    title = 'list title("registry_offices", "1501-15001")'
    assert SERVICE.program(title)({}, CTX) == "Registraduría Especial de Tunja"
    english = SERVICE.context(now=CTX.now, lang="en")
    assert SERVICE.program(title)({}, english) == "Special registry office of Tunja"
    assert SERVICE.program('list title("divipola", null)')({}, CTX) is None


def test_every_text_may_name_a_code_and_a_figure() -> None:
    title = '{{ list title("registry_offices", "1501-15001") }}'
    assert SERVICE.template(title).render({}, CTX) == "Registraduría Especial de Tunja"
    figure = '{{ parameter("tariffs.copy_online", date("2026-03-01")) }}'
    assert SERVICE.template(figure).render({}, CTX) == "18750"
    message = read_message("found", "es", f"---\nsubject: Copia de {title}\n---\nVaya a {title}.\n")
    assert message.subject.render({}, CTX) == "Copia de Registraduría Especial de Tunja"
    assert message.body.render({}, CTX) == "Vaya a Registraduría Especial de Tunja.\n"


def test_a_template_is_compiled_once() -> None:
    assert SERVICE.template("{{ 1 + 1 }}") is SERVICE.template("{{ 1 + 1 }}")


def test_a_code_out_of_use_cannot_be_chosen_but_keeps_its_title() -> None:
    types = SERVICE.list("document_types")
    assert "PE" in {code.code for code in types.on(date(2023, 2, 28))}
    assert "PE" not in {code.code for code in types.on(date(2023, 3, 1))}
    assert types.title("PE", "en") == "Special stay permit (PEP)"


def _env(**form: Any) -> dict[str, Any]:
    env: dict[str, Any] = feel.to_feel(
        {
            "form": {"kind": "copy", "delivery": "online", "copies": 3} | form,
            "applicant": {"document_number": "1020304050", "acts_as": "self"},
            "found": {
                "entry": {"status": "found", "value": {"nuip": "1020304050", "status": "valid"}},
                "own_entry": {"status": "absent", "value": None},
                "victim": {"status": "absent", "value": None},
            },
        }
    )
    return env | {"case": {"filed_on": date(2026, 3, 2)}}


def test_cr_08_a_decision_gives_its_value_and_the_rules_with_their_law() -> None:
    outcome = SERVICE.decide("fee", _env(), CTX)
    assert outcome.value["total"] == 56250
    assert [(hit.rule_id, hit.annotations["law"]) for hit in outcome.hits] == [
        ("exemption_2", "L1163"),
        ("tariff_1", "L1163"),
    ]


def test_expressions_call_decisions_by_name() -> None:
    env = _env()
    seen: list[str] = []
    env["decisions"] = SERVICE.decision_functions(env, CTX, seen=lambda name, _: seen.append(name))
    assert SERVICE.program("=decisions.who_may_ask().answer")(env, CTX) == "allowed"
    assert seen == ["who_may_ask"]


def test_an_expression_is_compiled_once_with_or_without_its_mark() -> None:
    assert SERVICE.program("=1 + 1") is SERVICE.program("=1 + 1")
    assert SERVICE.program("=1 + 1")({}, CTX) == SERVICE.program("1 + 1")({}, CTX) == 2


def test_an_act_has_the_built_in_messages_beside_its_own() -> None:
    act = SERVICE.act("copy")
    assert {message_id for message_id, _ in act.messages} == {
        "filed", "charge", "reminder", "returned", "decided", "asked", "money-held", "refund-sent", "refund-declined",
        "withdrawn", "tacit-withdrawal", "appeal-filed", "appeal-decided", "appeal-silence",
        "issued", "refused", "not-found",
    }  # fmt: skip
    assert act.message("refused", "en").legal
    assert act.message("issued", "fr").lang == "es"
    with pytest.raises(NotFound):
        act.message("nothing", "es")


@pytest.mark.parametrize("message_id", ["filed", "charge", "reminder", "returned", "decided"])
@pytest.mark.parametrize("lang", ["es", "en"])
def test_a_built_in_message_renders_with_what_every_case_has(message_id: str, lang: str) -> None:
    message = SERVICE.act("copy").message(message_id, lang)
    env = feel.to_feel(
        {
            "applicant": {"given_names": "Ana"},
            "charge": {"due": 18750},
            "decided": {"motivation": "Falta el poder."},
            "terms": {"appeal": {}},
        }
    ) | {
        "case": {"number": "2026-CRB-000123-7", "filed_on": date(2026, 3, 7), "received_on": date(2026, 3, 9)}
    }
    ctx = SERVICE.context(now=CTX.now, lang=lang)
    assert "2026-CRB-000123-7" in message.subject.render(env, ctx)
    body = message.body.render(env, ctx)
    assert "Ana" in body
    assert "{{" not in body
    if message_id == "filed":
        assert ("9 de marzo de 2026" if lang == "es" else "9 March 2026") in body or "March 9, 2026" in body


def test_an_act_that_offices_file_is_explained_to_people_who_cannot_start_it() -> None:
    birth = SERVICE.act("birth")
    assert birth.is_open
    assert not birth.spec.can_be_started_by("citizen")
    assert birth.spec.guide is not None
    assert "20 días calendario" in birth.spec.guide["es"]
    assert SERVICE.act("copy").is_open
