"""Daily jobs: what runs once per business date, decided by the clock and the unique rows of JobRun (decisions §19).

Beat, cron or a person may ring as often and as late as they like; a late, doubled or dead beat does no harm.
"""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.conf import settings
from django.db.models import Max, Q, QuerySet

from accounts.models import AuditEntry
from alerts import bell
from alerts.actions import compose_digests, scan
from alerts.models import JobRun, Mail
from common.failpoints import failpoint
from investment.actions import close_caught_up, take_snapshots

log = logging.getLogger(__name__)
TOO_OLD = timedelta(hours=26)
RETRY_AFTER = timedelta(minutes=5)
STUCK_MINUTES = 15
MAKE_UP_DAYS = 60


@dataclass(frozen=True)
class Job:
    """`run(now)` does the work of a business date and returns what it did, in words."""

    code: str
    name: str
    at: time
    run: Callable[[datetime], str]


def _scan_and_compose(now: datetime) -> str:
    """First what the rules read: the lights of a month that has closed, plans that have caught up."""
    kept, closed = take_snapshots(today=now.date()), close_caught_up(today=now.date())
    scanned = scan(now.date())
    composed = compose_digests(now)
    bell.wake()
    lights = f"；存档灯色 {kept} 个，追赶计划销号 {closed} 个" if kept or closed else ""
    return f"{scanned}；生成邮件 {composed.mails} 封{lights}"


SCAN = Job("scan", "预警扫描", time(6, 30), _scan_and_compose)
JOBS: tuple[Job, ...] = (SCAN,)
LOOK = "look"  # the JobRun row of the day's further looks
BY_CODE = {job.code: job for job in JOBS}


def run_due_jobs(now: datetime) -> list[JobRun]:
    """Run what is due at `now` (aware, Asia/Shanghai) and has not run for its business date. Returns the runs made.

    After an outage the work is done once, for the present state (rules are level-triggered); the days missed get
    rows that say so. A run that failed or whose process died is taken over after its lease.
    """
    return [run for job in JOBS if (run := _run(job, now)) is not None]


def look_again(now: datetime) -> JobRun | None:
    """Scan once more when anybody changed anything since the day's last scan: what was settled closes within a minute,
    not on the next morning. None when there is nothing to do, when another process is at it, or before the day's scan.
    """
    day = now.date()
    seen = _runs_of(SCAN.code, day).filter(finished_at__isnull=False).aggregate(at=Max("started_at"))["at"]
    if seen is None:
        return None
    seen = max(seen, _runs_of(LOOK, day).aggregate(at=Max("started_at"))["at"] or seen)
    if not AuditEntry.objects.filter(at__range=(seen, now)).exists():
        return None
    row = JobRun(job=LOOK, business_date=day, started_at=seen, lease_until=now)
    JobRun.objects.bulk_create([row], ignore_conflicts=True)
    lease = now + timedelta(seconds=settings.JOB_LEASE_SECONDS)
    if _runs_of(LOOK, day).filter(lease_until__lte=now).update(lease_until=lease) != 1:
        return None
    result = scan(day)
    _runs_of(LOOK, day).update(started_at=now, lease_until=now, finished_at=now, result=str(result)[:300])
    return _runs_of(LOOK, day).get()


def _runs_of(job: str, day: date) -> QuerySet[JobRun]:
    return JobRun.objects.filter(job=job, business_date=day)


def run_now(job: Job, now: datetime) -> str:
    """Do the work at once, whether or not it is due; leaves the day's row alone. Returns what was done."""
    return job.run(now)


def business_date(job: Job, now: datetime) -> date:
    """The latest date whose turn has come: today from the job's time on, before it yesterday."""
    return now.date() if now.time() >= job.at else now.date() - timedelta(days=1)


def _run(job: Job, now: datetime) -> JobRun | None:
    day = business_date(job, now)
    run = _claim(job, day, now)
    if run is None:
        return None
    failpoint("job.claimed")
    try:
        result = job.run(now)
    except Exception as error:  # the row keeps it, the page shows it, the next ring tries again
        log.exception("job %s of %s failed", job.code, day)
        JobRun.objects.filter(pk=run.pk).update(
            error=f"{type(error).__name__}: {error}"[:500], lease_until=now + RETRY_AFTER
        )
    else:
        _note_missed_days(job, day, now)
        JobRun.objects.filter(pk=run.pk).update(finished_at=now, result=result[:300], error="")
    run.refresh_from_db()
    return run


def _claim(job: Job, day: date, now: datetime) -> JobRun | None:
    """The day's row, if it is ours: newly inserted, or taken over from a run whose lease is over."""
    lease = now + timedelta(seconds=settings.JOB_LEASE_SECONDS)
    if not JobRun.objects.filter(job=job.code, business_date=day).exists():
        row = JobRun(job=job.code, business_date=day, started_at=now, lease_until=now)
        JobRun.objects.bulk_create([row], ignore_conflicts=True)
    never = now + timedelta(seconds=2 * settings.JOB_LEASE_SECONDS) + RETRY_AFTER  # a lease of a clock since set back
    free = Q(lease_until__lte=now) | Q(lease_until__gt=never)
    undone = Q(finished_at__isnull=True) | Q(started_at__gt=now)  # or done by a clock that was ahead
    claimable = JobRun.objects.filter(free, undone, job=job.code, business_date=day)
    if claimable.update(lease_until=lease, started_at=now, finished_at=None) != 1:
        return None
    return JobRun.objects.get(job=job.code, business_date=day)


def _note_missed_days(job: Job, day: date, now: datetime) -> None:
    """Rows for the days since the last run on which nothing ran."""
    earlier = JobRun.objects.filter(job=job.code, business_date__lt=day)
    last = earlier.filter(finished_at__isnull=False).aggregate(last=Max("business_date"))["last"]
    if last is None:
        return
    earlier.filter(business_date__gt=last).update(finished_at=now, result=_make_up(day), error="")
    missed = [last + timedelta(days=n) for n in range(1, min((day - last).days, MAKE_UP_DAYS))]
    JobRun.objects.bulk_create(
        [
            JobRun(
                job=job.code, business_date=one, started_at=now, lease_until=now, finished_at=now, result=_make_up(day)
            )
            for one in missed
        ],
        ignore_conflicts=True,
    )


def _make_up(day: date) -> str:
    return f"当日未运行，已并入 {day} 补跑"


# --- the watchdog -------------------------------------------------------------------------------------------------
def problems(now: datetime) -> list[str]:
    """What is wrong with the machine, in words for a banner: jobs that have not run, mails that do not leave."""
    found = []
    last_good = dict(
        JobRun.objects.filter(finished_at__isnull=False).order_by().values_list("job").annotate(last=Max("finished_at"))
    )
    for job in JOBS:
        last = last_good.get(job.code)
        if last is None:
            found.append(f"{job.name}还没有成功运行过，请检查后台任务是否已启动。")
        elif now - last > TOO_OLD:
            found.append(f"{job.name}最后成功运行于 {last.astimezone(now.tzinfo):%Y-%m-%d %H:%M}，提醒可能没有发出。")
    if stuck := Mail.objects.stuck(now, STUCK_MINUTES).count():
        found.append(f"有 {stuck} 封邮件超过 {STUCK_MINUTES} 分钟没有发出，请检查邮件服务器和后台任务。")
    return found
