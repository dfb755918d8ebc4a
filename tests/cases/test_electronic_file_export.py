"""The electronic file as one ZIP: what is in it for whom, and that any change of it is named."""

import contextlib
import io
import json
import os
import subprocess
import sys
import zipfile
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import jsonschema_rs
import pytest
from cryptography import x509
from django.conf import settings
from hypothesis import given
from hypothesis import settings as hypothesis
from hypothesis import strategies as st
from tests.cases.case_builders import an_output, ana
from tests.documents.test_uploads import a_pdf
from typer.testing import CliRunner

from ruta.cases import efile
from ruta.cases.models import Case
from ruta.cases.play.world import World
from ruta.config.cli import loaded
from ruta.documents import keys, services, store
from ruta.documents.efile import NotAnElectronicFile, Report, verify
from ruta.documents.efile.index import path_of_leaf, schema
from ruta.documents.models import CaseDocument
from ruta.identity.actors import Actor
from ruta.kernel import clock
from ruta.kernel.errors import Forbidden, NotFound, Unavailable
from ruta.kernel.identifiers import case_number
from ruta.kernel.models import AccessRead

pytestmark = pytest.mark.django_db
OPERATOR = Actor.system("operator")


@pytest.fixture
def applicant(world: World) -> Actor:
    return ana(world)


@pytest.fixture
def case(world: World, applicant: Actor) -> Case:
    """A copy asked for, paid and issued, with a paper that came beside it."""
    output = an_output(world, applicant)
    blob = services.store_upload(io.BytesIO(a_pdf(pages=3)), accept=["application/pdf"], max_mb=1)
    services.add_document(
        output.case_number, blob=blob, name="../../soporte ñandú.pdf", document_type="Soporte", added_by="x"
    )
    return Case.objects.get(id=output.case_id)


def zipped(case: Case, actor: Actor = OPERATOR) -> bytes:
    return b"".join(efile.open_file(case.number, actor).hand_over())


def inside(data: bytes) -> dict[str, Any]:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def trusted() -> list[x509.Certificate]:
    return list(keys.issued_certificates())


def judged(data: bytes, tmp: Path) -> Report:
    path = tmp / "file.zip"
    path.write_bytes(data)
    return verify(path, trusted=trusted())


def test_the_index_tells_every_leaf_in_order_with_its_digest_and_pages(case: Case, tmp_path: Path) -> None:
    held = inside(zipped(case))
    index = json.loads(held["index.json"])
    jsonschema_rs.validator_for(schema()).validate(index)
    leaves = index["documents"]
    assert [(each["order"], each["first_page"]) for each in leaves] == [
        (1, 1),
        (2, leaves[0]["last_page"] + 1),
    ]
    assert leaves[1]["last_page"] - leaves[1]["first_page"] == 2
    assert [each["path"] for each in leaves][1] == "documents/0002-soporte_ñandú.pdf"
    assert index["history"] == {"events": case.head_seq, "head": case.head_hash}
    assert json.loads(held["application.json"])["form"] == case.form
    assert json.loads(held["decisions.json"])["outcome"] == case.outcome
    assert json.loads(held["messages.json"])["messages"]
    assert case.number in held["index.html"].decode()
    assert judged(zipped(case), tmp_path).whole


def test_openssl_too_says_that_the_index_is_signed_by_the_platforms_seal(case: Case, tmp_path: Path) -> None:
    held = inside(zipped(case))
    for name in ("index.json", "index.p7s"):
        (tmp_path / name).write_bytes(held[name])
    said = subprocess.run(
        [
            *("openssl", "cms", "-verify", "-binary", "-inform", "DER", "-purpose", "any"),
            *("-in", tmp_path / "index.p7s", "-content", tmp_path / "index.json"),
            *("-CAfile", Path(settings.KEYS_DIR) / "authority.pem", "-out", "/dev/null"),
        ],
        capture_output=True,
        text=True,
        check=False,
    )
    assert said.returncode == 0, said.stderr


