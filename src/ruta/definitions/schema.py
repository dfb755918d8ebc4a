"""The shape of `service.yaml`, key by key as the contract of a service's folder gives it (§2).

Unknown keys are refused. Texts are `{es: …, en: …}`. A `str` documented as FEEL begins with `=` where plain text is
possible too. What only other files can tell (a law, a stage, a register that exists) is the lint's work.
"""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field

from ruta.engine.terms import Length, LengthError

Level = Literal["low", "medium", "high", "very_high"]
Channel = Literal["portal", "desk", "counter", "api", "phone", "post"]
"""Where an act is filed: by the person in the portal, by an official in the own role at the desk, by an official for a
person who is present at the counter, by an agency's system, and those that are not built (ADR 0011)."""
CONFIDENTIALITY = ("L0", "L1", "L2", "L3")
"""Levels of a case: public, of the agency, of the team of the case, of named persons only (sealed)."""
SilenceWord = Literal[
    "escalate",
    "positive_silence",
    "negative_silence",
    "tacit_withdrawal",
    "expire_output",
    "archive",
    "accepted_information",
]
SILENCE_WORDS: tuple[str, ...] = SilenceWord.__args__  # type: ignore[attr-defined]


class MisfitError(ValueError):
    """A value that does not fit, said in both languages."""

    def __init__(self, say: Mapping[str, str]) -> None:
        super().__init__(say["en"])
        self.say = dict(say)


def _length(text: str) -> str:
    try:
        Length.parse(text)
    except LengthError as wrong:
        raise MisfitError(wrong.say) from None
    return text


def _silence(text: str) -> str:
    if text.startswith("=") or text in SILENCE_WORDS:
        return text
    known = ", ".join(SILENCE_WORDS)
    raise MisfitError(
        {
            "es": f"Escriba una de {known}, o FEEL después de '='.",
            "en": f"Give one of {known}, or FEEL after '='.",
        }
    )


def _confidentiality(text: str) -> str:
    if text.startswith("=") or text in CONFIDENTIALITY:
        return text
    raise MisfitError(
        {
            "es": f"Escriba una de {', '.join(CONFIDENTIALITY)}, o FEEL después de '='.",
            "en": f"Give one of {', '.join(CONFIDENTIALITY)}, or FEEL after '='.",
        }
    )


def _valid_for(text: str) -> str:
    return text if text == "unlimited" else _length(text)


def _feel(text: str) -> str:
    if not text.startswith("="):
        raise MisfitError({"es": "Es FEEL: empiece con '='.", "en": "This is FEEL: begin with '='."})
    return text


def _plural(value: Any) -> Any:
    return [value] if isinstance(value, str) else value


if TYPE_CHECKING:
    Text = dict[str, str]  # a mapping is invariant in its keys: checkers need the plain one
else:
    Text = dict[Literal["es", "en"], Annotated[str, Field(min_length=1)]]
Feel = Annotated[str, AfterValidator(_feel)]
Snake = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*$")]
Dotted = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*(\.[a-z][a-z0-9_]*)?$")]
Kebab = Annotated[str, Field(pattern=r"^[a-z][a-z0-9-]*$")]
Duration = Annotated[str, AfterValidator(_length)]
Laws = Annotated[tuple[str, ...], BeforeValidator(_plural)]


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, coerce_numbers_to_str=True, populate_by_name=True)


class Law(_Part):
    """One article that the service rests on, and what it says in plain words."""

    id: str
    norm: str
    article: str = ""
    says: Text
    verify: bool = False

    @property
    def cited(self) -> str:
        """`Ley 1755 de 2015, art. 14`, alike in both languages; the norm alone where no article is named."""
        return f"{self.norm}, art. {self.article}" if self.article else self.norm


class Stage(_Part):
    """One point of the line that a citizen sees."""

    id: Snake
    title: Text


class Retention(_Part):
    """How long a case is kept after it closed, and what happens then."""

    years: int = Field(ge=0, le=200)
    then: Literal["transfer", "delete"]
    law: str = ""
    verify: bool = False


class Read(_Part):
    """The only description of a look-up: forms, decisions and processes see its answer as `found.<id>`.

    `key` is FEEL giving a context of the register's fields. `patience` is how long another agency may take. `title` is
    what officials read above the answer (left out: the register's title): whose entry it is, where several are read.
    """

    id: Snake
    title: Text | None = None
    register_: str = Field(alias="register")
    key: Feel
    fields: tuple[str, ...]
    shows: tuple[str, ...] = ()
    match: Literal["one", "many"] = "one"
    patience: Duration | None = None
    purpose: Snake
    consent: Literal["law", "person"]
    law: str = ""


class Registers(_Part):
    """Registers that the service reads and those that it may write."""

    reads: tuple[Read, ...] = ()
    writes: tuple[str, ...] = ()


