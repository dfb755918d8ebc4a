"""Who acts on the command line, where an act needs a name: an official by e-mail."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ruta.identity.actors import Actor


def official(email: str) -> "Actor":
    """The official with this e-mail. Raises NotFound for anybody else."""
    from ruta.identity.actors import actor_of_account
    from ruta.identity.models import Account
    from ruta.kernel.errors import NotFound

    account = Account.objects.filter(email=email.strip().lower(), is_active=True).first()
    actor = actor_of_account(account, desk=True) if account is not None else None
    if actor is None or actor.kind != "official":
        raise NotFound(
            {"es": "Ese correo no es de un servidor en ejercicio.", "en": "That e-mail is of no official."}
        )
    return actor
