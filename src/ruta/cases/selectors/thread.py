"""The thread of an output: article → form → rule → payment → clock → output, each link checked anew (contract §9).

A stranger sees that each link holds and what is public of it; the holder sees all.
"""

from __future__ import annotations

import hmac
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.db.models import Sum

from ruta.definitions import runtime
from ruta.definitions.runtime import CompiledService
from ruta.definitions.schema import Law
from ruta.documents import store
from ruta.documents.models import Output
from ruta.documents.selectors import verify_pdf
from ruta.engine import terms as engine
from ruta.identity.actors import Actor
from ruta.kernel import calendars, chain, clock
from ruta.kernel.errors import RutaError
from ruta.kernel.texts import LANGUAGES, pick
from ruta.payments.models import Charge, LedgerEntry

from .. import agreement, perms, sealing
from ..agreement import Record
from ..machine import Machine
from ..models import Case, CaseEvent, CaseTerm, RuleResult, SealedHeads
from ..terms import APPEAL, CORRECTION, FIRMNESS

KINDS = ("article", "form", "rule", "payment", "clock", "output")


@dataclass(frozen=True)
class Check:
    """One thing that was looked at again: whether it holds, and what was looked at, in words."""

    holds: bool
    say: Mapping[str, str]


@dataclass(frozen=True)
class Link:
    """One link of the thread. `facts` are what may be shown: (label, value) in both languages or a plain value."""

    kind: str
    checks: tuple[Check, ...]
    facts: tuple[tuple[Mapping[str, str], Any], ...] = ()
    laws: tuple[Law, ...] = ()

    @property
    def holds(self) -> bool:
        """Whether every check of the link holds."""
        return all(check.holds for check in self.checks)


@dataclass(frozen=True)
class Thread:
    """The whole: its links in order, and whether the viewer sees more than a stranger."""

    output: Output
    case: Case
    links: tuple[Link, ...]
    whole: bool

    @property
    def holds(self) -> bool:
        """Whether every link holds."""
        return all(link.holds for link in self.links)


def thread(output: Output, actor: Actor) -> Thread:
    """Follow an output back to the law, and check each link. Raises nothing for a broken link: it is shown."""
    case = Case.objects.select_related("version").defer("version__files").get(id=output.case_id)
    compiled = runtime.compiled(case.version_id)
    holder = actor.person_id is not None and actor.person_id == output.holder_id
    whole = holder or (actor.kind == "official" and perms.sees(actor, case))
    (record,) = sealing.records([case])
    links = (
        _article(record, compiled, output),
        _form(record, compiled, whole=whole),
        _rule(record, compiled),
        _payment(case),
        _clock(record),
        _output(output, record),
    )
    return Thread(output, case, links, whole)


def _check(holds: bool, es: str, en: str) -> Check:
    return Check(holds, {"es": es, "en": en})


def _article(record: Record, compiled: CompiledService, output: Output) -> Link:
    named = (
        list(compiled.service.thread[output.output_id].law)
        if output.output_id in compiled.service.thread
        else []
    )
    used = [hit.get("law", "") for result in record.results for hit in result.hits]
    ids = list(dict.fromkeys([*named, *used, *(term.law for term in record.terms)]))
    laws = [law for name in ids if (law := compiled.service.law(name)) is not None]
    missing = [name for name in used if name and compiled.service.law(name) is None]
    return Link(
        "article",
        (
            _check(
                bool(laws) and not missing,
                "Cada regla aplicada nombra un artículo de la versión del trámite que regía al radicar.",
                "Every rule applied names an article of the version of the service in force at filing.",
            ),
            _check(
                compiled.content_hash == record.case.version.content_hash,
                f"La definición del trámite es la publicada: huella {compiled.content_hash[:16]}…",
                f"The service's definition is the published one: digest {compiled.content_hash[:16]}…",
            ),
        ),
        laws=tuple(laws),
    )


def _payload_holds(record: Record, event: CaseEvent) -> bool:
    row = record.payloads.get(event.seq)
    if row is None or row.data is None:
        return event.seq in agreement.erased(record)  # erased by law, and an event says so
    return hmac.compare_digest(chain.commitment(row.data, bytes.fromhex(row.salt)), event.commitment)


