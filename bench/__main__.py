"""Run every measurement on SQLite and PostgreSQL, each in a database of its own; write build/bench.json.

Exit code 0 also when a target is missed: it stands in the file with `holds: false`.
"""

import json
import os
import platform
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import psycopg2
from psycopg2 import sql

ROOT = Path(__file__).resolve().parent.parent
SERVER = "postgres://root@127.0.0.1:5432/postgres"
DATABASE = f"dongliang_bench_{os.getpid()}"
FULL = os.environ.get("SIZE") == "full"


def on_server(statement: str) -> None:
    """One statement on the server that DATABASE_URL or the default names."""
    connection = psycopg2.connect(server())
    connection.autocommit = True
    with connection.cursor() as cursor:
        cursor.execute(sql.SQL(statement).format(sql.Identifier(DATABASE)))
    connection.close()


def server() -> str:
    url = os.environ.get("DATABASE_URL", "")
    return url if url.startswith("postgres") else SERVER


def measured(database_url: str, sizes: list[int]) -> list[dict]:
    """The rows of one database: migrated, filled to each size in turn, measured."""
    with tempfile.TemporaryDirectory() as folder:
        env = os.environ | {
            "DJANGO_SETTINGS_MODULE": "config.settings.dev",
            "DATABASE_URL": database_url.replace("FOLDER", folder),
            "VAR_DIR": folder,
            "LOG_LEVEL": "ERROR",
        }
        env.pop("REDIS_URL", None)
        subprocess.run([sys.executable, "manage.py", "prepare", "-v", "0"], cwd=ROOT, env=env, check=True, stdout=2)
        command = [sys.executable, "-m", "bench.measure", *map(str, sizes)]
        done = subprocess.run(command, cwd=ROOT, env=env, check=True, stdout=subprocess.PIPE, text=True)
        return json.loads(done.stdout)


def main() -> int:
    started = time.monotonic()
    results = measured("sqlite:///FOLDER/bench.sqlite3", [60, 3000])
    on_server("CREATE DATABASE {}")
    try:
        url = urlunsplit(urlsplit(server())._replace(path=f"/{DATABASE}"))
        results += measured(url, [60, 3000, 30000, 100000] if FULL else [60, 3000])
    finally:
        on_server("DROP DATABASE {} WITH (FORCE)")
    meta = {
        "cpus": os.cpu_count(),
        "python": platform.python_version(),
        "size": "full" if FULL else "default",
        "seconds": round(time.monotonic() - started),
    }
    target = ROOT / "build" / "bench.json"
    target.parent.mkdir(exist_ok=True)
    target.write_text(json.dumps({"meta": meta, "results": results}, ensure_ascii=False, indent=1) + "\n")
    for row in results:
        sign = {True: "✓", False: "✗", None: "·"}[row["holds"]]
        shown = f"{row['ours']:>10} / {row['floor']:<10} = {row['ratio']:<7} {row['op']} {row['target']}"
        print(f"{sign} {row['db']:<11}{row['n']:>6}  {row['name']:<28}{shown} ({row['unit']})")
    return 0


if __name__ == "__main__":
    sys.exit(main())
