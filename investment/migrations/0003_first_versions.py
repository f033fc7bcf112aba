"""Every plan begins with a version in force for the whole year; negative figures quote the month before."""

from django.db import migrations
from django.db.models import F
from django.utils import timezone


def first_versions(apps, schema_editor):
    AnnualPlan = apps.get_model("investment", "AnnualPlan")
    PlanVersion = apps.get_model("investment", "PlanVersion")
    MonthlyEntry = apps.get_model("investment", "MonthlyEntry")
    now = timezone.now()
    PlanVersion.objects.bulk_create(
        (
            PlanVersion(
                plan=plan, project_id=plan.project_id, year=plan.year, number=1, until_month=12, target=plan.target,
                annual_kind=plan.annual_kind, start_month=plan.start_month, end_month=plan.end_month,
                requested_at=now, decided_at=now,
            )
            for plan in AnnualPlan.objects.filter(versions=None).iterator()
        ),
        batch_size=500,
    )  # fmt: skip
    negative = MonthlyEntry.objects.filter(completed__lt=0, corrects_month=None)
    words = "此前填报，未注明更正月份"
    negative.filter(month=1).update(corrects_year=F("year") - 1, corrects_month=12, note=words)
    negative.filter(month__gt=1).update(corrects_year=F("year"), corrects_month=F("month") - 1, note=words)


class Migration(migrations.Migration):

    dependencies = [("investment", "0002_plan_versions_and_months")]

    operations = [migrations.RunPython(first_versions, migrations.RunPython.noop, elidable=True)]
