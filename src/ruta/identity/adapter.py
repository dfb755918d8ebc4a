"""How django-allauth behaves here: our words, and mail that may fail without losing what was typed."""

import logging
from smtplib import SMTPException
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from django.contrib import messages
from django.http import HttpRequest
from django.utils.translation import gettext, gettext_lazy

from ruta.kernel.texts import current_language

from .addresses import address_of

logger = logging.getLogger(__name__)


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]
    """Accounts by e-mail."""

    error_messages = {
        **DefaultAccountAdapter.error_messages,
        "email_password_mismatch": gettext_lazy(
            "El correo o la contraseña no son correctos. Revíselos, o pida una contraseña nueva."
        ),
        "email_taken": gettext_lazy("Ya hay una cuenta con ese correo. Entre con ella o use otro correo."),
        "account_inactive": gettext_lazy("Esta cuenta está cerrada. Escríbanos si cree que es un error."),
        "enter_current_password": gettext_lazy("Escriba su contraseña actual."),
        "incorrect_password": gettext_lazy("La contraseña no es correcta. Escríbala otra vez."),
        "incorrect_code": gettext_lazy("El código no es correcto. Cópielo otra vez del correo."),
        "too_many_login_attempts": gettext_lazy(
            "Hubo demasiados intentos. Espere unos minutos y pruebe otra vez."
        ),
        "rate_limited": gettext_lazy("Pidió códigos muy seguido. Espere un momento y pruebe otra vez."),
        "unknown_email": gettext_lazy("No hay una cuenta con ese correo."),
    }

    def save_user(self, request: HttpRequest, user: Any, form: Any, commit: bool = True) -> Any:
        user.lang = current_language()
        return super().save_user(request, user, form, commit)

    def get_client_ip(self, request: HttpRequest) -> str:
        return address_of(request)

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Send now; when the mail server does not answer, say so and go on: a new code can be asked for."""
        try:
            super().send_mail(template_prefix, email, context)
        except (OSError, SMTPException) as wrong:
            logger.error("account mail %s was not sent: %s", template_prefix, type(wrong).__name__)
            if self.request is not None:
                messages.error(
                    self.request,
                    gettext("No pudimos enviarle el correo. Espere un momento y pida otro código."),
                )
