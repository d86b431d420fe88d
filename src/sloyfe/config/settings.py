"""Django settings. Defaults run on a laptop with the embedded PostgreSQL and nothing else; production
differs by environment only. Importing this starts nothing."""

from __future__ import annotations

from pathlib import Path

from django.utils.translation import gettext_lazy as _

from sloyfe.common.environment import FOLDER_FOR_ROUND_KEYS, LOG_LEVEL
from sloyfe.config.environment import database_settings, email_settings, read

PACKAGE = Path(__file__).resolve().parent.parent
ROOT = PACKAGE.parent.parent
ENVIRONMENT = read(ROOT)

VAR = ENVIRONMENT.var
# Secrets of links and rounds; leave this folder out of ordinary backups.
KEYS = FOLDER_FOR_ROUND_KEYS.read()
# Frozen data sets; each file is named by the fingerprint of its content.
FROZEN = VAR / "frozen"
# Drafts of reports as files, rendered once for each content; may be deleted at any time.
DRAFTS = VAR / "drafts"
SECRET_KEY = ENVIRONMENT.secret_key
DEBUG = ENVIRONMENT.debug
ALLOWED_HOSTS = ENVIRONMENT.hosts
BASE_URL = ENVIRONMENT.base_url
CSRF_TRUSTED_ORIGINS = [BASE_URL]

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django_htmx",
    "template_partials.apps.SimpleAppConfig",
    "pgtrigger",
    "pghistory",
    "procrastinate.contrib.django",
    "allauth",
    "allauth.account",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
    "sloyfe.audit",
    "sloyfe.ui",
    "sloyfe.letters",
    "sloyfe.accounts",
    "sloyfe.comments",
    "sloyfe.organisations",
    "sloyfe.releases",
    "sloyfe.programme",
    "sloyfe.instruments",
    "sloyfe.delivery",
    "sloyfe.fieldwork",
    "sloyfe.analysis",
    "sloyfe.reports",
    "sloyfe.home",
]

MIDDLEWARE = [
    "sloyfe.ui.middleware.SecurityHeaders",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "sloyfe.ui.middleware.Sizes",
    "sloyfe.ui.middleware.Refusals",
]

ROOT_URLCONF = "sloyfe.config.urls"
WSGI_APPLICATION = "sloyfe.config.wsgi.application"

_LOADERS = [
    "django.template.loaders.filesystem.Loader",
    "django.template.loaders.app_directories.Loader",
]
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "OPTIONS": {
            "loaders": [
                (
                    "template_partials.loader.Loader",
                    [("django.template.loaders.cached.Loader", _LOADERS)],
                )
            ],
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "sloyfe.home.views.frame.frame",
            ],
            "builtins": [
                "template_partials.templatetags.partials",
                "django.templatetags.i18n",
                "sloyfe.ui.templatetags.ui",
            ],
        },
    }
]

DATABASES = {"default": database_settings(ENVIRONMENT)}
CACHES = {
    "default": {"BACKEND": "django.core.cache.backends.db.DatabaseCache", "LOCATION": "cache"}
}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

AUTH_USER_MODEL = "accounts.Person"
AUTHENTICATION_BACKENDS = [
    "django.contrib.auth.backends.ModelBackend",
    "allauth.account.auth_backends.AuthenticationBackend",
]
LOGIN_URL = "accounts:ask"
LOGIN_REDIRECT_URL = "home:start"
LOGOUT_REDIRECT_URL = "home:start"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*"]
ACCOUNT_ADAPTER = "allauth.account.adapter.DefaultAccountAdapter"
SOCIALACCOUNT_ADAPTER = "sloyfe.accounts.views.organisation.OrganisationSignIn"
SOCIALACCOUNT_ONLY = True
SOCIALACCOUNT_STORE_TOKENS = False
ACCOUNT_EMAIL_VERIFICATION = "none"
SOCIALACCOUNT_PROVIDERS = ENVIRONMENT.oidc.providers
ORGANISATION_SIGN_IN = ENVIRONMENT.oidc
BEHIND_PROXY = ENVIRONMENT.behind_proxy
# Where forms may lead besides here: to the organisation's own sign-in.
FORM_TARGETS = ENVIRONMENT.oidc.form_targets

SESSION_COOKIE_NAME = "sloyfe_session"
SESSION_COOKIE_AGE = 60 * 60 * 12
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_HTTPONLY = True
CSRF_COOKIE_SAMESITE = "Lax"
LANGUAGE_COOKIE_HTTPONLY = True
LANGUAGE_COOKIE_SAMESITE = "Lax"
LANGUAGE_COOKIE_AGE = 60 * 60 * 24 * 365
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = LANGUAGE_COOKIE_SECURE = BASE_URL.startswith(
    "https://"
)
SECURE_HSTS_SECONDS = 31_536_000 if SESSION_COOKIE_SECURE else 0
SECURE_REFERRER_POLICY = "same-origin"
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if ENVIRONMENT.behind_proxy else None
X_FRAME_OPTIONS = "DENY"
CSRF_FAILURE_VIEW = "sloyfe.ui.views.csrf_failure"
# A questionnaire page is small; a megabyte in one field is somebody's mistake or mischief.
DATA_UPLOAD_MAX_MEMORY_SIZE = 512 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 500
FILE_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
# The largest file that is read (5 MB, see common/tables.py) and the form around it.
MOST_SENT = 6 * 1024 * 1024

LANGUAGE_CODE = "nb"
LANGUAGES = [("nb", _("Bokmål")), ("nn", _("Nynorsk")), ("en-gb", _("English"))]
FORMAT_MODULE_PATH = "sloyfe.config.formats"
USE_I18N = True
USE_TZ = True
TIME_ZONE = "Europe/Oslo"

STATIC_URL = "/static/"
STATIC_ROOT = ENVIRONMENT.static_root
STORAGES = {
    "default": {
        "BACKEND": "django.core.files.storage.FileSystemStorage",
        "OPTIONS": {"location": str(VAR / "files")},
    },
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
WHITENOISE_USE_FINDERS = DEBUG

EMAIL_SETTINGS = email_settings(ENVIRONMENT)
EMAIL_BACKEND = EMAIL_SETTINGS.pop("EMAIL_BACKEND")
globals().update(EMAIL_SETTINGS)
DEFAULT_FROM_EMAIL = ENVIRONMENT.sender
FEEDBACK_TO = ENVIRONMENT.feedback_to

SILENCED_SYSTEM_CHECKS: list[str] = []
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"lines": {"()": "sloyfe.config.logs.JsonLines"}},
    "handlers": {"stderr": {"class": "sloyfe.config.logs.StandardError", "formatter": "lines"}},
    "root": {"handlers": ["stderr"], "level": LOG_LEVEL.read().upper()},
    "loggers": {
        # Django's request log names paths, and a path may be a respondent's link.
        "django.request": {"level": "CRITICAL"},
        "django.security": {"level": "ERROR"},
        "django.server": {"level": "CRITICAL"},
        "procrastinate": {"level": "WARNING"},
    },
}
PGHISTORY_APPEND_ONLY = True
# The jobs of each subject stand in its `jobs.py`; a worker knows no others.
PROCRASTINATE_AUTODISCOVER_MODULE_NAME = "jobs"
# A worker says every few seconds that it lives; `letters.retry_stalled` takes over from a silent one.
PROCRASTINATE_WORKER_DEFAULTS = {"update_heartbeat_interval": 3, "stalled_worker_timeout": 12}