def test_the_applicant_gets_what_the_own_page_tells_and_the_chain_still_closes(
    case: Case, applicant: Actor, tmp_path: Path
) -> None:
    data = zipped(case, applicant)
    held = inside(data)
    events = json.loads(held["history.json"])["events"]
    assert judged(data, tmp_path).whole
    assert len(events) == case.head_seq
    assert {"rule", "term-started"}.isdisjoint(each.get("type") for each in events)
    assert not any("private" in each or "salt" in each for each in events)
    assert "found" not in json.loads(held["application.json"])
    assert "tasks" not in json.loads(held["decisions.json"])


def test_the_export_is_a_read_that_the_person_sees(case: Case) -> None:
    zipped(case)
    line = AccessRead.objects.get(what="file-export")
    assert (line.case_number, line.document_number) == (case.number, case.applicant_document)


def test_another_party_and_a_stranger_get_none(case: Case, world: World) -> None:
    friend = world.person("friend", {})
    with pytest.raises(NotFound):
        efile.open_file(case.number, friend)
    case.parties.create(role="witness", person_id=friend.person_id, name="x", may=["read"])
    with pytest.raises(Forbidden):
        efile.open_file(case.number, friend)


def test_a_sealed_case_is_denied_as_an_unknown_number_is(case: Case, world: World) -> None:
    official = world.person("rosa", {"role": "registrar", "office": "1501-15001"})
    assert efile.open_file(case.number, official).case == case
    case.sealed, case.confidentiality = True, "L3"
    case.save(update_fields=["sealed", "confidentiality"])
    with pytest.raises(NotFound) as sealed:
        efile.open_file(case.number, official)
    with pytest.raises(NotFound) as unknown:
        efile.open_file(case_number(2026, "CRB", 999_999), official)
    assert sealed.value.message == unknown.value.message


def test_a_stored_document_that_is_gone_or_damaged_stops_the_export(case: Case) -> None:
    path = store.path_of(CaseDocument.objects.get(name__contains="soporte").sha256)
    good = path.read_bytes()
    path.chmod(0o600)
    path.write_bytes(bytes([good[0] ^ 1]) + good[1:])
    with pytest.raises(Unavailable):
        zipped(case)
    path.unlink()
    with pytest.raises(Unavailable):
        zipped(case)


def _again(data: bytes, change: Callable[[dict[str, bytes]], dict[str, bytes]]) -> bytes:
    """The ZIP written anew after `change` of its members."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, held in change(inside(data)).items():
            archive.writestr(name, held)
    return out.getvalue()


def _swapped(held: dict[str, bytes]) -> dict[str, bytes]:
    names = list(held)
    names[2], names[3] = names[3], names[2]
    return {name: held[name] for name in names}


CHANGES: dict[str, tuple[Callable[[dict[str, bytes]], dict[str, bytes]], str, str]] = {
    "a document changed": (
        lambda held: held | {"messages.json": held["messages.json"] + b" "},
        "changed",
        "messages.json",
    ),
    "a document removed": (
        lambda held: {name: each for name, each in held.items() if name != "decisions.json"},
        "removed",
        "decisions.json",
    ),
    "a document added": (lambda held: held | {"../evil.sh": b"#!/bin/sh"}, "added", "../evil.sh"),
    "two members in each other's place": (_swapped, "reordered", "decisions.json"),
    "the signature of somebody else": (
        lambda held: held | {"index.p7s": held["index.p7s"][:-8] + bytes(8)},
        "signature",
        "index.json",
    ),
    "an entry of the index changed": (
        lambda held: held | {"index.json": held["index.json"].replace(b'"order":1', b'"order":2')},
        "signature",
        "index.json",
    ),
    "written anew without a change": (lambda held: held, "changed", "zip"),
}


def test_every_change_is_named(case: Case, tmp_path: Path) -> None:
    data = zipped(case)
    for named, (change, kind, what) in CHANGES.items():
        faults = judged(_again(data, change), tmp_path).faults
        assert (kind, what) in {(fault.kind, fault.what) for fault in faults}, named
    path = tmp_path / "file.zip"
    path.write_bytes(data)
    (fault,) = verify(path, trusted=[]).faults
    assert (fault.kind, "vouches" in fault.say) == ("signature", True)


def test_any_byte_flipped_anywhere_is_found(case: Case, tmp_path: Path) -> None:
    """Headers, dates, names, directory and content: no byte of the ZIP is without a guard."""
    data, path, vouched = zipped(case), tmp_path / "flipped.zip", trusted()

    @hypothesis(max_examples=60, deadline=None)
    @given(st.integers(0, len(data) - 1), st.integers(0, 7))
    def flip(place: int, bit: int) -> None:
        path.write_bytes(data[:place] + bytes([data[place] ^ (1 << bit)]) + data[place + 1 :])
        with contextlib.suppress(NotAnElectronicFile):
            assert not verify(path, trusted=vouched).whole

    flip()


@pytest.mark.parametrize(
    "made",
    [
        b"",
        b"PK\x03\x04 not really",
        b"%PDF-1.7",
    ],
)
def test_what_is_no_zip_is_told_so(tmp_path: Path, made: bytes) -> None:
    with pytest.raises(NotAnElectronicFile, match="is not an electronic file"):
        judged(made, tmp_path)


def test_a_bomb_is_not_unpacked(case: Case, tmp_path: Path) -> None:
    """A member that unpacks to much more than it weighs is told as changed, unread; so is a compressed index."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, held in inside(zipped(case)).items():
            bomb = name == "messages.json"
            archive.writestr(
                name,
                bytes(50_000_000) if bomb else held,
                zipfile.ZIP_DEFLATED if bomb else zipfile.ZIP_STORED,
            )
    assert ("changed", "messages.json") in {
        (each.kind, each.what) for each in judged(out.getvalue(), tmp_path).faults
    }
    with pytest.raises(NotAnElectronicFile, match=r"index\.json is missing"):
        judged(_again(out.getvalue(), lambda held: {"other.txt": b"x"}), tmp_path)


