"""Floors of the pages: the same rows through the barest template, the bare sums with a page around them.

Not touched by later work: whoever makes the product faster or slower is measured against the same ground.
"""

from datetime import date

from django.db import connection
from django.db.models import Count, Sum
from django.template import Context, Engine

from investment.models import AnnualPlan, MonthlyEntry
from projects.models import Project

COLUMNS = (
    "pk", "number", "name", "stage", "status", "lead_unit__name", "category", "total_investment", "target_on",
    "planned_start_to", "updated_at",
)  # fmt: skip
LIST = Engine().from_string(
    "<table>{% for row in rows %}<tr>{% for cell in row %}<td>{{ cell }}</td>{% endfor %}</tr>{% endfor %}</table>"
)
PAGE = Engine().from_string("<ul>{% for line in lines %}<li>{{ line }}</li>{% endfor %}</ul>")


def list_page() -> str:
    """Fifty rows of the columns that the list shows, and how many there are."""
    rows = Project.objects.order_by("-pk").values_list(*COLUMNS)[:50]
    return LIST.render(Context({"rows": list(rows), "total": Project.objects.count()}))


def cockpit(today: date) -> str:
    """Counts by stage and unit, the year's plan and what was done, the late nodes."""
    lines = [
        *Project.objects.order_by().values_list("stage").annotate(n=Count("pk"), money=Sum("total_investment")),
        *Project.objects.order_by().values_list("lead_unit").annotate(n=Count("pk"), money=Sum("total_investment")),
        AnnualPlan.objects.filter(year=today.year).aggregate(t=Sum("target")),
        MonthlyEntry.objects.filter(year=today.year).aggregate(t=Sum("completed")),
    ]
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT project_id, min(due_on) FROM projects_milestone WHERE done_on IS NULL AND due_on < %s"
            " GROUP BY project_id ORDER BY 2 LIMIT 8",
            [today],
        )
        lines += cursor.fetchall()
    return PAGE.render(Context({"lines": lines}))


def overview(today: date) -> str:
    """By unit: projects, this year's plan, done through last month and the month before, done last year; by month."""
    month = today.month - 1 or 1
    lines = []
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT p.lead_unit_id, COUNT(*), SUM(p.total_investment), SUM(v.target), SUM(d.done), SUM(d.before)"
            " FROM projects_project p"
            " LEFT JOIN investment_planversion v ON v.project_id = p.id AND v.year = %s"
            " AND v.effective_month <= %s AND v.until_month >= %s"
            " LEFT JOIN (SELECT project_id, SUM(completed) AS done,"
            " SUM(CASE WHEN month < %s THEN completed ELSE 0 END) AS before FROM investment_monthlyentry"
            " WHERE year = %s AND month <= %s AND state <> 'returned' GROUP BY project_id) d ON d.project_id = p.id"
            " WHERE p.status IN ('normal', 'suspended') GROUP BY p.lead_unit_id",
            [today.year, month, month, month, today.year, month],
        )
        lines += cursor.fetchall()
        cursor.execute(
            "SELECT p.lead_unit_id, e.year, e.month, SUM(e.completed) FROM investment_monthlyentry e"
            " JOIN projects_project p ON p.id = e.project_id WHERE e.year IN (%s, %s) AND e.state <> 'returned'"
            " GROUP BY p.lead_unit_id, e.year, e.month",
            [today.year, today.year - 1],
        )
        lines += cursor.fetchall()
    return PAGE.render(Context({"lines": lines}))


def late_nodes(today: date) -> list[tuple]:
    """What an alert scan must find at least: the open nodes that are due or late, with whom to tell."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT m.id, m.due_on, p.name, a.user_id FROM projects_milestone m"
            " JOIN projects_project p ON p.id = m.project_id"
            " LEFT JOIN projects_assignment a ON a.project_id = p.id AND a.duty = 'official' AND a.ends_on IS NULL"
            " WHERE m.done_on IS NULL AND m.due_on < %s AND p.status = 'normal'",
            [today],
        )
        return cursor.fetchall()
