"""Every URL declares a policy, and every door answers as the hand-written table says."""

from collections import Counter

import pytest

from accounts.access import Policy
from accounts.roles import Can
from projects.querysets import ProjectQuerySet
from tests.architecture.matrix import ANY, Matrix, everybody, one_of_each, read_table, url_patterns
from tests.architecture.world import RELATIONS, ROLES

WORDS = {"login", "200", "302", "403", "404", "422", "ok", "public"}


# The wizard's own forms are filled in by the tests of ingest; the URL's capability turns everybody else away.
STEPS = {
    "ingest:sheets",
    "ingest:columns",
    "ingest:values",
    "ingest:decide",
    "ingest:resume",
    "ingest:undo",
    "ingest:follow",  # wants an import that has ended: who is turned away stands in tests/ingest/test_follow
}


def problems(violations) -> str:
    """At most forty, so that a person can read them."""
    return "\n".join([f"{len(violations)} violations", *map(str, violations[:40])])


def test_every_url_has_a_name_and_a_policy():
    undeclared = [
        name
        for name, url in url_patterns()
        if not url.name or not isinstance(getattr(url.callback, "policy", None), Policy)
    ]
    assert undeclared == [], "declare it: @access(Can.X | LOGGED_IN | PUBLIC) from accounts.access"
    capabilities = {url.callback.policy.capability for _, url in url_patterns()} - {None}
    assert capabilities <= set(Can)


def test_every_url_has_expectations_and_every_expectation_a_url():
    known = {name for name, _ in url_patterns()}
    expected = {row.name for row in read_table()}
    assert known - expected == set(), "new URL without expectations: write its rows into access_matrix.csv by hand"
    assert expected - known == set(), "these URLs are gone: take their rows out"


def test_the_table_is_whole():
    rows = read_table()
    assert [key for key, n in Counter((r.name, r.method, r.relation) for r in rows).items() if n > 1] == []
    for row in rows:
        assert set(row.cells.values()) <= WORDS, row
        assert row.method in ("GET", "POST"), row
    relations = {}
    for row in rows:
        relations.setdefault((row.name, row.method), set()).add(row.relation)
    for key, found in relations.items():
        assert found == {ANY} or set(RELATIONS) - {"joined"} <= found, f"{key} lacks a relation"


SPACES = pytest.mark.parametrize("space", sorted({row.name.rpartition(":")[0] for row in read_table()}))


@SPACES
def test_every_door_answers_as_written(world, space):
    """App by app, so that the cores share the work; of roles that get the same answer one tries the door."""
    check(Matrix(world), space, one_of_each)


@pytest.mark.wide
@SPACES
def test_every_door_answers_everybody_as_written(world, space):
    """Every cell of the table."""
    matrix = Matrix(world)
    rows = check(matrix, space, everybody)
    assert matrix.calls == len(rows) * len(ROLES)
    posts = {row.name for row in rows if row.method == "POST"}
    silent = posts - {name for name, method in matrix.wrote if method == "POST"} - STEPS
    assert silent == set(), f"the body in calls.py writes for nobody, so a refusal proves nothing: {silent}"


def check(matrix, space, roles):
    """Tries the rows of an app."""
    rows = [row for row in read_table() if row.name.rpartition(":")[0] == space]
    violations = matrix.run(rows, roles)
    assert not violations, problems(violations)
    return rows


def test_the_table_notices_when_the_door_to_rows_is_taken_away(world, monkeypatch):
    monkeypatch.setattr(ProjectQuerySet, "visible_to", lambda rows, user: rows)
    strange = [row for row in read_table() if row.relation == "stranger" and row.method == "GET"]
    kept_out = {row.name: [role for role in ("reporter", "member") if row.cells[role] == "404"] for row in strange}
    noticed = {v.row.name for v in Matrix(world).run(strange, lambda row: kept_out[row.name][:1])}
    guarded = {name for name, roles in kept_out.items() if roles}
    assert guarded and guarded <= noticed


def test_the_table_notices_when_the_door_to_writes_is_taken_away(world, monkeypatch):
    monkeypatch.setattr(ProjectQuerySet, "editable_by", lambda rows, user, capability=None: rows)
    posts = [row for row in read_table() if row.method == "POST"]
    joined = [row for row in posts if row.relation == "joined"]
    own = {row.name for row in posts if row.relation == "own" and row.cells["reporter"] == "ok"}
    noticed = {v.row.name for v in Matrix(world).run(joined, lambda row: ["reporter"])}
    guarded = {row.name for row in joined if row.name in own and row.cells["reporter"] == "403"}
    assert guarded and guarded <= noticed
