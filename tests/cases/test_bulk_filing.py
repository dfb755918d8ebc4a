"""Many applications in one file: right lines are filed, wrong ones are told by column, and nothing is filed twice."""

import csv
import io
import json
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest
from procrastinate.contrib.django.models import ProcrastinateJob
from tests.api.api_builders import DEATH, Hospital, hospital_of
from tests.desk.desk_builders import Office, open_office
from tests.web import filling

from ruta.cases.bulk import jobs as bulk_jobs
from ruta.cases.bulk import reading, selectors, services, writing
from ruta.cases.models import Batch, BatchRow, Case
from ruta.identity import clients
from ruta.identity.actors import Actor
from ruta.identity.models import Official
from ruta.kernel import clock, jobs
from ruta.kernel.errors import Forbidden, Invalid, NotFound
from ruta.registers.services import open_range

pytestmark = pytest.mark.django_db
SERVICE, ACT = "civil-registration", "death"
PEOPLE = ("1020304050", "1020304051")


@pytest.fixture
def office(db: None) -> Iterator[Office]:
    clock.set_clock(datetime(2026, 3, 16, 10))
    with filling.registry() as world:
        office = open_office(world)
        open_range("death", "serial", first=150100001, last=150199999, office="1501-15001")
        yield office


def table(*rows: dict[str, str], delimiter: str = ";") -> bytes:
    out = io.StringIO()
    names = list(dict.fromkeys(name for row in rows for name in row))
    writer = csv.DictWriter(out, names, delimiter=delimiter)
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue().encode()


def death(serial: int, **more: str) -> dict[str, str]:
    """One right line; each names nobody, so that many may stand in one file."""
    told = {name: str(value) for name, value in DEATH.items() if name != "deceased_number"}
    return {**told, "identified": "unidentified", "certificate_number": f"7234{serial:04}", **more}


def sent(data: bytes, by: Actor, name: str = "muertes.csv") -> Batch:
    return services.receive(by, SERVICE, ACT, data, name=name, lang="es")


def worked(batch: Batch, by: Actor) -> Batch:
    services.confirm(batch, by)
    jobs.run_due()
    batch.refresh_from_db()
    return batch


def deaths() -> int:
    return Case.objects.filter(act=ACT).count()


def test_right_lines_are_filed_and_wrong_ones_are_told_by_column(office: Office) -> None:
    lines = [
        death(1),
        death(2, death_date="20/03/2026", known_on="20/03/2026"),
        death(3, certificate_number="7-2"),
        death(4, declarant_first_surname=""),
        death(5, death_date="14/3/2026", declarant_given_names="José Ángel"),
        {"situation": "TOTAL", "identified": "5"},
    ]
    batch = sent(table(*lines), office.clara)
    assert [(each.line, [p.check for p in each.problems]) for each in selectors.preview(batch)] == [
        (2, []), (3, ["in-future", "known-in-future"]), (4, ["pattern"]), (5, ["required"]), (6, []), (7, ["total-row"]),
    ]  # fmt: skip
    assert deaths() == 0  # nothing is filed until it is confirmed
    batch = worked(batch, office.clara)
    told = selectors.counts(batch)
    assert (batch.status, told.filed, told.refused, told.waiting, deaths()) == ("done", 2, 4, 0, 2)
    case = Case.objects.get(number=BatchRow.objects.get(batch=batch, line=6).number)
    assert (case.channel, case.filed_by_id) == ("desk", office.clara.official_id)
    assert case.form["declarant_given_names"] == "José Ángel" and case.form["death_date"] == "2026-03-14"
    answers = list(
        csv.reader(io.StringIO("".join(writing.as_csv(batch, "en")).lstrip("\ufeff")), delimiter=";")
    )
    assert answers[2][:6] == ["3", "", "not filed", "", "death_date", "in-future"]
    assert [line[2] for line in answers[1:]].count("filed") == 2
    told = [json.loads(line) for line in writing.as_ndjson(batch, "es")]
    assert told[3]["problems"][0]["pointer"] == "/declarant_first_surname"
    assert BatchRow.objects.get(batch=batch, line=6).typed == {}  # the case holds it now
    assert BatchRow.objects.get(batch=batch, line=3).typed["certificate_number"] == "72340002"


