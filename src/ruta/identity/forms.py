"""Forms of accounts: e-mail, password, code. Labels instead of placeholders, and the autocomplete that browsers know."""

from typing import Any

from allauth.account import forms as account
from django import forms
from django.utils.translation import gettext_lazy

_LABELS: dict[str, tuple[Any, str]] = {
    "login": (gettext_lazy("Correo electrónico"), "email"),
    "email": (gettext_lazy("Correo electrónico"), "email"),
    "password": (gettext_lazy("Contraseña"), "current-password"),
    "oldpassword": (gettext_lazy("Contraseña actual"), "current-password"),
    "password1": (gettext_lazy("Contraseña nueva"), "new-password"),
    "password2": (gettext_lazy("Contraseña nueva, otra vez"), "new-password"),
    "code": (gettext_lazy("Código"), "one-time-code"),
}


class _Plain(forms.Form):
    """Gives the fields of a form our labels, and an answer to an empty one."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields.pop("remember", None)
        for name, field in self.fields.items():
            if name in _LABELS:
                field.label, field.widget.attrs["autocomplete"] = _LABELS[name]
            field.widget.attrs.pop("placeholder", None)
            field.widget.attrs.pop("autofocus", None)
            field.help_text = ""
            field.error_messages["required"] = gettext_lazy("Escriba este dato.")
            if isinstance(field, forms.EmailField):
                field.error_messages["invalid"] = gettext_lazy(
                    "Esa no parece una dirección de correo. Escríbala así: nombre@ejemplo.co."
                )


class SignInForm(_Plain, account.LoginForm):  # type: ignore[misc]
    """E-mail and password."""


class SignUpForm(_Plain, account.SignupForm):  # type: ignore[misc]
    """E-mail and a new password, typed once (the browser can show it)."""


class NewEmailForm(_Plain, account.AddEmailForm):  # type: ignore[misc]
    """Another e-mail address."""


class NewPasswordForm(_Plain, account.ChangePasswordForm):  # type: ignore[misc]
    """The current password and a new one."""


class FirstPasswordForm(_Plain, account.SetPasswordForm):  # type: ignore[misc]
    """A password for an account that has none."""


class ForgottenForm(_Plain, account.ResetPasswordForm):  # type: ignore[misc]
    """The address to which a code is sent."""


class ResetForm(_Plain, account.ResetPasswordKeyForm):  # type: ignore[misc]
    """A new password after the code."""


class ConfirmForm(_Plain, account.ReauthenticateForm):  # type: ignore[misc]
    """The password again, before something important."""


class EmailCodeForm(_Plain, account.ConfirmEmailVerificationCodeForm):  # type: ignore[misc]
    """The code that was sent to a new address."""


class ResetCodeForm(_Plain, account.ConfirmPasswordResetCodeForm):  # type: ignore[misc]
    """The code that was sent to somebody who forgot the password."""
