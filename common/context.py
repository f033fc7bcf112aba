"""What every page shows of the installation."""

from django.conf import settings
from django.http import HttpRequest

TEXT_SIZES = ("large", "huge")
DENSITIES = ("tight", "loose")


def site(request: HttpRequest) -> dict:
    """District and product name; 字号 and 行高 as the browser's cookies chose them."""
    size, density = request.COOKIES.get("text_size"), request.COOKIES.get("density")
    return {
        "district": settings.DISTRICT_NAME,
        "product": "栋梁",
        "text_size": size if size in TEXT_SIZES else "",
        "density": density if density in DENSITIES else "",
    }
