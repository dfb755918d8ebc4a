"""Entries and cases become rows, rows become released counts; what comes late replaces what it corrects."""

from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest
from tests.cases.case_builders import ENTRY, an_output, ana

from ruta.cases.play.world import World
from ruta.definitions.loader import read_folder
from ruta.definitions.selectors import current_version
from ruta.definitions.services import publish
from ruta.identity.actors import Actor
from ruta.kernel import clock
from ruta.kernel.errors import Conflict
from ruta.opendata import feeding, services
from ruta.opendata.models import CountedRow, Dataset
from ruta.opendata.selectors import dataset
from ruta.registers.imports import import_entries
from ruta.registers.models import Entry
from ruta.registers.services import annul_entry, supersede_entry

pytestmark = pytest.mark.django_db
FOLDER = read_folder(Path(__file__).parents[2] / "services" / "civil-registration")
BIRTHS = "civil-registration-births"
CLERK = Actor.system("clerk")


@pytest.fixture(autouse=True)
def _in_force() -> Iterator[None]:
    clock.set_clock(datetime(2026, 6, 10, 9))
    publish(FOLDER, in_force_from=date(2024, 1, 1))
    yield
    clock.set_clock(None)


def births(place: str, month: str, count: int, first: int, **more: Any) -> None:
    """`count` entries of births of a month, with serials and numbers from `first` on."""
    import_entries(
        "birth",
        [
            ENTRY
            | {"birth_place": place, "birth_date": f"{month}-05", "entry_date": f"{month}-20"}
            | {"serial": str(20_000_000 + first + at), "nuip": str(1_500_000_000 + first + at)}
            | {"sex": "FM"[at % 2]}
            | more
            for at in range(count)
        ],
        actor=CLERK,
    )


def told(**wanted: str) -> dict[tuple[str, str, str], int | str]:
    """What is published of the births: (period, place, sex) → the count, or why it is hidden."""
    return {
        (cell.period, cell.place, cell.category): cell.hidden or cell.count
        for cell in dataset(BIRTHS).cells(**wanted)
    }


def months_of_births() -> None:
    """Two places, each with births enough in March to be told apart by month."""
    births("15001", "2026-03", 40, 0)
    births("11001", "2026-03", 30, 100)


def test_births_are_told_by_month_place_and_sex() -> None:
    months_of_births()
    services.publish_all()
    assert told() == {
        ("2026-03", "*", "*"): 70,
        ("2026-03", "*", "F"): 35,
        ("2026-03", "*", "M"): 35,
        ("2026-03", "11001", "*"): 30,
        ("2026-03", "11001", "F"): 15,
        ("2026-03", "11001", "M"): 15,
        ("2026-03", "15001", "*"): 40,
        ("2026-03", "15001", "F"): 20,
        ("2026-03", "15001", "M"): 20,
    }


def test_a_second_night_changes_nothing() -> None:
    months_of_births()
    services.publish_all()
    assert not any(fed.changed or fed.why for fed in services.publish_all())
    assert Dataset.objects.get(name=BIRTHS).version == 1


def test_a_month_that_is_not_over_is_not_told() -> None:
    months_of_births()
    births("15001", "2026-06", 12, 300, entry_date="2026-06-08")
    services.publish_all()
    assert not told(period="2026-06")
    clock.set_clock(datetime(2026, 7, 1, 9))
    services.publish_all()
    assert told(period="2026-06")["2026-06", "*", "*"] == 12


def test_a_correction_that_comes_late_replaces_the_row() -> None:
    months_of_births()
    births("15001", "2026-02", 30, 200)
    services.publish_all()
    entry = Entry.objects.get(data__serial="20000200")
    supersede_entry(
        entry,
        entry.data | {"birth_place": "11001", "birth_date": "2026-03-05", "entry_date": "2026-03-20"},
        register="birth",
        actor=CLERK,
    )
    services.publish_all()
    assert told(period="2026-02")["2026-02", "15001", "*"] == 29
    assert told(period="2026-03")["2026-03", "11001", "*"] == 31
    assert CountedRow.objects.filter(dataset=BIRTHS, source=str(entry.entry_id)).count() == 1


