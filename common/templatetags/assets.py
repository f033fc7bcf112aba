"""{% vendor "tabler/tabler.min.css" as url %}: the address of a third-party file, or "" when it is not installed."""

from django import template
from django.conf import settings
from django.contrib.staticfiles.storage import ManifestFilesMixin, staticfiles_storage

register = template.Library()


@register.simple_tag
def vendor(path: str) -> str:
    """The address under /static/vendor/, or "": a page without it stays readable."""
    name = f"vendor/{path}"
    if isinstance(staticfiles_storage, ManifestFilesMixin):
        return staticfiles_storage.url(name) if name in staticfiles_storage.hashed_files else ""
    return staticfiles_storage.url(name) if (settings.VENDOR_DIR / path).is_file() else ""
