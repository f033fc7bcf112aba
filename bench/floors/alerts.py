"""Floor of a scan that finds something new: the same alerts and notices by two statements of bare SQL."""

from datetime import date

from django.db import connection

from common import clock

LATE = (
    " FROM projects_milestone m JOIN projects_project p ON p.id = m.project_id"
    " WHERE m.done_on IS NULL AND m.due_on < %s AND p.status = 'normal'"
)


def raise_late_nodes(today: date) -> None:
    """An alert for each late node, and a notice for each to the project's official."""
    now = clock.now()
    uuid = "gen_random_uuid()" if connection.vendor == "postgresql" else "lower(hex(randomblob(16)))"
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO alerts_alert (rule, subject, project_id, unit_id, severity, level, level_since, title, detail,"
            " path, facts, due_on, opened_on, checked_on, closed_reason, measure, floor, public_id)"
            f" SELECT 'floor', 'milestone:' || m.id, p.id, p.lead_unit_id, 'red', 1, %s, p.name, m.name, '/', '{{}}',"
            f" m.due_on, %s, %s, '', '', 0, {uuid}" + LATE,
            [today, today, today, today],
        )
        cursor.execute(
            'INSERT INTO alerts_alertnotice (alert_id, severity, "window", recipient_id, recipient_key, because,'
            " is_current, state, is_urgent, why_not, created_at)"
            " SELECT a.id, 'red', 'level:1', s.user_id, 'user:' || s.user_id, '责任人', TRUE, 'pending', FALSE, '', %s"
            " FROM alerts_alert a JOIN projects_assignment s ON s.project_id = a.project_id"
            " WHERE a.rule = 'floor' AND s.duty = 'official' AND s.ends_on IS NULL",
            [now],
        )
