"""Reads of 入库纳统: the list with its rate, the project's tab, what waits for the statistics officer."""

from datetime import date
from decimal import Decimal
from functools import partial
from typing import Any

from django.db.models import F, Q, QuerySet, Sum
from django.http import QueryDict
from django.urls import reverse

from accounts.models import Unit, User
from accounts.roles import Can
from common.lights import WARNING, Light
from common.money import percent, wan_column
from common.periods import Period
from common.rules import light_rules
from common.templatetags.dates import ymd
from common.workdays import work_calendar
from investment.choices import EnrolmentState, ExcuseState, UnenrolledReason
from investment.enrolment_text import STEPS, light_words, state_words
from investment.lights import closed_period
from investment.models import StatisticsEnrolment
from investment.papers import ENROLMENT
from investment.querysets.enrolment import (
    differing,
    due_to_enter,
    enrolled,
    entered_of_due,
    in_statistics,
    is_entered,
    unenrolled,
    unexplained,
    with_both_totals,
    with_enrolment,
    with_stat_light,
)
from investment.selectors.listing import Choice, Column, Listing, View
from projects.choices import Stage, Status
from projects.gates import read_gate
from projects.models import Project
from projects.permissions import may
from projects.selectors.stage import papers_of

TIERS = ("realestate", "upper", "lower")
TIER_WORDS = {"500-5000": "500—5000 万元档", "5000+": "5000 万元以上档", "realestate": "房地产"}


def enrolment_listing(user: User, params: QueryDict, today: date) -> Listing:
    """Projects that must enter the statistics, or once did something about it."""
    concerned = in_statistics(Project) | enrolled(Project, Q())
    base = Project.objects.visible_to(user).active().filter(concerned)
    units = Unit.objects.filter(pk__in=Project.objects.visible_to(user).values("lead_unit"))
    said = enrolled(Project, Q(reason__gt=""))
    views = (
        View("all", "全部应入库", lambda rows: rows.filter(in_statistics(Project))),
        View("due", "开工满一个月", partial(due_to_enter, today=today)),
        View("entered", "其中已入库", partial(entered_of_due, today=today)),
        View("open", "其中未入库", lambda rows: due_to_enter(rows, today).exclude(is_entered(Project))),
        View("late", "超期未入库", partial(unenrolled, today=today)),
        View("silent", "未说明原因", partial(unexplained, today=today)),
        View("waiting", "待统计审核", lambda rows: rows.filter(enrolled(Project, WAITING))),
        View("differs", "统计与调度不一致", lambda rows: differing(rows, closed_period(today))),
    )
    filters = (
        Choice(
            "state",
            "纳统状态",
            EnrolmentState.choices,
            lambda rows, values: rows.filter(_in_states(values)),
        ),
        Choice(
            "light",
            "灯",
            Light.choices,
            lambda rows, values: with_stat_light(rows, today).filter(light_stat__in=values),
        ),
        Choice(
            "unit",
            "责任单位",
            [(str(unit.pk), unit.label) for unit in units],
            lambda rows, values: rows.filter(lead_unit__in=values),
        ),
        Choice("stage", "阶段", Stage.choices, lambda rows, values: rows.filter(stage__in=values)),
        Choice(
            "reason",
            "未纳统原因",
            [*UnenrolledReason.choices, ("none", "未说明")],
            lambda rows, values: rows.filter(
                enrolled(Project, Q(reason__in=values)) | (~said if "none" in values else Q(pk__in=[]))
            ),
        ),
    )
    return Listing(
        params,
        reverse("investment:enrolment_list"),
        base,
        views=views,
        filters=filters,
        search=lambda rows, text: rows.search(text),
    )


WAITING = Q(state=EnrolmentState.SUBMITTED) | Q(excuse=ExcuseState.ASKED)


def _in_states(values: list[str]) -> Q:
    found = enrolled(Project, Q(state__in=values))
    return found | ~enrolled(Project, Q()) if EnrolmentState.NOT_SUBMITTED in values else found


