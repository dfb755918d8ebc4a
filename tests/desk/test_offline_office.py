"""An office without a network: a block of numbers, what comes back, and what a person settles."""

from datetime import date, datetime, timedelta
from typing import Any

import pytest
from tests.desk.desk_builders import Office, task_of

from ruta.cases import perms, services
from ruta.cases.drafts import services as drafts
from ruta.cases.models import Case, CaseEvent, OfflineFiling, OfflineKit
from ruta.cases.offline import kits, selectors, settling
from ruta.cases.offline.receiving import Sent, receive
from ruta.kernel import clock
from ruta.kernel.errors import Forbidden, Invalid, NotFound
from ruta.registers.models import Entry, NumberBlock, Reservation
from ruta.registers.services import open_range, reserve_number

pytestmark = pytest.mark.django_db
DEATH: dict[str, Any] = {
    "situation": "body", "identified": "number", "deceased_number": "1020304050",
    "death_date": "14/03/2026", "death_place": "15001", "cause_type": "natural", "known_on": "15/03/2026",
    "certificate_number": "72345678", "relation": "spouse", "purpose": "pension", "declarant_type": "CC",
    "declarant_number": "40023114", "declarant_given_names": "Rosa", "declarant_first_surname": "Pérez",
}  # fmt: skip
UNKNOWN = DEATH | {"deceased_number": "1020304051", "certificate_number": "72345679"}
GRANT = {"outcome": "grant", "motivation": "Certificado 72345678; Decreto-Ley 1260 de 1970, artículo 73."}
TUNJA = "1501-15001"


@pytest.fixture
def kit(office: Office) -> OfflineKit:
    """Clara's device on Monday 16 March, for fifteen days."""
    open_range("death", "serial", first=150100001, last=150100100, office=TUNJA)
    return taken(office)


def taken(office: Office, device: str = "Portátil de la brigada") -> OfflineKit:
    return kits.take_kit(office.clara, "civil-registration", "death", device=device, lang="es")


def sent(answers: dict[str, Any] = DEATH, day: str = "2026-03-16", clock_: str = "2031-01-01T00:00") -> Sent:
    return Sent(answers, day, clock_)


def serials(kit: OfflineKit) -> list[str]:
    return [told["number"] for line in kit.lines.order_by("line") for told in line.numbers]


def test_an_office_takes_a_block_and_what_it_files_has_the_number_of_the_paper(
    office: Office, kit: OfflineKit
) -> None:
    assert serials(kit) == [str(number) for number in range(150100001, 150100021)]
    assert kit.until == date(2026, 3, 31) and kit.lines.count() == 20 + kits.SPARE
    with clock.moved(datetime(2026, 3, 24, 9)):  # eight days later: nobody is late, the office had it in time
        row = receive(kit.pk, 2, sent(), actor=office.clara)
        assert row.status == "filed" and row.typed == {}, row.problems
        case = Case.objects.get(pk=row.case_id)
        assert (clock.local_date(case.filed_at), case.received_on) == (date(2026, 3, 16), date(2026, 3, 16))
        assert case.form["office"] == TUNJA
        told = CaseEvent.objects.get(case_id=case.pk, type="filed-offline")
        assert told.public == {"acted_on": "2026-03-16", "device_at": "2031-01-01T00:00", "line": 2}
        assert reserve_number("death", "serial", office=TUNJA, until=clock.now()) == ("150100021",)
        services.complete(task_of(case).id, actor=office.edgar, typed=GRANT)
        office.world.settle()
    assert Entry.objects.get(register="death").data["serial"] == "150100002"


def test_the_same_line_sent_again_is_one_case_and_other_content_waits_for_a_person(
    office: Office, kit: OfflineKit
) -> None:
    first = receive(kit.pk, 1, sent(), actor=office.clara)
    assert receive(kit.pk, 1, sent(), actor=office.clara).case_id == first.case_id
    assert Case.objects.count() == 1
    other = receive(kit.pk, 1, sent(UNKNOWN), actor=office.clara)
    assert (other.status, other.copy, other.code, other.numbers) == ("unresolved", 1, None, [])
    assert other.problems[0]["check"] == "offline-line-taken"
    assert receive(kit.pk, 1, sent(UNKNOWN), actor=office.clara).pk == other.pk
    with pytest.raises(NotFound):
        receive(kit.pk, 999, sent(), actor=office.clara)
    with pytest.raises(NotFound):
        receive(kit.pk, 1, sent(), actor=office.edgar)  # another account does not know the PIN


def test_what_is_refused_is_corrected_by_a_colleague_and_keeps_its_number(
    office: Office, kit: OfflineKit
) -> None:
    row = receive(kit.pk, 1, sent(UNKNOWN), actor=office.clara)
    assert [told["check"] for told in row.problems] == ["unknown-deceased"] and row.typed == UNKNOWN
    assert list(selectors.to_settle(office.edgar)) == [row]
    draft = settling.correct(row.pk, actor=office.edgar, acted_on=date(2026, 3, 16))
    assert draft.typed["deceased_number"] == "1020304051" and draft.typed["office"] == TUNJA
    drafts.save_page(
        draft, "deceased", {"deceased_number": "1020304050"}, draft.revision, office.edgar, leaving=False
    )
    draft.refresh_from_db()
    case = drafts.file_draft(draft, office.edgar)
    row.refresh_from_db()
    assert (row.status, row.case_id, row.settled_by) == ("filed", case.pk, office.edgar.ref)
    assert Reservation.objects.get(case_number=case.number).number == 150100001
    # Clara took it, Édgar filed it: neither signs.
    assert perms.prepared_by(office.clara, task_of(case)) and perms.prepared_by(office.edgar, task_of(case))


