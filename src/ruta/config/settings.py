"""Settings. What differs between installations comes from the environment; `docs/reference/settings.md` lists it."""

import os
from pathlib import Path

from . import database, logs, mail, proxies, secrets

BASE_DIR = Path(__file__).resolve().parent.parent
PROJECT_DIR = BASE_DIR.parent.parent
HOME = database.home()
PORT = int(os.environ.get("RUTA_PORT", "8000"))
DEMO = os.environ.get("RUTA_DEMO", "") == "1"
DEBUG = False

PUBLIC_URL = os.environ.get("RUTA_PUBLIC_URL", f"http://localhost:{PORT}")
ALLOWED_HOSTS = os.environ.get("RUTA_HOSTS", "localhost,127.0.0.1,[::1]").split(",")
CSRF_TRUSTED_ORIGINS = [PUBLIC_URL]
TRUSTED_PROXIES = proxies.read(os.environ.get("RUTA_TRUSTED_PROXIES", ""))
SECRET_KEY = secrets.secret_key(HOME)
SERVICES_DIR = Path(os.environ.get("RUTA_SERVICES", PROJECT_DIR / "services"))

# The outside world; by default `ruta sandbox` plays it (ports next to the portal's).
SANDBOX_URL = os.environ.get("RUTA_SANDBOX_URL", f"http://127.0.0.1:{PORT + 1}")
GATEWAY_URL = os.environ.get("RUTA_GATEWAY_URL", f"{SANDBOX_URL}/gateway")
GATEWAY_SECRET = secrets.shared_secret(HOME, "gateway")
XROAD_URL = os.environ.get("RUTA_XROAD_URL", f"{SANDBOX_URL}/xroad")
XROAD_CLIENT = os.environ.get("RUTA_XROAD_CLIENT", "CO/GOB/899999053/RUTA")
EMAIL_HOST = os.environ.get("RUTA_SMTP_HOST", "127.0.0.1")
EMAIL_PORT = int(os.environ.get("RUTA_SMTP_PORT", str(PORT + 2)))
EMAIL_HOST_USER = os.environ.get("RUTA_SMTP_USER", "")
EMAIL_HOST_PASSWORD = os.environ.get("RUTA_SMTP_PASSWORD", "")
EMAIL_USE_TLS, EMAIL_USE_SSL = mail.encryption(os.environ.get("RUTA_SMTP_TLS", "none"))
EMAIL_TIMEOUT = 10
DEFAULT_FROM_EMAIL = os.environ.get("RUTA_FROM", "Ruta <no-responda@ruta.example.co>")

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "django.contrib.humanize",
    "procrastinate.contrib.django",
    "django_htmx",
    "csp",
    "ruta.kernel",
    "ruta.identity",
    "ruta.registers",
    "ruta.documents",
    "ruta.payments",
    "ruta.notifications",
    "ruta.interop",
    "ruta.definitions",
    "ruta.cases",
    "ruta.opendata",
    "ruta.web.site",
    "ruta.web.forms",
    "ruta.web.portal",
    "ruta.web.desk",
    "ruta.api",
    # after our own, so that our templates win
    "allauth",
    "allauth.account",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "csp.middleware.CSPMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.middleware.gzip.GZipMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "ruta.web.site.bodies.LimitBody",  # before the guard, which reads the body
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "ruta.identity.sessions.KeepSession",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "ruta.web.site.errors.SayErrors",
]

ROOT_URLCONF = "ruta.config.urls"
WSGI_APPLICATION = "ruta.config.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "django.template.context_processors.i18n",
                "ruta.web.site.context.site",
            ],
        },
    }
]

DATABASES = {
    "default": database.django_settings(
        os.environ.get("DATABASE_URL", f"host={HOME / 'postgres'} dbname=ruta user={database.APP}")
    )
}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
PROCRASTINATE_AUTODISCOVER_MODULE_NAME = "jobs"
PROCRASTINATE_WORKER_DEFAULTS = {"listen_notify": False, "fetch_job_polling_interval": 0.5}

LANGUAGE_CODE = "es"
LANGUAGES = [("es", "Español"), ("en", "English")]
TIME_ZONE = "America/Bogota"
USE_I18N = True
USE_TZ = True

STATIC_URL = "/static/"
STATIC_ROOT = HOME / "static"
ASSETS_DIR = HOME / "assets"
STATICFILES_DIRS = [ASSETS_DIR]
SILENCED_SYSTEM_CHECKS = ["staticfiles.W004"]  # the assets are built by `ruta assets`, after the first check
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "ruta.web.site.storage.SiteStorage"},
}
FILES_DIR = HOME / "files"
KEYS_DIR = HOME / "keys"
ARCHIVE_DIR = Path(os.environ.get("RUTA_ARCHIVE", HOME / "archive"))  # where transferred cases go
EXPORTS_DIR = HOME / "exports"  # large electronic files, packed for whoever asked
CLAMD = os.environ.get("RUTA_CLAMD", "")  # socket path or host:port of a virus scanner
TSA_URL = os.environ.get("RUTA_TSA_URL", "")  # time-stamping authority (RFC 3161): signatures become B-T

CSRF_FAILURE_VIEW = "ruta.web.forms.csrf.csrf_failure"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = PUBLIC_URL.startswith("https://")
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if PUBLIC_URL.startswith("https://") else None
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'self'"],
        "img-src": ["'self'", "data:"],
        "object-src": ["'none'"],
        "worker-src": ["'self'"],
        "base-uri": ["'self'"],
        "form-action": ["'self'", GATEWAY_URL.split("/", 3)[0] + "//" + GATEWAY_URL.split("/", 3)[2]],
        "frame-ancestors": ["'none'"],
    }
}
DATA_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
FILE_UPLOAD_MAX_MEMORY_SIZE = 1024 * 1024

LOGGING = logs.settings(os.environ.get("RUTA_LOG", "WARNING"))

from .settings_accounts import *  # noqa: E402, F403  accounts and sign-in, kept apart
