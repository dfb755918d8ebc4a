"""Who people are, how surely we know it, and under which posting officials work."""

from typing import Any, ClassVar

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy

from ruta.kernel import clock, names
from ruta.kernel.ids import new_id


class Level(models.TextChoices):
    """Degree of confidence in who somebody is (Decreto 620/2020; common facts §11.1), from least to most."""

    LOW = "low", gettext_lazy("bajo")
    MEDIUM = "medium", gettext_lazy("medio")
    HIGH = "high", gettext_lazy("alto")
    VERY_HIGH = "very_high", gettext_lazy("muy alto")


class AccountManager(BaseUserManager["Account"]):
    """Makes accounts; e-mail addresses are kept in lower case."""

    def create_user(self, email: str, password: str | None = None, **fields: Any) -> "Account":
        account = self.model(email=email.strip().lower(), **fields)
        account.set_password(password)
        account.save(using=self._db)
        return account

    def get_by_natural_key(self, username: str | None) -> "Account":
        return self.get(email=(username or "").strip().lower())


class Account(AbstractBaseUser):
    """Somebody who can sign in, by e-mail and password. `person` is null until identity is proofed."""

    email = models.EmailField(max_length=254, unique=True)
    person = models.ForeignKey(
        "Person", on_delete=models.PROTECT, null=True, blank=True, related_name="accounts"
    )
    lang = models.CharField(max_length=2, default="es")
    is_active = models.BooleanField(default=True)
    date_joined = models.DateTimeField(default=clock.now)

    objects: ClassVar[AccountManager] = AccountManager()

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    class Meta:
        constraints = [models.UniqueConstraint(Lower("email"), name="account_email_once")]


class Person(models.Model):
    """A human being. The id never changes; documents do, over a life.

    `birth_date` is null when unknown. `search_name` is the folded full name, `sort_name` sorts as Spanish does.
    `accepts_electronic_notice`: expressly accepted legal notices by e-mail (Ley 1437/2011, art. 56).
    """

    id = models.UUIDField(primary_key=True, default=new_id)
    given_names = models.CharField(max_length=125)
    first_surname = models.CharField(max_length=60, blank=True)
    second_surname = models.CharField(max_length=60, blank=True)
    birth_date = models.DateField(null=True, blank=True)
    assurance = models.CharField(max_length=9, choices=Level.choices, default=Level.LOW)
    assured_at = models.DateTimeField(null=True, blank=True)  # null: never proofed
    assured_by = models.CharField(max_length=60, blank=True)
    email = models.EmailField(max_length=254, blank=True)
    mobile = models.CharField(max_length=10, blank=True)
    accepts_electronic_notice = models.BooleanField(default=False)
    search_name = models.CharField(max_length=250, editable=False)
    sort_name = models.CharField(max_length=250, editable=False)
    created_at = models.DateTimeField(default=clock.now)

    class Meta:
        indexes = [
            GinIndex(fields=["search_name"], name="person_name_trigrams", opclasses=["gin_trgm_ops"]),
            models.Index(fields=["sort_name", "id"], name="person_by_name"),
        ]

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.set_name_keys()
        if (changed := kwargs.get("update_fields")) is not None:
            kwargs["update_fields"] = {*changed, "search_name", "sort_name"}
        super().save(*args, **kwargs)

    @property
    def full_name(self) -> str:
        """Given names and surnames, as stored."""
        return str(names.PersonName(self.given_names, self.first_surname, self.second_surname))

    def set_name_keys(self) -> None:
        """Bring the search and sort keys in line with the names; needed before a bulk write."""
        self.search_name = names.fold(self.full_name)
        ordered = (self.first_surname, self.second_surname, self.given_names)
        self.sort_name = names.sort_key(" ".join(part for part in ordered if part))


class DocumentStatus(models.TextChoices):
    """What became of a document (common facts §1.1)."""

    CURRENT = "current", gettext_lazy("vigente")
    REPLACED = "replaced", gettext_lazy("reemplazado")
    LOST = "lost", gettext_lazy("perdido")
    CANCELLED_DEATH = "cancelled_death", gettext_lazy("cancelado por muerte")
    CANCELLED_DOUBLE = "cancelled_double", gettext_lazy("cancelado por doble identidad")


class PersonDocument(models.Model):
    """One identity document of a person; an old one still finds the person. `country` only for passports."""

    id = models.UUIDField(primary_key=True, default=new_id)
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="documents")
    type = models.CharField(max_length=4)
    number = models.CharField(max_length=20)
    country = models.CharField(max_length=3, blank=True)
    valid_from = models.DateField(null=True, blank=True)  # null: not known
    valid_to = models.DateField(null=True, blank=True)  # null: no end
    status = models.CharField(max_length=16, choices=DocumentStatus.choices, default=DocumentStatus.CURRENT)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["type", "number", "country"], name="document_of_one_person"),
        ]
        indexes = [models.Index(fields=["number"], name="document_number")]


