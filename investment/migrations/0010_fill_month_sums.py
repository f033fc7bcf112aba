"""The sums of the months that are there."""

from itertools import groupby

from django.db import migrations


def fill(apps, schema_editor):
    MonthlyEntry = apps.get_model("investment", "MonthlyEntry")
    told = MonthlyEntry.objects.exclude(state="returned").order_by("project_id", "year", "month")
    filled = []
    for _, months in groupby(told.iterator(), key=lambda entry: (entry.project_id, entry.year)):
        year, total = list(months), 0
        for entry, following in zip(year, [*year[1:], None], strict=True):
            total += entry.completed
            entry.year_to_date, entry.until_month = total, following.month - 1 if following else 12
            filled.append(entry)
    MonthlyEntry.objects.bulk_update(filled, ["year_to_date", "until_month"], batch_size=500)


class Migration(migrations.Migration):

    dependencies = [("investment", "0009_month_sums")]

    operations = [migrations.RunPython(fill, migrations.RunPython.noop, elidable=True)]
