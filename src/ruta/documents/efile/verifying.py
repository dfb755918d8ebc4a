"""Is this ZIP an electronic file of ours, and is it whole? Without network, database or anything but the certificates.

What is asked is hostile until shown otherwise: nothing is unpacked to disk, nothing in it is compressed, every size is
known before it is read, and a path is only ever compared with those that the signed index names.
"""

import hashlib
import json
import zipfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import IO, Any

import jsonschema_rs
from cryptography import x509

from ruta.kernel import chain
from ruta.kernel.errors import RutaError

from . import signature as signatures
from .index import FORMAT, INDEX, SIGNATURE, faults_of_leaves, schema
from .packing import Member, pack

MOST_INDEX = 64 * 1024 * 1024
MOST_MEMBERS = 100_000
CHUNK = 256 * 1024
HISTORY = "history.json"
UNREADABLE = (zipfile.BadZipFile, RuntimeError, NotImplementedError, OSError, EOFError, ValueError)


class NotAnElectronicFile(RutaError):
    """What was given is no electronic file at all."""


@dataclass(frozen=True)
class Fault:
    """One thing that is not as it was signed: `kind` is changed, removed, added, reordered or signature."""

    kind: str
    what: str
    say: str


@dataclass(frozen=True)
class Report:
    """What was found: the index (empty where it cannot be read), who signed it and when, and every fault."""

    index: Mapping[str, Any] = field(default_factory=dict)
    signer: str = ""
    signed_at: datetime | None = None
    faults: tuple[Fault, ...] = ()

    @property
    def whole(self) -> bool:
        """Whether nothing was changed, removed, added or reordered, and we signed it."""
        return not self.faults


def verify(path: Path, *, trusted: Sequence[x509.Certificate]) -> Report:
    """Look at the ZIP at `path`; `trusted` are the certificates whose seal counts, or their authority's.

    Raises NotAnElectronicFile for anything that is not such a file: another ZIP, no ZIP, no index.
    """
    try:
        with path.open("rb") as file, zipfile.ZipFile(file) as archive:
            return _verify(file, archive, trusted)
    except UNREADABLE as wrong:
        raise _not_one(path.name, f"it is no ZIP that can be read ({type(wrong).__name__})") from wrong


def _not_one(name: str, why: str) -> NotAnElectronicFile:
    return NotAnElectronicFile(
        {
            "es": f"«{name}» no es un expediente electrónico que se pueda verificar. Pida otra copia de la descarga.",
            "en": f"“{name}” is not an electronic file: {why}. Give the ZIP as it was downloaded.",
        },
        code="not-an-electronic-file",
    )


def _verify(file: IO[bytes], archive: zipfile.ZipFile, trusted: Sequence[x509.Certificate]) -> Report:
    infos = archive.infolist()
    name = Path(str(getattr(file, "name", ""))).name
    if len(infos) > MOST_MEMBERS:
        raise _not_one(name, f"it has {len(infos)} members")
    present = {info.filename: info for info in reversed(infos)}
    if INDEX not in present:
        raise _not_one(name, f"{INDEX} is missing")
    listed = _read(archive, present[INDEX])
    index = _index_in(listed)
    if index is None and not (listed or b"").startswith(b"{"):
        raise _not_one(name, f"{INDEX} is not the index of one")
    seal = signatures.over(listed or b"", _read(archive, present.get(SIGNATURE)), trusted)
    faults = [Fault("signature", INDEX, seal.fault)] if seal.fault else []
    if index is None:
        faults.append(Fault("changed", INDEX, f"{INDEX} was changed: it can no longer be read as an index"))
        return Report({}, seal.signer, seal.at, tuple(faults))
    faults += _members(archive, infos, index)
    if wrong := faults_of_leaves(index["documents"]):
        faults.append(Fault("removed", INDEX, wrong))
    if not faults:
        faults += [*_history(archive, present, index), *_bytes(file, archive, index)]
    return Report(index, seal.signer, seal.at, tuple(faults))


def _index_in(listed: bytes | None) -> Mapping[str, Any] | None:
    try:
        index = json.loads(listed or b"")
        jsonschema_rs.validator_for(schema()).validate(index)
    except (ValueError, RecursionError, jsonschema_rs.ValidationError):
        return None
    return index if index["format"] == FORMAT else None


def _read(archive: zipfile.ZipFile, info: zipfile.ZipInfo | None) -> bytes | None:
    """A small member whole; None where it is absent, compressed, locked, too large, or its bytes do not hold."""
    if info is None or not _is_plain(info) or info.file_size > MOST_INDEX:
        return None
    try:
        return archive.read(info)
    except UNREADABLE:
        return None


