"""check_vectors: what it prints, how it exits, and that the product gives the expected answers."""

import json
import os
import subprocess
import sys
from io import StringIO

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command

from accounts.models import Unit
from common.models import CalendarDay
from dashboard.vectors import registry

YU = {"id": "A1", "rule": "text.yu", "input": {"n": 37}, "expected": "30余个", "why": "ok"}


def run(tmp_path, vectors, *, raw: bytes | None = None) -> tuple[int, list[str]]:
    file = tmp_path / "vectors.json"
    file.write_bytes(json.dumps(vectors).encode() if raw is None else raw)
    out = StringIO()
    try:
        call_command("check_vectors", str(file), stdout=out)
    except SystemExit as stop:
        return stop.code, out.getvalue().splitlines()
    return 0, out.getvalue().splitlines()


def test_all_right(tmp_path):
    assert run(tmp_path, [YU]) == (0, ["1 right, 0 wrong, 0 unknown rule"])
    assert run(tmp_path, []) == (0, ["0 right, 0 wrong, 0 unknown rule"])


def test_wrong_and_unknown_answers_are_listed_by_id(tmp_path):
    vectors = [
        YU,
        YU | {"id": "B2", "expected": "37个"},
        YU | {"id": "C3", "rule": "no.such_rule"},
        YU | {"id": "D4", "input": {"n": "many\nlines"}},
    ]
    code, lines = run(tmp_path, vectors)
    assert code == 1
    assert lines[0] == 'B2 text.yu expected "37个" got "30余个"'
    assert lines[1] == "C3 no.such_rule unknown rule"
    assert lines[2].startswith('D4 text.yu expected "30余个" got TypeError: ')
    assert lines[3:] == ["1 right, 2 wrong, 1 unknown rule"]


def test_an_unknown_rule_alone_fails(tmp_path):
    assert run(tmp_path, [YU | {"rule": "x"}])[0] == 1


@pytest.mark.parametrize(
    ("rule", "given", "expected"),
    [
        ("workday.between", {"from": "2026-05-08", "to": "2026-05-09"}, True),
        ("workday.between", {"from": "2026-05-08", "to": "2026-05-09"}, 1.0),
        ("workday.is", {"date": "2026-05-09"}, 1),
        ("kpi.ratio", {"kpi": "", "numerator": 3, "denominator": 4}, 75.0),
        ("amount.parse", {"value": "1亿"}, {"wan": "10000", "flags": []}),
        ("amount.parse", {"value": "约1亿"}, {"wan": "10000"}),
        ("rounding.sum", {"wan": ["14450", "0"]}, {"rows": ["0.00", "1.45"], "total": "1.45"}),
    ],
)
def test_answers_are_compared_strictly(tmp_path, rule, given, expected):
    assert run(tmp_path, [{"id": "S", "rule": rule, "input": given, "expected": expected}])[0] == 1


def test_the_order_of_keys_does_not_matter(tmp_path):
    vector = {
        "id": "S",
        "rule": "rounding.sum",
        "input": {"wan": ["14450"]},
        "expected": {"total": "1.45", "rows": ["1.45"]},
    }
    assert run(tmp_path, [vector])[0] == 0


@pytest.mark.parametrize("raw", [b"", b"{", b"[NaN]", b"{}", b"[1]", b'[{"id": "A"}]', b"\xff\xfe\x00", b"[" * 100_000])
def test_an_unusable_file_is_a_usage_error(tmp_path, raw):
    with pytest.raises(CommandError) as caught:
        run(tmp_path, None, raw=raw)
    assert caught.value.returncode == 2


def test_a_missing_file_is_a_usage_error(tmp_path):
    with pytest.raises(CommandError) as caught:
        call_command("check_vectors", str(tmp_path / "none.json"))
    assert caught.value.returncode == 2


def test_a_file_with_byte_order_mark_is_read(tmp_path):
    assert run(tmp_path, None, raw=b"\xef\xbb\xbf" + json.dumps([YU]).encode())[0] == 0


def test_local_rows_and_settings_change_nothing(db, tmp_path, settings):
    CalendarDay.objects.create(date="2026-11-25", is_workday=False, name="本区放假")
    settings.ALLOW_DEMO_REGION = True
    vectors = [
        {"id": "1", "rule": "workday.is", "input": {"date": "2026-11-25"}, "expected": True},
        {
            "id": "2",
            "rule": "project_code.validate",
            "input": {"value": "2109-990101-04-01-123456", "today": "2026-11-23"},
            "expected": {"valid": False, "error": "region"},
        },
    ]
    assert run(tmp_path, vectors)[0] == 0


def test_rows_of_a_vector_are_rolled_back(db, tmp_path):
    before = Unit.objects.count()
    vector = {"id": "L", "rule": "light.overall", "input": {"lights": ["red", "blue"]}, "expected": "red"}
    assert run(tmp_path, [vector, vector])[0] == 0
    assert Unit.objects.count() == before


