"""Where somebody is in a form: the pages that are shown, which are done, what comes next."""

from collections.abc import Collection

from django.urls import reverse

from ruta.cases.applicants import BY_OFFICIALS
from ruta.cases.drafts import sight
from ruta.cases.models import Draft
from ruta.engine.forms import Form, Page
from ruta.identity.actors import Actor
from ruta.web.site import parts

from .sides import address, start_url


def shown_pages(form: Form, shown: Collection[str]) -> list[Page]:
    """The pages that have a question to ask."""
    return [page for page in form.pages if any(name in shown for name in page.fields)]


def page_url(draft: Draft, page_id: str) -> str:
    """The address of one page of the draft."""
    return address(draft, "form-page", page_id)


def review_url(draft: Draft) -> str:
    """The address where the answers are checked."""
    return address(draft, "form-review")


def resume(draft: Draft, actor: Actor) -> str:
    """The address where `actor` goes on with the draft."""
    shown = sight.shown(draft, actor)
    return resume_url(draft, shown_pages(sight.form_of(draft)[2], shown))


def next_url(draft: Draft, pages: list[Page], after: str) -> str:
    """The page after `after`, or the check of the answers."""
    ids = [page.id for page in pages]
    place = ids.index(after) + 1 if after in ids else 0
    return page_url(draft, ids[place]) if place < len(ids) else review_url(draft)


def resume_url(draft: Draft, pages: list[Page]) -> str:
    """The first page that is not done, or the check of the answers."""
    for page in pages:
        if page.id not in draft.pages:
            return page_url(draft, page.id)
    return review_url(draft)


def back_url(draft: Draft, pages: list[Page], at: str) -> str:
    """The page before `at`; before the first one, see `before`."""
    ids = [page.id for page in pages]
    place = ids.index(at) if at in ids else len(ids)
    return before(draft) if place == 0 else page_url(draft, ids[place - 1])


def before(draft: Draft) -> str:
    """Where the first page leads back to: the start of the form, or where somebody saw what is asked."""
    if draft.correction is not None:
        return reverse("portal:correct", args=[draft.correction.case.number])
    if draft.asked is None:
        return start_url(draft)
    if draft.channel in BY_OFFICIALS:
        return reverse("desk:case", args=[draft.asked.ask.case.number]) + "#pedidos"
    return reverse("portal:cases")


def bar(draft: Draft, pages: list[Page], at: str) -> list[parts.Stage]:
    """The bar of pages, with the check of the answers as its last part."""
    stages = [
        parts.Stage("", "current" if page.id == at else "done" if page.id in draft.pages else "waiting")
        for page in pages
    ]
    return [*stages, parts.Stage("", "current" if at == "" else "waiting")]
