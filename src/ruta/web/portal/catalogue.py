"""What the public pages tell of a service, read from its folder and from decided cases. No rule lives here."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from ruta.cases import selectors as case_selectors
from ruta.definitions import runtime
from ruta.definitions.lint import unbuilt
from ruta.definitions.models import ServiceVersion
from ruta.definitions.runtime import CompiledAct, CompiledService
from ruta.definitions.schema import ActSpec, Law
from ruta.engine import feel
from ruta.kernel import clock
from ruta.kernel.texts import current_language, pick
from ruta.web.site import parts
from ruta.web.site.legal_clock import business_days, effect_in_words, length_in_words

MOMENTS = "life_moments"


@dataclass(frozen=True)
class ActCard:
    """One act as a list shows it. `open`: it can be started here; otherwise it is explained."""

    slug: str
    act: str
    title: str
    summary: str
    url: str
    open: bool
    service_title: str
    words: tuple[str, ...]


@dataclass(frozen=True)
class Price:
    """One price of today; `amount` None: no tariff is published for today."""

    title: str
    amount: int | None
    source: str


@dataclass(frozen=True)
class TermView:
    """A legal term in words, what its end without an answer means, and its law."""

    length: str
    on_expiry: str
    law: Law | None


@dataclass(frozen=True)
class Fetched:
    """What we fetch from a register so that nobody has to bring it."""

    title: str
    by_consent: bool


@dataclass(frozen=True)
class Needed:
    """A file that a person may have to give."""

    title: str
    note: str


@dataclass(frozen=True)
class Moment:
    """A moment of life and the acts that belong to it."""

    id: str
    title: str
    icon: str
    text: str


def acts_of(versions: Iterable[ServiceVersion]) -> list[ActCard]:
    """Every act of the services, open ones first within each service."""
    cards = []
    for version in versions:
        compiled = runtime.compiled(version.pk)
        cards += sorted(
            (act_card(compiled, name) for name in compiled.service.acts), key=lambda card: not card.open
        )
    return cards


def act_card(compiled: CompiledService, name: str) -> ActCard:
    """One act as a list shows it."""
    spec = compiled.service.acts[name]
    return ActCard(
        slug=compiled.service.slug,
        act=name,
        title=pick(spec.title),
        summary=pick(spec.summary),
        url=reverse("portal:act", args=[compiled.service.slug, name]),
        open=can_start(compiled.act(name)),
        service_title=pick(compiled.service.title),
        words=words_of(spec),
    )


def words_of(spec: ActSpec) -> tuple[str, ...]:
    """The everyday words of an act, in the page's language."""
    words = dict(spec.words)
    return words.get("en" if current_language() == "en" else "es", ())


def can_start(act: CompiledAct) -> bool:
    """Whether a person may begin the act in the portal."""
    return act.is_open and "portal" in act.spec.channels and act.spec.can_be_started_by("citizen")


def moments(versions: Iterable[ServiceVersion]) -> list[Moment]:
    """The moments of life for which some service does something, in the order of the shared list."""
    found: dict[str, list[str]] = {}
    titles: dict[str, tuple[str, str]] = {}
    order: list[str] = []
    for version in versions:
        compiled = runtime.compiled(version.pk)
        codes = compiled.lists.get(MOMENTS)
        if codes is None:
            continue
        order = order or [code.code for code in codes]
        for moment in compiled.service.life_moments:
            code = codes.get(moment)
            if code is None:
                continue
            titles[moment] = (pick(code.title), code.more.get("icon", "") or "folder")
            found.setdefault(moment, []).append(pick(compiled.service.title))
    return [
        Moment(moment, titles[moment][0], titles[moment][1], " · ".join(found[moment]))
        for moment in order
        if moment in found
    ]


def acts_of_moment(versions: Iterable[ServiceVersion], moment: str) -> list[ActCard]:
    """The acts of the services that belong to a moment of life."""
    return acts_of(
        version for version in versions if moment in runtime.compiled(version.pk).service.life_moments
    )


def prices(compiled: CompiledService, spec: ActSpec) -> list[Price]:
    """The prices of today, from the service's dated figures."""
    found = []
    for shown in spec.fee.show if spec.fee else ():
        try:
            figure = compiled.figure(shown.value, clock.today())
        except feel.Stop:
            found.append(Price(pick(shown.title), None, ""))
            continue
        amount = int(figure.value) if isinstance(figure.value, Decimal) else None
        found.append(Price(pick(shown.title), amount, figure.source))
    return found


def price_in_words(found: list[Price], spec: ActSpec) -> str:
    """The span of prices in a few words."""
    amounts = sorted(price.amount for price in found if price.amount is not None)
    if spec.fee is None or (amounts and amounts[-1] == 0):
        return _("Gratis")
    if not amounts:
        return _("Lo calcula el formulario antes de pedirle que pague")
    if amounts[0] == amounts[-1]:
        return pesos(amounts[0])
    return _("De %(least)s a %(most)s") % {"least": pesos(amounts[0]), "most": pesos(amounts[-1])}