def test_an_annulled_entry_is_counted_no_more() -> None:
    months_of_births()
    services.publish_all()
    annul_entry(Entry.objects.get(data__serial="20000000").entry_id, reason="sentencia", actor=CLERK)
    services.publish_all()
    assert told()["2026-03", "15001", "*"] == 39


def test_sealed_entries_are_not_counted() -> None:
    months_of_births()
    births("15001", "2026-03", 4, 400, reserved=True)
    services.publish_all()
    assert told()["2026-03", "15001", "*"] == 40


def test_few_births_of_a_place_are_hidden_and_stay_so_while_a_difference_would_tell() -> None:
    births("15001", "2026-03", 60, 0)
    births("11001", "2026-03", 60, 100)
    births("05001", "2026-03", 3, 200, sex="F")
    births("08001", "2026-03", 2, 300, sex="F")
    services.publish_all()
    assert told()["2026-03", "05001", "F"] == told()["2026-03", "05001", "*"] == "small"
    births("05001", "2026-03", 3, 400, sex="F")
    services.publish_all()
    assert told()["2026-03", "05001", "F"] == "protects"
    births("05001", "2026-03", 3, 500, sex="F")
    births("08001", "2026-03", 6, 600, sex="F")
    services.publish_all()
    assert told()["2026-03", "05001", "F"] == 9


def test_a_sparse_country_is_told_by_coarser_places_and_times() -> None:
    for month in range(1, 6):
        births("15001", f"2025-{month:02}", 3, month * 10)
        births("15759", f"2025-{month:02}", 3, month * 10 + 500)
    services.publish_all()
    assert Dataset.objects.get(name=BIRTHS).grain == "year"
    assert told()["2025", "15759", "*"] == 15


def test_with_few_rows_nothing_is_released() -> None:
    births("15001", "2026-03", 19, 0)
    services.publish_all()
    assert not told()
    assert not dataset(BIRTHS).is_released


def test_columns_once_published_are_kept_or_the_dataset_gets_another_name() -> None:
    services.publish_all()
    text = FOLDER.text("service.yaml").replace(
        "      sex:\n        is: category", "      gender:\n        is: category"
    )
    version = publish(FOLDER.replace("service.yaml", text), in_force_from=date(2026, 6, 1))
    (why,) = [fed.why for fed in services.publish_all() if fed.dataset == BIRTHS]
    assert "month, place, sex" in why
    assert version.number == 2
    assert Dataset.objects.get(name=BIRTHS).columns == ["month", "place", "sex"]


def test_no_day_and_no_number_of_a_person_is_kept_in_a_row() -> None:
    months_of_births()
    services.publish_all()
    row = CountedRow.objects.filter(dataset=BIRTHS).first()
    assert row is not None
    assert (row.month, row.places, row.category) == (date(2026, 3, 1), row.places, row.category)
    assert row.places in (["15001", "15"], ["11001", "11"])
    assert row.numbers == {}


def test_a_code_that_no_list_has_becomes_not_told() -> None:
    births("15001", "2026-03", 1, 0, sex="T")
    services.publish_all()
    assert CountedRow.objects.get(dataset=BIRTHS).category == feeding.UNKNOWN


def test_a_granted_copy_is_counted_and_its_row_outlives_the_erasure_of_the_case() -> None:
    with World("civil-registration").open() as world:
        output = an_output(world, ana(world))
        services.publish_all()
        row = CountedRow.objects.get(dataset="civil-registration-copies")
        assert (row.source, row.category) == (str(output.case_id), "copy")
        assert row.numbers == {"days": 0.0}
        feeding.forget(str(output.case_id))
    row.refresh_from_db()
    assert str(output.case_id) not in row.source


def test_the_same_name_cannot_be_fed_by_two_services() -> None:
    services.publish_all()
    Dataset.objects.filter(name=BIRTHS).update(service="another")
    version = current_version("civil-registration")
    declared = dataset(BIRTHS).declared
    with pytest.raises(Conflict, match="another"):
        feeding.feed(version, declared)
