"""Django's forms shown by the site's components: `{% load accounts %}`."""

from django import template
from django.forms import BaseForm, BoundField

register = template.Library()


@register.filter
def error_links(form: BaseForm) -> list[dict[str, str]]:
    """What must be mended, as the error summary wants it: a link to each field, and what concerns none of them."""
    links = [{"target": "", "text": str(text)} for text in form.non_field_errors()]
    for field in form.visible_fields():
        links += [{"target": field.id_for_label, "text": f"{field.label}: {text}"} for text in field.errors]
    return links


@register.filter
def shown(field: BoundField) -> str:
    """What was typed, to be shown again; never a password."""
    value = field.value()
    return "" if value is None or is_password(field) else str(value)


@register.filter
def input_type(field: BoundField) -> str:
    """The type of the input."""
    return str(getattr(field.field.widget, "input_type", "text"))


@register.filter
def is_password(field: BoundField) -> bool:
    """Whether what is typed is hidden."""
    return input_type(field) == "password"


@register.filter
def autocomplete(field: BoundField) -> str:
    """What a browser fills in."""
    return str(field.field.widget.attrs.get("autocomplete", ""))
