"""Addresses of the form's pages, for the table of a side."""

from collections.abc import Callable
from typing import Any

from django.urls import URLPattern, path

from ruta.web.site import bodies

from . import draft, page, review, upload
from .sides import Side

View = Callable[..., Any]


def addresses(side: Side) -> list[URLPattern]:
    """The pages of a draft as that side has them: open to whom its rule lets in."""

    def here(view: View) -> View:
        guarded = side.rule(view)
        guarded.form_side = side  # type: ignore[attr-defined]
        return guarded

    with_files = bodies.takes_files(page.most_megabytes, page.too_large_to_read)(here(page.page))
    return [
        path("borradores/<uuid:draft_id>/", here(draft.resume), name="form-resume"),
        path("borradores/<uuid:draft_id>/revisar/", here(review.review), name="form-review"),
        path("borradores/<uuid:draft_id>/radicado/", here(review.filed), name="form-filed"),
        path("borradores/<uuid:draft_id>/despues/", here(draft.later), name="form-later"),
        path("borradores/<uuid:draft_id>/autorizar/<str:read>/", here(review.consent), name="form-consent"),
        path("borradores/<uuid:draft_id>/borrar/", here(draft.delete), name="form-delete"),
        path("borradores/<uuid:draft_id>/<slug:page_id>/", with_files, name="form-page"),
        path("borradores/<uuid:draft_id>/<slug:page_id>/parte/", here(page.part), name="form-part"),
        path("borradores/<uuid:draft_id>/<slug:page_id>/guardar/", here(page.keep), name="form-keep"),
        path(
            "borradores/<uuid:draft_id>/<slug:page_id>/lista/<slug:name>/",
            here(page.codes),
            name="form-codes",
        ),
        path(
            "borradores/<uuid:draft_id>/<slug:page_id>/archivo/<slug:name>/",
            here(upload.begin),
            name="form-upload",
        ),
        path(
            "borradores/<uuid:draft_id>/<slug:page_id>/archivo/<slug:name>/vista.png",
            here(upload.preview),
            name="form-upload-preview",
        ),
        path("archivos/<uuid:upload_id>/", here(upload.piece), name="upload"),
        path(
            "borradores/<uuid:draft_id>/<slug:page_id>/dato/<slug:read>/",
            here(draft.dispute),
            name="form-dispute",
        ),
    ]
