"""Accounts (the rest of the room's tables follow)."""

from django.contrib.auth.models import AbstractBaseUser, PermissionsMixin
from django.db import models


class Account(AbstractBaseUser, PermissionsMixin):
    """Somebody who can sign in, by e-mail and password."""

    email = models.EmailField(max_length=254, unique=True)
    USERNAME_FIELD = "email"
