"""Proving who one is by answering from a register: assurance `medium` (Decreto 620/2020; common facts §11.1).

The person gives document, names, when born and when the document was issued, as the register has them, then three of
four questions right. Wrong answers are counted by account and by document: five in 15 minutes wait 15 minutes; ten
in 30 days leave only the counter. Which register, and how it is asked, a room above says (`use_register`).
"""

import hashlib
import hmac
import random
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.db.models import Q, Sum

from ruta.engine.problems import Problem
from ruta.kernel import audit, clock, names
from ruta.kernel.errors import Conflict, Forbidden, Invalid, Unavailable
from ruta.kernel.identifiers import DOCUMENT_TYPES, parse_document

from . import services
from .models import Account, Level, Person, ProofingAttempt

QUESTIONS, ENOUGH, OPTIONS = 4, 3, 5
SOON, SOON_WRONG = timedelta(minutes=15), 5
MONTH, MONTH_WRONG = timedelta(days=30), 10
# Documents that a register of persons answers for; the rest are proofed at the counter.
TYPES = ("CC", "TI", "CE", "PT")

Ask = Callable[[str, str], Mapping[str, Any] | None]


@dataclass(frozen=True)
class Source:
    """The register that proves: its name, how a person is asked for in it, and its `x-register.proofing`."""

    name: str
    ask: Ask
    questions: Callable[[], Sequence[Mapping[str, Any]]]


@dataclass(frozen=True)
class Claim:
    """Who somebody says to be. `issue_date` is the day on which the document was issued."""

    document_type: str
    document_number: str
    given_names: str
    first_surname: str
    second_surname: str
    birth_date: date
    issue_date: date


@dataclass(frozen=True)
class Question:
    """One question: its text in both languages and the answers to choose from."""

    label: Mapping[str, str]
    options: tuple[str, ...]


_source: list[Source] = []


def use_register(name: str, *, ask: Ask, questions: Callable[[], Sequence[Mapping[str, Any]]]) -> None:
    """Say which register proves identity. `ask(type, number)` gives its fields, or None for an unknown person.

    The fields read are `given_names`, `first_surname`, `second_surname`, `birth_date`, `issue_date` (ISO) and those
    that `questions()` names: [{field, label: {es, en}, decoys: [text, …]}]. `ask` may raise Unavailable.
    """
    _source[:] = [Source(name, ask, questions)]


def source() -> Source:
    """The register that proves identity. Raises Unavailable when the installation has none."""
    if not _source:
        raise Unavailable(
            {
                "es": "Por ahora no podemos comprobar su identidad por internet. Puede hacerlo en una oficina.",
                "en": "For now we cannot check who you are online. You can do it at an office.",
            },
            code="no-proofing-register",
        )
    return _source[0]


def begin(account: Account, claim: Claim) -> ProofingAttempt:
    """Compare what was typed with the register and draw the questions.

    Raises Invalid by field, Forbidden (`proofing-wait`, `proofing-counter`) when too many answers were wrong,
    Conflict (`proofing-mismatch`) when the register has no such person or other data: which, it does not say.
    """
    if claim.document_type not in TYPES:
        raise _at_the_counter("document-type")
    number = parse_document(claim.document_type, claim.document_number, birth_date=claim.birth_date)
    digest = audit.document_digest(claim.document_type, number)
    _refuse_if_limited(account, digest)
    if account.person and (claim.document_type, number) not in {
        (each.type, each.number) for each in account.person.documents.all()
    }:
        raise Conflict(
            {
                "es": "Número de documento: esta cuenta es de otra persona. Use su propia cuenta.",
                "en": "Document number: this account belongs to somebody else. Use your own account.",
            },
            field="/document_number",
            code="account-of-another",
        )
    register = source()
    facts = register.ask(claim.document_type, number)
    attempt = ProofingAttempt(account=account, document_digest=digest)
    if facts is None or not _agrees(claim, facts):
        attempt.wrong, attempt.outcome = 1, "mismatch"
        attempt.save()
        raise Conflict(
            {
                "es": "Los datos no coinciden con el registro. Cópielos de su documento, con la fecha de expedición, "
                "y pruebe otra vez; si están bien, acuda a una oficina.",
                "en": "The data do not match the register. Copy them from your document, with the issue date, and try "
                "again; if they are right, go to an office.",
            },
            code="proofing-mismatch",
        )
    attempt.quiz = _draw(register, facts, attempt.id, digest)
    attempt.claim = {
        "document_type": claim.document_type,
        "document_number": number,
        "birth_date": str(facts["birth_date"])[:10],
        **{name: str(facts.get(name) or "") for name in ("given_names", "first_surname", "second_surname")},
        "method": f"register:{register.name}",
    }
    attempt.save()
    return attempt


