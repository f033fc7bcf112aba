from django.apps import AppConfig


class InvestmentConfig(AppConfig):
    name = "investment"
    verbose_name = "投资"

    def ready(self) -> None:
        from investment import page, sheet
        from investment.columns import COLUMNS, FILTERS
        from investment.lights import judging_of, with_lights
        from investment.merging import move_figures
        from investment.papers import registered
        from investment.querysets.enrolment import in_statistics
        from investment.totals import FIGURES, freshness, summarise
        from projects.actions.merging import MOVERS
        from projects.columns import (
            register_annotator,
            register_column,
            register_context,
            register_filter,
            register_freshness,
            register_summary,
        )
        from projects.explain import register_fact, register_reasons
        from projects.gates import register_condition, register_papers
        from projects.sheet_sections import register_section
        from projects.tabs import Tab, register_tab

        MOVERS.append(move_figures)
        register_annotator(with_lights)
        register_context("judging", judging_of)
        register_summary(FIGURES, summarise)
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
