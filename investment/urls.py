"""URLs of the floor. Each view declares its policy."""

from django.urls import path

from investment.views import forecast, output, overview, plan, sheet, split

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
    path("<int:pk>/plan/", plan.plan_edit, name="plan_edit"),
    path("<int:pk>/month/", sheet.month_calc, name="month_calc"),
]
