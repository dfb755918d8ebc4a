"""Where somebody is in a form: the pages that are shown, which are done, what comes next."""

from collections.abc import Collection
from uuid import UUID

from django.urls import reverse

from ruta.cases.models import Draft
from ruta.engine.forms import Form, Page
from ruta.web.site import parts


def shown_pages(form: Form, shown: Collection[str]) -> list[Page]:
    """The pages that have a question to ask."""
    return [page for page in form.pages if any(name in shown for name in page.fields)]


def page_url(draft_id: UUID, page_id: str) -> str:
    """The address of one page of the draft."""
    return reverse("portal:form-page", args=[draft_id, page_id])


def review_url(draft_id: UUID) -> str:
    """The address where the answers are checked."""
    return reverse("portal:form-review", args=[draft_id])


def next_url(draft: Draft, pages: list[Page], after: str) -> str:
    """The page after `after`, or the check of the answers."""
    ids = [page.id for page in pages]
    place = ids.index(after) + 1 if after in ids else 0
    return page_url(draft.pk, ids[place]) if place < len(ids) else review_url(draft.pk)


def resume_url(draft: Draft, pages: list[Page]) -> str:
    """The first page that is not done, or the check of the answers."""
    for page in pages:
        if page.id not in draft.pages:
            return page_url(draft.pk, page.id)
    return review_url(draft.pk)


def back_url(draft: Draft, pages: list[Page], at: str) -> str:
    """The page before `at`; before the first one, the start."""
    ids = [page.id for page in pages]
    place = ids.index(at) if at in ids else len(ids)
    if place == 0:
        return reverse("portal:form-start", args=[draft.service, draft.act])
    return page_url(draft.pk, ids[place - 1])


def bar(draft: Draft, pages: list[Page], at: str) -> list[parts.Stage]:
    """The bar of pages, with the check of the answers as its last part."""
    stages = [
        parts.Stage("", "current" if page.id == at else "done" if page.id in draft.pages else "waiting")
        for page in pages
    ]
    return [*stages, parts.Stage("", "current" if at == "" else "waiting")]
