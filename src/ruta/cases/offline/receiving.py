"""What a device sends when the network is back: kept first as it came, then judged and filed as any filing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.db import transaction

from ruta.definitions import runtime
from ruta.definitions.selectors import current_version
from ruta.engine import forms
from ruta.engine.problems import Problem
from ruta.identity.actors import Actor, Posting
from ruta.kernel import canonical, clock
from ruta.kernel.errors import Forbidden, Invalid, NotFound, RutaError
from ruta.registers import blocks

from .. import applicants, filing, perms
from ..drafts.services import storable
from ..models import OfflineFiling, OfflineKit
from ..models.offline import OfflineStatus
from . import lines, selectors


@dataclass(frozen=True)
class Sent:
    """One filing as the device has it: answers by field as typed, the day that the office says, the device's clock."""

    typed: Mapping[str, Any]
    acted_on: str
    device_at: str

    @property
    def digest(self) -> str:
        """What tells the same content from another."""
        content = {"typed": storable(self.typed), "acted_on": self.acted_on, "device_at": self.device_at}
        return canonical.sha256_hex(canonical.dumps(content))


def receive(kit_id: UUID, line: int, sent: Sent, *, actor: Actor) -> OfflineFiling:
    """Keep and file a line. Sent again it is the same filing, with the same answer; other content never replaces it.

    Raises NotFound for a kit that is another's and for a line that it does not have. What is refused is no error: its
    status and problems tell.
    """
    row = _kept(kit_id, line, sent, actor)
    return file(row, actor) if row.status == OfflineStatus.RECEIVED else row


@transaction.atomic
def _kept(kit_id: UUID, line: int, sent: Sent, actor: Actor) -> OfflineFiling:
    kit = selectors.own_kit(kit_id, actor, lock=True)
    rows = list(OfflineFiling.objects.filter(kit=kit, line=line).order_by("copy"))
    if not rows:
        raise NotFound({"es": "Ese equipo no tiene esa línea.", "en": "That device has no such line."})
    for row in rows:
        if row.digest == sent.digest:
            return row
    row = rows[0]
    if row.status != OfflineStatus.BLANK:
        row = OfflineFiling(kit=kit, line=line, copy=rows[-1].copy + 1)
    row.kit = kit
    row.typed, row.digest, row.received_at = storable(sent.typed), sent.digest, clock.now()
    row.acted_on, row.device_at = _day(sent.acted_on), str(storable(sent.device_at))[:40]
    row.status = OfflineStatus.RECEIVED
    row.save()
    if row.copy:
        lines.refuse(row, [_line_taken(line)])
    return row


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _line_taken(line: int) -> Problem:
    return Problem(
        "",
        "offline-line-taken",
        {
            "es": f"El equipo envió antes otra cosa con la línea {line}. Compare las dos: si es otro hecho, radíquelo con "
            "número nuevo; si es el mismo, descártelo.",
            "en": f"The device sent something else under line {line} before. Compare both: if it is another event, file it "
            "with a new number; if it is the same one, discard it.",
        },
    )


def file(row: OfflineFiling, actor: Actor, *, although_alike: bool = False) -> OfflineFiling:
    """Judge and file a kept line; with `although_alike` a person has said that it is not the case that it looks like.

    Whatever is wrong is kept with it for a person. Done twice it is one case, by its key.
    """
    kit = row.kit
    try:
        lines.declared(kit)
        if wrong := lines.wrong_day(kit, row.acted_on) or _without_number(row):
            raise Invalid([wrong])
        if not although_alike and (wrong := _looks_like(row)):
            raise Invalid([wrong])
        case = filing.file_case(
            filing.Application(
                version_id=current_version(kit.service).pk,
                act=kit.act,
                form=lines.as_typed(row),
                actor=actor,
                channel=applicants.DESK,
                lang=kit.lang,
                submission_key=lines.submission_key(row),
                applicant=applicants.office(actor, posting_for(kit, actor)),
                offline=lines.act_of(row),
            )
        )
    except Invalid as wrong:
        lines.refuse(row, list(wrong.problems))
    except RutaError as wrong:
        lines.refuse(row, [Problem("", wrong.code, wrong.message)])
    else:
        lines.filed(row, case, actor)
    return row


def _without_number(row: OfflineFiling) -> Problem | None:
    """A number of the paper that is void or another's now: a person decides that the filing gets a new one."""
    lost = [told["number"] for told in row.numbers if not still_free(row, told)]
    if not lost:
        return None
    return Problem(
        "",
        "offline-number-lost",
        {
            "es": f"El número {', '.join(lost)} del certificado provisional ya no vale: se anuló o lo tiene otro. "
            "Si se radica, tendrá número nuevo.",
            "en": f"Number {', '.join(lost)} of the provisional certificate is not good any more: void, or another's. "
            "If it is filed, it gets a new number.",
        },
    )


def still_free(row: OfflineFiling, told: Mapping[str, Any]) -> bool:
    """Whether the number is the line's still."""
    return blocks.is_free(str(row.kit_id), told["register"], told["range"], told["number"])


def _looks_like(row: OfflineFiling) -> Problem | None:
    act = runtime.compiled(current_version(row.kit.service).pk).act(row.kit.act)
    assert act.form is not None
    values = dict(forms.parse(act.form, lines.as_typed(row)).values)
    number = selectors.alike(row, lines.declared(row.kit).same, values)
    if not number:
        return None
    return Problem(
        "",
        "offline-alike",
        {
            "es": f"Parece el mismo hecho que el expediente {number}. Compárelos: si lo es, descarte este.",
            "en": f"It looks like the same event as case {number}. Compare them: if it is, discard this one.",
        },
    )


def posting_for(kit: OfflineKit, actor: Actor) -> Posting:
    """The post under which the official files it: that of the kit, else another one of the same office that may."""
    compiled = runtime.compiled(current_version(kit.service).pk)
    may = perms.may_start(actor, compiled, compiled.act(kit.act).spec, applicants.DESK)
    fitting = [each for each in actor.postings if each.id in may and each.team == kit.office]
    if not fitting:
        raise Forbidden(
            {
                "es": "Quien lo tomó ya no tiene el cargo con el que se presenta. Lo radica un compañero de la oficina.",
                "en": "Who took it no longer holds the post that files it. A colleague of the office files it.",
            },
            code="posting-over",
        )
    return next((each for each in fitting if each.id == kit.posting_id), fitting[0])