def _form(record: Record, compiled: CompiledService, *, whole: bool) -> Link:
    case, filed = record.case, next(iter(record.of("filed")), None)
    checks = [
        _check(
            filed is not None and _payload_holds(record, filed),
            "Lo radicado coincide con el compromiso guardado en la cadena.",
            "What was filed matches the commitment kept in the chain.",
        ),
        _check(
            agreement.case_row(record) is None,
            "El expediente guarda lo que se radicó y lo que se decidió.",
            "The case holds what was filed and what was decided.",
        ),
    ]
    form = compiled.act(case.act).form
    facts: list[tuple[Mapping[str, str], Any]] = [
        ({"es": "Radicado", "en": "Filed"}, clock.local_date(case.filed_at)),
        ({"es": "Recibido", "en": "Received"}, case.received_on),
    ]
    asked = [name for page in form.pages for name in page.fields if name in case.form] if form else []
    if whole and form is not None:
        from ruta.engine import forms

        facts += [
            (
                form.fields[name].label,
                {lang: forms.in_words(form.fields[name], value, lang) for lang in ("es", "en")},
            )
            for name in asked
            if (value := case.form.get(name)) is not None
        ]
    elif form is not None:
        told = {
            lang: ", ".join(form.fields[name].label.get(lang, "") for name in asked) for lang in ("es", "en")
        }
        facts.append(({"es": "Preguntas respondidas", "en": "Questions answered"}, told))
    return Link("form", tuple(checks), tuple(facts))


_FORGOTTEN = (
    "Los datos con que se decidió se borraron por ley; no se pueden evaluar otra vez.",
    "The data that it was decided on were erased by law and cannot be evaluated again.",
)


def _rule(record: Record, compiled: CompiledService) -> Link:
    case, results = record.case, record.results
    facts = [
        (
            {lang: pick(hit.get("words"), lang) or hit["rule"] for lang in LANGUAGES},
            _article_of(compiled, hit),
        )
        for result in results
        for hit in result.hits
    ]
    checks = (
        _check(
            agreement.rules_told(record) is None,
            "Las reglas que decidieron son las que quedaron en la cadena.",
            "The rules that decided are those kept in the chain.",
        ),
        _check(True, *_FORGOTTEN)
        if case.erased_at is not None
        else _check(
            _decide_again(case, results),
            "Evaluadas otra vez con los mismos datos, las tablas deciden lo mismo.",
            "Evaluated again on the same data, the tables decide the same.",
        ),
    )
    return Link("rule", checks, tuple(facts))


def _article_of(compiled: CompiledService, hit: Mapping[str, Any]) -> str:
    """The article of a rule that hit; the rule's own id where the table names none."""
    law = compiled.service.law(str(hit.get("law") or ""))
    if law is None:
        return str(hit["rule"])
    article = f", art. {law.article}" if law.article else ""
    return f"{law.norm}{article}"


def _decide_again(case: Case, results: Sequence[RuleResult]) -> bool:
    if not results:
        return True
    with clock.moved(results[0].at):
        machine = Machine(case, Actor.system("thread"))
    return all(_decides_again(machine, result) for result in results)


def _decides_again(machine: Machine, result: RuleResult) -> bool:
    machine.rules.stale()  # each was decided at its own moment
    with clock.moved(result.at):
        try:
            value, hits = machine.rules.decide(result.decision, machine.variables)
        except RutaError:
            return False
    return value == result.value and [hit["rule"] for hit in hits] == [hit["rule"] for hit in result.hits]


def _payment(case: Case) -> Link:
    charges = list(Charge.objects.filter(case_number=case.number).order_by("id"))
    if not charges:
        say = _check(True, "Este trámite no tuvo cobro.", "Nothing was charged.")
        return Link("payment", (say,))
    checks, facts = [], []
    for charge in charges:
        lines = sum(int(line["amount"]) for line in charge.lines)
        balance = LedgerEntry.objects.filter(charge=charge).aggregate(sum=Sum("amount"))["sum"] or 0
        checks += [
            _check(
                lines == charge.total == charge.credited + charge.due,
                "Las líneas del cobro suman el total.",
                "The lines of the charge sum to its total.",
            ),
            _check(balance == 0, "El libro contable cuadra en cero.", "The ledger balances to zero."),
            _check(
                charge.status in ("paid", "refunded"),
                "El cobro está pagado y tiene recibo.",
                "The charge is paid and has its receipt.",
            ),
        ]
        facts += [
            (line.get("title") or {"es": line["concept"]}, int(line["amount"])) for line in charge.lines
        ]
        facts.append(({"es": "Total", "en": "Total"}, charge.total))
    return Link("payment", tuple(checks), tuple(facts))