def questions_of(attempt: ProofingAttempt) -> tuple[Question, ...]:
    """The questions to show, in their order."""
    return tuple(Question(each["label"], tuple(each["options"])) for each in attempt.quiz)


def open_attempt(account: Account, attempt_id: UUID | str) -> ProofingAttempt | None:
    """The attempt that this account began and may still answer, or None."""
    return ProofingAttempt.objects.filter(
        id=attempt_id, account=account, outcome="asked", at__gt=clock.now() - SOON
    ).first()


def answer(account: Account, attempt_id: UUID | str, answers: Sequence[str]) -> Person:
    """Judge the answers; with enough right, the account is that person's, at level `medium`.

    Raises Invalid naming the questions without an answer (which costs nothing), Conflict (`proofing-failed`) when
    too few are right or the time is over, Forbidden when too many were wrong before.
    """
    with transaction.atomic():
        attempt = ProofingAttempt.objects.select_for_update().filter(id=attempt_id, account=account).first()
        if attempt is None or attempt.outcome != "asked" or attempt.at <= clock.now() - SOON:
            raise Conflict(
                {
                    "es": "El tiempo para responder terminó. Empiece otra vez.",
                    "en": "The time to answer is over. Start again.",
                },
                code="proofing-over",
            )
        _refuse_if_limited(account, attempt.document_digest)
        _refuse_unanswered(attempt, answers)
        right = sum(
            hmac.compare_digest(_mark(attempt.id, place, given), each["right"])
            for place, (each, given) in enumerate(zip(attempt.quiz, answers, strict=True))
        )
        claim = attempt.claim
        attempt.wrong = len(attempt.quiz) - right
        attempt.outcome = "passed" if right >= ENOUGH else "failed"
        # What was asked and answered is not kept.
        attempt.quiz, attempt.claim = [], {}
        attempt.save()
        if right >= ENOUGH:
            return services.identify_person(
                account,
                document_type=claim["document_type"],
                document_number=claim["document_number"],
                given_names=claim["given_names"],
                first_surname=claim["first_surname"],
                second_surname=claim["second_surname"],
                birth_date=date.fromisoformat(claim["birth_date"]),
                level=Level.MEDIUM,
                method=claim["method"],
            )
    raise Conflict(
        {
            "es": "Las respuestas no coinciden con el registro. Puede intentarlo otra vez o acudir a una oficina.",
            "en": "The answers do not match the register. You may try again or go to an office.",
        },
        code="proofing-failed",
    )


def _refuse_unanswered(attempt: ProofingAttempt, answers: Sequence[str]) -> None:
    missing = [
        Problem(
            f"/answers/{place}",
            "required",
            {
                "es": f"Pregunta {place + 1}: falta su respuesta. Elija una.",
                "en": f"Question {place + 1}: it has no answer. Choose one.",
            },
        )
        for place, each in enumerate(attempt.quiz)
        if place >= len(answers) or answers[place] not in each["options"]
    ]
    if missing:
        raise Invalid(missing)


