#!/usr/bin/env python
"""Django's command line. Started outside `.venv`, it re-executes inside it."""

import os
import sys
from pathlib import Path

BASE_DIR = Path(__file__).resolve().parent
VENV_PYTHON = BASE_DIR / ".venv" / "bin" / "python"


def reexecute_in_venv() -> None:
    """Replace this process by the project's own interpreter when it exists and is not the one running."""
    inside = Path(sys.prefix).resolve() == (BASE_DIR / ".venv").resolve()
    if inside or not VENV_PYTHON.exists() or os.environ.get("DONGLIANG_NO_VENV"):
        return
    os.execv(VENV_PYTHON, [str(VENV_PYTHON), *sys.argv])


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.dev")
    from django.core.management import execute_from_command_line

    execute_from_command_line(sys.argv)


if __name__ == "__main__":
    reexecute_in_venv()
    main()
