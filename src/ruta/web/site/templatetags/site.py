"""Icons, money, dates and texts in templates: `{% load site %}`."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from functools import lru_cache

import nh3
from django import template
from django.template import RequestContext
from django.templatetags.static import static
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext, ngettext
from markdown_it import MarkdownIt

from ruta.kernel import clock, money, texts

register = template.Library()


@register.simple_tag
def icon(name: str, label: str = "") -> SafeString:
    """The icon `name` of `theme/icons.txt`. Without `label` it is decoration and hidden from screen readers."""
    return _icon(f"{static('site/icons.svg')}#{name}", label)


@lru_cache(maxsize=1000)
def _icon(use: str, label: str) -> SafeString:
    if label:
        return format_html(
            '<svg class="icon" role="img" aria-label="{}"><use href="{}"></use></svg>', label, use
        )
    return format_html('<svg class="icon" aria-hidden="true"><use href="{}"></use></svg>', use)


@register.simple_tag(takes_context=True)
def url_here(context: RequestContext, name: str, *args: object) -> str:
    """The address of that name in the table of the page that is shown: the portal's `form-page`, or the desk's."""
    match = context.request.resolver_match
    assert match is not None
    return reverse(f"{match.app_name}:{name}", args=args)


@register.filter
def pesos(amount: int) -> str:
    """`$ 1.234.567`; nothing owed is said in words."""
    return money.format_pesos(amount) if amount else gettext("Gratis")


@register.filter
def pick(text: Mapping[str, str] | str | None) -> str:
    """The text of the page's language out of `{"es": …, "en": …}`."""
    return texts.pick(text)


def _local(value: date | datetime) -> date | datetime:
    return value.astimezone(clock.BOGOTA) if isinstance(value, datetime) else value


@register.filter
def long_date(value: date | datetime | None) -> str:
    """`lunes 14 de diciembre de 2026`, `Monday 14 December 2026`."""
    if value is None:
        return ""
    shape = r"l j \d\e F \d\e Y" if texts.current_language() == "es" else "l j F Y"
    return date_format(_local(value), shape)


@register.filter
def day(value: date | datetime | None) -> str:
    """`14 de diciembre de 2026`, `14 December 2026`."""
    if value is None:
        return ""
    local = _local(value)
    return _day(local.date() if isinstance(local, datetime) else local, texts.current_language())


@lru_cache(maxsize=5000)
def _day(value: date, lang: str) -> str:
    return date_format(value, r"j \d\e F \d\e Y" if lang == "es" else "j F Y")


@register.filter
def moment(value: datetime | None) -> str:
    """`14 de diciembre de 2026, 9:41`, in Colombia's time."""
    if value is None:
        return ""
    local = value.astimezone(clock.BOGOTA)
    return f"{day(local)}, {local.hour}:{local.minute:02}"


@register.filter
def ago(value: datetime | date | None) -> str:
    """`hoy`, `ayer`, `hace 3 días`; older than two weeks: the day."""
    if value is None:
        return ""
    then = clock.local_date(value) if isinstance(value, datetime) else value
    gone = (clock.today() - then) // timedelta(days=1)
    if gone == 0:
        return gettext("hoy")
    if gone == 1:
        return gettext("ayer")
    if 1 < gone < 15:
        return ngettext("hace %(days)s día", "hace %(days)s días", gone) % {"days": gone}
    return day(value)


@register.filter
def iso(value: datetime | date | None) -> str:
    """The machine's form of a date or instant, for `<time datetime>`."""
    return value.isoformat() if value is not None else ""


_MARKDOWN = MarkdownIt("commonmark", {"html": False})
_ALLOWED = {"p", "strong", "em", "ul", "ol", "li", "a", "h2", "h3", "h4", "blockquote", "br", "code", "hr"}


@register.filter
def markdown(text: Mapping[str, str] | str | None) -> SafeString:
    """Markdown of a service's folder as HTML: no raw HTML, and headings below the page's own."""
    html = _MARKDOWN.render(texts.pick(text)).replace("<h1>", "<h2>").replace("</h1>", "</h2>")
    return mark_safe(nh3.clean(html, tags=_ALLOWED, attributes={"a": {"href"}}))  # noqa: S308  cleaned just here