def test_the_same_file_twice_files_nothing_twice_and_a_key_names_a_line(office: Office) -> None:
    data = table(death(1, _key="A-1"), death(2, _key="A-2"), death(3))
    first = worked(sent(data, office.clara), office.clara)
    again = worked(sent(data, office.edgar), office.edgar)  # a colleague of the same office
    assert (deaths(), selectors.counts(first).filed, selectors.counts(again).known) == (3, 3, 3)
    numbers = [
        list(BatchRow.objects.filter(batch=each).values_list("number", flat=True)) for each in (first, again)
    ]
    assert numbers[0] == numbers[1]
    changed = worked(sent(table(death(9, _key="A-1")), office.clara), office.clara)
    (row,) = selectors.refused(changed, limit=5)
    assert (row.problems[0]["check"], deaths()) == ("key-reused", 3)


@pytest.mark.parametrize("stops_at", [1, 2])
def test_stopped_anywhere_it_goes_on_where_it_stopped(
    office: Office, monkeypatch: pytest.MonkeyPatch, stops_at: int
) -> None:
    monkeypatch.setattr(services, "GROUP", 2)
    batch = sent(table(*(death(serial) for serial in range(1, 6))), office.clara)
    services.confirm(batch, office.clara)
    settle, settled = services._settle, []

    def stop(row: BatchRow, found: Any) -> None:
        settled.append(row.line)
        if len(settled) == stops_at + 2:
            raise KeyboardInterrupt
        settle(row, found)

    monkeypatch.setattr(services, "_settle", stop)
    with pytest.raises(KeyboardInterrupt):
        services.file_lines(batch.pk, 2, 6)
    assert (
        deaths() == selectors.counts(batch).filed == 2
    )  # a whole group, and never a line without its answer
    monkeypatch.setattr(services, "_settle", settle)
    clock.set_clock(datetime(2026, 3, 16, 10, 5))
    bulk_jobs.go_on()
    taken_up = ProcrastinateJob.objects.filter(task_name="cases.file-lines").latest("id")
    bulk_jobs.file_lines(**taken_up.args)
    batch.refresh_from_db()
    assert (batch.status, deaths(), selectors.counts(batch).filed) == ("done", 5, 5)
    assert taken_up.args["first"] == 4


