"""Work outside a request: letters to accounts."""

from django.conf import settings
from django.core.mail import send_mail
from django.utils import translation
from django.utils.translation import gettext as _

from ruta.kernel import jobs

from .models import Account


@jobs.job(name="identity.tell-of-another-account", queue="notifications", retry=5)
def tell_of_another_account(account_id: int) -> None:
    """Tell an account's address that the account's person now has one more. Raises OSError when no mail goes out."""
    account = Account.objects.filter(pk=account_id).first()
    if account is None:
        return
    with translation.override(account.lang):
        send_mail(
            _("Otra cuenta quedó a su nombre"),
            _(
                "Alguien confirmó su identidad con sus datos desde otra cuenta, con otro correo. Desde ella se ven "
                "sus documentos y se hacen trámites a su nombre.\n\n"
                "Si fue usted, no tiene que hacer nada. Si no fue usted, escríbanos cuanto antes.\n\nRuta"
            ),
            settings.DEFAULT_FROM_EMAIL,
            [account.email],
        )
