"""Who acts: the one value that rooms are given instead of a request."""

from dataclasses import dataclass, field
from uuid import UUID

from django.conf import settings
from django.db.models import Case, F, Q, Value, When
from django.http import HttpRequest

from ruta.kernel import clock

from .levels import at_least, weakest
from .models import Account, DocumentStatus, Grant, Official, PersonDocument

AUTHENTICATOR_LEVEL = "ruta_authenticator_level"


@dataclass(frozen=True)
class Actor:
    """Somebody or something that acts.

    `kind`: person, official, system or anonymous. `level` is that of the session (none, low, medium, high,
    very_high). `teams` are team codes; `roles` hold each role alone and as `role@team`. `official_id` is the oldest
    of the account's active postings. `grants` are scopes of what is sealed, whole (`register:x`) or one thing
    (`register:x/‹entry id›`).
    """

    kind: str
    name: str = ""
    account_id: int | None = None
    person_id: UUID | None = None
    document_type: str = ""
    document_number: str = ""
    names: str = ""
    level: str = "none"
    official_id: int | None = None
    agency_id: int | None = None
    agency_name: str = ""
    teams: frozenset[str] = field(default_factory=frozenset)
    roles: frozenset[str] = field(default_factory=frozenset)
    grants: frozenset[str] = field(default_factory=frozenset)
    lang: str = "es"

    @classmethod
    def system(cls, name: str) -> "Actor":
        """The platform itself: a process step, a job, an import."""
        return cls(kind="system", name=name, level="very_high")

    @classmethod
    def anonymous(cls) -> "Actor":
        """Somebody who has not signed in."""
        return cls(kind="anonymous")

    @property
    def ref(self) -> str:
        """How histories name the actor without personal data: `official:12`, `person:‹uuid›`, `system:step`."""
        match self.kind:
            case "official":
                return f"official:{self.official_id}"
            case "person":
                return f"person:{self.person_id}" if self.person_id else f"account:{self.account_id}"
            case "system":
                return f"system:{self.name}"
        return self.kind

    @property
    def document(self) -> tuple[str, str]:
        """(type, number), empty when not known."""
        return self.document_type, self.document_number

    def may_see_sealed(self, scope: str, key: str = "") -> bool:
        """Whether a grant opens the sealed thing `key` of `scope` to this actor."""
        return scope in self.grants or (bool(key) and f"{scope}/{key}" in self.grants)


def has_level(actor: Actor, needed: str) -> bool:
    """Whether the actor's session has at least the level `needed` (`medium`)."""
    return at_least(actor.level, needed)


def actor_of(request: HttpRequest, *, desk: bool = False) -> Actor:
    """Who acts in this request; with `desk`, as the official that the account is (else as the person).

    Somebody without a posting stays a person at the desk too, and its pages refuse.
    """
    user = request.user
    if not isinstance(user, Account):
        return Actor.anonymous()
    cache: dict[bool, Actor] = request.__dict__.setdefault("_ruta_actors", {})
    if False not in cache:
        session_level = str(request.session.get(AUTHENTICATOR_LEVEL, settings.RUTA_PASSWORD_LEVEL))
        cache[False] = actor_of_account(user, authenticator=session_level)
    if desk and True not in cache:
        cache[True] = _as_official(user, cache[False])
    return cache[desk]


def actor_of_account(account: Account, *, desk: bool = False, authenticator: str = "medium") -> Actor:
    """The actor that a signed-in account is. `authenticator` is the level that the way of signing in gives."""
    person = account.person
    document = current_document(person.id) if person else None
    level = weakest(person.assurance, authenticator) if person else weakest("low", authenticator)
    full_name = person.full_name if person else ""
    actor = Actor(
        kind="person",
        name=full_name or account.email,
        account_id=account.pk,
        person_id=person.id if person else None,
        document_type=document.type if document else "",
        document_number=document.number if document else "",
        names=full_name,
        level=level,
        lang=account.lang,
    )
    return _as_official(account, actor) if desk else actor


def _as_official(account: Account, actor: Actor) -> Actor:
    postings = list(
        Official.objects.filter(account=account, active=True).select_related("team__agency").order_by("id")
    )
    if not postings:
        return actor
    first = postings[0]
    now = clock.now()
    grants = Grant.objects.filter(account=account, valid_from__lte=now).filter(
        Q(valid_to=None) | Q(valid_to__gt=now)
    )
    return Actor(
        **{
            **actor.__dict__,
            "kind": "official",
            "official_id": first.pk,
            "agency_id": first.team.agency_id,
            "agency_name": first.team.agency.short_name,
            "teams": frozenset(posting.team.code for posting in postings),
            "roles": frozenset(name for posting in postings for name in (posting.role, posting.group)),
            "grants": frozenset(
                f"{grant.scope}/{grant.key}" if grant.key else grant.scope for grant in grants
            ),
        }
    )


def current_document(person_id: UUID) -> PersonDocument | None:
    """The document by which a person is named: the newest that is in force."""
    return (
        PersonDocument.objects.filter(person_id=person_id)
        .order_by(
            Case(When(status=DocumentStatus.CURRENT, then=Value(0)), default=Value(1)),
            F("valid_from").desc(nulls_last=True),
            "-id",
        )
        .first()
    )
