"""Production. Everything that matters comes from the environment; an incomplete one refuses to start."""

from django.core.exceptions import ImproperlyConfigured

from config import env
from config.settings.base import *
from config.settings.base import MIDDLEWARE, TESTING

SECRET_KEY = env.text("SECRET_KEY")
ALLOWED_HOSTS = env.words("ALLOWED_HOSTS", env.text("ALLOWED_HOSTS"))
for name in ("DATABASE_URL", "REDIS_URL", "EMAIL_URL", "BASE_URL"):
    env.text(name)
if len(SECRET_KEY) < 32:
    raise ImproperlyConfigured("SECRET_KEY must have at least 32 characters")
if "*" in ALLOWED_HOSTS or not ALLOWED_HOSTS:
    raise ImproperlyConfigured("ALLOWED_HOSTS must name the hosts, '*' is refused")
if TESTING and not env.flag("REHEARSAL", default=False):
    raise ImproperlyConfigured("TESTING is refused in production (REHEARSAL=1 allows it for `make stack` rehearsals)")

ALLOW_DEMO_REGION = env.flag("ALLOW_DEMO_REGION", default=False)
HTTPS = env.flag("HTTPS", default=True)  # an intranet may be plain http: set HTTPS=0 and know what that means
SESSION_COOKIE_SECURE = HTTPS
CSRF_COOKIE_SECURE = HTTPS
SECURE_SSL_REDIRECT = HTTPS
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SECURE_HSTS_SECONDS = env.number("HSTS_SECONDS", 31536000) if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = HTTPS
SECURE_HSTS_PRELOAD = HTTPS
if env.flag("TRUST_PROXY", default=False):  # only behind a proxy that sets X-Real-IP itself
    MIDDLEWARE = ["common.proxy.VisitorAddressMiddleware", *MIDDLEWARE]
CSRF_TRUSTED_ORIGINS = env.words("CSRF_TRUSTED_ORIGINS")
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
