"""Writes of people, accounts, agencies and postings. One function is one use case."""

from datetime import date, datetime
from uuid import UUID

from django.db import IntegrityError, transaction

from ruta.engine.problems import Problem
from ruta.kernel import clock, events
from ruta.kernel.errors import Conflict, Invalid
from ruta.kernel.identifiers import parse_document, parse_nit

from . import selectors
from .actors import Actor
from .levels import at_least
from .models import Account, Agency, DocumentStatus, Grant, Level, Official, Person, PersonDocument, Team


def _taken() -> Conflict:
    return Conflict(
        {
            "es": "Ya hay una persona con ese documento. Revise el tipo y el número.",
            "en": "There is already a person with that document. Check the type and the number.",
        },
        field="/document_number",
        code="document-taken",
    )


@transaction.atomic
def register_person(
    *,
    given_names: str,
    first_surname: str = "",
    second_surname: str = "",
    birth_date: date | None,
    document_type: str,
    document_number: str,
    country: str = "",
    email: str = "",
    mobile: str = "",
    assurance: str = Level.LOW,
    assured_by: str = "",
    accepts_electronic_notice: bool = False,
    valid_from: date | None = None,
) -> Person:
    """Write down a person with one document. Raises Invalid for an impossible number, Conflict when it is taken."""
    number = parse_document(document_type, document_number, birth_date=birth_date)
    if document_type == "PA" and not country:
        raise Invalid(
            [
                Problem(
                    "/country",
                    "required",
                    {
                        "es": "País del pasaporte: falta. Elija el país que lo expidió.",
                        "en": "Country of the passport: it is missing. Choose the country that issued it.",
                    },
                )
            ]
        )
    person = Person(
        given_names=given_names,
        first_surname=first_surname,
        second_surname=second_surname,
        birth_date=birth_date,
        email=email,
        mobile=mobile,
        assurance=assurance,
        assured_at=clock.now() if assured_by or at_least(assurance, Level.MEDIUM) else None,
        assured_by=assured_by,
        accepts_electronic_notice=accepts_electronic_notice,
    )
    person.save()
    try:
        with transaction.atomic():
            PersonDocument.objects.create(
                person=person, type=document_type, number=number, country=country, valid_from=valid_from
            )
    except IntegrityError as taken:
        raise _taken() from taken
    return person


@transaction.atomic
def add_document(
    person: Person,
    *,
    type: str,
    number: str,
    country: str = "",
    valid_from: date | None = None,
    replaces: str = "",
) -> PersonDocument:
    """Give a person a new document; the current one of type `replaces` becomes replaced (TI when the CC comes)."""
    stored = parse_document(type, number, birth_date=person.birth_date)
    if replaces:
        PersonDocument.objects.filter(person=person, type=replaces, status=DocumentStatus.CURRENT).update(
            status=DocumentStatus.REPLACED, valid_to=valid_from
        )
    try:
        with transaction.atomic():
            return PersonDocument.objects.create(
                person=person, type=type, number=stored, country=country, valid_from=valid_from
            )
    except IntegrityError as taken:
        raise _taken() from taken


@transaction.atomic
def person_by_document(
    type: str,
    number: str,
    *,
    given_names: str,
    first_surname: str = "",
    second_surname: str = "",
    country: str = "",
    email: str = "",
) -> Person:
    """The person with this document; one not known yet is written down as told, with the lowest assurance.

    `email` is kept where the person has none. Raises Invalid for an impossible number.
    """
    person = selectors.find_person(type, number, country=country)
    if person is None:
        return register_person(
            given_names=given_names,
            first_surname=first_surname,
            second_surname=second_surname,
            birth_date=None,
            document_type=type,
            document_number=number,
            country=country,
            email=email,
        )
    if email and not person.email:
        person.email = email
        person.save(update_fields=["email"])
    return person


@transaction.atomic
def create_account(
    email: str,
    password: str | None,
    *,
    person: Person | None = None,
    lang: str = "es",
    verified: bool = False,
) -> Account:
    """Make an account; `verified` when the address was confirmed elsewhere. Without password nobody can sign in yet.

    Raises Conflict when the address is taken.
    """
    from allauth.account.models import EmailAddress

    try:
        with transaction.atomic():
            account = Account.objects.create_user(email, password, person=person, lang=lang)
    except IntegrityError as taken:
        raise Conflict(
            {
                "es": "Ya hay una cuenta con ese correo. Entre con ella o use otro correo.",
                "en": "There is already an account with that e-mail. Sign in with it or use another one.",
            },
            field="/email",
            code="email-taken",
        ) from taken
    EmailAddress.objects.create(user=account, email=account.email, verified=verified, primary=True)
    return account


