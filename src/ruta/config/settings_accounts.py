"""Accounts and sign-in (django-allauth): by e-mail, confirmed with a code, 30 minutes of inactivity."""

import os

AUTH_USER_MODEL = "identity.Account"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
LOGOUT_REDIRECT_URL = "/"

ACCOUNT_ADAPTER = "ruta.identity.adapter.AccountAdapter"
ACCOUNT_FORMS = {
    "login": "ruta.identity.forms.SignInForm",
    "signup": "ruta.identity.forms.SignUpForm",
    "add_email": "ruta.identity.forms.NewEmailForm",
    "change_password": "ruta.identity.forms.NewPasswordForm",
    "set_password": "ruta.identity.forms.FirstPasswordForm",
    "reset_password": "ruta.identity.forms.ForgottenForm",
    "reset_password_from_key": "ruta.identity.forms.ResetForm",
    "reauthenticate": "ruta.identity.forms.ConfirmForm",
    "confirm_email_verification_code": "ruta.identity.forms.EmailCodeForm",
    "confirm_password_reset_code": "ruta.identity.forms.ResetCodeForm",
}
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "mandatory"
# A code is typed in the browser where one is; a link would open in another one on many old phones.
ACCOUNT_EMAIL_VERIFICATION_BY_CODE_ENABLED = True
ACCOUNT_EMAIL_VERIFICATION_SUPPORTS_RESEND = True
ACCOUNT_PASSWORD_RESET_BY_CODE_ENABLED = True
ACCOUNT_PASSWORD_RESET_BY_CODE_TIMEOUT = 15 * 60
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = True
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_LOGOUT_ON_GET = False
ACCOUNT_LOGIN_ON_PASSWORD_RESET = True
ACCOUNT_LOGOUT_ON_PASSWORD_CHANGE = False
ACCOUNT_CHANGE_EMAIL = True
ACCOUNT_REAUTHENTICATION_REQUIRED = True
ACCOUNT_RATE_LIMITS = {
    "login": "30/m/ip",
    "login_failed": "10/m/ip,5/15m/key",  # five wrong in 15 minutes: wait 15 minutes (common facts §11.1)
    "signup": "20/m/ip",
    "reset_password": "20/m/ip,5/m/key",
}

# The list of 20,000 common passwords comes from published breaches and needs no network.
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {
        "NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator",
        "OPTIONS": {"user_attributes": ["email"]},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]

# The level that signing in with a password gives a session, until a second factor is asked (common facts §11.1).
RUTA_PASSWORD_LEVEL = os.environ.get("RUTA_PASSWORD_LEVEL", "medium")
# The register whose answers prove who somebody is (level medium).
RUTA_PROOFING_REGISTER = os.environ.get("RUTA_PROOFING_REGISTER", "ani")

SESSION_COOKIE_AGE = 30 * 60
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
SESSION_ENGINE = "django.contrib.sessions.backends.db"

# Shared by all web processes, so that rate limits count in one place.
CACHES = {
    "default": {"BACKEND": "django.core.cache.backends.db.DatabaseCache", "LOCATION": "ruta_cache"},
}
