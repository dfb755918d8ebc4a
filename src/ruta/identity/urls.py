"""Addresses of accounts. Each of django-allauth's views is named here, under a rule of ours; no other is served."""

from allauth.account import views as account
from django.urls import URLPattern, URLResolver, include, path

from . import access, views
from .views import of_allauth

step_up: list[URLPattern | URLResolver] = [
    path("", views.step_up, name="step-up"),
    path("preguntas/", views.questions, name="questions"),
]

urlpatterns: list[URLPattern | URLResolver] = [
    path("cuenta/entrar/", access.public(of_allauth(account.login)), name="account_login"),
    path("cuenta/salir/", access.public(of_allauth(account.logout)), name="account_logout"),
    path("cuenta/crear/", access.public(of_allauth(account.signup)), name="account_signup"),
    path("cuenta/cerrada/", access.public(of_allauth(account.account_inactive)), name="account_inactive"),
    path(
        "cuenta/correo/confirmar/",
        access.public(of_allauth(account.email_verification_sent)),
        name="account_email_verification_sent",
    ),
    path("cuenta/correo/", access.signed_in(of_allauth(account.email)), name="account_email"),
    path(
        "cuenta/confirmar/",
        access.signed_in(of_allauth(account.reauthenticate)),
        name="account_reauthenticate",
    ),
    path(
        "cuenta/clave/", access.signed_in(of_allauth(account.password_change)), name="account_change_password"
    ),
    path(
        "cuenta/clave/crear/", access.signed_in(of_allauth(account.password_set)), name="account_set_password"
    ),
    path(
        "cuenta/clave/olvido/",
        access.public(of_allauth(account.password_reset)),
        name="account_reset_password",
    ),
    path(
        "cuenta/clave/olvido/codigo/",
        access.public(of_allauth(account.confirm_password_reset_code)),
        name="account_confirm_password_reset_code",
    ),
    path(
        "cuenta/clave/olvido/nueva/",
        access.public(of_allauth(account.complete_password_reset)),
        name="account_complete_password_reset",
    ),
    path(
        "cuenta/clave/olvido/lista/",
        access.public(of_allauth(account.password_reset_from_key_done)),
        name="account_password_reset_completed",
    ),
    path("cuenta/identidad/", include((step_up, "identity"))),
]
