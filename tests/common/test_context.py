"""What every page knows of the installation."""

import datetime as dt

import pytest
from django.conf import settings
from django.test import RequestFactory

from common import clock, context
from common.workdays import WorkCalendar, using


def visit(**cookies):
    request = RequestFactory().get("/")
    request.COOKIES.update(cookies)
    return context.site(request)


def test_the_page_names_its_district():
    assert visit()["district"] == settings.DISTRICT_NAME
    assert visit()["text_size"] == ""


@pytest.mark.parametrize(("cookie", "kept"), [("large", "large"), ("huge", "huge"), ('"><script>', ""), ("normal", "")])
def test_only_known_text_sizes_are_taken_from_the_cookie(cookie, kept):
    assert visit(text_size=cookie)["text_size"] == kept


@pytest.mark.parametrize(
    ("today", "words"), [(dt.date(2026, 3, 2), ""), (dt.date(2031, 3, 3), "2031年工作日为推算，待维护日历")]
)
def test_a_derived_calendar_is_said_aloud(monkeypatch, today, words):
    monkeypatch.setattr(clock, "today", lambda: today)
    with using(WorkCalendar()):
        assert context.calendar_warning() == words
