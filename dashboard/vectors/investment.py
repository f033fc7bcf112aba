"""Vectors of the investment floor, through the expressions the pages use, on rows in a rolled-back transaction."""

from datetime import date
from decimal import Decimal

from django.db.models import Value

from accounts.models import Unit
from common.models import SiteSetting
from common.money import plain, to_decimal
from common.periods import Period
from common.rules import LightRules
from common.workdays import add_months
from dashboard.vectors.arguments import get, money
from dashboard.vectors.lifecycle import blank_project
from investment.choices import AmountKind, EnrolmentState, EntryKind, ExcuseState, FundKind, FundState
from investment.lights import overall_light, with_money
from investment.models import FundAmount, FundApplication, FundProgramme, StatisticsEnrolment
from investment.querysets.enrolment import in_statistics, with_enrolment, with_stat_light
from investment.querysets.funds import with_fund_light
from investment.selectors.board import DIMENSIONS
from investment.selectors.overview import grouped
from investment.statistics import Return, logic_faults, monthly_exempt
from projects.choices import Status
from projects.models import Project
from projects.reconcile import reconcile


def light_overall(given: dict) -> str:
    status = Status.SUSPENDED if given.get("suspended") else Status.NORMAL
    project = blank_project(status=status)
    lights = {f"light_{n}": Value(light) for n, light in enumerate(given["lights"])}
    rows = Project.objects.filter(pk=project.pk).annotate(**lights)
    return rows.annotate(light=overall_light(*lights)).get().light


def aggregate_joint(given: dict) -> dict:
    """On rows: lead units by name, joining ones beside them."""
    names = dict.fromkeys(name for row in given["projects"] for name in (row["lead"], *(row.get("co") or ())))
    units = {name: Unit.objects.create(name=f"vector{n}", path=f"/v{n}/") for n, name in enumerate(names)}
    called = {unit.pk: name for name, unit in units.items()}  # a district may have units of these names already
    made = []
    for n, row in enumerate(given["projects"]):
        project = blank_project(unit=units[row["lead"]], number=f"vector{n}", total_investment=money(row, "inv"))
        project.co_units.set(units[name] for name in row.get("co") or ())
        made.append(project.pk)
    period = Period(2026, 1)
    groups = grouped(with_money(Project.objects.filter(pk__in=made), period), DIMENSIONS["unit"].key(), period)
    sums = {called[key]: group.total for key, group in groups.items()}
    return {"total": plain(sum(sums.values(), Decimal(0))), **{name: plain(wan) for name, wan in sums.items()}}


def split_reconcile(given: dict) -> dict:
    result = reconcile(money(given, "parent_total"), (to_decimal(child) for child in given["children"]))
    return {"ok": result.ok, "diff": plain(result.diff)}


def stat_entry_required(given: dict) -> dict:
    """The threshold of this site is set aside: the default table answers."""
    SiteSetting.objects.all().delete()
    project = blank_project(total_investment=money(given, "total_wan"))
    StatisticsEnrolment.objects.create(project=project, kind=EntryKind(given["kind"]))
    rows = Project.objects.filter(pk=project.pk)
    tier, required = with_enrolment(rows).get().stat_tier, rows.filter(in_statistics(Project)).exists()
    assert required == (tier is not None), "who must enter has a tier, and nobody else"
    return {"required": required, "tier": tier}


def light_stat_entry(given: dict) -> str:
    SiteSetting.objects.all().delete()
    required, start = get(given, "required", True), get(given, "start", None, read=date.fromisoformat)
    project = blank_project(total_investment=Decimal(500) if required else None, actual_start_date=start)
    StatisticsEnrolment.objects.create(
        project=project,
        state=EnrolmentState.ENTERED if given.get("entered") else EnrolmentState.NOT_SUBMITTED,
        excuse=ExcuseState.GRANTED if given.get("excused") else ExcuseState.NONE,
    )
    today = date.fromisoformat(given["today"])
    return with_stat_light(Project.objects.filter(pk=project.pk), today, LightRules()).get().light_stat


def stat_logic(given: dict) -> list[str]:
    return logic_faults(Return(**{name: money(given, name, Decimal(0)) for name in Return.__dataclass_fields__}))


def light_fund(given: dict) -> str:
    today = date(2026, 6, 15)
    project = blank_project()
    programme = FundProgramme.objects.create(kind=FundKind.SPECIAL_BOND, name="vector", year=2026)
    application = FundApplication.objects.create(
        project=project, programme=programme, applied=1, state=FundState.RECEIVED, created_at="2026-01-01T00:00+08:00"
    )
    for kind, name in ((AmountKind.RECEIVED, "received"), (AmountKind.SPENT, "spent")):
        if amount := money(given, name):
            FundAmount.objects.create(
                application=application,
                kind=kind,
                amount=amount,
                on=add_months(today, -get(given, "months_since_received", 0)),
                at="2026-01-01T00:00+08:00",
            )
    of_project = with_fund_light(Project.objects.filter(pk=project.pk), today, LightRules()).get().light_fund
    assert of_project == FundApplication.objects.with_light(today, LightRules()).get(pk=application.pk).light_fund
    return of_project


RULES = {
    "light.fund": light_fund,
    "light.overall": light_overall,
    "light.stat_entry": light_stat_entry,
    "aggregate.joint": aggregate_joint,
    "split.reconcile": split_reconcile,
    "stat.entry_required": stat_entry_required,
    "stat.logic": stat_logic,
    "stat.monthly_required": lambda given: {"exempt": monthly_exempt(given["month"])},
}
