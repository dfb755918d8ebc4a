"""When the years are over a case is transferred or erased, by an act; its history still proves what happened."""

import io
import shutil
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client
from ruamel.yaml import YAML
from tests.cases.case_builders import a_case, an_output, ana
from tests.documents.test_uploads import a_pdf
from tests.standing import SERVICES
from tests.web import filling
from typer.testing import CliRunner

from ruta.cases import efile, erasure, forgetting, retention, sealing
from ruta.cases.drafts import services as drafts
from ruta.cases.models import Case, CaseEvent, Disposal, Draft
from ruta.cases.play.world import World
from ruta.cases.services import withdraw
from ruta.config.cli import loaded
from ruta.config.officials import official
from ruta.definitions.loader import read_folder
from ruta.definitions.services import publish
from ruta.documents import efile as zips
from ruta.documents import keys, services, statements, store
from ruta.documents.models import CaseDocument, Output
from ruta.identity.actors import Actor
from ruta.identity.models import Account, Person, PersonDocument
from ruta.interop.models import Telling
from ruta.kernel import canonical, clock
from ruta.kernel.errors import Conflict, Forbidden, Invalid, NotFound
from ruta.notifications.models import Message
from ruta.registers.models import Entry

pytestmark = pytest.mark.django_db
RUN = CliRunner()
OVER = date(2027, 7, 1)
NAMES = ("1020304050", "ana@", "Soporte-de-Ana")


def _country(tmp_path: Path, then: str) -> None:
    """The civil registry of a year's retention."""
    folder = tmp_path / "services" / "civil-registration"
    shutil.copytree(SERVICES / "civil-registration", folder)
    yaml, path = YAML(), folder / "service.yaml"
    told = yaml.load(path.read_text())
    told["retention"] = {"years": 1, "then": then, "law": told["retention"]["law"]}
    with path.open("w") as file:
        yaml.dump(told, file)
    publish(read_folder(folder, shared=SERVICES / "shared"), in_force_from=date(2024, 1, 1))


@pytest.fixture
def kept(db: None, tmp_path: Path, settings: object, request: pytest.FixtureRequest) -> Iterator[World]:
    """A home of its own, and the registry; `request.param` is what follows the year (delete)."""
    settings.HOME = tmp_path  # type: ignore[attr-defined]
    settings.ARCHIVE_DIR = tmp_path / "archive"  # type: ignore[attr-defined]
    _country(tmp_path, getattr(request, "param", "delete"))
    with World("civil-registration").open() as world:
        yield world


def closed_case(world: World) -> Case:
    """A copy issued to Ana, with a paper of hers, closed in 2026; its document was revoked since."""
    applicant = ana(world)
    output = an_output(world, applicant)
    blob = services.store_upload(
        io.BytesIO(a_pdf(pages=2)), accept=["application/pdf"], max_mb=1, by=applicant
    )
    services.add_document(
        output.case_number,
        blob=blob,
        name="Soporte-de-Ana.pdf",
        document_type="Soporte",
        added_by=applicant.ref,
    )
    clock.set_clock(date(2026, 6, 1))  # at once: what happens by the clock meanwhile happens now
    world.move_to(date(2026, 6, 1))
    case = Case.objects.get(id=output.case_id)
    assert case.status == "closed"
    return case


def approved(today: date) -> None:
    retention.list_due(today)
    retention.approve(act="Acta 7 de 2027", by=Actor.system("test"))


def everywhere(text: str) -> list[str]:
    """The tables of the rooms that erase in which the text stands, whatever the column."""
    found = []
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            if table.partition("_")[0] in ("cases", "documents", "notifications", "interop"):
                cursor.execute(f"SELECT count(*) FROM {table} t WHERE t::text ILIKE %s", [f"%{text}%"])
                if cursor.fetchone()[0]:
                    found.append(table)
    return found


