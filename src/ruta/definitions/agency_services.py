"""What other agencies' services may be told: rows of the list `agency_services`, each with the notice that it takes.

A notice is a JSON Schema (`notices/*.json`) of the data, with `x-notice`: `title`, and `holder` and `holder_type`, the
fields of the number and type of whom it is about. It is judged as an entry of a register is.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from ruta.engine import forms
from ruta.engine.problems import Problem
from ruta.kernel import clock
from ruta.registers import rules
from ruta.registers.spec import RegisterSpec, spec_of

from .tables import Code

LIST, NOTICES = "agency_services", "notices/"
XROAD, PATIENCE, TAKES = "xroad", "patience", "takes"
X_NOTICE = "x-notice"
KEYS = ("title", "holder", "holder_type")


@dataclass(frozen=True)
class AgencyService:
    """One service of another agency that takes notices. `patience` is a length, empty: it is told until it answers."""

    code: str
    title: Mapping[str, str]
    xroad: str
    patience: str
    about: RegisterSpec

    def problems_of(
        self, data: Mapping[str, Any], code_fault: forms.CodeFault | None = None
    ) -> tuple[Problem, ...]:
        """What is wrong with the data of a notice to it, by field, in words."""
        return rules.problems_of(self.about, data, clock.now(), code_fault=code_fault)

    def persons_of(self, data: Mapping[str, Any]) -> list[tuple[str, str]]:
        """(type of document, number) of whom the data are about; none where the notice names nobody."""
        number = rules.value_at(data, self.about.holder) if self.about.holder else None
        kind = rules.value_at(data, self.about.holder_type) if self.about.holder_type else None
        return [(str(kind or ""), str(number))] if number else []


def of_row(row: Code, notice: str) -> AgencyService:
    """The service of a row of the list and of the text of the notice that it takes. Raises Invalid for a bad schema."""
    return AgencyService(
        code=row.code,
        title=row.title,
        xroad=row.more.get(XROAD, ""),
        patience=row.more.get(PATIENCE, ""),
        about=about(json.loads(notice)),
    )


def about(schema: Mapping[str, Any]) -> RegisterSpec:
    """The notice as a register that another agency keeps: its fields, checks, and whom it is about.

    Raises Invalid naming what is wrong in it.
    """
    said = schema.get(X_NOTICE) or {}
    kept = {name: value for name, value in said.items() if name in KEYS}
    return spec_of({**schema, "x-register": {**kept, "source": {}}})
