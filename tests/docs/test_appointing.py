"""The operator's page says how officials are appointed; what it shows works."""

from datetime import date

import pytest
from tests.docs.blocks import files_of

from ruta.identity import services
from ruta.identity.actors import actor_of_account


@pytest.mark.django_db
def test_what_the_operator_types_makes_an_official_of_the_role() -> None:
    person = services.register_person(
        given_names="Clara",
        first_surname="Duarte",
        birth_date=date(1980, 5, 4),
        document_type="CC",
        document_number="52148963",
    )
    account = services.create_account("clara@example.co", None, person=person, verified=True)

    exec(files_of("how-to/operator.md")["appoint.py"], {})

    actor = actor_of_account(account, desk=True, authenticator="very_high")
    assert actor.kind == "official"
    assert {"librarian", "librarian@centre"} <= actor.roles

    exec(files_of("how-to/operator.md")["grant.py"], {})

    actor = actor_of_account(account, desk=True, authenticator="very_high")
    assert actor.grants == {"service:library-card"}
