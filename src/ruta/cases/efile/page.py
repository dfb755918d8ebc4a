"""The file as a page to be read without any program of ours: `index.html` of the ZIP."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from importlib import resources
from typing import Any

from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from ruta.documents.efile import Leaf
from ruta.documents.models import CaseDocument
from ruta.documents.uploads import weight
from ruta.identity.selectors import names_of_officials
from ruta.kernel import clock
from ruta.kernel.texts import current_language, pick

from ..models import Case
from .contents import Told


def render(
    case: Case, head: Mapping[str, Any], rows: Sequence[CaseDocument], leaves: Sequence[Leaf], told: Told
) -> str:
    """The whole file as one HTML page in the language in force, with the table of leaves in front."""
    names = who_put(case, (row.added_by for row in rows))
    context = {
        "lang": current_language(),
        "case": case,
        "head": head,
        "leaves": [
            (leaf, names[leaf.added_by], instant(leaf.added_on), weight(leaf.size_bytes)) for leaf in leaves
        ],
        "service": pick(head["title"]["service"]),
        "act": pick(head["title"]["act"]),
        "at": instant(head["index_date"]),
        "opened": instant(head["opened_on"]),
        "closed": instant(head["closed_on"]),
        "outcome": outcome(case.outcome),
        "erased": told["application.json"]["erased"],
        "answers": [
            (pick(each["label"]), pick(each["answer"])) for each in told["application.json"]["in_words"]
        ],
        "motivation": told["decisions.json"]["motivation"],
        "rules": [
            (pick(rule["words"]) or rule["decision"], rule["law"], pick(rule["says"]))
            for rule in told["decisions.json"]["rules"]
        ],
        "messages": [
            (each["subject"], instant(each["created_at"]), each["text"], each["unopened"])
            for each in told["messages.json"]["messages"]
        ],
        "events": [
            (instant(event["at"]), pick(event["title"]))
            for event in told["history.json"]["events"]
            if "title" in event
        ],
    }
    return render_to_string("cases/electronic_file.html", context)


def style() -> bytes:
    """The style sheet of the page, which lies beside it."""
    return resources.files(__package__).joinpath("index.css").read_bytes()


def who_put(case: Case, refs: Iterable[str]) -> dict[str, str]:
    """Whoever added a document, by reference, as a reader knows them."""
    wanted = set(refs)
    officials = {int(ref.partition(":")[2]) for ref in wanted if ref.startswith("official:")}
    names = names_of_officials(officials) if officials else {}
    applicant = f"person:{case.applicant_id}"
    return {ref: _who(ref, case, applicant, names) for ref in wanted}


def _who(ref: str, case: Case, applicant: str, names: Mapping[int, str]) -> str:
    kind, _colon, key = ref.partition(":")
    if ref == applicant:
        return case.applicant_name or _("Quien radicó")
    if kind == "official":
        return names.get(int(key), _("La entidad"))
    return _("La plataforma") if kind == "system" else _("Otra persona")


def outcome(code: str) -> str:
    """How the case ended, in words."""
    return {
        "": _("En trámite"),
        "granted": _("Concedido"),
        "refused": _("Negado"),
        "withdrawn": _("Retirado"),
        "lapsed": _("Venció sin completarse"),
        "annulled": _("Anulado"),
        "inadmissible": _("No se pudo admitir"),
    }.get(code, code)


def instant(at: datetime | str | None) -> str:
    """`2026-03-02 10:41`, in Colombia's time; empty for none."""
    if not at:
        return ""
    moment = datetime.fromisoformat(at) if isinstance(at, str) else at
    return moment.astimezone(clock.BOGOTA).strftime("%Y-%m-%d %H:%M")