class PublishedColumn(_Part):
    """One column of a dataset: what of each case or entry goes into it, and what a reader is told of it.

    `month`: a day, of which never more than the month is kept. `place` and `category`: a code of a list, or one of
    `options`; a place has an expression (and a list) for each step, the finest first, by which the privacy gate makes it
    coarser. `median`: a number, of which the median of the counted is told.
    """

    is_: Literal["month", "place", "category", "median"] = Field(alias="is")
    value: Annotated[tuple[Feel, ...], BeforeValidator(_plural), Field(min_length=1)]
    title: Text
    says: Text
    list_: Annotated[tuple[Snake, ...], BeforeValidator(_plural)] = Field(default=(), alias="list")
    options: Mapping[str, Text] = Field(default_factory=dict)


class Counted(_Part):
    """What a dataset counts: the decided cases of acts, or the valid entries of a register."""

    acts: tuple[Kebab, ...] = ()
    register_: str = Field(default="", alias="register")


class Publish(_Part):
    """A dataset that the service's cases or entries feed, one column each of `row`, through the privacy gate.

    Counts below `k` are hidden; 10 where the facts are of health, victims, sexual offences or minors. `when` leaves out
    what it is not true of.
    """

    dataset: Kebab
    title: Text
    summary: Text
    of: Counted
    when: Feel = "=true"
    k: int = Field(ge=3)
    law: str = ""
    row: Mapping[Snake, PublishedColumn]

    def column(self, kind: str) -> str:
        """The name of the column of this kind, of which there is at most one; empty where there is none."""
        return next((name for name, column in self.row.items() if column.is_ == kind), "")

    @property
    def medians(self) -> tuple[str, ...]:
        """The names of the columns that hold medians."""
        return tuple(name for name, column in self.row.items() if column.is_ == "median")


class Thread(_Part):
    """What the thread of an output names: its laws, the decisions behind it and the dataset that counts it."""

    law: tuple[str, ...] = ()
    decisions: tuple[Snake, ...] = ()
    dataset: str = ""


class Who(_Part):
    """Who may start an act: anyone, citizen, representative, an official of a role, a system with a scope, or a case of
    another service."""

    kind: Literal["anyone", "citizen", "representative", "official", "api", "service"]
    value: str = ""


def _who(value: Any) -> Any:
    if isinstance(value, str):
        return {"kind": value}
    if isinstance(value, dict) and len(value) == 1 and next(iter(value)) in ("official", "api", "service"):
        kind, name = next(iter(value.items()))
        return {"kind": kind, "value": name}
    if isinstance(value, Who) or (isinstance(value, dict) and set(value) == {"kind", "value"}):
        return value
    raise MisfitError(
        {
            "es": "Escriba anyone, citizen, representative, {official: rol}, {api: alcance} o {service: trámite}.",
            "en": "Give anyone, citizen, representative, {official: role}, {api: scope} or {service: slug}.",
        }
    )


class Assurance(_Part):
    """The level of assurance needed to file, to read the case, and to verify an output."""

    file: Literal["none"] | Level
    read: Literal["none"] | Level
    verify: Literal["none"] | Level = "none"


class ShownFee(_Part):
    """One price on the public page: a parameter by name (`tariffs.name`)."""

    title: Text
    value: str


class Fee(_Part):
    """The decision that gives the lines of the charge, and what the public page shows of it."""

    decision: Snake
    show: tuple[ShownFee, ...] = ()


class Evidence(_Part):
    """A file that a person may have to give; it is not asked while the read that `instead_of` names is found."""

    id: Snake
    title: Text
    accept: tuple[str, ...]
    max_mb: int = Field(ge=1, le=50)
    instead_of: str = ""


class Term(_Part):
    """A legal term of the act. `from` is a moment (received, notified, paid, started) or `<term>.expired`."""

    id: Snake
    length: Duration
    from_: str = Field(alias="from")
    pause_in: tuple[str, ...] = ()
    extend_once: Duration | None = None
    on_expiry: Annotated[str, AfterValidator(_silence)]
    law: str = ""


class Party(_Part):
    """Somebody other than the applicant; `role` is what people read for it.

    `from` is FEEL giving a person or a list of persons: {document_type, document_number, names, email}. `sees` are pages
    or fields of the form that the party may read.
    """

    id: Snake
    role: Text
    from_: Feel = Field(alias="from")
    may: tuple[Literal["read", "answer", "sign", "pay"], ...] = ()
    sees: tuple[str, ...] = ()


class OutputSpec(_Part):
    """A document that the act issues; its state follows the entry (or charge) named by `source`.

    `valid_for` is a length or `unlimited`. `issuer` is the post that answers for it (empty: any that signs).
    `title` names it before it exists; `issued_as`, with `{{ FEEL }}`, the one issued, where one output has several
    kinds.
    """

    id: Snake
    title: Text
    issued_as: Text | None = None
    template: str
    format: Literal["pdf", "svg", "json"] = "pdf"
    issuer: str = ""
    source: str
    valid_for: Annotated[str, AfterValidator(_valid_for)] = "unlimited"
    verify_shows: tuple[Dotted, ...] = ()
    law: str = ""