def told_rows(listing: Listing, today: date) -> QuerySet:
    """The rows asked for with everything their cells show, the longest under way first."""
    rows = with_both_totals(with_enrolment(listing.rows()), closed_period(today))
    rows = with_stat_light(rows, today).select_related("lead_unit")
    return rows.order_by(F("actual_start_date").asc(nulls_last=True), "pk")


def _tab(row: Any) -> str:
    return reverse("investment:project_enrolment", args=[row.pk])


def columns(today: date) -> tuple[Column, ...]:
    """The columns of list and export."""
    rules = light_rules(Period.of(today))
    return (
        Column(
            "name",
            "项目",
            lambda row: {"text": row.name, "url": _tab(row), "sub": f"{row.number} · {row.lead_unit.label}"},
            lambda row: row.name,
            kind="name",
        ),
        Column(
            "total",
            "总投资",
            lambda row: {"text": wan_column(row.total_investment), "sub": TIER_WORDS.get(row.stat_tier, row.stat_tier)},
            lambda row: row.total_investment,
            kind="money",
            css="num cw-124 is-fold",
            total=True,
        ),
        Column(
            "start",
            "实际开工",
            lambda row: {"text": ymd(row.actual_start_date)},
            lambda row: row.actual_start_date,
            kind="date",
            css="cw-124 is-fold",
        ),
        Column("state", "纳统状态", state_words, lambda row: state_words(row)["text"], css="cw-160"),
        Column(
            "light",
            "纳统灯",
            lambda row: {"light": row.light_stat, "sub": light_words(row, rules)},
            lambda row: Light(row.light_stat).label,
            css="cw-172",
        ),
        Column(
            "both",
            "统计、调度累计",
            _both,
            lambda row: None if row.stat_ytd is None else row.stat_ytd - row.dispatch_ytd,
            kind="money",
            css="num cw-140 is-fold",
        ),
        Column("reason", "未纳统原因", _reason, lambda row: _reason(row)["text"]),
    )


def _both(row: Any) -> dict[str, str]:
    """What the statistics and the platform say of the same months of the year; never mixed (handbook §0.3)."""
    if row.stat_ytd is None:
        return {"text": "—", "css": "num is-none"}
    gap = row.stat_ytd - row.dispatch_ytd
    told = f"统计少 {wan_column(-gap)}" if gap < 0 else f"统计多 {wan_column(gap)}" if gap else "一致"
    return {
        "text": f"{wan_column(row.stat_ytd)} / {wan_column(row.dispatch_ytd)}",
        "sub": told,
        "tone": "warn" if gap else "",
    }


def _reason(row: Any) -> dict[str, Any]:
    if not row.stat_reason:
        owed = row.light_stat in (Light.RED, Light.YELLOW)
        return {"text": "未说明" if owed else "—", "css": "t-warn" if owed else "is-none"}
    tone = "warn" if row.stat_excuse == ExcuseState.REFUSED else ""
    label = UnenrolledReason(row.stat_reason).label
    return {"text": label, "sub": f"{ExcuseState(row.stat_excuse).label}：{row.stat_reason_note}", "tone": tone}


def list_page(user: User, params: QueryDict, today: date) -> dict[str, Any]:
    """Everything templates/investment/listing.html shows."""
    listing = enrolment_listing(user, params, today)
    rows = told_rows(listing, today)
    total = listing.rows().aggregate(total=Sum("total_investment"))["total"] or Decimal(0)
    sums = {"total": wan_column(total)}
    return {
        **listing.context(columns(today), rows, sums),
        "title": "入库纳统",
        "unit": "个项目",
        "q_label": "名称、编号、拼音首字母",
        "stats": rate_stats(listing, today),
        "export_url": f"{reverse('investment:enrolment_export')}?{listing.query()}" if user.may(Can.EXPORT) else "",
        "desk_url": reverse("investment:enrolment_desk") if user.may(Can.STATISTICS) else "",
        "empty": {"title": "没有符合条件的项目", "text": "换一个条件，或清除筛选。", "icon": "clipboard-check"},
    }


