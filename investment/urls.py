"""URLs of the floor. Each view declares its policy."""

from django.urls import path

from investment.views import forecast, lag, months, output, overview, plan, rules, sheet, split, targets

app_name = "investment"
urlpatterns = [
    path("", overview.overview_page, name="overview"),
    path("rows/", overview.rows, name="rows"),
    path("forecast/", forecast.forecast_page, name="forecast"),
    path("pipeline/", forecast.pipeline_page, name="pipeline"),
    path("output/", output.output, name="output"),
    path("<int:pk>/output/", output.project_output, name="project_output"),
    path("<int:pk>/output/edit/", output.output_edit, name="output_edit"),
    path("report/", overview.report, name="report"),
    path("<int:pk>/split/", split.project_split, name="project_split"),
    path("months/", months.month_grid, name="month_grid"),
    path("months/draft/", months.month_draft, name="month_draft"),
    path("months/review/", months.month_review, name="month_review"),
    path("months/status/", months.month_status, name="month_status"),
    path("months/remind/", months.month_remind, name="month_remind"),
    path("plans/", plan.plan_requests, name="plan_requests"),
    path("plans/<int:pk>/", plan.plan_decide, name="plan_decide"),
    path("plans/<int:pk>/cancel/", plan.plan_cancel, name="plan_cancel"),
    path("targets/", targets.targets, name="targets"),
    path("targets/<int:pk>/", targets.target_edit, name="target_edit"),
    path("<int:pk>/", plan.project_money, name="project_money"),
    path("<int:pk>/unlock/", months.month_unlock, name="month_unlock"),
    path("lag/", lag.board, name="lag"),
    path("<int:pk>/lag/", lag.project_lag, name="project_lag"),
    path("<int:pk>/catch-up/", lag.catch_up_new, name="catch_up_new"),
    path("catch-up/<int:pk>/withdraw/", lag.catch_up_withdraw, name="catch_up_withdraw"),
    path("catch-up/steps/<int:pk>/", lag.step_done, name="step_done"),
    path("rules/", rules.rules, name="rules"),
    path("rules/draft/", rules.draft, name="rules_draft"),
    path("rules/trial/", rules.trial, name="rules_trial"),
    path("rules/publish/", rules.publish, name="rules_publish"),
    path("rules/discard/", rules.discard, name="rules_discard"),
    path("<int:pk>/plan/", plan.plan_edit, name="plan_edit"),
    path("<int:pk>/month/", sheet.month_calc, name="month_calc"),
]
