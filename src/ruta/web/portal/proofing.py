"""The register by whose answers people prove who they are: asked over X-Road, its codes told as words."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.conf import settings

from ruta.definitions.runtime import compiled
from ruta.definitions.selectors import current_services
from ruta.definitions.tables import CodeList
from ruta.identity import proofing
from ruta.identity.actors import Actor
from ruta.interop import services as interop
from ruta.kernel.audit import Purpose
from ruta.kernel.errors import NotFound, Unavailable
from ruta.registers import selectors as registers
from ruta.registers.spec import RegisterSpec

WAIT_SECONDS = 10  # somebody waits at the page
ISSUED_ON = "issued_on"
READER = "identity-proofing"  # under which name the platform reads the register; pages put it in words


def install() -> None:
    """Have identity ask the register that the setting `RUTA_PROOFING_REGISTER` names."""
    proofing.use_register(settings.RUTA_PROOFING_REGISTER, ask=ask, questions=questions)


def ask(document_type: str, number: str) -> Mapping[str, Any] | None:
    """What the register holds of somebody whose document is valid, codes as words; None for anybody else.

    The read is logged under the platform's name, so that the person sees it in the folder, whoever tried. Raises
    Unavailable when the register does not answer or is not defined here.
    """
    about = _register()
    answer = interop.read(
        settings.RUTA_PROOFING_REGISTER,
        about.source or {},
        {"document_type": document_type, "document_number": number},
        actor=Actor.system(READER),
        purpose=Purpose.LEGAL_ORDER,
        wait=WAIT_SECONDS,
        about=about,
    )
    if answer.status == "unavailable":
        raise Unavailable(
            {
                "es": "El registro de personas no responde en este momento. Lo que escribió sigue aquí: pruebe en unos "
                "minutos, o acuda a una oficina.",
                "en": "The register of persons does not answer at this moment. What you wrote is still here: try in a "
                "few minutes, or go to an office.",
            },
            code="proofing-register-down",
        )
    if answer.value is None or answer.value.get("status") != "valid":
        return None
    lists = _lists(about)
    told = {
        each["field"]: _told(lists.get(each["field"]), answer.value.get(each["field"]))
        for each in about.proofing
    }
    return {**answer.value, **told, "issue_date": answer.value.get(ISSUED_ON)}


def questions() -> Sequence[Mapping[str, Any]]:
    """The questions that the register's file declares; a field with a code list has its titles as decoys."""
    about = _register()
    lists = _lists(about)
    return [
        {
            **each,
            "decoys": each.get("decoys") or [code.title["es"] for code in lists.get(each["field"], ())],
        }
        for each in about.proofing
    ]


def _register() -> RegisterSpec:
    try:
        return registers.spec(settings.RUTA_PROOFING_REGISTER)
    except NotFound as missing:
        raise Unavailable(missing.message, code="no-proofing-register") from missing


def _lists(about: RegisterSpec) -> Mapping[str, CodeList]:
    """The code list of each field asked about that has one, by field; the first service with the list gives it."""
    properties = about.schema.get("properties", {})
    named = {
        each["field"]: properties.get(each["field"], {}).get("x-ui", {}).get("list", "")
        for each in about.proofing
    }
    known: dict[str, CodeList] = {}
    for version in current_services() if any(named.values()) else ():
        known = {**compiled(version.pk).lists, **known}
    return {field: known[name] for field, name in named.items() if name in known}


def _told(codes: CodeList | None, value: Any) -> Any:
    return codes.title(str(value)) if value and codes is not None else value