def _clock(record: Record) -> Link:
    case = record.case
    checks, facts = [], []
    checks.append(
        _check(
            agreement.terms_told(record) is None,
            "Los plazos son los que cuentan las actuaciones.",
            "The terms are those that the events tell.",
        )
    )
    calendar = calendars.calendar_of(case.agency)
    for term in record.terms:
        if term.term == FIRMNESS:
            continue
        state = engine.TermState.from_json(term.state)
        begun = engine.start(state.id, state.length, state.started, calendar)
        if state.extension is not None:
            begun = engine.extend(begun, state.extension, term.started_on - timedelta(days=1), calendar)
        for stop in state.suspensions:
            begun = engine.resume(engine.pause(begun, stop.since, calendar), stop.until, calendar)
        again, name = begun.due, _term_name(term)
        checks.append(
            _check(
                again == term.due_on,
                f"Contado otra vez, el {name['es']} termina el mismo día.",
                f"Counted again, the {name['en']} ends on the same day.",
            )
        )
        facts.append(({lang: said[0].upper() + said[1:] for lang, said in name.items()}, term.due_on))
    if case.decided_at is not None:
        facts.append(({"es": "Decidido", "en": "Decided"}, clock.local_date(case.decided_at)))
    return Link("clock", tuple(checks), tuple(facts))


_UNITS = {  # the engine's units: one, many
    "business days": ("día hábil", "días hábiles"),
    "calendar days": ("día calendario", "días calendario"),
    "months": ("mes", "meses"),
    "hours": ("hora", "horas"),
    "working hours": ("hora hábil", "horas hábiles"),
}


def _term_name(term: CaseTerm) -> dict[str, str]:
    """A term by its length: `plazo de 10 días hábiles`; what runs after the decision is the term to appeal."""
    if term.term == APPEAL:
        return {"es": "plazo para recurrir", "en": "term to appeal"}
    if term.term.startswith(CORRECTION):
        return {"es": "plazo para corregir", "en": "term to correct"}
    length = engine.Length.parse(term.length)
    one, many = _UNITS[length.unit]
    return {
        "es": f"plazo de {length.amount} {one if length.amount == 1 else many}",
        "en": f"term of {length}".removesuffix(" exact"),
    }


def _output(output: Output, record: Record) -> Link:
    try:
        verdict = verify_pdf(store.read(output.pdf_sha256)) if output.pdf_sha256 else None
    except (RutaError, OSError):
        verdict = None
    sealed = SealedHeads.objects.order_by("-number").first()
    gone = output.data is None and record.case.erased_at is not None and not output.public
    checks = (
        _check(
            output.pdf_sha256 in {event.public["sha256"] for event in record.of("output-issued")},
            "El archivo se borró por ley; su huella es la de la cadena.",
            "The file was erased by law; its digest is that of the chain.",
        )
        if gone
        else _check(
            verdict is not None and verdict.exact,
            "Los bytes guardados son los que se firmaron, y la firma es nuestra.",
            "The stored bytes are those that were signed, and the signature is ours.",
        ),
        _check(
            agreement.outputs_told(record) is None,
            "El documento y lo que muestra a quien lo verifica son los que cuentan las actuaciones.",
            "The document, and what it shows to whoever verifies it, are those that the events tell.",
        ),
        _check(
            sealing.verify_chain(record) is None,
            "La cadena de actuaciones del expediente verifica de principio a fin.",
            "The case's chain of events verifies from end to end.",
        ),
    )
    facts: list[tuple[Mapping[str, str], Any]] = [
        ({"es": "Código", "en": "Code"}, output.code),
        ({"es": "Huella del PDF", "en": "Digest of the PDF"}, output.pdf_sha256),
        ({"es": "Actuaciones en la cadena", "en": "Events in the chain"}, record.case.head_seq),
    ]
    if sealed is not None:
        facts.append(
            ({"es": "Último sello de todas las cadenas", "en": "Last seal of all chains"}, sealed.root)
        )
    return Link("output", checks, tuple(facts))
