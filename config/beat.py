"""The beat table: everything that starts by itself, in one visible place.

Beat only rings every minute. Which job is due is decided by `alerts.jobs` from the clock and the unique
(job, business date) rows of `JobRun`: beat may be late, doubled or down for days without harm.
"""

BEAT_SCHEDULE = {
    "run due jobs": {"task": "alerts.tasks.run_due_jobs", "schedule": 60.0, "options": {"expires": 55}},
    "send due mails": {"task": "alerts.tasks.send_deliveries", "schedule": 60.0, "options": {"expires": 55}},
    "carry out waiting imports": {"task": "ingest.tasks.commit_waiting", "schedule": 60.0, "options": {"expires": 55}},
}
