"""`manage.py read_list`: JSON or one sentence, no traceback, no database, nothing left behind."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.common.excel import hostile

ROOT = Path(__file__).resolve().parents[3]


def run(path: Path) -> subprocess.CompletedProcess[bytes]:
    environment = {"PATH": "/usr/bin:/bin", "DATABASE_URL": "postgres://nobody@127.0.0.1:1/none"}
    environment["DJANGO_SETTINGS_MODULE"] = "config.settings.test"
    return subprocess.run(
        [sys.executable, "manage.py", "read_list", str(path)],
        cwd=ROOT,
        capture_output=True,
        env=environment,
        check=False,
    )


def test_a_good_file_is_json(tmp_path):
    path = tmp_path / "清单.xlsx"
    path.write_bytes(hostile.plain_book())
    done = run(path)
    assert done.returncode == 0, done.stderr.decode()
    result = json.loads(done.stdout)
    assert [project["total_investment_wan"] for project in result["projects"]] == ["1200", "3500.5"]
    assert set(result) == {"sheets", "needs_mapping", "projects", "ignored", "warnings", "errors"}
    assert run(path).stdout == done.stdout


@pytest.mark.parametrize("content", [b"", b"\x00\x01\x02" * 500, hostile.far_cell()])
def test_a_refused_file_is_one_sentence(tmp_path, content):
    path = tmp_path / "坏.xlsx"
    path.write_bytes(content)
    done = run(path)
    assert 1 <= done.returncode <= 125
    text = done.stdout.decode().strip()
    assert text.endswith("。")
    assert text.count("。") == 1
    assert "Traceback" not in done.stderr.decode()


def test_a_missing_file_is_one_sentence(tmp_path):
    done = run(tmp_path / "没有.xlsx")
    assert done.returncode == 1
    assert "打不开" in done.stdout.decode()
