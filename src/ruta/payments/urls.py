"""Addresses of the room: only the gateway's."""

from django.urls import URLPattern, URLResolver, path

from . import views

app_name = "payments"
urlpatterns: list[URLPattern | URLResolver] = [path("pagos/aviso", views.notice, name="notice")]
