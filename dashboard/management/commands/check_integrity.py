"""`manage.py check_integrity`: what is kept for speed against what it is made from."""

import sys
from collections.abc import Callable, Iterator
from typing import Any

from django.core.management.base import BaseCommand
from django.db import DEFAULT_DB_ALIAS
from django.db.models import F, Q

from common import clock
from investment import marking
from investment.actions.judging import wrongly_kept
from investment.actions.to_date import out_of_date
from investment.lights import judging_of
from investment.models import AnnualPlan, MonthlyEntry, PlanVersion


class Command(BaseCommand):
    """A line per record that is wrong, then the count. Exit code 0 all right, 1 something is wrong."""

    help = "核对为提速而保存的数与原始数据是否一致"

    def handle(self, **options: Any) -> None:
        found = 0
        for name, check in CHECKS.items():
            for line in check():
                found += 1
                self.stdout.write(f"{name}：{line}")
        self.stdout.write(f"核对 {len(CHECKS)} 项，不一致 {found} 处。")
        if found:
            sys.exit(1)


def sums_of_months() -> Iterator[str]:
    """year_to_date and until_month of every figure."""
    for entry in out_of_date(MonthlyEntry.objects.all()):
        month = f"{entry.year}-{entry.month:02d}"
        yield f"项目 {entry.project_id} {month} 应为 {entry.year_to_date}（至 {entry.until_month} 月）"


def plans_as_decided() -> Iterator[str]:
    """An annual plan is its version in force at the end of the year."""
    same = Q(plan__target=F("target")) | Q(plan__target=None, target=None)
    last = PlanVersion.objects.filter(until_month=12).exclude(same)
    for version in last.select_related("plan"):
        yield f"项目 {version.project_id} {version.year} 年计划 {version.plan.target}，在用版本 {version.target}"


def plans_with_one_version() -> Iterator[str]:
    """Every plan has exactly one version in force at the end of its year."""
    for plan in AnnualPlan.objects.exclude(versions__until_month=12):
        yield f"项目 {plan.project_id} {plan.year} 年计划没有在用版本"


def judgements() -> Iterator[str]:
    """What is kept of how projects stand now is what their rows say; and the database notes every change."""
    yield from (f"项目 {key} 的灯色或金额与原始数据不符" for key in wrongly_kept(judging_of(clock.today())))
    if not marking.in_place(DEFAULT_DB_ALIAS):
        yield "触发器不全，请运行 manage.py migrate"


CHECKS: dict[str, Callable[[], Iterator[str]]] = {
    "自年初累计": sums_of_months,
    "年度计划与在用版本": plans_as_decided,
    "年度计划须有版本": plans_with_one_version,
    "现时评定": judgements,
}
