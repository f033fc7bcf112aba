import django.db.models.deletion
from django.db import migrations, models

# What stood in code until now; only plans that exist bring these along, a fresh installation is seeded.
NAMES = {
    "land": "征地拆迁",
    "permit": "前期手续",
    "funds": "资金不到位",
    "design": "设计或方案变更",
    "bidding": "招投标",
    "contractor": "施工组织",
    "owner": "业主投资意愿",
    "utilities": "水电路气配套",
    "weather": "天气及不可抗力",
    "reporting": "数据报送不及时",
    "other": "其他",
}


def take_over(apps, schema_editor):
    """Every code becomes a cause of the dictionary, every plan points to its own."""
    plans = apps.get_model("investment", "CatchUpPlan").objects
    causes = apps.get_model("investment", "LagCause").objects
    if not plans.exists():
        return
    for order, (code, name) in enumerate(NAMES.items(), 1):
        plans.filter(cause=code).update(reason=causes.create(name=name, order=order * 10))


class Migration(migrations.Migration):
    dependencies = [("investment", "0011_month_indexes")]

    operations = [
        migrations.CreateModel(
            name="LagCause",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=40, unique=True, verbose_name="滞后原因")),
                ("order", models.PositiveIntegerField(default=100, verbose_name="排序")),
                ("is_active", models.BooleanField(default=True, verbose_name="启用")),
            ],
            options={"verbose_name": "滞后原因", "ordering": ["order", "pk"]},
        ),
        migrations.AddField(
            model_name="catchupplan",
            name="reason",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="plans", to="investment.lagcause"
            ),
        ),
        migrations.RunPython(take_over, migrations.RunPython.noop),
    ]