def test_the_same_death_twice_waits_for_a_person_who_discards_it_and_its_number_is_void(
    office: Office, kit: OfflineKit
) -> None:
    case = Case.objects.get(pk=receive(kit.pk, 1, sent(), actor=office.clara).case_id)
    again = receive(taken(office, "Tableta").pk, 1, sent(), actor=office.clara)
    assert again.status == "unresolved" and case.number in again.problems[0]["say"]["es"]
    with pytest.raises(Invalid, match="Reason"):
        settling.discard(again.pk, actor=office.edgar, reason=" ")
    settling.discard(again.pk, actor=office.edgar, reason="El mismo fallecido")
    void = Reservation.objects.get(number=150100021)
    assert void.voided_at and void.void_reason == "El mismo fallecido"
    again.refresh_from_db()
    assert (again.status, again.typed, again.reason) == ("discarded", {}, "El mismo fallecido")
    with pytest.raises(NotFound):
        settling.file_as_it_is(again.pk, actor=office.edgar, acted_on=date(2026, 3, 16))


@pytest.mark.parametrize("day", ["2026-03-15", "2026-03-17", "2031-01-01", "ayer"])
def test_a_day_before_the_kit_or_ahead_is_set_right_by_a_person(
    office: Office, kit: OfflineKit, day: str
) -> None:
    row = receive(kit.pk, 1, sent(day=day), actor=office.clara)
    assert [told["check"] for told in row.problems] == ["offline-day"]
    with pytest.raises(Invalid, match="Day of the act"):
        settling.file_as_it_is(row.pk, actor=office.clara, acted_on=None)
    assert settling.file_as_it_is(row.pk, actor=office.clara, acted_on=date(2026, 3, 16)).status == "filed"


def test_a_line_beyond_the_block_gets_its_number_on_return(office: Office, kit: OfflineKit) -> None:
    row = receive(kit.pk, 21, sent(), actor=office.clara)
    assert row.status == "filed" and row.numbers == []
    services.complete(task_of(Case.objects.get()).id, actor=office.edgar, typed=GRANT)
    assert Entry.objects.get(register="death").data["serial"] == "150100021"


def test_a_lost_device_is_ended_and_what_it_sends_later_is_filed_with_a_new_number(
    office: Office, kit: OfflineKit
) -> None:
    kits.end_kit(kit.pk, actor=office.edgar, reason="Lo robaron en la vereda")
    assert not Reservation.objects.filter(voided_at=None).exists()
    assert NumberBlock.objects.get().ended_at is not None
    row = receive(kit.pk, 1, sent(), actor=office.clara)
    assert [told["check"] for told in row.problems] == ["offline-number-lost"]
    row = settling.file_as_it_is(row.pk, actor=office.edgar, acted_on=date(2026, 3, 16))
    assert row.status == "filed", row.problems
    third = office.world.person("rita", {"role": "registrar", "office": TUNJA})
    services.complete(task_of(Case.objects.get()).id, actor=third, typed=GRANT)
    assert Entry.objects.get(register="death").data["serial"] == "150100021"


def test_what_waits_for_a_person_keeps_its_number_when_the_kit_ends(office: Office, kit: OfflineKit) -> None:
    receive(kit.pk, 1, sent(UNKNOWN), actor=office.clara)
    kits.end_kit(kit.pk, actor=office.clara, reason="Volvimos")
    assert [row.number for row in Reservation.objects.filter(voided_at=None)] == [150100001]


def test_who_may_not_file_takes_nothing_and_sees_nothing_of_it(office: Office, kit: OfflineKit) -> None:
    receive(kit.pk, 1, sent(UNKNOWN), actor=office.clara)
    with pytest.raises(Forbidden):
        kits.take_kit(office.beatriz, "civil-registration", "death", device="x", lang="es")
    with pytest.raises(Invalid, match="Device"):
        taken(office, " ")
    cali = office.world.person("yuliana", {"role": "registrar", "office": "7601-76001"})
    for other in (office.beatriz, cali, office.luis):
        assert not selectors.visible_to(other).exists() and not selectors.to_settle(other).exists()
    with pytest.raises(NotFound):
        kits.end_kit(kit.pk, actor=cali, reason="No es mío")


def test_a_number_held_by_a_device_is_nobody_elses_also_after_its_day(
    office: Office, kit: OfflineKit
) -> None:
    with clock.moved(clock.now() + timedelta(days=400)):
        until = clock.now() + timedelta(days=1)
        assert reserve_number("death", "serial", office=TUNJA, until=until) == ("150100021",)
    assert OfflineFiling.objects.filter(status="blank").count() == 20 + kits.SPARE
