"""From the request of an output to its signed bytes. Reads rows and files; writes nothing."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from ruta.kernel.clock import BOGOTA
from ruta.kernel.errors import Conflict
from ruta.kernel.texts import pick

from . import qr, rendering, store
from .models import Output
from .templates import Template


@dataclass(frozen=True)
class Made:
    """A signed document; `level` is the PAdES level reached."""

    pdf: bytes
    level: str


def facts_of(output: Output, issued_at: datetime) -> qr.Facts:
    """What the QR code says of the output."""
    holder = []
    for name, value in output.public:
        if name.rpartition(".")[2] == "initials":
            holder.append(str(value).replace(". ", "").replace(".", ""))
        elif name.endswith("_last_4"):
            holder.append(str(value))
    return qr.Facts(
        code=output.code,
        kind=pick(output.title, output.lang),
        holder=" ".join(holder),
        issued_on=issued_at.astimezone(BOGOTA).date(),
        digest=output.data_sha256,
    )


def document_of(output: Output, issued_at: datetime) -> dict[str, Any]:
    """What the template reads as `doc`: the data of the request and `output`, made by the platform."""
    if output.data is None:
        raise Conflict(
            {
                "es": "Los datos de este documento se borraron por ley y ya no puede expedirse.",
                "en": "The data of this document were erased by law and it can no longer be issued.",
            },
            code="data-erased",
        )
    local = issued_at.astimezone(BOGOTA)
    return {
        **output.data,
        "output": {
            "code": output.code,
            "url": qr.url(output.code),
            "title": pick(output.title, output.lang),
            "service": pick(output.service_title, output.lang),
            "case_number": output.case_number,
            "issued_at": rendering.in_words(issued_at, output.lang),
            "year": local.year,
            "month": local.month,
            "day": local.day,
            "official": output.official,
            "role": pick(output.role, output.lang),
            "qr_svg": qr.svg(facts_of(output, issued_at)),
            "digest": output.data_sha256,
        },
    }


def make(output: Output, *, issued_at: datetime) -> Made:
    """Render and sign. Raises TemplateError, NotFound (template missing), Conflict (data erased)."""
    from . import signing  # a quarter of the start of a web process, and only workers sign

    template = Template.unpacked(store.read(output.template_sha256))
    pdf = rendering.render(template, document_of(output, issued_at), at=issued_at)
    title = pick(output.title, output.lang)
    signed, level = signing.sign(
        pdf,
        at=issued_at,
        reason=title,
        role=pick(output.role, output.lang),
        title=f"{title} {output.code}",
    )
    return Made(signed, level)
