"""Rules are switched and tuned by administrators: previewed, versioned, on record."""

from datetime import date

import pytest
from django.urls import reverse

from accounts.models import AuditEntry
from alerts.actions import preview, scan, tune_rule
from alerts.choices import Level
from alerts.models import Alert
from common.errors import DomainError, StaleVersion
from common.models import RuleSet
from tests.alerts.conftest import due_on

LATE = date(2026, 12, 1)  # five working days after the tests' today


@pytest.fixture
def node_soon(official, project):
    return due_on(project, LATE)


def tune(code, values, *, on=True, version=0, today=date(2026, 11, 24), reason="会议定"):
    return tune_rule(code, is_on=on, values=values, version=version, reason=reason, by=None, today=today)


def test_the_preview_is_what_the_scan_does(node_soon, today):
    scan(today)
    assert not Alert.objects.filter(rule="node_due").exists()
    promised = preview("node_due", is_on=True, values={"workdays": 5}, today=today)
    assert (promised.opened, promised.closed, promised.held) == (1, 0, 1)
    assert not Alert.objects.filter(rule="node_due").exists()
    tune("node_due", {"workdays": 5})
    scan(today)
    assert Alert.objects.open().filter(rule="node_due").count() == promised.opened


def test_a_rule_that_is_switched_off_settles_what_it_held(node, official, today):
    scan(today)
    promised = preview("node_overdue", is_on=False, values={}, today=today)
    tune("node_overdue", {}, on=False)
    done = scan(today)
    assert done.closed == promised.closed == 1
    assert Alert.objects.get(rule="node_overdue").closed_reason == "规则已停用"


def test_the_ladder_is_tuned_for_every_rule_that_climbs(node, official, today):
    scan(today)
    values = {"remind": 3, "supervise": 1, "interview": 2}
    assert preview("ladder", is_on=True, values=values, today=today).moved == 1
    tune("ladder", values)
    scan(today)
    assert Alert.objects.get(rule="node_overdue").level == Level.INTERVIEW


def test_an_earlier_day_is_judged_by_the_rules_of_its_time(node_soon, today):
    tune("node_due", {"workdays": 8}, today=today)
    assert preview("node_due", is_on=True, values={"workdays": 8}, today=today).held == 1
    scan(date(2026, 11, 23))  # six working days before: not yet within the three of that day
    assert not Alert.objects.filter(rule="node_due").exists()


def test_every_change_is_a_version_with_reason_and_trail(node_soon):
    first = tune("node_due", {"workdays": 5})
    second = tune("node_due", {"workdays": 7}, version=1)
    assert [row.values["workdays"] for row in RuleSet.objects.order_by("version")] == [5, 7]
    assert AuditEntry.objects.get(object_id=second.pk).changes == {"提前": ["5", "7"]}
    with pytest.raises(StaleVersion):
        tune("node_due", {"workdays": 9}, version=first.version)
    with pytest.raises(DomainError, match="理由"):
        tune("node_due", {"workdays": 9}, version=2, reason=" ")
    with pytest.raises(DomainError, match="约谈的上限"):
        tune("ladder", {"remind": 3, "supervise": 5, "interview": 5})


def test_the_pages_preview_without_saving_and_save_with_a_reason(login, cast, node_soon):
    client = login(cast.admin)
    assert "临近计划开工" in client.get(reverse("alerts:rule_list")).content.decode()
    edit, trial = (reverse(f"alerts:rule_{name}", args=["node_due"]) for name in ("edit", "preview"))
    typed = {"is_on": "on", "workdays": "5", "version": "0"}
    assert "将产生 1 条预警" in client.get(trial, typed).content.decode()
    assert not RuleSet.objects.exists()
    assert client.post(edit, typed).status_code == 422
    assert client.post(edit, {**typed, "workdays": "-1", "reason": "x"}).status_code == 422
    assert client.post(edit, typed | {"reason": "季度会议定"}).status_code == 302
    assert "第 1 版" in client.get(edit).content.decode()
    assert client.post(edit, typed | {"reason": "又改"}).status_code == 409
