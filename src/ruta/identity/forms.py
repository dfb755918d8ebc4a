"""Forms of accounts: e-mail and password."""

from typing import Any

from allauth.account.forms import LoginForm, SignupForm
from django.utils.translation import gettext_lazy


def _plain(form: Any, **labels: Any) -> None:
    """Labels instead of placeholders, and what a browser needs to fill a field in."""
    for name, (label, autocomplete) in labels.items():
        field = form.fields[name]
        field.label = label
        field.widget.attrs.pop("placeholder", None)
        field.widget.attrs["autocomplete"] = autocomplete
        field.error_messages["required"] = gettext_lazy("Escriba este dato.")


class SignInForm(LoginForm):  # type: ignore[misc]
    """E-mail and password."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields.pop("remember", None)
        _plain(
            self,
            login=(gettext_lazy("Correo electrónico"), "email"),
            password=(gettext_lazy("Contraseña"), "current-password"),
        )


class SignUpForm(SignupForm):  # type: ignore[misc]
    """E-mail and a new password, typed once (it can be shown)."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _plain(
            self,
            email=(gettext_lazy("Correo electrónico"), "email"),
            password1=(gettext_lazy("Contraseña nueva"), "new-password"),
        )
