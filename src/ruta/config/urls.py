"""The URL table. Every room of pages has its own; a test walks all of them by role."""

from django.urls import URLPattern, URLResolver, include, path

from ruta.web.portal import demo

urlpatterns: list[URLPattern | URLResolver] = [
    path("", include("ruta.web.site.urls")),
    path("", include("ruta.identity.urls")),
    path("", include("ruta.payments.urls")),
    path("", include("ruta.web.portal.urls")),
    path("demo/", demo.people, name="demo"),
    path("demo/ser/<int:account_id>/", demo.become, name="demo-become"),
    path("escritorio/", include("ruta.web.desk.urls")),
    path("", include("ruta.api.urls")),
]

handler400 = "ruta.web.site.errors.bad_request"
handler403 = "ruta.web.site.errors.forbidden"
handler404 = "ruta.web.site.errors.not_found"
handler500 = "ruta.web.site.errors.server_error"