@pytest.mark.parametrize(
    ("rule", "given", "expected"),
    [
        ("deadline.natural", {"start": "2026-05-25", "days": 6}, "2026-06-01"),
        ("deadline.natural", {"start": "2026-05-25", "days": 6, "roll": None}, "2026-06-01"),
        ("deadline.natural", {"start": "2026-05-25", "days": 6, "roll": "none"}, "2026-05-31"),
        ("deadline.with_pause", {"accepted": "2026-03-02", "workdays": 1}, "2026-03-03"),
        ("deadline.with_pause", {"accepted": "2026-03-02", "workdays": 1, "pauses": None}, "2026-03-03"),
        ("notice.deemed_accepted", {"received": "2026-04-29"}, "2026-05-09"),
        ("notice.remind", {"received": "2026-04-29", "workday": None}, "2026-05-08"),
        ("report.due", {"period": "2026-10"}, "2026-10-26"),
        ("report.due", {"period": "2026-10", "day": None, "policy": "none"}, "2026-10-25"),
        ("workday.missing_year", {"date": "2026-12-31"}, {"degraded": False, "basis": "official"}),
        ("workday.missing_year", {"date": "2150-01-01"}, {"degraded": True, "basis": "weekend_only"}),
        ("amount.parse", {"value": None}, {"wan": None}),
        ("amount.parse", {"value": "5"}, {"error": "unit"}),
        ("amount.parse", {"value": 5, "default_unit": "亿元"}, {"wan": "50000"}),
        ("amount.format", {"wan": None}, "—"),
        ("amount.format", {"wan": 0.5, "unit": "万"}, "1万元"),
        ("amount.format", {"wan": "10000", "unit": None}, "1.00亿元"),
        ("date.parse", {"value": None}, {"none": True}),
        ("date.parse", {"value": "已投产"}, {"status_text": "已投产"}),
        (
            "date.parse",
            {"value": 45366},
            {"from": "2024-03-15", "to": "2024-03-15", "precision": "day", "flags": ["excel_serial"]},
        ),
        ("kpi.ratio", {"kpi": "x", "numerator": "1", "denominator": None}, None),
        ("kpi.ratio", {"kpi": "x", "numerator": 1, "denominator": 3, "digits": 0}, "33"),
        ("kpi.yoy", {"current": 110, "previous": "100"}, "10.0"),
        ("uscc.validate", {"value": "91350100M000100Y43"}, {"valid": True}),
        ("schedule.forward", {"network": {"a": {"workdays": 0}}, "start": "2026-11-28", "node": "a"}, "2026-11-30"),
        (
            "schedule.backward",
            {"network": {"a": {"workdays": 0, "deps": []}}, "target": "2026-11-28", "node": "a"},
            ["2026-11-27", "2026-11-27"],
        ),
        (
            "issue.escalation",
            {"due": "2026-05-08", "today": "2026-05-28", "ext": "2026-05-28", "closed_on": None},
            {"level": 1, "name": "提醒", "overdue_wd": 0},
        ),
    ],
)
def test_defaults_and_nulls(tmp_path, rule, given, expected):
    vector = {"id": "D", "rule": rule, "input": given, "expected": expected}
    assert run(tmp_path, [vector]) == (0, ["1 right, 0 wrong, 0 unknown rule"])


def test_a_required_argument_has_no_default(tmp_path):
    vector = {"id": "R", "rule": "workday.add", "input": {"n": 1}, "expected": None}
    code, lines = run(tmp_path, [vector])
    assert code == 1
    assert lines[0] == "R workday.add expected null got KeyError: 'start'"


@pytest.mark.shared
def test_the_vectors_on_file(db, shared, tmp_path):
    """Every vector of a rule that is wired; rules join as their floors are built."""
    rules = registry()
    vectors = json.loads((shared / "domain" / "vectors.json").read_text(encoding="utf-8"))
    known = [vector for vector in vectors if vector["rule"] in rules]
    assert len(known) >= 160
    assert run(tmp_path, known) == (0, [f"{len(known)} right, 0 wrong, 0 unknown rule"])


@pytest.mark.parametrize(
    ("content", "code", "last"),
    [
        (json.dumps([YU]), 0, "1 right, 0 wrong, 0 unknown rule"),
        (json.dumps([YU | {"expected": 1}]), 1, None),
        ("{", 2, None),
    ],
)
def test_the_count_is_the_last_thing_said(tmp_path, content, code, last):
    """As a process: exit code, and nothing after the count on stdout or stderr; text rules need no database."""
    file = tmp_path / "vectors.json"
    file.write_text(content)
    done = subprocess.run(
        [sys.executable, "manage.py", "check_vectors", str(file)],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        cwd=settings.BASE_DIR,
        env=os.environ | {"VAR_DIR": str(tmp_path), "DONGLIANG_NO_VENV": "1"},
        timeout=120,
    )
    assert done.returncode == code, done.stdout
    if last:
        assert done.stdout.endswith(f"{last}\n")
