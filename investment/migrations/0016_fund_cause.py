from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("investment", "0015_mark_of_judgements")]

    operations = [
        migrations.AddField(
            model_name="judgement",
            name="fund_cause",
            field=models.CharField(
                choices=[("unstarted", "过开工期限未开工"), ("undivided", "下达未到位")],
                max_length=10,
                null=True,
                verbose_name="资金红灯原因",
            ),
        ),
        # what is kept knows no cause: the first reader judges anew
        migrations.RunSQL("DELETE FROM investment_judgedby", migrations.RunSQL.noop),
    ]