@pytest.mark.parametrize(
    ("closed", "years", "first"),
    [
        (date(2026, 3, 10), 2, date(2028, 3, 11)),
        (date(2024, 2, 29), 1, date(2025, 3, 1)),
        (date(2026, 6, 1), 0, date(2026, 6, 2)),
    ],
)
def test_the_years_are_over_the_day_after_they_end(closed: date, years: int, first: date) -> None:
    assert retention.over_on(closed, years) == first
    assert retention.last_closing(first, years) == closed
    assert retention.last_closing(first - timedelta(days=1), years) < closed


def test_a_deletion_waits_for_the_act_and_for_the_sixty_days_and_then_leaves_no_personal_data(
    kept: World, django_capture_on_commit_callbacks: object
) -> None:
    case = closed_case(kept)
    output = Output.objects.get(case_number=case.number)
    services.set_output_state(output.code, "revoked", "Se anuló el asiento.")
    entries = list(Entry.objects.values_list("id", "data"))
    leaves = {leaf.sha256: leaf.order for leaf in CaseDocument.objects.filter(case_number=case.number)}
    shared = CaseDocument.objects.get(name="Soporte-de-Ana.pdf")
    services.add_document(
        "2026-CRB-000999-1", blob=shared.blob, name="x.pdf", document_type="x", added_by="system:x"
    )
    assert everywhere("1020304050")

    closed = clock.local_date(case.closed_at) if case.closed_at else OVER
    assert retention.list_due(retention.over_on(closed, 1) - timedelta(days=1)) == 0
    approved(OVER)
    assert retention.list_due(OVER) == 0
    with clock.moved(OVER):
        assert retention.carry_out(OVER) == (0, [])
        (waits,) = retention.waiting(OVER)
        assert waits.why == "the list is published until 2027-08-30"
    published = OVER + retention.PUBLISHED_FOR
    with clock.moved(published), django_capture_on_commit_callbacks(execute=True):  # type: ignore[operator]
        assert retention.carry_out(published) == (1, [])
        assert retention.carry_out(published) == (0, [])

    case.refresh_from_db()
    assert case.erased_at is not None
    assert [name for name in NAMES if everywhere(name)] == []
    assert list(Entry.objects.values_list("id", "data")) == entries
    gone = CaseEvent.objects.get(case_id=case.id, type="erased").public
    assert gone["documents"] == sorted(leaves.values())
    assert [store.path_of(digest).exists() for digest in leaves] == [
        digest == shared.sha256 for digest in leaves
    ]
    assert sealing.verify() is None
    sealing.seal_heads()
    assert sealing.verify() is None
    _pages_say_so(kept, case, output)


def _pages_say_so(world: World, case: Case, output: Output) -> None:
    """Every page of an erased case opens, says that it was erased, and holds nothing of the person's data."""
    citizen = filling.signed_in(world.actors["ana"])
    clerk = filling.signed_in(world.person("rosa", {"role": "registrar", "office": "1501-15001"}))
    letter = Message.objects.filter(case_number=case.number, person_id=case.applicant_id).first()
    said = {
        (citizen, f"/mis-tramites/{case.number}/"): "se borraron el",
        (citizen, f"/mis-tramites/{case.number}/expediente/"): "Borrado por ley",
        (citizen, f"/mensajes/{letter.pk if letter else ''}/"): "El texto se borró",
        (citizen, "/mensajes/"): "Mensaje borrado por ley",
        (citizen, "/carpeta/"): output.code,
        (clerk, f"/escritorio/expedientes/{case.number}/"): "se borraron el",
        (clerk, f"/escritorio/expedientes/{case.number}/expediente/"): "Borrado por ley",
        (citizen, f"/thread/{output.code}"): "se borró por ley",
        (Client(), f"/v/{output.code}"): output.code,
    }
    for (client, path), words in said.items():
        answer = client.get(path)
        page = answer.content.decode()
        assert (path, answer.status_code, words in page) == (path, 200, True)
        assert (path, "Soporte-de-Ana" in page) == (path, False)
    for client, path in (
        (citizen, f"/carpeta/{output.code}/descargar/"),
        (clerk, f"/escritorio/expedientes/{case.number}/resultados/{output.code}/"),
        (clerk, f"/escritorio/expedientes/{case.number}/documentos/1/"),
        (clerk, f"/escritorio/expedientes/{case.number}/documentos/1/vista.png"),
    ):
        assert (path, client.get(path).status_code) == (path, 404)
    for query in ("Ana", "1020304050", "Rojas"):
        assert case.number not in clerk.get("/escritorio/buscar/", {"q": query}).content.decode()
    held = b"".join(efile.open_file(case.number, Actor.system("test")).hand_over())
    path = Path(settings.HOME) / "erased.zip"
    path.write_bytes(held)
    assert zips.verify(path, trusted=keys.issued_certificates()).whole
    assert b"1020304050" not in held


