"""Answers compared, given back as typed, and the correction that a case waits for."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ruta.engine import forms

from ..models import Case, Correction
from ..models.correction import CorrectionStatus


def open_of(case: Case) -> Correction | None:
    """The correction that the case waits for, if it waits for one."""
    return Correction.objects.filter(case=case, status=CorrectionStatus.OPEN).first()


def as_typed(case: Case, form: forms.Form) -> dict[str, Any]:
    """What somebody would type to file what the case holds."""
    return {
        name: forms.as_typed(form.fields[name], value)
        for name, value in case.form.items()
        if name in form.fields
    }


def difference(old: Mapping[str, Any], new: Mapping[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    """(before, after) of the answers that are not the same; one that is missing on a side was not given there."""
    every = dict.fromkeys((*old, *new))
    names = [name for name in every if old.get(name) != new.get(name)]
    return {n: old[n] for n in names if n in old}, {n: new[n] for n in names if n in new}


def may_ask_for_longer(case: Case, correction: Correction) -> bool:
    """Whether the term to correct was not extended yet."""
    term = case.terms.filter(term=correction.term).first()
    return term is not None and term.status == "running" and not term.state.get("extension")
