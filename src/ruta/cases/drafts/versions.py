"""A draft is bound to a version of the service; when a newer one is in force it is brought to that one."""

from typing import Any

from ruta.cases.models import Draft
from ruta.definitions import runtime
from ruta.engine import forms

Change = dict[str, Any]


def convert(draft: Draft, version_id: Any) -> list[Change]:
    """Bind the draft (not saved) to another version and return what changed for the person who fills it.

    Each change is {kind: gone | new | reread, field, label, typed}. Answers of fields that are gone stay in
    the change itself, so that nothing typed is lost; all others stay typed and are read anew.
    """
    old = runtime.compiled(draft.version_id).act(draft.act).form
    new = runtime.compiled(version_id).act(draft.act).form
    draft.version_id = version_id
    if old is None or new is None or old.schema == new.schema:
        return []
    changes = _gone(draft, old, new) + _new(old, new) + _reread(draft, old, new)
    draft.pages = {page: at for page, at in draft.pages.items() if _unchanged(old, new, page)}
    draft.changes = [*draft.changes, *changes]
    return changes


def _gone(draft: Draft, old: forms.Form, new: forms.Form) -> list[Change]:
    changes: list[Change] = []
    for name in [name for name in draft.typed if name not in new.fields]:
        typed = draft.typed.pop(name)
        draft.values.pop(name, None)
        label = old.fields[name].label if name in old.fields else {"es": name, "en": name}
        changes.append({"kind": "gone", "field": name, "label": dict(label), "typed": typed})
    return changes


def _new(old: forms.Form, new: forms.Form) -> list[Change]:
    return [
        {"kind": "new", "field": name, "label": dict(field.label), "typed": None}
        for name, field in new.fields.items()
        if name not in old.fields
    ]


def _reread(draft: Draft, old: forms.Form, new: forms.Form) -> list[Change]:
    return [
        {"kind": "reread", "field": name, "label": dict(field.label), "typed": draft.typed.get(name)}
        for name, field in new.fields.items()
        if draft.typed.get(name) and name in old.fields and old.fields[name].schema != field.schema
    ]


def _unchanged(old: forms.Form, new: forms.Form, page_id: str) -> bool:
    before, after = old.page(page_id), new.page(page_id)
    if before is None or after is None or before.fields != after.fields:
        return False
    return all(old.fields[name].schema == new.fields[name].schema for name in after.fields)