def test_a_document_that_still_stands_is_left_to_its_holder(
    kept: World, django_capture_on_commit_callbacks: object
) -> None:
    case = closed_case(kept)
    output = Output.objects.get(case_number=case.number)
    _refused_while_an_agency_is_to_be_told(case)
    with django_capture_on_commit_callbacks(execute=True):  # type: ignore[operator]
        erasure.erase_case(erasure.locked(case.id), actor=retention.BY, reason="retention", law="x")
    output.refresh_from_db()
    assert (output.data, bool(output.public)) == (None, True)
    citizen = filling.signed_in(kept.actors["ana"])
    assert citizen.get(f"/carpeta/{output.code}/descargar/").status_code == 200
    assert sealing.verify() is None


def _refused_while_an_agency_is_to_be_told(case: Case) -> None:
    waits = Telling.objects.create(
        case_id=case.id,
        case_number=case.number,
        token=99,
        receiver="x",
        title={},
        service="x",
        since=clock.now(),
    )
    with pytest.raises(Conflict, match="has not answered"):
        erasure.erase_case(case, actor=retention.BY, reason="retention", law="x")
    waits.delete()


def test_a_case_that_is_not_over_is_not_erased(kept: World) -> None:
    case = a_case(kept, ana(kept))
    with pytest.raises(Conflict, match="not closed"):
        erasure.erase_case(case, actor=retention.BY, reason="retention", law="x")


@pytest.mark.parametrize("kept", ["transfer"], indirect=True)
def test_a_transfer_is_archived_and_checked_before_anything_is_erased(kept: World, tmp_path: Path) -> None:
    case = closed_case(kept)
    with clock.moved(OVER):
        dry = RUN.invoke(loaded(), ["retention", "run", "--dry-run"])
        assert f"{case.number}  would be listed: transfer since 2027-" in dry.output
        assert not Disposal.objects.exists()
        listed = RUN.invoke(loaded(), ["retention", "list"])
        assert "the archive committee has not approved it" in listed.output
        approved(OVER)
        assert "would be transferred" in RUN.invoke(loaded(), ["retention", "run", "--dry-run"]).output
        ran = RUN.invoke(loaded(), ["retention", "run"])
        assert (ran.exit_code, ran.output) == (0, "0 listed, 1 carried out, 0 failed\n")
    archived = tmp_path / "archive" / "civil-registration" / f"{case.number}.zip"
    report = zips.verify(archived, trusted=keys.issued_certificates())
    assert report.whole
    assert b"1020304050" in archived.read_bytes()
    receipt = dict(Disposal.objects.get(case=case).receipt)
    signature = statements.Signature(receipt.pop("signature"), receipt.pop("key_id"))
    assert statements.is_ours(canonical.dumps(receipt), signature)
    told = CaseEvent.objects.get(case_id=case.id, type="transferred").public
    assert (told["sha256"], told["act"]) == (receipt["sha256"], "Acta 7 de 2027")
    case.refresh_from_db()
    assert case.erased_at is not None
    assert sealing.verify() is None


