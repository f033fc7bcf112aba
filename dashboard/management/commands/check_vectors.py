"""`manage.py check_vectors FILE`: ask the product every question of a file of test vectors and compare."""

import json
import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import Any, NoReturn

from django.core.management.base import BaseCommand, CommandError

from common.workdays import OFFICIAL, using
from dashboard.vectors import Rule, registry

USAGE = 2


class Command(BaseCommand):
    """One line per failing vector, then the count. Exit code 0 all right, 1 something failed, 2 no usable file."""

    help = "用测试向量核对业务规则"
    requires_system_checks = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", help="测试向量文件（JSON）")

    def handle(self, *, file: str, **options: Any) -> None:
        vectors, rules = read_vectors(Path(file)), registry()
        right = wrong = unknown = 0
        with using(OFFICIAL):
            for vector in vectors:
                name = f"{vector['id']} {vector['rule']}"
                rule = rules.get(vector["rule"])
                if rule is None:
                    unknown += 1
                    self.stdout.write(f"{name} unknown rule")
                elif failure := failure_of(rule, vector):
                    wrong += 1
                    self.stdout.write(f"{name} {failure}")
                else:
                    right += 1
        self.stdout.write(f"{right} right, {wrong} wrong, {unknown} unknown rule")
        if wrong or unknown:
            sys.exit(1)


def failure_of(rule: Rule, vector: dict) -> str | None:
    """What is wrong with the product's answer, on one line; None when it is as expected."""
    expected = vector.get("expected")
    try:
        got = json.loads(json.dumps(rule(vector.get("input") or {})))
    except Exception as error:  # whatever the rule raises is a wrong answer
        return f"expected {_line(expected)} got {type(error).__name__}: {' '.join(str(error).split())}"
    return None if same(expected, got) else f"expected {_line(expected)} got {_line(got)}"


def same(expected: Any, got: Any) -> bool:
    """Equal as JSON, strictly: type, keys, order in lists; the order of keys does not matter."""
    if type(expected) is not type(got):
        return False
    if isinstance(expected, dict):
        return expected.keys() == got.keys() and all(same(expected[key], got[key]) for key in expected)
    if isinstance(expected, list):
        return len(expected) == len(got) and all(map(same, expected, got))
    return expected == got


def read_vectors(path: Path) -> list[dict]:
    """The vectors of a file. Raises CommandError with exit code 2 when there are none to be had."""
    try:
        vectors = json.loads(path.read_text(encoding="utf-8-sig"), parse_constant=_no_constant)
    except OSError as error:
        raise CommandError(f"无法读取文件“{path}”，请检查路径和权限（{error.strerror}）。", returncode=USAGE) from error
    except (ValueError, RecursionError) as error:
        raise CommandError(f"文件“{path}”不是有效的 JSON（{error}）。", returncode=USAGE) from error
    if not isinstance(vectors, list) or not all(isinstance(v, dict) and {"id", "rule"} <= v.keys() for v in vectors):
        raise CommandError(f"文件“{path}”应为测试向量的列表，每条含 id、rule、input、expected。", returncode=USAGE)
    return vectors


def _no_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is not JSON")


def _line(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)
