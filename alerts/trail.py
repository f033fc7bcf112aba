"""What the alerts add to a project's timeline: each step of the ladder, each promise that was made, each settlement."""

from collections.abc import Iterable

from alerts.choices import Level
from alerts.models import Alert, LadderStep
from alerts.rules import BY_CODE
from projects.models import Project
from projects.selectors.trail import as_line

TONE = {Level.REMIND: "warn", Level.SUPERVISE: "warn", Level.INTERVIEW: "bad", Level.BULLETIN: "bad"}


def steps(project: Project, limit: int) -> Iterable[dict]:
    """Lines for projects.selectors.trail, newest first within each kind: three queries."""
    ladder = LadderStep.objects.filter(alert__project=project).select_related("alert", "by__unit")
    for step in ladder[:limit]:
        why = f"，提级理由：{step.note}" if step.note else ""
        text = f"{_name(step.alert)}进入“{step.get_level_display()}”：{step.detail}{why}"
        yield as_line(step.at, text, step.by, step.get_level_display(), TONE[Level(step.level)])
    told = Alert.objects.filter(project=project).select_related("acknowledged_by__unit")
    for alert in told.filter(acknowledged_at__isnull=False).order_by("-acknowledged_at")[:limit]:
        text = f"{_name(alert)}已知悉：{alert.measure}（承诺 {alert.promised_on} 完成）"
        yield as_line(alert.acknowledged_at, text, alert.acknowledged_by, "知悉", "blue")
    for alert in told.filter(closed_at__isnull=False, steps__isnull=False).distinct().order_by("-closed_at")[:limit]:
        yield as_line(alert.closed_at, f"{_name(alert)}销号：{alert.closed_reason}", None, "销号", "good")


def _name(alert: Alert) -> str:
    return BY_CODE[alert.rule].name if alert.rule in BY_CODE else alert.title
