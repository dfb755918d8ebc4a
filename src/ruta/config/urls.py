"""The URL table. Every room of pages has its own; a test walks all of them by role."""

from django.urls import URLPattern, URLResolver, include, path

urlpatterns: list[URLPattern | URLResolver] = [
    path("", include("ruta.web.site.urls")),
    path("", include("ruta.identity.urls")),
    path("", include("ruta.web.portal.urls")),
    path("escritorio/", include("ruta.web.desk.urls")),
]
