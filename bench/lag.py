"""The floor of the lag page: bare SQL for who is behind schedule and what they did in two years, with a page around."""

from django.db import connection
from django.template import Context

from bench.floors.pages import PAGE
from common.periods import Period

SHOWN = 50


def lag(period: Period) -> str:
    """Projects with less done than due by an even plan, the largest gap first; their months; the peers' best tenth."""
    first = period.shift(-23)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT p.id, p.name, p.number, p.category, p.lead_unit_id, v.target, e.year_to_date,"
            " v.target * %s / 12 - e.year_to_date AS gap FROM projects_project p"
            " JOIN investment_planversion v ON v.project_id = p.id AND v.year = %s"
            " AND v.effective_month <= %s AND v.until_month >= %s"
            " JOIN investment_monthlyentry e ON e.project_id = p.id AND e.year = %s AND e.month <= %s"
            " AND e.until_month >= %s"
            " WHERE p.status = 'normal' AND v.target > 0 AND e.year_to_date * 12 < v.target * %s"
            " ORDER BY gap DESC, p.id",
            [period.month, period.year, *[period.month] * 2, period.year, *[period.month] * 3],
        )
        behind = cursor.fetchall()
        cursor.execute(
            "SELECT project_id, completed FROM investment_monthlyentry WHERE state <> 'returned'"
            " AND year * 12 + month BETWEEN %s AND %s ORDER BY project_id, year, month",
            [first.year * 12 + first.month, period.year * 12 + period.month],
        )
        months = cursor.fetchall()
        cursor.execute(
            "SELECT category, MIN(rate) FROM (SELECT p.category, e.completed * 1.0 / v.target AS rate, CUME_DIST()"
            " OVER (PARTITION BY p.category ORDER BY e.completed * 1.0 / v.target) AS rank"
            " FROM investment_monthlyentry e JOIN projects_project p ON p.id = e.project_id"
            " JOIN investment_planversion v ON v.project_id = p.id AND v.year = e.year"
            " AND v.effective_month <= %s AND v.until_month >= %s"
            " WHERE e.year = %s AND e.month <= %s AND e.state <> 'returned' AND v.target > 0) ranked"
            " WHERE rank >= 0.9 GROUP BY category",
            [period.month, period.month, period.year, period.month],
        )
        peers = cursor.fetchall()
    return PAGE.render(Context({"lines": [*behind[:SHOWN], *peers, (len(behind), len(months))]}))
