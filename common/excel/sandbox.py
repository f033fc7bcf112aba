"""The parser in a process of its own: whatever a file does to it, the caller only ever sees FileRefused.

Memory 512 MB, CPU 20 s (set by the child on itself), wall clock 30 s; killed with its whole group, always reaped.
"""

import contextlib
import json
import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

from common.excel.gate import RESAVE, FileRefused

WALL_SECONDS = 30
_ROOT = Path(__file__).resolve().parents[2]
_ENVIRONMENT = {"PATH": "/usr/bin:/bin", "LANG": "C.UTF-8", "PYTHONIOENCODING": "utf-8", "PYTHONDONTWRITEBYTECODE": "1"}


def read_grids(data: bytes, kind: str, *, wall_seconds: float = WALL_SECONDS) -> list[dict[str, Any]]:
    """Raw grids (see `reader`) of a file that passed `gate.check`. Raises FileRefused on refusal, crash or timeout."""
    child = subprocess.Popen(
        [sys.executable, "-m", "common.excel.child", kind, str(os.getpid())],
        cwd=_ROOT,
        env=_ENVIRONMENT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    try:
        answer, _ = child.communicate(data, timeout=wall_seconds)
    except subprocess.TimeoutExpired:
        raise FileRefused(f"文件过于复杂，{WALL_SECONDS} 秒内没有读完：请删除多余的工作表和格式，{RESAVE}。") from None
    finally:
        end(child)
    if child.returncode != 0:
        raise FileRefused(f"文件无法安全读取（内容异常或已损坏）：{RESAVE}。")
    try:
        result = json.loads(answer)
    except ValueError:
        raise FileRefused(f"文件无法安全读取（内容异常或已损坏）：{RESAVE}。") from None
    if "refused" in result:
        raise FileRefused(result["refused"])
    return result["sheets"]


def end(child: subprocess.Popen[bytes]) -> None:
    """Kill the child's group if anything of it is left, close the pipes and reap it."""
    if child.poll() is None:
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(child.pid, signal.SIGKILL)
    for pipe in (child.stdin, child.stdout):
        if pipe is not None:
            with contextlib.suppress(OSError):
                pipe.close()
    child.wait()