def _agrees(claim: Claim, facts: Mapping[str, Any]) -> bool:
    typed = names.PersonName(claim.given_names, claim.first_surname, claim.second_surname)
    known = names.PersonName(
        *(str(facts.get(name) or "") for name in ("given_names", "first_surname", "second_surname"))
    )
    return (
        names.compare(typed, known) in (names.Match.EXACT, names.Match.EQUIVALENT)
        and str(facts.get("birth_date"))[:10] == claim.birth_date.isoformat()
        and str(facts.get("issue_date"))[:10] == claim.issue_date.isoformat()
    )


def _draw(source: Source, facts: Mapping[str, Any], attempt_id: UUID, digest: str) -> list[dict[str, Any]]:
    """Four questions with decoys, always the same for one document: trying again tells nothing about the answers.

    No two ask the same field or have the same right answer: who knows one fact has one answer right.
    """
    drawn: list[dict[str, Any]] = []
    for each in source.questions():
        right = str(facts.get(each["field"]) or "").strip()
        decoys = [text for text in each["decoys"] if names.fold(text) != names.fold(right)]
        if right and len(decoys) >= 2:
            dice = _dice(f"{digest}:{each['field']}")
            options = [right, *dice.sample(decoys, min(len(decoys), OPTIONS - 1))]
            dice.shuffle(options)
            drawn.append(
                {"field": each["field"], "label": dict(each["label"]), "options": options, "right": right}
            )
    chosen: list[dict[str, Any]] = []
    for each in _dice(digest).sample(drawn, len(drawn)):
        asked = {one["field"] for one in chosen}
        known = {names.fold(one["right"]) for one in chosen}
        if each["field"] not in asked and names.fold(each["right"]) not in known:
            chosen.append(each)
    if len(chosen) < QUESTIONS:
        raise _at_the_counter("too-few-questions")
    return [
        each | {"right": _mark(attempt_id, place, each["right"])}
        for place, each in enumerate(chosen[:QUESTIONS])
    ]


def _dice(seed: str) -> random.Random:
    keyed = hmac.new(settings.SECRET_KEY.encode(), f"proofing:{seed}".encode(), hashlib.sha256).digest()
    return random.Random(keyed)  # noqa: S311  seeded by a keyed digest, so that nobody else can draw the same


def _mark(attempt_id: UUID, place: int, text: str) -> str:
    """What is kept of the right answer: it cannot be read from the row."""
    said = f"proofing:{attempt_id}:{place}:{names.fold(text)}".encode()
    return hmac.new(settings.SECRET_KEY.encode(), said, hashlib.sha256).hexdigest()


def _wrong_since(account: Account, digest: str, length: timedelta) -> int:
    counted = ProofingAttempt.objects.filter(
        Q(account=account) | Q(document_digest=digest), at__gt=clock.now() - length
    ).aggregate(wrong=Sum("wrong"))
    return int(counted["wrong"] or 0)


def _refuse_if_limited(account: Account, digest: str) -> None:
    if _wrong_since(account, digest, MONTH) >= MONTH_WRONG:
        raise _at_the_counter("proofing-counter")
    if _wrong_since(account, digest, SOON) >= SOON_WRONG:
        raise Forbidden(
            {
                "es": "Hubo demasiadas respuestas equivocadas. Espere 15 minutos y pruebe otra vez.",
                "en": "Too many answers were wrong. Wait 15 minutes and try again.",
            },
            code="proofing-wait",
        )


def _at_the_counter(code: str) -> Forbidden:
    kinds = ", ".join(DOCUMENT_TYPES[kind].title["es"].lower() for kind in TYPES)
    english = ", ".join(DOCUMENT_TYPES[kind].title["en"].lower() for kind in TYPES)
    if code == "document-type":
        say = {
            "es": f"Tipo de documento: por internet se comprueba {kinds}. Con otro documento, acuda a una oficina.",
            "en": f"Document type: online we check {english}. With another document, go to an office.",
        }
        return Forbidden(say, code=code, field="/document_type")
    say = {
        "es": "No podemos comprobar su identidad por internet. Acuda a una oficina con su documento.",
        "en": "We cannot check who you are online. Go to an office with your document.",
    }
    return Forbidden(say, code=code)
