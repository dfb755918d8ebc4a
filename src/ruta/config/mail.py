"""How the connection to the mail server is encrypted."""

WAYS = {"none": (False, False), "starttls": (True, False), "tls": (False, True)}


def encryption(word: str) -> tuple[bool, bool]:
    """Django's (EMAIL_USE_TLS, EMAIL_USE_SSL) for `none`, `starttls` or `tls`. Raises ValueError for another word."""
    try:
        return WAYS[word.strip().lower()]
    except KeyError:
        raise ValueError(f"RUTA_SMTP_TLS: {word!r} is not known; write {', '.join(WAYS)}") from None
