import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    """Apart from the filling: PostgreSQL alters no table whose rows have just been pointed somewhere."""

    dependencies = [("investment", "0012_lag_causes")]

    operations = [
        migrations.RemoveField(model_name="catchupplan", name="cause"),
        migrations.RenameField(model_name="catchupplan", old_name="reason", new_name="cause"),
        migrations.AlterField(
            model_name="catchupplan",
            name="cause",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="plans",
                to="investment.lagcause",
                verbose_name="滞后原因",
            ),
        ),
    ]