@pytest.mark.parametrize("kept", ["transfer"], indirect=True)
def test_a_transfer_that_fails_erases_nothing_and_is_told(
    kept: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    case = closed_case(kept)
    approved(OVER)
    store.path_of(CaseDocument.objects.get(name="Soporte-de-Ana.pdf").sha256).unlink()
    with clock.moved(OVER):
        done, ((number, why),) = retention.carry_out(OVER)
    assert (done, number) == (0, case.number)
    assert "not in the store" in why
    case.refresh_from_db()
    assert case.erased_at is None
    assert case.form


@pytest.fixture
def officials(kept: World) -> tuple[str, str]:
    """The e-mails of two people of the office."""
    people = [kept.person(name, {"role": "registrar", "office": "1501-15001"}) for name in ("rosa", "clara")]
    return tuple(Account.objects.get(pk=each.account_id).email for each in people)  # type: ignore[return-value]


ASKED = "Carta de la titular del 2 de julio de 2027"


def test_erasure_on_request_is_refused_with_the_law_while_there_is_a_duty_to_keep(
    kept: World, officials: tuple[str, str]
) -> None:
    case = closed_case(kept)
    rosa = kept.actors["rosa"]
    person = Person.objects.get(id=case.applicant_id)
    with pytest.raises(Conflict, match=r"duty to keep it .*1377.*" + case.number):
        forgetting.ask(person, reason=ASKED, by=rosa)
    with pytest.raises(Forbidden):
        forgetting.ask(person, reason=ASKED, by=kept.actors["ana"])
    with clock.moved(OVER), pytest.raises(Invalid):
        forgetting.ask(person, reason="porque sí", by=rosa)
    shown = RUN.invoke(loaded(), ["erasure", "show", "CC", "1020304050"])
    assert f"keep   case {case.number}" in shown.output
    refused = RUN.invoke(
        loaded(), ["erasure", "ask", "CC", "1020304050", "--reason", ASKED, "--by", officials[0]]
    )
    assert isinstance(refused.exception, Conflict)


def test_a_person_is_erased_on_request_when_another_official_approves(
    kept: World, officials: tuple[str, str], django_capture_on_commit_callbacks: object
) -> None:
    case = closed_case(kept)
    applicant = kept.actors["ana"]
    drafts.start_draft(applicant, "civil-registration", "copy")
    services.store_upload(io.BytesIO(a_pdf(pages=4)), accept=["application/pdf"], max_mb=1, by=applicant)
    services.set_output_state(Output.objects.get(case_number=case.number).code, "revoked", "x")
    asks = ["erasure", "ask", "CC", "1020304050", "--reason", ASKED, "--by", officials[0]]
    with clock.moved(OVER), django_capture_on_commit_callbacks(execute=True):  # type: ignore[operator]
        request = RUN.invoke(loaded(), asks).output.split()[0]
        assert "waiting" in RUN.invoke(loaded(), ["erasure", "list"]).output
        own = RUN.invoke(loaded(), ["erasure", "approve", request, "--by", officials[0]])
        assert isinstance(own.exception, Forbidden)
        done = RUN.invoke(loaded(), ["erasure", "approve", request, "--by", officials[1]])
        assert (done.exit_code, done.output) == (0, "erased 1 cases, 1 drafts, the person\n")
    assert [name for name in NAMES if everywhere(name)] == []
    assert not PersonDocument.objects.filter(number="1020304050").exists()
    assert not Account.objects.get(pk=applicant.account_id).is_active
    assert not Draft.objects.filter(case_id=None).exists()
    assert Case.objects.get(id=case.id).applicant_name == ""
    assert sealing.verify() is None
    with pytest.raises(NotFound):
        official("ana@example.co")


def test_what_is_open_stays_and_the_rest_goes(kept: World, officials: tuple[str, str]) -> None:
    closed = closed_case(kept)
    open_ = a_case(kept, kept.actors["ana"], key="again")
    rosa, clara = kept.actors["rosa"], kept.actors["clara"]
    with clock.moved(OVER):
        request = forgetting.ask(Person.objects.get(id=closed.applicant_id), reason=ASKED, by=rosa)
        told = forgetting.decide(request.id, by=clara, approved=True).result
    assert (told["erased"], [each["case"] for each in told["kept"]]) == ([closed.number], [open_.number])
    assert not told["person"]
    open_.refresh_from_db()
    assert open_.applicant_name
    withdraw(open_, actor=kept.actors["ana"])
