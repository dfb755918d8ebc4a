"""Addresses of the form's pages; part of the portal's table (`portal:`)."""

from django.urls import URLPattern, URLResolver, path

from ruta.identity import access

from . import gate, page, pay, review, start

access.on_refused_post.append(gate.keep_refused)

urlpatterns: list[URLPattern | URLResolver] = [
    path("tramites/<slug:slug>/<slug:act>/empezar/", start.start, name="form-start"),
    path("borradores/<uuid:draft_id>/", start.resume, name="form-resume"),
    path("borradores/<uuid:draft_id>/revisar/", review.review, name="form-review"),
    path("borradores/<uuid:draft_id>/radicado/", review.filed, name="form-filed"),
    path("borradores/<uuid:draft_id>/despues/", start.later, name="form-later"),
    path("borradores/<uuid:draft_id>/autorizar/<str:read>/", review.consent, name="form-consent"),
    path("borradores/<uuid:draft_id>/borrar/", start.delete, name="form-delete"),
    path("borradores/<uuid:draft_id>/<slug:page_id>/", page.page, name="form-page"),
    path("borradores/<uuid:draft_id>/<slug:page_id>/parte/", page.part, name="form-part"),
    path("borradores/<uuid:draft_id>/<slug:page_id>/guardar/", page.keep, name="form-keep"),
    path("borradores/<uuid:draft_id>/<slug:page_id>/lista/<slug:name>/", page.codes, name="form-codes"),
    path("borradores/<uuid:draft_id>/<slug:page_id>/dato/<slug:read>/", start.dispute, name="form-dispute"),
    path("pagos/<str:number>/", pay.payment, name="payment"),
    path("pagos/<str:number>/pagar/", pay.pay, name="pay"),
]
