"""The citizen folder: documents issued, what registers hold, and who looked at the data."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import Exists, OuterRef
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from ruta.cases import perms as cases
from ruta.definitions import runtime
from ruta.definitions.runtime import RegisterDefinition, as_date
from ruta.definitions.selectors import current_services
from ruta.definitions.tables import CodeList
from ruta.documents.selectors import outputs_of_person
from ruta.identity import access
from ruta.identity.actors import Actor, actor_of
from ruta.interop import selectors as interop
from ruta.kernel import audit
from ruta.kernel.errors import NotFound
from ruta.kernel.models import AccessRead
from ruta.kernel.texts import current_language, pick
from ruta.registers import selectors as registers_selectors
from ruta.registers.models import Entry
from ruta.registers.models import RegisterDefinition as Register
from ruta.web.site import parts
from ruta.web.site.templatetags.site import day

from . import case_words, proofing

PAGE = 25
MOST = 100  # entries or documents on one page

Kept = tuple[RegisterDefinition, Mapping[str, CodeList]]


@dataclass(frozen=True)
class Held:
    """One entry of a register about the person."""

    register: str
    facts: tuple[parts.Fact, ...]
    recorded: str
    state: str
    color: str


def tabs(current: str) -> list[parts.Tab]:
    """The three parts of the folder."""
    pages = {
        "folder": _("Mis documentos"),
        "folder-registers": _("Lo que el Estado sabe de mí"),
        "folder-reads": _("Quién miró mis datos"),
    }
    return [parts.Tab(title, reverse(f"portal:{name}"), name == current) for name, title in pages.items()]


@never_cache
@require_safe
@access.signed_in
def folder(request: HttpRequest) -> HttpResponse:
    """`/carpeta/`."""
    actor = actor_of(request)
    outputs = outputs_of_person(actor.person_id)[:MOST] if actor.person_id else []
    return render(
        request,
        "portal/folder.html",
        {"tabs": tabs("folder"), "outputs": [case_words.output_row(output) for output in outputs]},
    )


@never_cache
@require_safe
@access.signed_in
def registers(request: HttpRequest) -> HttpResponse:
    """`/carpeta/registros/`."""
    actor = actor_of(request)
    entries = (
        registers_selectors.visible_to(actor)
        .exclude(status="replaced")
        .select_related("definition")
        .order_by("register", "-recorded_at")[:MOST]
    )
    kept = _kept()
    found = [held(entry, kept) for entry in entries]
    if found and actor.document_number:
        audit.log_read(
            actor, persons=[actor.document], purpose=audit.Purpose.OWN_DATA, what="folder:registers"
        )
    return render(
        request,
        "portal/folder_registers.html",
        {"tabs": tabs("folder-registers"), "held": found, "known": bool(actor.document_number)},
    )


def held(entry: Entry, kept: Mapping[str, Kept]) -> Held:
    """An entry in words: the labels that its schema gives; parts without a label are not for people."""
    register, lists = kept.get(entry.register) or (
        RegisterDefinition(entry.register, entry.definition.schema, shared=False),
        {},
    )
    words = {
        "valid": (_("Vigente"), "success"),
        "annulled": (_("Anulado"), "danger"),
        "cancelled": (_("Cancelado"), "danger"),
        "replaced": (_("Reemplazado"), "neutral"),
    }
    state, color = words[entry.status]
    return Held(
        register=register.title,
        facts=tuple(_facts(register.schema, entry.data, lists)),
        recorded=day(entry.recorded_at),
        state=state,
        color=color,
    )


def _kept() -> dict[str, Kept]:
    """Each register as the folder of the service that keeps it gives it, with that service's code lists, by name.

    The database keeps a schema without the order of its properties; the service's folder has it.
    """
    found: dict[str, Kept] = {}
    for version in current_services():
        compiled = runtime.compiled(version.pk)
        for name, register in compiled.registers.items():
            if not register.shared:
                found.setdefault(name, (register, compiled.lists))
    return found


def _facts(
    schema: Mapping[str, Any], data: Mapping[str, Any], lists: Mapping[str, CodeList]
) -> list[parts.Fact]:
    found = []
    for name, about in schema.get("properties", {}).items():
        ui = about.get("x-ui", {})
        value = data.get(name)
        if "label" not in ui or value in (None, "", [], {}):
            continue
        found.append(parts.Fact(pick(ui["label"]), _value(value, about, lists)))
    return found


def _value(value: Any, about: Mapping[str, Any], lists: Mapping[str, CodeList]) -> str:
    ui = about.get("x-ui", {})
    if isinstance(value, bool):
        return _("Sí") if value else _("No")
    if isinstance(value, Mapping):
        return str(value.get("names") or " ".join(str(part) for part in value.values()))
    if isinstance(value, list):
        return ", ".join(_value(part, about, lists) for part in value)
    if about.get("format") == "date":
        return day(as_date(value)) or str(value)
    return _code(str(value), ui, lists)


def _code(code: str, ui: Mapping[str, Any], lists: Mapping[str, CodeList]) -> str:
    """What a person reads for a code of the field's options or list; the code itself where it has neither."""
    options: Mapping[str, Any] = ui.get("options", {})
    if code in options:
        return pick(options[code])
    codes = lists.get(ui.get("list", ""))
    return codes.title(code, current_language()) if codes is not None else code


