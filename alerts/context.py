"""What every page shows of the alerts: the badge and the watchdog's banners. At most three small queries."""

from django.http import HttpRequest

from accounts.roles import Can
from alerts import jobs
from alerts.models import Alert
from common import clock


def inbox(request: HttpRequest) -> dict:
    """`inbox_count`: alerts that wait for the person, None without an inbox; `banners`: what is wrong
    with the machine, for those who rely
    on it or run it."""
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated or request.headers.get("HX-Request"):
        return {"inbox_count": 0, "banners": []}
    now = clock.now()
    count = None
    if user.may(Can.USE_INBOX):
        count = Alert.objects.waiting(now.date()).visible_to(user).told_to(user).count()
    banners = []
    if user.may(Can.RUN_ALERTS) or user.may(Can.SEE_COCKPIT):
        banners = [{"level": "warn", "text": text} for text in jobs.problems(now)]
    return {"inbox_count": count, "banners": banners}
