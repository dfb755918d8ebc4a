"""Addresses of the checking of documents. `/v/<code>` is printed on paper: it never changes."""

from django.urls import URLPattern, URLResolver, path

from . import offline, views

urlpatterns: list[URLPattern | URLResolver] = [
    path("verificar/", views.start, name="verify"),
    path("verificar/archivo/", views.check_file, name="verify_file"),
    path("v/<str:code>", views.check_code, name="verify_code"),
    path("verificar/llaves.json", offline.public_keys, name="verify_keys"),
    path("verificar/sin-conexion/", offline.page, name="verify_offline"),
    path("verificar/sin-conexion/sw.js", offline.service_worker, name="verify_worker"),
    path("verificar/sin-conexion/verificador.zip", offline.package, name="verify_package"),
]
