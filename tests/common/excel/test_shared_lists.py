"""The command on the real lists, judged by their own scorer."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[3]
COMMAND = [sys.executable, "manage.py", "read_list"]

pytestmark = pytest.mark.shared


@pytest.mark.wide
def test_every_list_is_read_without_a_wrong_cell(shared_lists, tmp_path):
    report = tmp_path / "report.json"
    command = f"{sys.executable} {ROOT / 'manage.py'} read_list {{file}}"
    arguments = ["--dir", str(shared_lists), "--command", command, "--strict", "--report", str(report)]
    subprocess.run(
        [sys.executable, str(shared_lists / "score.py"), *arguments], check=True, cwd=ROOT, capture_output=True
    )
    result = json.loads(report.read_text(encoding="utf-8"))
    total = result["total"]
    assert (total["lost"], total["invented"], total["x10000"], total["warned"]) == (0, 0, 0, total["to_warn"])
    assert total["accuracy"] >= 0.99
    assert min(item["accuracy"] for item in result["files"]) >= 0.97


def test_the_roadmap_gives_its_108_projects_once_with_the_hidden_columns(shared_lists):
    path = next(shared_lists.glob("T01*.xls"))
    done = subprocess.run([*COMMAND, str(path)], cwd=ROOT, capture_output=True, check=True)
    result = json.loads(done.stdout)
    assert len(result["projects"]) == 108
    assert [sheet["imported"] for sheet in result["sheets"]] == [True, False, False]
    assert sum(project.get("nature") is not None for project in result["projects"]) == 108
    assert "hidden_columns" in {warning["code"] for warning in result["warnings"]}
    assert result["errors"] == []


def test_no_name_of_a_list_occurs_in_the_code(shared_lists):
    code = "".join(path.read_text(encoding="utf-8") for path in (ROOT / "common" / "excel").glob("*.py"))
    for path in shared_lists.glob("*.expected.json"):
        truth = json.loads(path.read_text(encoding="utf-8"))
        for project in truth["projects"]:
            names = [project["name"], project.get("owner"), *(project.get("lead_officials") or [])]
            for name in names:
                assert not name or name not in code, name
