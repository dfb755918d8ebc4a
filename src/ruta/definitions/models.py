"""Tables: the services, their immutable versions, and the words by which people find them."""

from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models

from ruta.kernel import clock
from ruta.kernel.ids import new_id


class Service(models.Model):
    """What a person can ask for; `code` are the three letters of its case numbers."""

    slug = models.SlugField(primary_key=True, max_length=60)
    code = models.CharField(max_length=3, unique=True)

    @property
    def current(self) -> "ServiceVersion | None":
        """The version in force today; None when none is yet."""
        return (
            self.versions.filter(in_force_from__lte=clock.today())
            .order_by("-in_force_from", "-number")
            .first()
        )


class ServiceVersion(models.Model):
    """One published state of a service's folder. It never changes: a case stays on the version it was filed on.

    `files` maps a path to its text, or to `{"base64": …}` where it is not UTF-8; what comes from the shared folder
    has a path that begins with `shared/`. `content_hash` is over paths and bytes of all of them.
    """

    id = models.UUIDField(primary_key=True, default=new_id)
    service = models.ForeignKey(Service, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField()
    content_hash = models.CharField(max_length=64)
    files = models.JSONField()
    in_force_from = models.DateField()
    published_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["service", "number"], name="one_version_per_number"),
            models.UniqueConstraint(fields=["service", "content_hash"], name="one_version_per_content"),
        ]
        indexes = [models.Index(fields=["service", "-in_force_from", "-number"])]


class ServiceWords(models.Model):
    """One phrase by which a service, or one of its acts (`act`, else empty), is found.

    `kind` says where the phrase comes from; `folded` is it in lower case without accents; `vector` its stems (text
    search configurations `ruta_es` and `ruta_en`).
    """

    class Kind(models.TextChoices):
        WORD = "word"
        TITLE = "title"
        MOMENT = "moment"
        SUMMARY = "summary"

    service = models.ForeignKey(Service, on_delete=models.CASCADE, related_name="words")
    act = models.CharField(max_length=60, blank=True)
    lang = models.CharField(max_length=2)
    kind = models.CharField(max_length=10, choices=Kind.choices)
    phrase = models.TextField()
    folded = models.TextField()
    vector = SearchVectorField()

    class Meta:
        indexes = [
            GinIndex(fields=["vector"], name="service_words_vector"),
            GinIndex(fields=["folded"], name="service_words_trigram", opclasses=["gin_trgm_ops"]),
        ]
