"""Stage and status of a project are moved by its actions and by nothing else."""

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent.parent
FLOORS = ("common", "accounts", "projects", "investment", "attraction", "services", "alerts", "ingest", "dashboard")
WRITERS = {"update", "create", "get_or_create", "update_or_create", "save_versioned", "Project"}
GUARDED = {"stage", "status"}
MACHINE = {"admit_to_reserve", "send_back", "commence", "enter_construction", "commission", "suspend", "terminate"}
PROJECT_ACTIONS = ROOT / "projects" / "actions"


def sources() -> list[Path]:
    found = (path for floor in FLOORS for path in (ROOT / floor).rglob("*.py"))
    return [path for path in found if "migrations" not in path.parts and PROJECT_ACTIONS not in path.parents]


def writes_of(tree: ast.AST) -> list[int]:
    """Lines that assign `.stage`/`.status`, pass them to a write, or call a transition of the machine."""
    lines = []
    for node in ast.walk(tree):
        if isinstance(node, ast.Assign | ast.AugAssign):
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            lines += [node.lineno for target in targets if is_guarded(target)]
        elif isinstance(node, ast.Call):
            name = getattr(node.func, "attr", getattr(node.func, "id", ""))
            sets = name in WRITERS and {keyword.arg for keyword in node.keywords} & GUARDED
            if sets or (name in MACHINE and isinstance(node.func, ast.Attribute)):
                lines.append(node.lineno)
    return lines


def is_guarded(target: ast.AST) -> bool:
    """`project.stage`, `row.project.status`; an object's own attribute of that name  is its own affair."""
    return (
        isinstance(target, ast.Attribute)
        and target.attr in GUARDED
        and not (isinstance(target.value, ast.Name) and target.value.id == "self")
    )


@pytest.mark.parametrize("path", sources(), ids=lambda path: str(path.relative_to(ROOT)))
def test_nobody_else_sets_a_stage(path):
    assert writes_of(ast.parse(path.read_text())) == []


def test_the_guard_sees_what_it_guards():
    """The same eyes find the writes where they are allowed."""
    found = [line for path in PROJECT_ACTIONS.glob("*.py") for line in writes_of(ast.parse(path.read_text()))]

    assert found