def test_names_of_leaves_stay_in_their_folder() -> None:
    assert path_of_leaf(3, "../../etc/passwd") == "documents/0003-etc_passwd"
    assert path_of_leaf(3, "\\\\server\\x.pdf") == "documents/0003-server_x.pdf"
    assert path_of_leaf(3, "...") == "documents/0003-document"
    assert len(path_of_leaf(3, "a" * 300 + ".pdf")) < 110


def test_a_large_file_is_packed_by_a_worker_and_waits_a_day(
    case: Case, applicant: Actor, world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(settings, "EXPORTS_DIR", tmp_path / "exports")
    assert efile.export_of(case, applicant) is None
    efile.prepare(case.number, applicant)
    efile.prepare(case.number, applicant)
    waiting = efile.export_of(case, applicant)
    assert waiting is not None
    assert not waiting.ready
    world.settle()
    ready = efile.export_of(case, applicant)
    assert ready is not None
    assert ready.ready
    assert judged(b"".join(ready.hand_over()), tmp_path).whole
    assert efile.export_of(case, OPERATOR) is None
    with clock.moved(clock.now() + timedelta(hours=25)):
        assert efile.drop_old() == 1
    assert not list((tmp_path / "exports").glob("*"))


def test_the_command_line_exports_and_verifies_without_a_database(case: Case, tmp_path: Path) -> None:
    run, path = CliRunner(), tmp_path / "case.zip"
    made = run.invoke(loaded(), ["file", "export", case.number, "-o", str(path), "--reason", "oficio 12"])
    assert made.exit_code == 0, made.output
    assert AccessRead.objects.get(what="file-export").reason == "oficio 12"
    good = _verified(path)
    assert (good.returncode, "is whole" in good.stdout) == (0, True), good.stdout + good.stderr
    path.write_bytes(_again(path.read_bytes(), CHANGES["a document removed"][0]))
    bad = run.invoke(loaded(), ["file", "verify", str(path)])
    assert (bad.exit_code, "removed: decisions.json was removed" in bad.output) == (1, True)
    path.write_bytes(b"%PDF-1.7")
    other = _verified(path)
    assert (other.returncode, len(other.stderr.splitlines())) == (2, 1), other.stderr


def _verified(path: Path) -> subprocess.CompletedProcess[str]:
    """Asked of a process that has no database."""
    authority = Path(settings.KEYS_DIR) / "authority.pem"
    return subprocess.run(
        [sys.executable, "-m", "ruta", "file", "verify", str(path), "--authority", str(authority)],
        env={**os.environ, "DATABASE_URL": "host=127.0.0.1 port=1 dbname=none connect_timeout=1"},
        capture_output=True,
        text=True,
        check=False,
    )
