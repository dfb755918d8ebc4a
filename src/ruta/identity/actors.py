"""Who acts: the one value that rooms are given instead of a request."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any, NamedTuple
from uuid import UUID

from django.conf import settings
from django.db import connection
from django.db.models import Case, F, Value, When
from django.http import HttpRequest

from ruta.kernel import clock, names

from .levels import at_least, weakest
from .models import Account, DocumentStatus, Level, PersonDocument, group_of

AUTHENTICATOR_LEVEL = "ruta_authenticator_level"
ACTING_AGENCY = "ruta_acting_agency"
"""In the session: the NIT of the agency for which an official of several acts now."""


@dataclass(frozen=True)
class Posting:
    """A post of an official: a role in a team of an agency. `id` is that of the posting."""

    id: int
    role: str
    team: str
    team_name: str
    agency: str
    agency_name: str

    @property
    def group(self) -> str:
        """Its candidate group, `registrar@1501-15001`."""
        return group_of(self.role, self.team)


@dataclass(frozen=True)
class StandIn:
    """Somebody of the agency who is absent until `until`, whose work this official sees and may take meanwhile."""

    posting: Posting
    name: str
    until: date


@dataclass(frozen=True)
class Actor:
    """Somebody or something that acts.

    `kind`: person, official, client (an agency's system, by API), system or anonymous.
    `level` is that of the session (none, low, medium, high,
    very_high). An official acts for one `agency` (a NIT) at a time; `agencies` are all, by NIT, for which the account
    may act. `postings` are the posts in that one, from the oldest, and `teams`, `team_names` (in order) and `roles`
    (each alone and as `role@team`) what they give; `official_id` is the oldest of them. `stands_in_for` are absent
    officials of the agency: their work may be done, but their posts give no other power. `grants` are scopes of what
    is sealed, whole (`register:x`) or one thing (`register:x/‹entry id›`).
    A client stands in the one place of `postings`, which is no post (its id is 0), and has the `scopes` of its key.
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
    client_id: int | None = None
    agency: str = ""
    agency_name: str = ""
    agencies: Mapping[str, str] = field(default_factory=dict)
    postings: tuple[Posting, ...] = ()
    teams: frozenset[str] = field(default_factory=frozenset)
    team_names: tuple[str, ...] = ()
    roles: frozenset[str] = field(default_factory=frozenset)
    stands_in_for: tuple[StandIn, ...] = ()
    grants: frozenset[str] = field(default_factory=frozenset)
    scopes: frozenset[str] = field(default_factory=frozenset)
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
        """How histories name the actor without personal data: `official:12`, `client:3`, `person:‹uuid›`, `system:step`."""
        match self.kind:
            case "official":
                return f"official:{self.official_id}"
            case "client":
                return f"client:{self.client_id}"
            case "person":
                return f"person:{self.person_id}" if self.person_id else f"account:{self.account_id}"
            case "system":
                return f"system:{self.name}"
        return self.kind

    @property
    def posting_ids(self) -> frozenset[int]:
        """The ids of the posts under which the official acts."""
        return frozenset(posting.id for posting in self.postings)

    @property
    def work_of(self) -> frozenset[int]:
        """The ids of the absent officials' posts."""
        return frozenset(each.posting.id for each in self.stands_in_for)

    @property
    def work_roles(self) -> frozenset[str]:
        """The candidate groups whose work may be done: of the own posts, and of those stood in for."""
        return self.roles | _groups(each.posting for each in self.stands_in_for)

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
        agency = str(request.session.get(ACTING_AGENCY, ""))
        cache[False], cache[True] = _both(user, session_level, agency)
    return cache[desk]


def actor_of_account(
    account: Account, *, desk: bool = False, authenticator: str = "medium", agency: str = ""
) -> Actor:
    """The actor that a signed-in account is. `authenticator` is the level that the way of signing in gives; `agency`
    that for which an official of several acts, else the one of the oldest posting."""
    person, official = _both(account, authenticator, agency)
    return official if desk else person


def act_for(request: HttpRequest, agency: str) -> bool:
    """From now on the session's official acts for this agency; whether the account has a post there."""
    if agency not in actor_of(request, desk=True).agencies:
        return False
    request.session[ACTING_AGENCY] = agency
    request.__dict__.pop("_ruta_actors", None)
    return True


def _both(account: Account, authenticator: str, agency: str) -> tuple[Actor, Actor]:
    """The account's actor as a person and at the desk: two times the same where it has no posting."""
    row = _known_of(account)
    full_name = str(names.PersonName(*row.names)) if row.person_id else ""
    person = Actor(
        kind="person",
        name=full_name or account.email,
        account_id=account.pk,
        person_id=row.person_id,
        document_type=row.document[0],
        document_number=row.document[1],
        names=full_name,
        level=weakest(row.assurance or Level.LOW, authenticator),
        lang=account.lang,
    )
    if not row.postings:
        return person, person
    every = tuple(Posting(**told) for told in row.postings)
    agencies = {posting.agency: posting.agency_name for posting in every}
    acting = agency if agency in agencies else every[0].agency
    postings = tuple(posting for posting in every if posting.agency == acting)
    teams = {posting.team: posting.team_name for posting in postings}
    official = replace(
        person,
        kind="official",
        official_id=postings[0].id,
        agency=acting,
        agency_name=agencies[acting],
        agencies=agencies,
        postings=postings,
        teams=frozenset(teams),
        team_names=tuple(sorted(teams.values())),
        roles=_groups(postings),
        stands_in_for=tuple(each for each in map(_stand_in, row.absences) if each.posting.agency == acting),
        grants=frozenset(row.grants),
    )
    return person, official


def _groups(postings: Iterable[Posting]) -> frozenset[str]:
    """Each role alone and as `role@team`."""
    return frozenset(name for each in postings for name in (each.role, group_of(each.role, each.team)))


def _stand_in(told: Mapping[str, Any]) -> StandIn:
    name = str(names.PersonName(*told["name"]))
    return StandIn(Posting(**told["posting"]), name, date.fromisoformat(told["until"]))


class _Known(NamedTuple):
    """What the database knows of an account; postings from the oldest; absences those in which it stands in today."""

    person_id: UUID | None
    names: tuple[str, str, str]
    assurance: str | None
    document: Sequence[str]
    postings: Sequence[Mapping[str, Any]]
    grants: Sequence[str]
    absences: Sequence[Mapping[str, Any]]


# Every page of somebody signed in asks this, so it is one question. The document: see `current_document`.
_ACTOR = """
SELECT p.id, p.given_names, p.first_surname, p.second_surname, p.assurance,
  (SELECT ARRAY[d.type, d.number] FROM identity_persondocument d WHERE d.person_id = p.id
    ORDER BY d.status <> 'current', d.valid_from DESC NULLS LAST, d.id DESC LIMIT 1),
  (SELECT json_agg(json_build_object('id', o.id, 'role', o.role, 'team', t.code, 'team_name', t.name,
                                     'agency', g.nit, 'agency_name', g.short_name) ORDER BY o.id)
     FROM identity_official o JOIN identity_team t ON t.id = o.team_id JOIN identity_agency g ON g.id = t.agency_id
    WHERE o.account_id = a.id AND o.active),
  ARRAY(SELECT CASE r.key WHEN '' THEN r.scope ELSE r.scope || '/' || r.key END FROM identity_grant r
         WHERE r.account_id = a.id AND r.valid_from <= %(now)s AND (r.valid_to IS NULL OR r.valid_to > %(now)s)),
  (SELECT json_agg(json_build_object(
            'posting', json_build_object('id', o.id, 'role', o.role, 'team', t.code, 'team_name', t.name,
                                         'agency', g.nit, 'agency_name', g.short_name),
            'name', json_build_array(q.given_names, q.first_surname, q.second_surname), 'until', b.last_day)
          ORDER BY b.last_day, b.id)
     FROM identity_official s JOIN identity_absence b ON b.substitute_id = s.id
     JOIN identity_official o ON o.id = b.official_id JOIN identity_person q ON q.id = o.person_id
     JOIN identity_team t ON t.id = o.team_id JOIN identity_agency g ON g.id = t.agency_id
    WHERE s.account_id = a.id AND s.active AND o.active AND b.ended_at IS NULL
      AND b.first_day <= %(today)s AND b.last_day >= %(today)s)
FROM identity_account a LEFT JOIN identity_person p ON p.id = a.person_id
WHERE a.id = %(account)s"""


def _known_of(account: Account) -> _Known:
    with connection.cursor() as cursor:
        cursor.execute(_ACTOR, {"account": account.pk, "now": clock.now(), "today": clock.today()})
        person_id, given, first, second, assurance, document, postings, grants, absences = cursor.fetchone()
    name = (given, first, second)
    return _Known(person_id, name, assurance, document or ("", ""), postings or (), grants, absences or ())


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
