"""A small country in which every address of the table has something to show."""

import copy
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.urls import URLPattern, URLResolver, get_resolver, reverse
from tests.desk.desk_builders import BOOKS, PURPOSE, Office, open_office
from tests.web import filling

from ruta.cases import services
from ruta.cases.bulk import services as bulk
from ruta.cases.bulk import writing
from ruta.cases.drafts import services as drafts
from ruta.cases.models import Ask, AskedPerson, Batch, Case, Draft, OfflineFiling, Task
from ruta.cases.offline import kits
from ruta.cases.offline.receiving import Sent, receive
from ruta.cases.play.world import World
from ruta.definitions.runtime import compiled
from ruta.definitions.selectors import current_version
from ruta.documents.models import Output, PartialUpload
from ruta.documents.uploads import resumable
from ruta.identity import absences
from ruta.identity import services as identity
from ruta.identity.access import rule_of
from ruta.identity.actors import Actor
from ruta.identity.models import Absence, Account
from ruta.kernel import audit, clock
from ruta.notifications.models import Message
from ruta.payments.models import Charge, Receipt
from ruta.registers.services import open_range

MONDAY = datetime(2026, 3, 16, 10)
PASSWORD = "una-clave-larga-de-prueba"
WITHOUT_OBJECT = frozenset(
    {"slug", "act", "lang", "wanted", "rest"}
)  # arguments that name nothing of a person

FILED_BY_OFFICES = {
    *("desk:form-start", "desk:bulk", "desk:bulk-template"),
    *("api:schema", "api:file", "api:bulk"),
}


@dataclass(frozen=True)
class Address:
    """One line of the URL table."""

    name: str
    pattern: str
    rule: str | None
    arguments: tuple[str, ...]

    @property
    def personal(self) -> bool:
        """Whether its arguments name something of one person."""
        return bool(set(self.arguments) - WITHOUT_OBJECT)


def table() -> list[Address]:
    """Every address, whatever table it stands in."""
    return list(_walk(get_resolver().url_patterns, "/", ""))


def _walk(patterns: Sequence[Any], before: str, space: str) -> Iterator[Address]:
    for each in patterns:
        path = before + str(each.pattern)
        if isinstance(each, URLResolver):
            yield from _walk(each.url_patterns, path, f"{each.namespace}:" if each.namespace else space)
        elif isinstance(each, URLPattern):
            name = f"{space}{each.name}"
            yield Address(name, path, rule_of(each.callback), tuple(each.pattern.converters))


@dataclass
class Country:
    """The office at work, with a case in every state, all of Luis."""

    office: Office
    weighed: Case
    sought: Case
    unpaid: Case
    decided: Case
    draft: Draft
    upload: PartialUpload
    at_desk: Draft
    batch: Batch
    offline: OfflineFiling
    accounts: dict[str, Account]

    def fresh(self) -> "Country":
        """The same rows in objects that no test has touched."""
        return copy.deepcopy(self, {id(self.office.world): self.office.world})

    def arguments(self, address: Address) -> dict[str, Any]:
        """What the address takes, naming things of Luis that exist."""
        charge = Charge.objects.get(case_number=self.decided.number)
        number = {
            "portal:payment-receipt": Receipt.objects.get(charge=charge).number,
            "portal:payment": Charge.objects.get(case_number=self.unpaid.number).number,
            "portal:pay": Charge.objects.get(case_number=self.unpaid.number).number,
            "portal:withdraw": self.unpaid.number,
            "desk:output": self.decided.number,
            "desk:output-preview": self.decided.number,
            "portal:filing-receipt": self.decided.number,
        }.get(address.name, self.weighed.number)
        known = {
            "slug": "civil-registration",
            "act": "death" if address.name in FILED_BY_OFFICES else "copy",
            "rest": "nowhere",
            "batch_id": self.batch.pk,
            "lang": "en",
            "wanted": "dark",
            "number": number,
            "code": Output.objects.get(case_number=self.decided.number).code,
            "message_id": Message.objects.filter(case_number=self.decided.number).earliest("created_at").pk,
            "draft_id": self.at_desk.pk if address.name.startswith("desk:") else self.draft.pk,
            "page_id": "entry",
            "read": "entry",
            "dataset": "civil-registration-births",
            "kind": "csv",
            "name": "office",
            "order": 1,
            "line": 1,
            "upload_id": self.upload.pk,
            "account_id": self.accounts["luis"].pk,
            "asked_id": AskedPerson.objects.get(ask__case=self.weighed).pk,
            "absence_id": Absence.objects.get().pk,
            "kit_id": self.offline.kit_id,
            "filing_id": self.offline.pk,
            "task_id": Task.objects.get(case=self.weighed, status="open").pk,
        }
        return {name: known[name] for name in address.arguments}

    def path(self, address: Address) -> str:
        """The address, filled in."""
        return reverse(address.name, kwargs=self.arguments(address))


