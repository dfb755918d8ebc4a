"""Every read of personal data leaves a line that nobody can take back."""

from typing import Any

import pytest
from django.db import ProgrammingError, transaction

from ruta.identity.actors import Actor
from ruta.kernel import audit
from ruta.kernel.errors import Invalid
from ruta.kernel.models import AccessRead

pytestmark = pytest.mark.django_db

CLARA = Actor(
    kind="official", name="Clara", official_id=3, agency_name="Registro", roles=frozenset({"r", "r@1"})
)


def test_a_list_of_many_persons_is_one_statement(django_assert_num_queries: Any) -> None:
    persons = [("CC", str(10_000_000 + number)) for number in range(300)]
    with django_assert_num_queries(1):
        assert audit.log_read(CLARA, persons=persons, purpose="case_processing", what="inbox") == 300


def test_a_person_sees_who_read_and_not_her_own_reads() -> None:
    audit.log_read(
        CLARA, persons=[("CC", "52148963")], purpose="audit", what="case", case_number="2026-CRB-000123-7"
    )
    audit.log_read(
        Actor(kind="person", name="Ana"), persons=[("CC", "52148963")], purpose="own_data", what="folder"
    )
    line = audit.reads_about("52148963").get()
    assert (line.actor_name, line.role, line.agency, line.get_purpose_display()) == (
        "Clara",
        "r@1",
        "Registro",
        "Auditoría",
    )
    assert audit.reads_about("52148963", include_own=True).count() == 2
    assert len(line.document_digest) == 64


def test_a_purpose_must_be_one_of_the_law_and_an_emergency_explained() -> None:
    with pytest.raises(Invalid, match="does not exist"):
        audit.log_read(CLARA, persons=[("CC", "1")], purpose="curiosity", what="case")
    with pytest.raises(Invalid, match="at least 20"):
        audit.log_read(CLARA, persons=[("CC", "1")], purpose="emergency", what="case", reason="urgente")
    audit.log_read(
        CLARA, persons=[("CC", "1")], purpose="emergency", what="case", reason="Traslado a urgencias en curso"
    )


def test_the_app_may_neither_change_nor_delete_a_line() -> None:
    audit.log_read(CLARA, persons=[("CC", "1")], purpose="audit", what="case")
    with pytest.raises(ProgrammingError), transaction.atomic():
        AccessRead.objects.update(actor_name="Otra")
    with pytest.raises(ProgrammingError), transaction.atomic():
        AccessRead.objects.all()._raw_delete("default")