def pesos(amount: int) -> str:
    """An amount, or that there is nothing to pay."""
    from ruta.web.site.templatetags.site import pesos as in_words

    return in_words(amount)


def term_view(compiled: CompiledService, spec: ActSpec) -> TermView | None:
    """The first term that binds the agency from the start: none that follows an expiry."""
    term = next((term for term in spec.terms if not term.from_.endswith(".expired")), None)
    if term is None:
        return None
    return TermView(
        length_in_words(term.length),
        _("Lo que pasa si se vence depende del caso; se lo decimos en su expediente.")
        if term.on_expiry.startswith("=")
        else effect_in_words(term.on_expiry),
        compiled.service.law(term.law),
    )


def fetched(compiled: CompiledService, spec: ActSpec) -> list[Fetched]:
    """What the form brings from registers, each register once."""
    seen: dict[str, Fetched] = {}
    for need in spec.needs:
        read = compiled.read(need)
        register = compiled.registers.get(read.register_)
        title = register.title if register else read.register_
        seen.setdefault(read.register_, Fetched(title, read.consent == "person"))
    return list(seen.values())


def needed(spec: ActSpec) -> list[Needed]:
    """The files that somebody may have to give."""
    names = {"application/pdf": "PDF", "image/jpeg": _("foto"), "image/png": _("foto")}
    return [
        Needed(
            pick(evidence.title),
            _("%(kinds)s, hasta %(size)s MB")
            % {
                "kinds": " / ".join(dict.fromkeys(names.get(kind, kind) for kind in evidence.accept)),
                "size": evidence.max_mb,
            },
        )
        for evidence in spec.evidence
    ]


def steps(compiled: CompiledService, act: CompiledAct) -> list[parts.Step]:
    """What happens after filing: the stages that the act's process passes, in the service's order."""
    if act.process is None:
        return []
    used = {node.properties.get("ruta:stage") for node in act.process.nodes.values()}
    return [
        parts.Step(pick(stage.title)) for stage in compiled.service.stages if not used or stage.id in used
    ]


def audience(act: CompiledAct) -> str:
    """Who may ask for it, in words. Of an act that is begun here, only those who can."""
    words = {
        "anyone": _("Cualquier persona"),
        "citizen": _("Usted mismo, con su cuenta"),
        "representative": _("Quien lo represente"),
        "official": _("La entidad, de oficio"),
    }
    told = [who.kind for who in act.spec.who if not (act.is_open and who.kind in unbuilt.WHO)]
    return "; ".join(dict.fromkeys(words[kind] for kind in told if kind in words))


def channels(act: CompiledAct) -> list[str]:
    """Where it can be done, in words. Of an act that is begun here, only where it can be."""
    words = {
        "portal": _("Aquí, en línea"),
        "counter": _("En la oficina de la entidad"),
        "phone": _("Por teléfono"),
        "post": _("Por correo"),
    }
    told = [channel for channel in act.spec.channels if not (act.is_open and channel in unbuilt.CHANNELS)]
    return [words[channel] for channel in told if channel in words]


def level_in_words(level: str) -> str:
    """How surely we must know who asks."""
    return {
        "none": _("No necesita cuenta."),
        "low": _("Necesita una cuenta con su correo."),
        "medium": _(
            "Necesita una cuenta y responder unas preguntas que confirman quién es. Toma dos minutos."
        ),
        "high": _("Necesita una cuenta y haber confirmado su identidad en persona."),
        "very_high": _("Necesita una cuenta con certificado de firma."),
    }.get(level, "")


def real_times(service: str, act: str) -> tuple[list[parts.Figure], str]:
    """How long it really took: figures, and a sentence that says on what they rest."""
    took = case_selectors.durations(service, act)
    if took.median is None or took.p90 is None or took.in_term_share is None:
        return [], ngettext(
            "Todavía no hay suficientes casos (%(n)s) para decirle cuánto se demora de verdad.",
            "Todavía no hay suficientes casos (%(n)s) para decirle cuánto se demora de verdad.",
            took.count,
        ) % {"n": took.count}
    figures = [
        parts.Figure(
            time_taken(took.median), _("la mitad de las personas la recibió en este tiempo o menos")
        ),
        parts.Figure(time_taken(took.p90), _("nueve de cada diez, en este tiempo o menos")),
        parts.Figure(percent(took.in_term_share), _("dentro del plazo legal")),
    ]
    note = _("Contado en los %(n)s casos decididos en los últimos doce meses.") % {"n": thousands(took.count)}
    return figures, note


def time_taken(days: int) -> str:
    """`3 días hábiles`; the same day is said in words."""
    return business_days(days) if days else _("El mismo día")


def percent(share: float) -> str:
    """`97,4 %`, in English `97.4%`."""
    text = f"{share * 100:.1f}".removesuffix(".0")
    return f"{text}%" if current_language() == "en" else f"{text.replace('.', ',')} %"


def thousands(number: int) -> str:
    """`41.208`, in English `41,208`."""
    text = f"{number:,}"
    return text if current_language() == "en" else text.replace(",", ".")
