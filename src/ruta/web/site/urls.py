"""Preferences, health, and the gallery of components."""

from django.urls import URLPattern, URLResolver, path

from . import gallery, health, preferences

app_name = "site"
urlpatterns: list[URLPattern | URLResolver] = [
    path("idioma/<str:lang>/", preferences.language, name="language"),
    path("apariencia/<str:wanted>/", preferences.appearance, name="appearance"),
    path("healthz", health.alive, name="alive"),
    path("readyz", health.ready, name="ready"),
    path("_components", gallery.components, name="gallery"),
    path("accesibilidad/", preferences.accessibility, name="accessibility"),
    path("privacidad/", preferences.privacy, name="privacy"),
    path("ayuda/", preferences.contact, name="contact"),
]
