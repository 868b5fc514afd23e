"""Settings of the running program; everything that differs between installations comes from the environment."""

from __future__ import annotations

import os
from pathlib import Path

from csp.constants import NONCE, NONE, SELF
from psycopg.conninfo import conninfo_to_dict

BASE = Path(__file__).resolve().parent.parent
ENVIRONMENT = os.environ.get("MAINSTAY_ENVIRONMENT", "demo")
DEBUG = False
SECRET_KEY = os.environ.get("MAINSTAY_SECRET_KEY", "")
# Keys of before: what they signed and sealed is still read, new things take SECRET_KEY.
SECRET_KEY_FALLBACKS = [key for key in os.environ.get("MAINSTAY_SECRET_KEY_FALLBACKS", "").split(",") if key]
ALLOWED_HOSTS = os.environ.get("MAINSTAY_HOSTS", "localhost,127.0.0.1,[::1]").split(",")
CSRF_TRUSTED_ORIGINS = [o for o in os.environ.get("MAINSTAY_ORIGINS", "").split(",") if o]
IS_BEHIND_TLS = os.environ.get("MAINSTAY_TLS", "") == "1"

DOMAINS = [
    "foundation", "terminology", "practice", "workforce", "authority", "people", "chart", "work", "scheduling",
    "coverage", "forms", "inventory", "messages", "visits", "rooming", "orders", "immunizations", "interop",
]  # fmt: skip

INSTALLED_APPS = [
    "django.contrib.contenttypes",
    "django.contrib.auth",
    "django.contrib.sessions",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "pgtrigger",
    "pghistory",
    "procrastinate.contrib.django",
    "template_partials",
    "django_htmx",
    "csp",
    *(f"mainstay.{domain}" for domain in DOMAINS),
    "mainstay.config",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "csp.middleware.CSPMiddleware",
    "mainstay.foundation.pages.addresses.AddressMiddleware",
    "mainstay.workforce.middleware.ActorMiddleware",
]

ROOT_URLCONF = "mainstay.config.urls"
WSGI_APPLICATION = "mainstay.config.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.messages.context_processors.messages",
                "mainstay.config.navigation.frame",
            ],
            "builtins": ["mainstay.foundation.templatetags.ui", "template_partials.templatetags.partials"],
        },
    }
]


def database(url: str) -> dict[str, object]:
    """Django's settings for one PostgreSQL URL (`postgresql://user:word@host/name` or `?host=/socket/dir`)."""
    parts = conninfo_to_dict(url)
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": parts.get("dbname", "mainstay"),
        "USER": parts.get("user", "mainstay"),
        "PASSWORD": parts.get("password", ""),
        "HOST": parts.get("host", ""),
        "PORT": str(parts.get("port", "")),
        "CONN_MAX_AGE": 0,
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": {
            "pool": {"min_size": 1, "max_size": int(os.environ.get("MAINSTAY_POOL", "12")), "timeout": 10},
            "options": "-c statement_timeout=30000 -c lock_timeout=5000 -c idle_in_transaction_session_timeout=60000"
            # Our joins start where they are filtered: trying every order of seven tables took longer than the answer.
            " -c join_collapse_limit=4",
        },
    }


DATABASES = {"default": database(os.environ.get("DATABASE_URL", "postgresql://mainstay@localhost/mainstay"))}
if replica := os.environ.get("MAINSTAY_REPLICA_URL"):
    DATABASES["replica"] = {**database(replica), "TEST": {"MIRROR": "default"}}

DATABASE_ROUTERS = ["mainstay.foundation.replica.ReplicaRouter"]

AUTH_USER_MODEL = "workforce.Staff"
AUTHENTICATION_BACKENDS = ["django.contrib.auth.backends.ModelBackend"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
]
LOGIN_URL = "sign-in"
CSRF_FAILURE_VIEW = "mainstay.foundation.pages.faults.stale_form"
# The demo clinic only offers second factors: its passwords are printed on the screen.
DEMANDS_SECOND_FACTOR = os.environ.get("MAINSTAY_SECOND_FACTOR", "no" if ENVIRONMENT == "demo" else "yes")
SESSION_COOKIE_AGE = 12 * 60 * 60
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = IS_BEHIND_TLS
SECURE_HSTS_SECONDS = 31_536_000 if IS_BEHIND_TLS else 0
SECURE_SSL_REDIRECT = False
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if IS_BEHIND_TLS else None
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "script-src": [SELF, NONCE],
        "style-src": [SELF, NONCE],
        "img-src": [SELF, "data:"],
        "object-src": [NONE],
        "base-uri": [NONE],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
    }
}

LANGUAGE_CODE = "en"
LANGUAGES = [("en", "English"), ("es", "Español")]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "UTC"
LOCALE_PATHS = [BASE / "locale"]

STATIC_URL = "/static/"
STATIC_ROOT = Path(os.environ.get("MAINSTAY_STATIC", BASE.parent / "static-collected"))
WHITENOISE_USE_FINDERS = os.environ.get("MAINSTAY_STATIC_COLLECTED", "") != "1"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.InMemoryStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedStaticFilesStorage"},
}
DATA_UPLOAD_MAX_MEMORY_SIZE = 30 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 2000
FILE_UPLOAD_HANDLERS = [
    "django.core.files.uploadhandler.MemoryFileUploadHandler",
    "mainstay.foundation.uploads.BoundedUpload",
]

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"plain": {"format": "%(asctime)s %(levelname)s %(name)s %(message)s"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "plain"}},
    "root": {"handlers": ["console"], "level": os.environ.get("MAINSTAY_LOG", "WARNING")},
}

# Triggers are installed after every migrate from the models themselves: they cannot fall behind, and a migration
# never has to be written for one.
PGTRIGGER_MIGRATIONS = False
PGTRIGGER_INSTALL_ON_MIGRATE = True
FORM_RENDERER = "mainstay.foundation.components.forms.ClinicRenderer"
