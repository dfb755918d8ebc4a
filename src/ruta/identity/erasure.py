"""Lawful erasure of a person whom no duty has kept (Ley 1581 de 2012, art. 8): accounts, contact, names, documents."""

from allauth.account.models import EmailAddress
from django.db import transaction

from .models import Account, Official, Person, PersonDocument, ProofingAttempt

ERASED_NAME = "—"


def is_official(person: Person) -> bool:
    """Whether the person acts or acted for an agency: acts of officials stay named."""
    return Official.objects.filter(person=person).exists()


@transaction.atomic
def erase_contact(person: Person) -> None:
    """Forget e-mail and telephone, and that notices by e-mail were accepted; the accounts stay."""
    person.email = person.mobile = ""
    person.accepts_electronic_notice = False
    person.save(update_fields=["email", "mobile", "accepts_electronic_notice"])


@transaction.atomic
def erase_person(person: Person) -> None:
    """Forget who the person is; the row stays for what points to it. Nobody signs in with the accounts any more."""
    erase_contact(person)
    for account in Account.objects.filter(person=person):
        EmailAddress.objects.filter(user=account).delete()
        ProofingAttempt.objects.filter(account=account).delete()
        account.email, account.is_active = f"erased-{account.pk}@invalid", False
        account.set_unusable_password()
        account.save(update_fields=["email", "is_active", "password"])
    PersonDocument.objects.filter(person=person).delete()
    person.given_names, person.first_surname, person.second_surname = ERASED_NAME, "", ""
    person.birth_date = None
    person.save(update_fields=["given_names", "first_surname", "second_surname", "birth_date"])
