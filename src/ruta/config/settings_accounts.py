"""Accounts and sign-in (django-allauth)."""

AUTH_USER_MODEL = "identity.Account"
