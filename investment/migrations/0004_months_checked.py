import django.db.models.expressions
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [("investment", "0003_first_versions")]

    operations = [
        migrations.AddConstraint(
            model_name='monthlyentry',
            constraint=models.CheckConstraint(condition=models.Q(('completed__gte', 0), models.Q(('corrects_month__gte', 1), ('corrects_month__lte', 12), ('corrects_year__isnull', False), models.Q(('note', ''), _negated=True)), _connector='OR'), name='monthlyentry_negative_quotes'),
        ),
        migrations.AddConstraint(
            model_name='monthlyentry',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('equipment__isnull', True), ('other_costs__isnull', True), ('works__isnull', True)), models.Q(('completed', django.db.models.expressions.CombinedExpression(django.db.models.expressions.CombinedExpression(models.F('works'), '+', models.F('equipment')), '+', models.F('other_costs'))), ('equipment__isnull', False), ('other_costs__isnull', False), ('works__isnull', False)), _connector='OR'), name='monthlyentry_composition_adds_up'),
        ),
    ]
