"""The lights of the months that have closed, as the daily job would have kept them, and catch-up plans under way."""

from datetime import date, datetime, time, timedelta
from functools import partial

from common import clock, settings
from common.lights import Light
from dashboard.demo.cast import Cast
from dashboard.demo.timeline import Timeline
from investment.actions import finish_step, open_catch_up, take_snapshots
from investment.lights import closed_period, with_lights
from investment.models import LagCause
from projects.models import Project

MONTHS = 12
WHY = (
    ("资金不到位", "第二笔资本金未按约定到位，施工单位减少了作业面。", "约谈股东限期到位，恢复两个作业面。"),
    ("征地拆迁", "红线内剩余 3 户未签征收协议，标段无法连续施工。", "街道包户，月底前签约腾地，先施工其余区段。"),
    ("施工组织", "现场作业人员不足计划的六成。", "增加一个作业班组，总包项目经理驻场，按周核对产值。"),
)


def keep_lights(timeline: Timeline) -> None:
    """Put the close of each of the last twelve closed months onto the timeline."""
    calendar, day = timeline.calendar, settings.get("report_day")
    for back in range(MONTHS):
        closing = closed_period(timeline.today).shift(-back).due(day, calendar)
        timeline.on(calendar.add(closing, 1), lambda: take_snapshots(today=clock.today()))


def catch_up(timeline: Timeline, cast: Cast) -> None:
    """Three red projects have had a plan for some two weeks; the first week of the first is done."""
    day = timeline.calendar.roll_back(timeline.today - timedelta(days=16))
    red = with_lights(Project.objects.all(), day).filter(light_progress=Light.RED).order_by("pk")
    causes = {cause.name: cause for cause in LagCause.objects.all()}
    plans = [
        _at(
            day,
            partial(
                open_catch_up,
                project=project,
                cause=causes[cause],
                cause_note=note,
                measures=measures,
                target_on=day + timedelta(days=63),
                by=cast.people["steward"],
                today=day,
            ),
        )
        for project, (cause, note, measures) in zip(red, WHY, strict=False)
    ]
    for plan in plans[:1]:
        step = plan.steps.first()
        done = partial(finish_step, step=step, note="产值已经监理核定。", by=plan.created_by, version=step.version)
        if step.due_on <= timeline.today:
            _at(step.due_on, partial(done, today=step.due_on))


def _at(day: date, happen):
    with clock.standing_at(datetime.combine(day, time(16, 30), clock.SHANGHAI)):
        return happen()
