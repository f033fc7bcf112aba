"""What every page shows of the installation."""

from datetime import timedelta

from django.conf import settings
from django.http import HttpRequest

from common import clock
from common.workdays import work_calendar

TEXT_SIZES = ("large", "huge")
DENSITIES = ("tight", "loose")
AHEAD = timedelta(days=60)  # deadlines being set today reach this far


def site(request: HttpRequest) -> dict:
    """District and product name; 字号 and 行高 as the browser's cookies chose them; a word about a derived calendar."""
    size, density = request.COOKIES.get("text_size"), request.COOKIES.get("density")
    return {
        "district": settings.DISTRICT_NAME,
        "product": "栋梁",
        "text_size": size if size in TEXT_SIZES else "",
        "density": density if density in DENSITIES else "",
        "calendar_warning": calendar_warning,
    }


def calendar_warning() -> str:
    """Empty while the days ahead are officially announced, else which year is only derived."""
    day = clock.today() + AHEAD
    return "" if work_calendar().basis(day) == "official" else f"{day.year}年工作日为推算，待维护日历"
