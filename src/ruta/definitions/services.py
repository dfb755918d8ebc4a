"""Writes: a linted folder becomes an immutable version."""

from collections.abc import Iterator, Sequence
from datetime import date

from django.contrib.postgres.search import SearchVector
from django.db import transaction
from django.db.models import Func, Max, TextField, Value
from django.db.models.functions import Lower

from ruta.documents.services import store_bytes
from ruta.kernel import clock, events
from ruta.kernel.errors import Conflict, RutaError
from ruta.registers.services import define_register

from .findings import Finding
from .lint import lint
from .loader import Folder
from .models import Service, ServiceVersion, ServiceWords
from .runtime import CompiledService, compile_folder, remember


class PublicationError(RutaError):
    """The folder has errors; `findings` name each with file, line and cure."""

    status = 422
    code = "publication-refused"

    def __init__(self, slug: str, findings: Sequence[Finding]) -> None:
        self.findings = tuple(findings)
        first = self.findings[0]
        place = f"{first.file}:{first.line}"
        count = len(self.findings)
        super().__init__(
            {
                "es": f"{slug} no se publica: {count} errores. El primero, en {place}: {first.say['es']}",
                "en": f"{slug} is not published: {count} errors. The first, at {place}: {first.say['en']}",
            }
        )


@transaction.atomic
def publish(folder: Folder, *, in_force_from: date | None = None) -> ServiceVersion:
    """Freeze the folder as the next version of its service, in force from a day on (default: today).

    The same content again gives the version that exists. Defines the service's registers, keeps the templates of its
    outputs, and writes the words by which it is found. Raises PublicationError when the lint finds an error, and
    Conflict when another service has the code of case numbers.
    """
    _refuse_errors(folder)
    compiled = remember(compile_folder(folder))
    spec = compiled.service
    if Service.objects.filter(code=spec.code).exclude(pk=spec.slug).exists():
        raise Conflict(
            {
                "es": f"Otro trámite ya usa el código {spec.code}; escoja otro.",
                "en": f"Another service already uses the code {spec.code}; choose another.",
            },
            field="code",
        )
    Service.objects.get_or_create(slug=spec.slug, defaults={"code": spec.code})
    service = Service.objects.select_for_update().get(slug=spec.slug)
    known = service.versions.filter(content_hash=folder.content_hash).first()
    if known is not None:
        return known
    if service.code != spec.code:
        service.code = spec.code
        service.save(update_fields=["code"])
    last = service.versions.aggregate(last=Max("number"))["last"] or 0
    version = ServiceVersion.objects.create(
        service=service,
        number=last + 1,
        content_hash=folder.content_hash,
        files=folder.packed(),
        in_force_from=in_force_from or clock.today(),
        published_at=clock.now(),
    )
    _define_registers(compiled, version.number)
    _keep_templates(compiled)
    write_words(compiled)
    events.publish(
        "service.published",
        key=spec.slug,
        payload={"slug": spec.slug, "version_id": str(version.pk), "number": version.number},
    )
    return version


def _refuse_errors(folder: Folder) -> None:
    if folder.content_hash in _found_good:
        return
    errors = [finding for finding in lint(folder) if finding.severity == "error"]
    if errors:
        raise PublicationError(folder.slug, errors)
    _found_good.add(folder.content_hash)


_found_good: set[str] = set()
"""Contents in which this process found no error; the lint depends on nothing else."""


def _define_registers(compiled: CompiledService, number: int) -> None:
    for name, register in compiled.registers.items():
        define_register(
            "shared" if register.shared else compiled.service.slug, name, dict(register.schema), number
        )


def _keep_templates(compiled: CompiledService) -> None:
    for name in compiled.service.acts:
        for output in compiled.act(name).outputs.values():
            store_bytes(output.template, media_type="application/json")


def write_words(compiled: CompiledService) -> None:
    """Write again the phrases by which the service and its acts are found."""
    spec = compiled.service
    ServiceWords.objects.filter(service_id=spec.slug).delete()
    ServiceWords.objects.bulk_create(
        ServiceWords(
            service_id=spec.slug,
            act=act,
            lang=lang,
            kind=kind,
            phrase=phrase,
            folded=Lower(Func(Value(phrase), function="unaccent", output_field=TextField())),
            vector=SearchVector(Value(phrase), config=f"ruta_{lang}"),
        )
        for act, lang, kind, phrase in sorted(set(_phrases(compiled)))
    )


def _phrases(compiled: CompiledService) -> Iterator[tuple[str, str, str, str]]:
    spec = compiled.service
    kinds = ServiceWords.Kind
    moments = compiled.lists.get("life_moments")
    for lang in ("es", "en"):
        if text := spec.title.get(lang):
            yield "", lang, kinds.TITLE, text
        if text := spec.summary.get(lang):
            yield "", lang, kinds.SUMMARY, text
        for phrase in spec.words.get(lang, ()):
            yield "", lang, kinds.WORD, phrase
        for moment in spec.life_moments:
            yield "", lang, kinds.MOMENT, moments.title(moment, lang) if moments else moment
        for name, act in spec.acts.items():
            if text := act.title.get(lang):
                yield name, lang, kinds.TITLE, text
            if text := act.summary.get(lang):
                yield name, lang, kinds.SUMMARY, text
            for phrase in act.words.get(lang, ()):
                yield name, lang, kinds.WORD, phrase
