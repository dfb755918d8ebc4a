"""A folder becomes an immutable version; a case stays on the one it was filed on."""

from datetime import date

import pytest
from definitions_builders import GOOD, changed
from django.db import DatabaseError, transaction

from ruta.definitions import runtime, selectors
from ruta.definitions.models import Service, ServiceVersion
from ruta.definitions.services import PublicationError, publish
from ruta.documents import store
from ruta.documents.templates import Template
from ruta.kernel import clock
from ruta.kernel.errors import Conflict, NotFound
from ruta.kernel.models import DomainEvent
from ruta.registers.models import RegisterDefinition

pytestmark = pytest.mark.django_db
SLUG = "civil-registration"


def test_the_same_content_again_gives_the_version_that_exists() -> None:
    first = publish(GOOD, in_force_from=date(2026, 1, 1))
    again = publish(GOOD, in_force_from=date(2026, 6, 1))
    assert again == first
    assert again.in_force_from == date(2026, 1, 1)
    assert DomainEvent.objects.filter(name="service.published", key=SLUG).count() == 1


def test_other_content_is_the_next_version() -> None:
    first = publish(GOOD, in_force_from=date(2026, 1, 1))
    second = publish(changed("service.yaml", "years: 10", "years: 11"), in_force_from=date(2026, 6, 1))
    assert (first.number, second.number) == (1, 2)


def test_a_version_is_in_force_from_its_day_and_the_one_before_until_then() -> None:
    first = publish(GOOD, in_force_from=date(2026, 1, 1))
    second = publish(changed("service.yaml", "years: 10", "years: 11"), in_force_from=date(2026, 6, 1))
    assert selectors.current_version(SLUG, on=date(2026, 5, 31)) == first
    assert selectors.current_version(SLUG, on=date(2026, 6, 1)) == second
    with clock.moved(date(2026, 3, 1)):
        assert selectors.current_services() == [first]
        assert Service.objects.get(pk=SLUG).current == first
    with pytest.raises(NotFound):
        selectors.current_version(SLUG, on=date(2025, 12, 31))


def test_a_published_version_cannot_be_changed_nor_removed() -> None:
    version = publish(GOOD)
    for change in (
        lambda: ServiceVersion.objects.filter(pk=version.pk).update(in_force_from=date(2020, 1, 1)),
        lambda: ServiceVersion.objects.filter(pk=version.pk)._raw_delete("default"),
    ):
        with pytest.raises(DatabaseError, match="never changes"), transaction.atomic():
            change()


def test_a_folder_with_errors_is_refused_and_leaves_nothing_behind() -> None:
    with pytest.raises(PublicationError) as refused:
        publish(changed("service.yaml", "law: L527", "law: L572"))
    assert [finding.check for finding in refused.value.findings] == ["law-unknown"]
    assert "service.yaml:" in refused.value.say("en")
    assert not Service.objects.exists()


def test_what_is_not_built_is_refused_by_name_and_line() -> None:
    folder = changed("acts/copy/process.bpmn", 'type="ruta.issue"', 'type="ruta.compose"')
    with pytest.raises(PublicationError, match=r"Not built yet: verb compose, line \d+"):
        publish(folder)


def test_two_services_cannot_share_the_code_of_case_numbers() -> None:
    publish(GOOD)
    other = changed("service.yaml", "slug: civil-registration", "slug: other")
    with pytest.raises(Conflict):
        publish(other)


def test_publishing_defines_registers_and_keeps_templates() -> None:
    version = publish(GOOD)
    names = set(RegisterDefinition.objects.filter(current=True).values_list("name", flat=True))
    assert {"birth", "marriage", "death", "ruv", "ani"} <= names
    sha256 = runtime.compiled(version.pk).act("copy").template_sha256("copy")
    kept = Template.unpacked(store.read(sha256))
    assert kept.main == "copy.typ"
    assert kept.files == {name: GOOD.text(f"outputs/{name}") for name in ("copy.typ", "_sheet.typ")}


def test_the_same_content_is_compiled_once() -> None:
    version = publish(GOOD)
    assert runtime.compiled(version.pk) is runtime.compiled(version.pk)
    with pytest.raises(NotFound):
        runtime.compiled(Service.objects.get(pk=SLUG).versions.model._meta.get_field("id").get_default())