@never_cache
@require_safe
@access.signed_in
def reads(request: HttpRequest) -> HttpResponse:
    """`/carpeta/consultas/`: when, who, why; newest first, paged by key."""
    actor = actor_of(request)
    rows = list(_older(actor, request.GET.get("desde", ""))[: PAGE + 1] if actor.document_number else [])
    purposes, titles = _purposes(), _titles(row.what for row in rows[:PAGE])
    table = parts.Table(
        _("Consultas de sus datos"),
        (_("Cuándo"), _("Quién"), _("Para qué"), _("Qué miró"), _("Expediente")),
        tuple(
            (
                parts.Cell(day(row.at)),
                parts.Cell(who_looked(row)),
                parts.Cell(purposes.get(row.purpose, row.purpose)),
                parts.Cell(_what(row.what, titles)),
                parts.Cell(
                    row.case_number or "—",
                    url=reverse("portal:case", args=[row.case_number]) if row.case_number else "",
                ),
            )
            for row in rows[:PAGE]
        ),
    )
    return render(
        request,
        "portal/folder_reads.html",
        {
            "tabs": tabs("folder-reads"),
            "table": table,
            "next": f"?desde={rows[PAGE - 1].pk}" if len(rows) > PAGE else "",
            "previous": reverse("portal:folder-reads") if request.GET.get("desde") else "",
        },
    )


def who_looked(row: AccessRead) -> str:
    """Who looked: a person of an agency, or what the platform itself did."""
    if row.actor_kind == "system":
        return _("Comprobación de identidad") if row.actor_name == proofing.READER else _("El sistema")
    return " · ".join(filter(None, [row.actor_name, row.agency])) or _("El sistema")


def _older(actor: Actor, after: str) -> Any:
    """Reads under the seal of somebody else's case are shown when the seal is lifted (peace P.3)."""
    sealed = cases.hidden_from(actor).filter(number=OuterRef("case_number"))
    found = audit.reads_about(actor.document_number).exclude(Exists(sealed))
    if not after:
        return found
    try:
        return found.filter(pk__lt=UUID(after))
    except ValueError:
        raise NotFound(
            {
                "es": "Esa página de consultas no existe. Vuelva al comienzo de la lista.",
                "en": "That page of reads does not exist. Go back to the start of the list.",
            }
        ) from None


def _purposes() -> dict[str, str]:
    return {
        "case_processing": _("Para tramitar un expediente"),
        "legal_order": _("Por orden legal"),
        "emergency": _("Por una urgencia"),
        "audit": _("Para auditar"),
        "statistics": _("Para estadísticas"),
        "support_with_consent": _("Para ayudarle, con su autorización"),
        "own_data": _("Los miró usted"),
    }


def _what(what: str, registers: Mapping[str, str]) -> str:
    kind, _colon, name = what.partition(":")
    words = {
        "case": _("El expediente"),
        "document": _("Un documento del expediente"),
        "output": _("Un documento expedido"),
        "register": _("Un registro"),
        "message": _("Un mensaje que se le envió"),
        "inbox": _("La lista de tareas del equipo, donde aparece su trámite"),
        "search": _("Los resultados de una búsqueda, donde aparece su trámite"),
        "export": _("La lista de tareas descargada, donde aparece su trámite"),
        "folder": _("Lo que el Estado sabe de usted"),
        "told": _("Se avisó a otra entidad"),
    }
    title = registers.get(name) if kind == "register" else None
    if kind == "told" and name in registers:
        return _("Se avisó a: %(agency)s") % {"agency": registers[name]}
    return title or words.get(kind) or _("Sus datos, sin más detalle")


def _titles(whats: Iterable[str]) -> dict[str, str]:
    """What the registers among `register:<name>` and the services among `told:<code>` are called, by name; one query for
    all of each kind."""
    named = [what.partition(":") for what in whats]
    names = {name for kind, _colon, name in named if kind == "register"}
    found = Register.objects.filter(name__in=names, current=True) if names else ()
    titles = {each.name: RegisterDefinition(each.name, each.schema, shared=True).title for each in found}
    codes = {name for kind, _colon, name in named if kind == "told"}
    return titles | {code: pick(title) for code, title in (interop.titles_of(codes) if codes else {}).items()}
