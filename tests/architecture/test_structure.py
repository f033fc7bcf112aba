"""The laws of the house that a program can check (architecture §2, decisions)."""

import ast
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.core.management import call_command

ROOT = Path(__file__).resolve().parents[2]
FLOORS = "common accounts projects investment attraction services alerts ingest dashboard config"
APPS = tuple(FLOORS.split())
WEB = ("django.http", "django.shortcuts")
LONGEST = 500  # lines of a file: beyond this somebody has to scroll to understand


def sources(*apps: str) -> Iterator[tuple[str, ast.Module]]:
    """(path, tree) of the apps' own Python, without migrations."""
    for app in apps or APPS:
        for path in sorted((ROOT / app).rglob("*.py")):
            if "migrations" not in path.parts:
                yield path.relative_to(ROOT).as_posix(), ast.parse(path.read_text(encoding="utf-8"))


def calls(tree: ast.AST) -> Iterator[tuple[str, ast.Call]]:
    """(dotted name, node) of every call."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            yield ast.unparse(node.func), node


def test_floors_import_only_downward():
    lint = Path(sys.executable).with_name("lint-imports")
    done = subprocess.run([lint], cwd=ROOT, capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


# The wall clock of the machine, where the product's own (movable) one must not be asked.
CLOCKS = {
    "common/clock.py",  # the clock
    "accounts/middleware.py",  # how long a session lasts
    "common/management/commands/smtp_sink.py",  # the outside world, whose clock we do not move
}
ASKING = re.compile(r"(^|\.)(datetime\.(now|utcnow|today)|date\.today|timezone\.(now|localdate)|localdate|time\.time)$")


def test_one_clock():
    found = [
        f"{path}:{node.lineno} {name}()"
        for path, tree in sources()
        for name, node in calls(tree)
        if ASKING.search(name) and path not in CLOCKS
    ]
    assert found == [], "ask common.clock"


def test_views_neither_save_nor_delete_nor_take_all_rows():
    found = []
    for path, tree in sources():
        if "/views" not in path:
            continue
        for name, node in calls(tree):
            last = name.rpartition(".")[2]
            if last in ("save", "delete", "bulk_create", "bulk_update") or name.endswith("objects.all"):
                found.append(f"{path}:{node.lineno} {name}()")
            if name.endswith(("objects.create", ".update")) and "objects" in name:
                found.append(f"{path}:{node.lineno} {name}()")
    assert found == [], "writes belong to actions.py; rows come from visible_to"


def test_rules_do_not_know_the_web():
    rules = re.compile(r"(querysets|gates|lifecycle|scheduling|lights|periods|money|workdays|models(/\w+)?)\.py$")
    found = []
    for path, tree in sources():
        if not rules.search(path):
            continue
        for node in ast.walk(tree):
            module = getattr(node, "module", None) or ""
            names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else [module]
            if isinstance(node, ast.Import | ast.ImportFrom) and any(
                n.startswith(("django.http", "django.shortcuts")) for n in names
            ):
                found.append(f"{path}:{node.lineno}")
    assert found == []


ABROAD = r"(?:https?:)?//(?!127\.0\.0\.1|localhost)"
EXTERNAL = re.compile(rf"""(?:src|href|action|url\(|@import|fetch\(|import)\s*[=(]?\s*["']?{ABROAD}""", re.I)


def test_pages_ask_no_other_host():
    found = [
        f"{path.relative_to(ROOT)}: {match.group()}"
        for folder, pattern in (("templates", "*.html"), ("static", "*.css"), ("static", "*.js"))
        for path in sorted((ROOT / folder).rglob(pattern))
        for match in EXTERNAL.finditer(path.read_text(encoding="utf-8"))
    ]
    assert found == [], "the intranet has no internet: third-party files are vendored (assets.toml)"


COMMENT = re.compile(r"\{#.*?#\}|\{% comment %\}.*?\{% endcomment %\}", re.S)


def test_pages_carry_no_inline_scripts_or_styles():
    attributes, tags = r"\son\w+\s*=|\sstyle\s*=", r"<style\b|<script(?![^>]*\b(?:src=|application/json))"
    inline = re.compile(f"{attributes}|{tags}", re.I)
    found = []
    for path in sorted((ROOT / "templates").rglob("*.html")):
        if "emails" in path.parts:  # a mail has no sheets to link to
            continue
        text = COMMENT.sub("", path.read_text(encoding="utf-8"))
        found += [f"{path.relative_to(ROOT)}: {match.group()}" for match in inline.finditer(text)]
    assert found == [], "the content security policy refuses them"


@pytest.mark.django_db
def test_migrations_are_complete():
    call_command("makemigrations", check=True, dry_run=True, verbosity=0)


def test_files_stay_readable():
    long = {
        path: lines
        for path, _ in sources()
        if (lines := (ROOT / path).read_text(encoding="utf-8").count("\n")) > LONGEST
    }
    assert long == {}


def test_no_place_for_later():
    marks = re.compile(r"\b(TODO|FIXME|XXX)\b")
    found = [path for path, _ in sources() if marks.search((ROOT / path).read_text(encoding="utf-8"))]
    assert found == []