def build(world: World, lang: str = "es") -> Country:
    """Make it, by the services that people use; whoever applies reads `lang`."""
    office = open_office(world)
    office.lang = lang
    weighed, sought, unpaid = office.asks(PURPOSE), office.asks(BOOKS, pays=True), office.asks(BOOKS)
    decided = office.asks({**PURPOSE, "kind": "certificate"}, pays=True)
    services.claim(Task.objects.get(case=sought, status="open").id, actor=office.clara)
    services.add_note(weighed, "Llamé al juzgado: confirman el proceso.", actor=office.edgar)
    audit.log_read(
        office.clara, persons=[office.luis.document], purpose="case_processing", what="register:birth"
    )
    accounts = {
        name: Account.objects.get(pk=actor.account_id)
        for name, actor in (
            ("luis", office.luis),
            ("clara", office.clara),
            ("edgar", office.edgar),
            ("beatriz", office.beatriz),
        )
    }
    for account in accounts.values():
        account.set_password(PASSWORD)
        account.save(update_fields=["password"])
    accounts["nobody yet"] = identity.create_account("nueva@example.co", None, verified=True)
    accounts["olga"] = _of_another_agency()
    client = filling.signed_in(office.luis)
    draft = filling.begin(client)
    upload = resumable.begin(
        office.luis, name="poder.pdf", length=10, accept=["application/pdf"], max_mb=1, at="/file"
    )
    at_desk = drafts.start_draft(
        office.clara,
        "civil-registration",
        "copy",
        channel="counter",
        lang=lang,
        applicant=accounts["luis"].person,
        level="medium",
        typed={"search_by": "nuip", "nuip": "1020304050", "birth_date": "27/03/1998"},
    )
    _asked(weighed, office.luis)
    later = clock.today() + timedelta(days=30)
    absences.tell(
        official=office.clara.official_id,
        substitute=office.edgar.official_id,
        first_day=later,
        last_day=later,
        reason="Vacaciones",
        actor=office.clara,
    )
    batch = bulk.receive(office.clara, "civil-registration", "death", a_file(), name="muertes.csv", lang=lang)
    bulk.confirm(batch, office.clara)
    offline = _offline(office)
    return Country(office, weighed, sought, unpaid, decided, draft, upload, at_desk, batch, offline, accounts)


def a_file() -> bytes:
    """A file of one death, whose office is missing."""
    form = compiled(current_version("civil-registration").pk).act("death").form
    assert form is not None
    head = writing.template(form)
    return (head + ";" * head.count(";") + "\r\n").replace("\n;", "\n1;").encode()


def _offline(office: Office) -> OfflineFiling:
    """What came back from a device of Clara's and waits for a person."""
    open_range("death", "serial", first=150100001, last=150199999, office="1501-15001")
    kit = kits.take_kit(office.clara, "civil-registration", "death", device="Tableta 2", lang=office.lang)
    sent = Sent(
        {"situation": "body", "death_date": "14/3/2026"}, clock.today().isoformat(), "2026-03-16T10:00"
    )
    return receive(kit.pk, 1, sent, actor=office.clara)


def _asked(case: Case, of: Actor) -> None:
    """Something that the case asks of somebody: no act of this service asks anything yet."""
    ask = Ask.objects.create(
        case=case,
        token=10_000,  # at no box
        version_id=case.version_id,
        node="filed",
        party="applicant",
        level="medium",
        title={"es": "Confirme para qué es", "en": "Confirm what it is for"},
        data=[{"id": "kind", "value": "copy"}],
        term="answer",
        due_on=clock.today() + timedelta(days=20),
        created_at=clock.now(),
    )
    AskedPerson.objects.create(
        ask=ask,
        person_id=of.person_id,
        document_type=of.document_type,
        document_number=of.document_number,
        name=of.names,
    )


def _of_another_agency() -> Account:
    agency = identity.define_agency(nit="899999034-1", name="Otra entidad")
    team = identity.define_team(agency, code="otra", name="Otra oficina")
    person = identity.register_person(
        given_names="Olga",
        first_surname="Paz",
        birth_date=None,
        document_type="CC",
        document_number="41000111",
    )
    account = identity.create_account("olga@otra.example.co", None, person=person, verified=True)
    identity.appoint_official(account, person=person, team=team, role="registrar")
    return account