class Appeal(_Part):
    """An appeal that replaces the default ones. `by` is `same` (the office that decided, never the same official),
    `superior` (the posts that supervise), or a post."""

    kind: Literal["reposicion", "apelacion", "reconsideracion"]
    by: str
    length: Duration
    decide_in: Duration
    silence: Literal["negative_silence", "positive_silence"]
    law: str


class OfflineRange(_Part):
    """Numbers that an office takes along: `count` of a range of a register that the service writes."""

    register_: str = Field(alias="register")
    range_: Snake = Field(alias="range")
    count: int = Field(ge=1, le=200)


class Offline(_Part):
    """How an office acts without a network. Each filing gets one number of each of `ranges`.

    `valid_for` is how long the numbers may be given out and the paper is worth. `provisional` is what that paper says,
    beside number, code and date. `office` is the form's field that names the office: the one that took the numbers.
    `same` are fields that tell who or what it is about: two filings with the same answers are shown to a person.
    `shows` are the fields printed on the paper.
    """

    ranges: tuple[OfflineRange, ...] = ()
    valid_for: Duration
    provisional: Text
    office: Snake
    shows: tuple[Snake, ...] = ()
    same: tuple[Snake, ...] = ()
    law: str


class Return(_Part):
    """How often a request may be returned for correction."""

    times: int = Field(ge=0, le=10)


class ActSpec(_Part):
    """One thing that somebody can start.

    `words` are everyday phrases of this act alone. `guide` explains, in Markdown, an act that the reader cannot start
    and what there is to do instead; an act with a guide may have no form and no process yet.
    """

    title: Text
    summary: Text
    words: dict[Literal["es", "en"], tuple[str, ...]] = Field(default_factory=dict)
    guide: Text | None = None
    who: tuple[Annotated[Who, BeforeValidator(_who)], ...]
    assurance: Assurance
    channels: tuple[Channel, ...]
    fee: Fee | None = None
    needs: tuple[str, ...] = ()
    evidence: tuple[Evidence, ...] = ()
    terms: tuple[Term, ...] = ()
    parties: tuple[Party, ...] = ()
    outputs: tuple[OutputSpec, ...] = ()
    appeals: tuple[Appeal, ...] = ()
    offline: Offline | None = None
    return_: Return = Field(default_factory=lambda: Return(times=1), alias="return")

    @property
    def roles(self) -> tuple[str, ...]:
        """The posts that may file the act in their own role."""
        return tuple(who.value for who in self.who if who.kind == "official")

    @property
    def scopes(self) -> frozenset[str]:
        """The scopes of which a system's key needs one to file the act."""
        return frozenset(who.value for who in self.who if who.kind == "api")

    def party(self, party_id: str) -> Party | None:
        """The party with this id, None for the applicant, who is in every case."""
        return next((party for party in self.parties if party.id == party_id), None)

    def can_be_started_by(self, kind: str) -> bool:
        """Whether `kind` (anyone, citizen, representative, official, api) is among those who may start the act."""
        return any(who.kind in (kind, "anyone") for who in self.who)


class ServiceFile(_Part):
    """`service.yaml`. `confidentiality` is the first level of a case: a word, or FEEL that sees the application."""

    slug: Kebab
    code: Annotated[str, Field(pattern=r"^[A-Z]{3}$")]
    title: Text
    summary: Text
    audience: tuple[Literal["person", "organisation", "official"], ...]
    agency: Annotated[str, Field(pattern=r"^[0-9]{9}-[0-9]$")]
    words: dict[Literal["es", "en"], tuple[str, ...]] = Field(default_factory=dict)
    life_moments: tuple[Snake, ...] = ()
    legal_basis: tuple[Law, ...]
    stages: tuple[Stage, ...]
    confidentiality: Annotated[str, AfterValidator(_confidentiality)] = "L1"
    retention: Retention
    registers: Registers = Field(default_factory=Registers)
    publish: tuple[Publish, ...] = ()
    thread: Mapping[Snake, Thread] = Field(default_factory=dict)
    acts: Mapping[Kebab, ActSpec]

    def law(self, law_id: str) -> Law | None:
        """The article with this id."""
        return next((law for law in self.legal_basis if law.id == law_id), None)

    def stage(self, stage_id: str) -> Stage | None:
        """The stage with this id."""
        return next((stage for stage in self.stages if stage.id == stage_id), None)

    def published(self, dataset: str) -> Publish | None:
        """The dataset with this name."""
        return next((one for one in self.publish if one.dataset == dataset), None)

    def read(self, read_id: str) -> Read | None:
        """The look-up with this id."""
        return next((read for read in self.registers.reads if read.id == read_id), None)
