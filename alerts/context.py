"""What every page shows of the alerts: the badge and the watchdog's banner."""

from django.http import HttpRequest


def inbox(request: HttpRequest) -> dict:
    """`inbox_count`: open alerts of the person that are not acknowledged; `banners`: what is wrong with the machine."""
    return {"inbox_count": 0, "banners": []}
