"""The pages about investment as one row of tabs."""

from django.urls import reverse

SECTIONS = (
    ("overview", "总览"),
    ("forecast", "全年预测"),
    ("pipeline", "接续指数"),
    ("output", "投产效益"),
    ("next_year", "年度计划"),
)


def sections(here: str) -> list[dict]:
    """For components/_views."""
    return [{"label": label, "url": reverse(f"investment:{code}"), "active": code == here} for code, label in SECTIONS]
