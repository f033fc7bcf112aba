from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('common', '0001_initial'),
    ]

    operations = [
        migrations.AddField(
            model_name='ruleset',
            name='is_draft',
            field=models.BooleanField(default=False, verbose_name='草稿'),
        ),
        migrations.AddField(
            model_name='ruleset',
            name='revision',
            field=models.PositiveIntegerField(default=1, editable=False),
        ),
        migrations.AddConstraint(
            model_name='ruleset',
            constraint=models.UniqueConstraint(condition=models.Q(('is_draft', True)), fields=('code',), name='ruleset_one_draft'),
        ),
    ]
