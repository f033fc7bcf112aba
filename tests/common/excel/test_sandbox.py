"""The parser's own process: limited, and gone afterwards whatever happens."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from common.excel import child, sandbox
from common.excel.gate import FileRefused
from tests.common.excel import hostile

ROOT = Path(__file__).resolve().parents[3]


def children() -> set[str]:
    """Process ids of our own children, zombies included."""
    listed = subprocess.run(
        ["ps", "-o", "pid=,stat=,args=", "--ppid", str(os.getpid())], capture_output=True, check=False
    )
    return {line for line in listed.stdout.decode().splitlines() if "common.excel.child" in line or " Z" in line}


def test_nothing_is_left_behind():
    sandbox.read_grids(hostile.plain_book(), "xlsx")
    with pytest.raises(FileRefused):
        sandbox.read_grids(hostile.plain_book(), "xlsx", wall_seconds=0.001)
    with pytest.raises(FileRefused):
        sandbox.read_grids(b"", "xlsx")
    assert children() == set()


def test_the_child_does_not_load_django():
    code = (
        "import sys, common.excel.child, common.excel.reader; print([m for m in sys.modules if m.startswith('django')])"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, check=True)
    assert done.stdout.decode().strip() == "[]"


def test_memory_is_limited():
    code = f"from common.excel.child import limit; import os; limit(os.getppid()); x = bytearray({child.MEMORY_BYTES})"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, check=False)
    assert done.returncode != 0
    assert b"MemoryError" in done.stderr