class Agency(models.Model):
    """A public body; `nit` with its check digit, `899999053-1`."""

    nit = models.CharField(max_length=12, unique=True)
    name = models.CharField(max_length=200)
    short_name = models.CharField(max_length=40)

    def __str__(self) -> str:
        return self.short_name


class Team(models.Model):
    """A group of officials with one inbox; `code` is unique in all agencies (`1501-15001`)."""

    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="teams")
    code = models.CharField(max_length=40, unique=True)
    name = models.CharField(max_length=200)
    municipality = models.CharField(max_length=5, blank=True)

    def __str__(self) -> str:
        return self.name


class Official(models.Model):
    """A posting: this account works under this role in this team. Somebody may have several."""

    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="postings")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="postings")
    team = models.ForeignKey(Team, on_delete=models.PROTECT, related_name="postings")
    role = models.CharField(max_length=40)
    active = models.BooleanField(default=True)
    since = models.DateTimeField(default=clock.now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["account", "team", "role"], name="posting_once")]

    @property
    def group(self) -> str:
        """The candidate group that this posting belongs to, `registrar@1501-15001`."""
        return group_of(self.role, self.team.code)


class Absence(models.Model):
    """The days, both included, in which somebody else stands in for a posting. It ends by itself, or is ended before."""

    official = models.ForeignKey(Official, on_delete=models.PROTECT, related_name="absences")
    substitute = models.ForeignKey(Official, on_delete=models.PROTECT, related_name="stands_in")
    first_day = models.DateField()
    last_day = models.DateField()
    reason = models.CharField(max_length=300, blank=True)
    said_by = models.ForeignKey(Official, on_delete=models.PROTECT, related_name="+")
    said_at = models.DateTimeField(default=clock.now)
    ended_by = models.ForeignKey(Official, on_delete=models.PROTECT, null=True, related_name="+")
    ended_at = models.DateTimeField(null=True)  # null: not ended before its last day

    class Meta:
        indexes = [
            models.Index(fields=["substitute", "last_day"], name="absence_of_substitute"),
            models.Index(fields=["official", "last_day"], name="absence_of_official"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(first_day__lte=models.F("last_day")), name="absence_days"
            ),
        ]


def group_of(role: str, team: str) -> str:
    """The candidate group of a role in the team with this code."""
    return f"{role}@{team}"


class ApiClient(models.Model):
    """A system of an agency that files by API, in one office and under one role, with a key of its own.

    Of the key only its SHA-256 is kept; `key_hint` is how it begins, so that people can tell keys apart. `scopes` are
    those that acts name (`who: {api: …}`).
    """

    name = models.CharField(max_length=120)
    team = models.ForeignKey(Team, on_delete=models.PROTECT, related_name="api_clients")
    role = models.CharField(max_length=40)
    scopes = ArrayField(models.CharField(max_length=60))
    level = models.CharField(max_length=9, choices=Level.choices, default=Level.HIGH)
    key_digest = models.CharField(max_length=64, unique=True)
    key_hint = models.CharField(max_length=12)
    made_at = models.DateTimeField(default=clock.now)
    expires_at = models.DateTimeField(null=True, blank=True)  # null: until revoked
    last_used_at = models.DateTimeField(null=True, blank=True)  # null: never used
    revoked_at = models.DateTimeField(null=True, blank=True)  # null: not revoked

    def __str__(self) -> str:
        return self.name


class Grant(models.Model):
    """Leave for one account to see what is sealed: `scope` such as `register:x` or `case:2026-…`.

    `key` narrows it to one entry id (empty: all of the scope). Given for a reason and a time.
    """

    id = models.UUIDField(primary_key=True, default=new_id)
    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="grants")
    scope = models.CharField(max_length=80)
    key = models.CharField(max_length=40, blank=True)
    reason = models.CharField(max_length=300)
    given_by = models.CharField(max_length=60)
    valid_from = models.DateTimeField(default=clock.now)
    valid_to = models.DateTimeField(null=True, blank=True)  # null: until taken back

    class Meta:
        indexes = [models.Index(fields=["account", "scope"], name="grant_of_account")]


class ProofingAttempt(models.Model):
    """One try to prove who one is by answering from a register.

    `quiz` holds the questions asked and the digests of the right answers, and is emptied once answered; `claim` what
    was typed and the register confirmed, likewise. `wrong` counts wrong answers, which are limited (common §11.1).
    """

    id = models.UUIDField(primary_key=True, default=new_id)
    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="proofings")
    document_digest = models.CharField(max_length=64)
    at = models.DateTimeField(default=clock.now)
    quiz = models.JSONField(default=list)
    claim = models.JSONField(default=dict)
    wrong = models.PositiveSmallIntegerField(default=0)
    outcome = models.CharField(max_length=12, default="asked")  # asked, passed, failed, mismatch

    class Meta:
        indexes = [
            models.Index(fields=["account", "-at"], name="proofing_of_account"),
            models.Index(fields=["document_digest", "-at"], name="proofing_of_document"),
        ]