@transaction.atomic
def identify_person(
    account: Account,
    *,
    document_type: str,
    document_number: str,
    given_names: str,
    first_surname: str,
    second_surname: str = "",
    birth_date: date,
    level: str = Level.MEDIUM,
    method: str,
    country: str = "",
) -> Person:
    """Link an account to the person it was proved to be and raise the person's assurance to `level`.

    `method` says how it was proved (`register:x`, `counter`). An assurance already higher stays. The addresses of
    accounts that the person had before are told of the new one. Raises Conflict when the account belongs to
    somebody else.
    """
    from .jobs import tell_of_another_account

    person = selectors.find_person(document_type, document_number, country=country)
    if person is None:
        person = register_person(
            given_names=given_names,
            first_surname=first_surname,
            second_surname=second_surname,
            birth_date=birth_date,
            document_type=document_type,
            document_number=document_number,
            country=country,
            email=account.email,
        )
    if account.person_id is not None and account.person_id != person.id:
        raise Conflict(
            {
                "es": "Esta cuenta ya es de otra persona. Cree una cuenta con su propio correo.",
                "en": "This account already belongs to somebody else. Create one with your own e-mail.",
            },
            field="/document_number",
            code="account-of-another",
        )
    if not at_least(person.assurance, level):
        person.assurance = level
    if not person.email:
        person.email = account.email
    person.assured_at, person.assured_by = clock.now(), method
    person.save()
    if account.person_id is None:
        for other in Account.objects.filter(person=person, is_active=True).exclude(pk=account.pk):
            tell_of_another_account.defer(account_id=other.pk)
    account.person = person
    account.save(update_fields=["person"])
    events.publish(
        "person.identified", key=str(person.id), payload={"person_id": str(person.id), "level": level}
    )
    return person


def accept_electronic_notice(person: Person, accepted: bool) -> None:
    """Record that the person expressly accepts (or no longer accepts) legal notices by e-mail."""
    person.accepts_electronic_notice = accepted
    person.save(update_fields=["accepts_electronic_notice"])


def set_language(account: Account, lang: str) -> None:
    """The language in which this account is written to, `es` or `en`."""
    account.lang = lang
    account.save(update_fields=["lang"])


def define_agency(*, nit: str, name: str, short_name: str = "") -> Agency:
    """Write down an agency, or correct its names. Raises Invalid for a wrong NIT."""
    agency, _ = Agency.objects.update_or_create(
        nit=parse_nit(nit), defaults={"name": name, "short_name": short_name or name[:40]}
    )
    return agency


def define_team(agency: Agency, *, code: str, name: str, municipality: str = "") -> Team:
    """Write down a team of an agency, or correct its name. Raises Conflict when the code is another agency's."""
    team, made = Team.objects.get_or_create(
        code=code, defaults={"agency": agency, "name": name, "municipality": municipality}
    )
    if team.agency_id != agency.pk:
        raise Conflict(
            {
                "es": f"El código {code} ya es de un grupo de otra entidad. Use otro código.",
                "en": f"Code {code} already belongs to a team of another agency. Use another code.",
            },
            field="/code",
            code="team-code-taken",
        )
    if not made and (team.name, team.municipality) != (name, municipality):
        team.name, team.municipality = name, municipality
        team.save()
    return team


def appoint_official(account: Account, *, person: Person, team: Team, role: str) -> Official:
    """Give an account a role in a team (again, when it had been taken away)."""
    posting, _ = Official.objects.update_or_create(
        account=account, team=team, role=role, defaults={"person": person, "active": True}
    )
    return posting


def dismiss_official(posting: Official) -> None:
    """End a posting; what was done under it keeps its name."""
    posting.active = False
    posting.save(update_fields=["active"])


def give_grant(
    account: Account,
    *,
    scope: str,
    key: str | UUID = "",
    reason: str,
    given_by: Actor,
    valid_to: datetime | None = None,
) -> Grant:
    """Let an account see what is sealed in `scope` (`register:x`), or one thing of it. A reason is needed."""
    if not reason.strip():
        raise Invalid(
            [
                Problem(
                    "/reason",
                    "required",
                    {
                        "es": "Motivo: está vacío. Diga qué orden o trámite lo permite.",
                        "en": "Reason: it is empty. Say which order or case allows it.",
                    },
                )
            ]
        )
    return Grant.objects.create(
        account=account, scope=scope, key=str(key), reason=reason, given_by=given_by.ref, valid_to=valid_to
    )
