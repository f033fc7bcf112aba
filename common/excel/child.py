"""Entry of the parser's own process: `python -m common.excel.child KIND`, file on stdin, JSON on stdout.

Loads neither Django nor settings. Limits itself before it reads the first byte; see `sandbox` for the other side.
"""

import contextlib
import ctypes
import json
import os
import resource
import signal
import sys

MEMORY_BYTES = 512 * 1024 * 1024
CPU_SECONDS = 20
MAX_OUTPUT = 64 * 1024 * 1024
_PR_SET_PDEATHSIG = 1


def limit(parent: int) -> None:
    """Memory, CPU, core dumps, priority; die with the parent (Linux), even when it is killed."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    with contextlib.suppress(OSError, AttributeError):
        os.nice(5)  # a list may be read on a web server: the pages of others go first
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != parent:
        os._exit(1)


def main() -> int:
    """Read, parse, answer `{"sheets": [...]}` or `{"refused": sentence}`; anything else is a crash to the parent."""
    kind, parent = sys.argv[1], int(sys.argv[2])
    limit(parent)
    from common.excel.gate import FileRefused
    from common.excel.reader import read

    try:
        answer = json.dumps({"sheets": read(sys.stdin.buffer.read(), kind)}, separators=(",", ":"))
        if len(answer) > MAX_OUTPUT:
            raise FileRefused("表格中的文字总量过大：请删除不需要的内容后再上传。")
    except FileRefused as refusal:
        answer = json.dumps({"refused": refusal.message})
    sys.stdout.write(answer)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
