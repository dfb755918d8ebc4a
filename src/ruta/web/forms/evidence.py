"""Evidence: files that a person attaches, kept by content, told by name."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest

from ruta.definitions.runtime import CompiledAct
from ruta.definitions.schema import Evidence
from ruta.documents.models import Blob
from ruta.documents.services import store_upload
from ruta.documents.uploads import resumable
from ruta.engine.forms import Field, Form, Page
from ruta.engine.problems import Problem
from ruta.identity.actors import Actor
from ruta.kernel.errors import Invalid, NotFound

ANY = ("application/pdf", "image/jpeg", "image/png")
MEGABYTE = 1024 * 1024


@dataclass(frozen=True)
class Attached:
    """What came with a post: answers (`sha256:…`, or empty when taken away), files by field, and refusals."""

    typed: Mapping[str, str]
    files: Mapping[str, Mapping[str, Any]]
    problems: tuple[Problem, ...]


def spec_of(act: CompiledAct, field: Field) -> Evidence | None:
    """What the service says of the evidence that the field asks for."""
    return next((each for each in act.spec.evidence if each.id == field.evidence), None)


def accepts(spec: Evidence | None) -> tuple[str, ...]:
    """The media types that are taken."""
    return tuple(spec.accept) if spec else ANY


def largest(spec: Evidence | None) -> int:
    """The most megabytes that are taken."""
    return spec.max_mb if spec else 10


def read_attached(request: HttpRequest, form: Form, page: Page, act: CompiledAct, actor: Actor) -> Attached:
    """Keep the files of a post; one that cannot be kept is a problem and leaves the answer as it was."""
    typed: dict[str, str] = {}
    files: dict[str, Mapping[str, Any]] = {}
    problems: list[Problem] = []
    for name in page.fields:
        field = form.fields[name]
        if field.widget != "evidence":
            continue
        if request.POST.get(f"remove.{name}"):
            typed[name] = ""
        try:
            kept = _kept(request, name, spec_of(act, field), actor)
        except Invalid as refused:
            problems.extend(refused.problems)
            continue
        if kept is not None:
            blob, called = kept
            typed[name] = f"sha256:{blob.sha256}"
            files[name] = {
                "sha256": blob.sha256,
                "name": called[:120],
                "size": blob.size,
                "media_type": blob.media_type,
            }
    return Attached(typed, files, tuple(problems))


def _kept(request: HttpRequest, name: str, spec: Evidence | None, actor: Actor) -> tuple[Blob, str] | None:
    """The file of a question, kept, and its name: of the post itself, or sent in pieces before it; None for none."""
    upload = request.FILES.get(name)
    if isinstance(upload, UploadedFile):
        called = upload.name or ""
        blob = store_upload(
            upload, accept=accepts(spec), max_mb=largest(spec), name=called, at=f"/{name}", by=actor
        )
        return blob, called
    sent = request.POST.get(f"upload.{name}", "")
    return (
        whole_upload(sent, actor, accept=accepts(spec), max_mb=largest(spec), at=f"/{name}") if sent else None
    )


def whole_upload(
    sent: str, actor: Actor, *, accept: tuple[str, ...], max_mb: int, at: str
) -> tuple[Blob, str]:
    """The file that a form names by its upload. Raises Invalid where it is not whole or is of another question."""
    try:
        row = resumable.find(UUID(sent), actor)
    except (ValueError, NotFound):
        row = None
    blob = row.blob if row is not None else None
    if row is None or blob is None or blob.media_type not in accept or blob.size > max_mb * MEGABYTE:
        say = {
            "es": "Archivo: no terminó de llegar. Elíjalo otra vez; si ya se envió una parte, sigue desde ahí.",
            "en": "File: it has not arrived whole. Choose it again; a part that was sent goes on from there.",
        }
        raise Invalid([Problem(at, "file-unfinished", say)])
    return blob, row.name
