"""The real list of a district, end to end (needs ../shared)."""

import json
from decimal import Decimal

import pytest
from django.db.models import Sum

from investment.models import AnnualPlan, MonthlyEntry
from projects.choices import Duty, Stage
from projects.models import Assignment, Project
from tests.ingest.wizard import Wizard

pytestmark = [pytest.mark.django_db, pytest.mark.shared]


def test_a_real_list_comes_in_whole_and_the_second_time_changes_nothing(login, cast, shared):
    content = (shared / "lists" / "T01_district_2020_roadmap.xls").read_bytes()
    truth = json.loads((shared / "lists" / "T01_district_2020_roadmap.expected.json").read_text())["projects"]
    wizard = Wizard(login(cast.admin))
    wizard.upload(content, "T01.xls")
    sheets = wizard.get("sheets").content.decode()
    assert "重复，不再导入" in sheets and "隐藏的工作表" in sheets
    wizard.through({"rest": "new"})
    assert wizard.counts() == {"new": 108}
    assert wizard.commit().status_code == 302
    assert Project.objects.count() == 108
    assert {project["name"] for project in truth} == set(Project.objects.values_list("name", flat=True))

    def total(key):
        return sum((Decimal(str(project[key])) for project in truth if project.get(key) is not None), Decimal(0))

    assert Project.objects.aggregate(x=Sum("total_investment"))["x"] == total("total_investment_wan")
    plans = AnnualPlan.objects.filter(year=2020)
    assert plans.aggregate(x=Sum("target"))["x"] == total("annual_plan_wan")
    done = MonthlyEntry.objects.filter(year=2020, month=5, covers_from=1)
    assert done.aggregate(x=Sum("completed"))["x"] == total("completed_ytd_wan")
    stages = {stage.label: stage.value for stage in Stage}
    for project in truth:
        found = Project.objects.get(name=project["name"])
        assert found.stage == (stages[project["stage"]] if project["stage"] else Stage.RESERVE)
        leaders = Assignment.objects.filter(project=found, duty=Duty.LEADER).values_list("name", flat=True)
        assert set(leaders) == set(project["lead_officials"] or ())
        assert found.lead_unit.name in (project["responsible"], project["responsible"].removeprefix("区"))

    again = Wizard(login(cast.admin))
    again.upload(content, "T01.xls")
    assert "导入过" in again.get("sheets").content.decode()
    again.through()
    assert again.counts() == {"unchanged": 108}
    versions = dict(Project.objects.values_list("pk", "version"))
    assert again.commit().status_code == 302
    assert dict(Project.objects.values_list("pk", "version")) == versions
