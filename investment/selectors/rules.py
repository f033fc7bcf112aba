"""灯色规则: what holds, what held, and what a draft would have changed in the last twelve months."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.core.paginator import Paginator
from django.urls import reverse

from accounts.models import User
from accounts.roles import Can
from common import settings
from common.lights import SEVERITY, Light
from common.models import RuleSet
from common.periods import Period
from common.rules import CODE, LACKING, LightRules, Preset, light_rules
from common.workdays import work_calendar
from investment.dimensions import DIMENSIONS
from investment.lights import closed_period, with_lights
from projects.models import Project

MONTHS = 12
PER_PAGE = 50


def rules_page(user: User, today: date) -> dict[str, Any]:
    """Everything templates/investment/rules.html shows."""
    period = closed_period(today)
    draft = RuleSet.objects.draft(CODE)
    versions = RuleSet.objects.filter(code=CODE, is_draft=False).order_by("-version")
    return {
        "title": "灯色规则",
        "period": period,
        "now": light_rules(period),
        "lines": in_words(light_rules(period)),
        "draft": draft,
        "draft_lines": marked(in_words(LightRules.of(draft)), in_words(light_rules(period))) if draft else [],
        "versions": [{"row": row, "lines": in_words(LightRules.of(row))} for row in versions],
        "terms": _terms(),
        "may_manage": user.may(Can.MANAGE_RULES),
    }


def _terms() -> list[dict[str, str]]:
    """The settings of reporting that are no thresholds, in words."""
    curve, grace = settings.get("season_curve"), settings.get("report_grace_workdays")
    weights = "、".join(f"{month}月 {weight}" for month, weight in enumerate(curve, 1))
    return [
        {"label": "锁定", "text": f"截止日后 {grace} 个工作日内可以修改已报的月份，过后锁定"},
        {"label": "季节曲线", "text": f"按季节曲线分月的权重：{weights}"},
    ]


def in_words(rules: LightRules) -> list[dict[str, str]]:
    """The rules, one line per dimension: {label, text}."""
    unit = "个百分点" if rules.preset == Preset.PP else "%"
    if rules.preset in LACKING:
        least = "起" if rules.preset == Preset.PP else "以上"
        progress = f"{Preset(rules.preset).label}：{rules.yellow} {unit}{least}黄，超过 {rules.red} {unit}红"
    else:
        progress = f"{Preset(rules.preset).label}：低于 {rules.yellow}{unit} 黄，低于 {rules.red}{unit} 红"
    texts = {
        "progress": f"{progress}；完成年度计划为蓝",
        "start": f"过计划开工月 {rules.start_yellow} 个月末未开工黄，{rules.start_red} 个月末红",
        "node": f"逾期一天即红，剩 {rules.node_workdays} 个工作日以内黄",
        "stat": f"开工超过 {rules.stat_yellow} 个月未入库黄，超过 {rules.stat_red} 个月红",
        "fund": f"到位满 {rules.fund_yellow_months} 个月支出低于 {rules.fund_yellow_rate}% 黄，"
        f"满 {rules.fund_red_months} 个月低于 {rules.fund_red_rate}% 红",
        "report": f"连续漏报 {rules.report_yellow} 个月黄，{rules.report_red} 个月红",
    }
    return [{"label": one.label, "text": "不参评" if one.code in rules.off else texts[one.code]} for one in DIMENSIONS]


def marked(lines: list[dict[str, str]], before: list[dict[str, str]]) -> list[dict[str, Any]]:
    """The lines with `was`: the text that held before, where it differs."""
    return [
        line | {"was": old["text"] if old["text"] != line["text"] else ""}
        for line, old in zip(lines, before, strict=True)
    ]


@dataclass(frozen=True, slots=True)
class Change:
    """A light that the draft would have shown otherwise."""

    period: Period
    project: int
    old: str
    new: str


def trial(draft: RuleSet, today: date) -> Iterator[Change]:
    """What the draft would change in the last twelve closed months, the latest first: two queries a month.

    Both sides are judged on what is known today, with dates as of the day after each month closed; the snapshots stay.
    """
    rules, last = LightRules.of(draft), closed_period(today)
    for back in range(MONTHS):
        period = last.shift(-back)
        day = min(today, period.due(settings.get("report_day"), work_calendar()) + timedelta(days=1))
        projects = Project.objects.active().order_by()
        old = dict(with_lights(projects, day, period=period).values_list("pk", "light"))
        new = with_lights(projects, day, period=period, rules=rules).values_list("pk", "light")
        yield from (Change(period, key, old[key], light) for key, light in sorted(new) if old[key] != light)


def trial_page(draft: RuleSet, today: date, page: str) -> dict[str, Any]:
    """Everything templates/investment/rules_trial.html shows."""
    changes = list(trial(draft, today))
    page_obj = Paginator(changes, PER_PAGE).get_page(page)
    names = dict(Project.objects.filter(pk__in={one.project for one in page_obj}).values_list("pk", "name"))
    moves = Counter((one.old, one.new) for one in changes)
    months = Counter(one.period for one in changes)
    order = sorted(moves, key=lambda move: (-SEVERITY[Light(move[1])], -moves[move]))
    return {
        "title": f"试算：灯色规则第 {draft.version} 版草稿",
        "crumbs": [{"label": "灯色规则", "url": reverse("investment:rules")}, {"label": "试算"}],
        "draft": draft,
        "total": len(changes),
        "projects": len({one.project for one in changes}),
        "moves": [{"old": old, "new": new, "count": moves[old, new]} for old, new in order],
        "months": [{"label": period.label, "count": months[period]} for period in sorted(months, reverse=True)],
        "rows": [
            {
                "period": one.period.label,
                "name": names[one.project],
                "url": reverse("projects:project_detail", args=[one.project]),
                "old": one.old,
                "new": one.new,
            }
            for one in page_obj
        ],
        "page_obj": page_obj,
    }