def _is_plain(info: zipfile.ZipInfo) -> bool:
    """Stored as it is and not locked: it weighs in the ZIP what it weighs outside."""
    stored = info.compress_type == zipfile.ZIP_STORED and info.compress_size == info.file_size
    return stored and not info.flag_bits & 1


def _members(
    archive: zipfile.ZipFile, infos: Sequence[zipfile.ZipInfo], index: Mapping[str, Any]
) -> Iterator[Fault]:
    wanted = {each["path"]: each for each in index["members"]}
    known = {INDEX, SIGNATURE, *wanted}
    names = [info.filename for info in infos]
    present = {info.filename: info for info in reversed(infos)}
    for name in sorted({INDEX, SIGNATURE, *wanted} - set(names)):
        yield Fault("removed", name, f"{name} was removed")
    for name in dict.fromkeys(name for name in names if name not in known or names.count(name) > 1):
        yield Fault("added", name, f"{name!r} was added")
    for name, told in wanted.items():
        if (info := present.get(name)) is not None and _digest(archive, info, told["size_bytes"]) != told[
            "digest"
        ]:
            yield Fault("changed", name, f"{name} was changed")
    for leaf in index["documents"]:
        told = wanted.get(leaf["path"])
        if leaf["path"] and (told is None or told["digest"] != leaf["digest"]):
            yield Fault(
                "changed", leaf["path"], f"document {leaf['order']} is not the one that the index lists"
            )
    expected = [INDEX, SIGNATURE, *wanted]
    if set(names) == known and len(names) == len(known) and names != expected:
        moved = next(name for name, right in zip(names, expected, strict=True) if name != right)
        yield Fault("reordered", moved, f"{moved} is not in its place")


def _digest(archive: zipfile.ZipFile, info: zipfile.ZipInfo, size: int) -> str:
    """SHA-256 of a member of the size told; empty where its bytes do not hold."""
    if not _is_plain(info) or info.file_size != size:
        return ""
    digest = hashlib.sha256()
    try:
        for chunk in _chunks(archive, info):
            digest.update(chunk)
    except UNREADABLE:
        return ""
    return digest.hexdigest()


def _chunks(archive: zipfile.ZipFile, info: zipfile.ZipInfo) -> Iterator[bytes]:
    with archive.open(info) as file:
        while chunk := file.read(CHUNK):
            yield chunk


def _history(
    archive: zipfile.ZipFile, present: Mapping[str, zipfile.ZipInfo], index: Mapping[str, Any]
) -> Iterator[Fault]:
    """The chain of the case's events, from the first to the head that the index names."""
    if HISTORY not in present:
        return
    told = json.loads(_read(archive, present[HISTORY]) or b"{}")
    previous, seq = chain.GENESIS, 0
    for event in told["events"]:
        seq += 1
        if event["seq"] != seq or event["previous"] != previous:
            yield Fault("changed", HISTORY, f"event {seq} of the history does not continue the one before")
            return
        if "public" in event and not _holds(told["case"], event):
            yield Fault("changed", HISTORY, f"event {seq} of the history was changed")
            return
        previous = event["hash"]
    if (seq, previous) != (index["history"]["events"], index["history"]["head"] or chain.GENESIS):
        yield Fault("changed", HISTORY, "the history does not end where the index says")


def _holds(case: str, event: Mapping[str, Any]) -> bool:
    """Whether an event that is shown hashes to its link, and its personal part to its commitment."""
    parts = {name: event[name] for name in chain.Link.__dataclass_fields__ if name in event}
    link = chain.Link(**{**parts, "case": case})
    if chain.recomputed_hash(link) != link.hash:
        return False
    if event.get("private") is None:
        return True
    return chain.commitment(event["private"], bytes.fromhex(event["salt"])) == link.commitment


def _bytes(file: IO[bytes], archive: zipfile.ZipFile, index: Mapping[str, Any]) -> Iterator[Fault]:
    """Whether the ZIP is, to the byte, the one that its members make: what is written between them counts too."""
    members = [
        Member(info.filename, info.file_size, "", lambda info=info: _chunks(archive, info))  # type: ignore[misc]
        for info in archive.infolist()
    ]
    at = datetime.fromisoformat(index["index_date"])
    if not _same(file, pack(members, at=at)):
        yield Fault("changed", "zip", "the ZIP was written anew or something was put between its members")


def _same(file: IO[bytes], pieces: Iterable[bytes]) -> bool:
    """Whether the file consists of these pieces and nothing else; it is read at its own place between them."""
    place = 0
    for piece in pieces:
        file.seek(place)
        if file.read(len(piece)) != piece:
            return False
        place += len(piece)
    file.seek(place)
    return not file.read(1)
