from typing import Any

from django.apps import AppConfig
from django.db import connections
from django.db.models.signals import post_migrate, pre_migrate


class InvestmentConfig(AppConfig):
    name = "investment"
    verbose_name = "投资"

    def ready(self) -> None:
        pre_migrate.connect(before_migrations, sender=self)
        post_migrate.connect(after_migrations, sender=self)

        from investment import page, sheet
        from investment.columns import COLUMNS, FILTERS
        from investment.judged import Standing
        from investment.merging import move_figures
        from investment.papers import registered
        from investment.querysets.enrolment import in_statistics
        from investment.totals import freshness, summarise
        from projects.actions.merging import MOVERS
        from projects.columns import (
            register_column,
            register_filter,
            register_freshness,
            register_standing,
            register_summary,
        )
        from projects.explain import register_fact, register_reasons
        from projects.gates import register_condition, register_papers
        from projects.sheet_sections import register_section
        from projects.tabs import Tab, register_tab

        MOVERS.append(move_figures)
        register_standing(Standing)
        register_summary(summarise)
        register_freshness(freshness)
        register_column(*COLUMNS)
        register_filter(*FILTERS)
        register_fact("light", 10, page.light_fact)
        register_fact("money", 20, page.money_fact)
        register_reasons(page.reasons)
        register_section(sheet.SECTION)
        register_tab(Tab("output", "投产效益", "investment:project_output", 75))
        register_tab(Tab("money", "投资", "investment:project_money", 30))
        register_tab(Tab("lag", "追赶", "investment:project_lag", 35))
        register_condition("in_statistics", in_statistics)
        for gate, tab, demands in registered():
            register_papers(gate, tab, demands)
        register_tab(Tab("enrolment", "入库纳统", "investment:project_enrolment", 50))
        register_tab(Tab("funds", "资金", "investment:project_funds", 55))


def before_migrations(using: str, **kwargs: Any) -> None:
    """SQLite does not change a table that triggers of another one mention."""
    from investment import marking

    if connections[using].vendor == "sqlite":
        marking.take_down(using)


def after_migrations(using: str, **kwargs: Any) -> None:
    """Triggers in place, and every judgement made anew: by another release it may come out differently."""
    from investment import marking
    from investment.models import JudgedBy

    if marking.put_in_place(using):
        JudgedBy.objects.using(using).all().delete()
