"""The fields of a form told to who fills it by a program or a file."""

from django.utils.translation import gettext as _

from ruta.engine import forms
from ruta.kernel.texts import pick
from ruta.web.site import parts


def fields_table(form: forms.Form) -> parts.Table:
    """The fields of a form: name, what it is, how it is written, and when it is asked."""
    rows = tuple(
        (
            parts.Cell(name),
            parts.Cell(pick(field.label)),
            parts.Cell(_written(field)),
            parts.Cell(_asked(form, field)),
        )
        for each in form.pages
        for name in each.fields
        for field in (form.fields[name],)
    )
    return parts.Table(_("Campos"), (_("Campo"), _("Qué es"), _("Cómo se escribe"), _("Se pide")), rows)


def _written(field: forms.Field) -> str:
    if field.kind == "choice":
        return ", ".join(str(value) for value in field.schema["enum"])
    kinds = {
        "text": _("texto"),
        "date": "AAAA-MM-DD",
        "integer": _("número entero"),
        "number": _("número"),
        "boolean": "true, false",
        "list": _("lista"),
        "group": _("objeto"),
        "rows": _("lista de objetos"),
    }
    said = _("código de la lista %(list)s") % {"list": field.list} if field.list else kinds[field.kind]
    pattern = field.schema.get("pattern")
    return f"{said} · {pattern}" if pattern else said


def _asked(form: forms.Form, field: forms.Field) -> str:
    owner = form.page_of(field.name)
    when = field.when or (owner.when if owner else None)
    if when:
        said = _("obligatorio cuando %(when)s") if field.required else _("cuando %(when)s")
        return said % {"when": when.removeprefix("=")}
    return _("siempre") if field.required else _("si lo hay")
