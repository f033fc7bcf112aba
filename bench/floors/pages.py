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