def test_what_fails_within_one_line_stops_no_other(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    from ruta.cases import sent as sending

    file = sending.file

    def fail(ready: Any) -> Case:
        case = file(ready)
        if ready.judged.values["certificate_number"].endswith("2"):
            raise ZeroDivisionError("a fault of ours, after the case was written")
        return case

    monkeypatch.setattr(sending, "file", fail)
    batch = worked(sent(table(death(1), death(2), death(3)), office.clara), office.clara)
    assert (selectors.counts(batch).filed, selectors.counts(batch).refused, deaths()) == (2, 1, 2)
    assert selectors.refused(batch, limit=1)[0].problems[0]["check"] == "fault"


@pytest.mark.parametrize(
    ("data", "checks"),
    [
        (b"", {"empty"}),
        (table(death(1)).splitlines()[0], {"empty"}),
        (b"PK\x03\x04 a book", {"spreadsheet"}),
        (table({"situacion": "body", **death(1)}), {"column-unknown"}),
        (table({name: value for name, value in death(1).items() if name != "office"}), {"column-missing"}),
        (table(death(1)).replace(b"certificate_number", b"death_date"), {"column-twice"}),
    ],
    ids=["nothing", "only a header", "book", "unknown", "missing", "twice"],
)
def test_a_file_that_cannot_be_read_is_refused_whole_with_each_fault(
    office: Office, data: bytes, checks: set[str]
) -> None:
    with pytest.raises(Invalid) as wrong:
        sent(data, office.clara)
    assert {problem.check for problem in wrong.value.problems} == checks
    assert not Batch.objects.exists()


@pytest.mark.parametrize(
    "data",
    [
        table(death(1, declarant_given_names="Íñigo"), delimiter=","),
        b"\xef\xbb\xbf" + table(death(1, declarant_given_names="Íñigo")),
        table(death(1, declarant_given_names="Íñigo")).decode().encode("latin-1"),
        table(death(1, declarant_given_names="Íñigo"), delimiter="\t").decode().encode("utf-16"),
        json.dumps(death(1, declarant_given_names="Íñigo")).encode() + b"\n\n",
    ],
    ids=["comma", "mark of UTF-8", "Latin-1", "tabs in UTF-16", "NDJSON"],
)
def test_every_way_in_which_spreadsheets_write_is_read(office: Office, data: bytes) -> None:
    batch = worked(sent(data, office.clara), office.clara)
    assert Case.objects.get(act=ACT).form["declarant_given_names"] == "Íñigo"
    assert selectors.counts(batch).filed == 1


def test_no_answer_begins_a_formula_and_the_template_has_every_column(office: Office) -> None:
    batch = worked(sent(table(death(1, _key="=cmd|'/c calc'!A0")), office.clara), office.clara)
    given = "".join(writing.as_csv(batch, "es"))
    assert "'=cmd" in given and ";=cmd" not in given
    head = writing.template(selectors.form_of(batch)).lstrip("\ufeff").strip().split(";")
    assert head[:2] == ["_key", "situation"] and set(death(1)) <= set(head)


def test_who_may_not_file_sends_nothing_and_whose_post_ends_files_nothing(office: Office) -> None:
    with pytest.raises(Forbidden):
        sent(table(death(1)), office.luis)
    with pytest.raises(Forbidden):
        services.receive(office.clara, SERVICE, "copy", table(death(1)), name="x", lang="es")
    batch = sent(table(death(1)), office.clara)
    with pytest.raises(NotFound):
        selectors.find(batch.pk, office.edgar)
    with pytest.raises(NotFound):
        services.confirm(batch, office.edgar)
    services.confirm(batch, office.clara)
    Official.objects.filter(pk=batch.posting_id).update(active=False)
    jobs.run_due()
    assert (selectors.refused(batch, limit=1)[0].problems[0]["check"], deaths()) == ("posting-over", 0)


def test_a_file_is_forgotten_after_thirty_days_and_its_cases_stay(office: Office) -> None:
    worked(sent(table(death(1), death(2, death_date="x")), office.clara), office.clara)
    clock.set_clock(clock.now() + timedelta(days=31))
    bulk_jobs.drop_old()
    assert (Batch.objects.count(), BatchRow.objects.count(), deaths()) == (0, 0, 1)


def test_a_systems_file_is_for_its_office_and_ends_with_its_key(office: Office) -> None:
    hospital: Hospital = hospital_of(office)
    first = worked(sent(table(death(1)), hospital.actor), hospital.actor)
    assert Case.objects.get(act=ACT).client_id == hospital.client.pk
    actor = hospital.actor
    second = sent(table(death(2)), actor)
    services.confirm(second, actor)
    clients.revoke_client(hospital.client.pk)
    jobs.run_due()
    assert (selectors.counts(first).filed, selectors.counts(second).refused, deaths()) == (1, 1, 1)


def test_decimal_commas_lists_and_groups_are_columns(office: Office) -> None:
    from ruta.engine import forms

    form = forms.load(
        {
            "type": "object",
            "required": ["area"],
            "properties": {
                "area": {"type": "number", "x-ui": {"label": {"es": "Área", "en": "Area"}}},
                "uses": {
                    "type": "array",
                    "items": {"type": "string"},
                    "x-ui": {"label": {"es": "Usos", "en": "Uses"}, "widget": "lines"},
                },
                "owner": {
                    "type": "object",
                    "properties": {
                        "name": {"type": "string", "x-ui": {"label": {"es": "Nombre", "en": "Name"}}}
                    },
                    "x-ui": {"label": {"es": "Dueño", "en": "Owner"}, "widget": "group"},
                },
            },
            "x-ui": {
                "pages": [
                    {"id": "all", "title": {"es": "Todo", "en": "All"}, "fields": ["area", "uses", "owner"]}
                ]
            },
        }
    )
    data = b"area;uses;owner.name\n1.234,5;a | b;'=Ana\n"
    (line,) = reading.read(data, form, ndjson=False).lines
    assert line.typed == {"area": "1.234,5", "uses": ["a", "b"], "owner": {"name": "=Ana"}}
    assert forms.parse(form, line.typed).values["area"] == 1234.5
