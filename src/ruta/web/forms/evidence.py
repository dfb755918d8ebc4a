"""Evidence: files that a person attaches, kept by content, told by name."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest

from ruta.definitions.runtime import CompiledAct
from ruta.definitions.schema import Evidence
from ruta.documents.services import store_upload
from ruta.engine.forms import Field, Form, Page
from ruta.engine.problems import Problem
from ruta.identity.actors import Actor
from ruta.kernel.errors import Invalid

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
        upload = request.FILES.get(name)
        if request.POST.get(f"remove.{name}"):
            typed[name] = ""
        if not isinstance(upload, UploadedFile):
            continue
        spec = spec_of(act, field)
        try:
            blob = store_upload(
                upload,
                accept=accepts(spec),
                max_mb=largest(spec),
                name=upload.name or "",
                at=f"/{name}",
                by=actor,
            )
        except Invalid as refused:
            problems.extend(refused.problems)
            continue
        typed[name] = f"sha256:{blob.sha256}"
        files[name] = {
            "sha256": blob.sha256,
            "name": (upload.name or "")[:120],
            "size": blob.size,
            "media_type": blob.media_type,
        }
    return Attached(typed, files, tuple(problems))
