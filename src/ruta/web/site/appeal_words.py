"""Appeals in words: which they are, and what was decided on them; the same words for all sides."""

from django.utils.translation import gettext as _


def title(kind: str) -> str:
    """What an appeal is called."""
    return {
        "reposicion": _("Reposición"),
        "apelacion": _("Apelación"),
        "reconsideracion": _("Reconsideración"),
        "both": _("Reposición y, en subsidio, apelación"),
    }.get(kind, kind)


def outcome(code: str) -> str:
    """What was decided on an appeal; empty while nothing was."""
    return {
        "confirm": _("Se confirma la decisión"),
        "modify": _("Se modifica la decisión"),
        "revoke": _("Se revoca la decisión"),
    }.get(code, "")