def rate_stats(listing: Listing, today: date) -> list[dict[str, Any]]:
    """纳统率 with numerator and denominator, each opening its rows; under the filters chosen, whatever the view."""
    rate = percent(listing.count("entered"), listing.count("due"))

    def stat(label: str, code: str, tone: str = "") -> dict[str, Any]:
        n = listing.count(code)
        return {"label": label, "value": n, "unit": "个", "url": listing.address(view=code), "total": "rows",
                "tone": tone if n else ""}  # fmt: skip

    return [
        {"label": "纳统率", "value": "—" if rate is None else f"{rate}%", "note": "已入库 ÷ 应入库（开工满一个月）"},
        stat("已入库", "entered"),
        stat("应入库", "due"),
        stat("超期未入库", "late", "bad"),
        stat("未说明原因", "silent", "warn"),
    ]


def tab_of(user: User, project: Project, today: date) -> dict[str, Any]:
    """The tab 入库纳统: where it stands, the checklist, what this person may do, the log."""
    row = with_stat_light(with_enrolment(Project.objects.filter(pk=project.pk)), today).get()
    enrolment = StatisticsEnrolment.objects.filter(project=project).first()
    report = read_gate(project, ENROLMENT, today)
    return {
        "row": row,
        "warning": WARNING,
        "state": state_words(row),
        "light_text": light_words(row, light_rules(Period.of(today))),
        "tier": TIER_WORDS.get(row.stat_tier, row.stat_tier),
        "enrolment": enrolment,
        "gates": papers_of(project, today, (ENROLMENT,)),
        "missing": len(report.missing),
        "steps": open_steps(user, project, enrolment),
        "events": enrolment.events.select_related("by__unit") if enrolment else [],
    }


def open_steps(user: User, project: Project, enrolment: StatisticsEnrolment | None) -> list[dict[str, str]]:
    """What this person may do now: {label, url}."""
    state = enrolment.state if enrolment else EnrolmentState.NOT_SUBMITTED
    excuse = enrolment.excuse if enrolment else ExcuseState.NONE
    started = project.actual_start_date is not None
    counted = started and project.status == Status.NORMAL  # whoever pauses or has ended owes no reason
    holds = {Can.EDIT_PROJECTS: may(user, project, Can.EDIT_PROJECTS), Can.STATISTICS: user.may(Can.STATISTICS)}
    return [
        {"label": step.label, "url": reverse(step.url_name, args=[project.pk, code])}
        for code, step in STEPS.items()
        if holds[step.capability] and step.open_in(state, excuse) and (counted if code == "explain" else started)
    ]


def desk_page(user: User, today: date) -> dict[str, Any]:
    """The statistics officer's page: applications and reasons that wait, then the projects that say nothing."""
    visible = Project.objects.visible_to(user)
    rows = StatisticsEnrolment.objects.filter(project__in=visible).select_related("project__lead_unit")
    calendar = work_calendar()
    applied = rows.filter(state=EnrolmentState.SUBMITTED).order_by("submitted_on")
    late = with_stat_light(with_enrolment(unenrolled(visible, today)), today).select_related("lead_unit")
    return {
        "title": "纳统审核",
        "crumbs": [{"label": "入库纳统", "url": reverse("investment:enrolment_list")}, {"label": "纳统审核"}],
        "applied": [{"row": row, "waited": calendar.between(row.submitted_on, today)} for row in applied],
        "reasons": rows.filter(excuse=ExcuseState.ASKED).order_by("pk"),
        "late": late.order_by("actual_start_date", "pk")[:20],
        "late_total": unenrolled(visible, today).count(),
        "late_url": f"{reverse('investment:enrolment_list')}?view=late",
    }
