"""Tries every door: each cell of access_matrix.csv as a real request, compared with what was written there by hand.

A cell says what the role gets: `login` (sent to the login), `200`, `302`, `403`, `404`, `ok` (through the door: the
page, a redirect, a refused form) or `public` (anything but a refusal). The last column names roles that may read
project names without seeing projects.
"""

import csv
import hashlib
import io
import re
import zipfile
import zlib
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http.cookies import SimpleCookie
from pathlib import Path

from django.apps import apps
from django.db import connection, transaction
from django.db.models import Model
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse
from django.urls.resolvers import RoutePattern

from accounts.models import AuditEntry
from common import clock
from investment.judged import judged
from projects.models import Project
from tests.architecture.calls import BODIES, NAMES, QUERY
from tests.architecture.world import DISTRICT, ROLES, SEES, TOKENS, World

TABLE = Path(__file__).with_name("access_matrix.csv")
REFUSED = ("login", "403", "404")
OPEN = {200, 201, 204, 302, 409, 422}
UNWATCHED = (  # who is here is not what is known; what is made from the records is none
    "django_session", "axes_", "investment_judgement", "investment_judgedby", "investment_unjudged",
)  # fmt: skip
WRITES = re.compile(
    r"\s*(?:INSERT(?: OR \w+)? INTO|UPDATE|DELETE FROM|REPLACE INTO)\s+\"?(?P<table>\w+)", re.IGNORECASE
)
ANY = "-"  # a URL that names no project


@dataclass(frozen=True)
class Row:
    """One line of the table: a URL, a method, what the project is to the person; role → expectation."""

    name: str
    method: str
    relation: str
    cells: dict[str, str]
    may_name: frozenset[str]


@dataclass(frozen=True)
class Violation:
    """A door that stood open, stood shut, leaked or wrote."""

    row: Row
    role: str
    problem: str

    def __str__(self) -> str:
        return f"{self.row.name} {self.row.method} {self.row.relation} {self.role}: {self.problem}"


def read_table(path: Path = TABLE) -> list[Row]:
    """The table as written."""
    rows = []
    with path.open(encoding="utf-8", newline="") as file:
        for line in csv.DictReader(file):
            cells = {role: line[role].strip() for role in ROLES}
            rows.append(Row(line["url"], line["method"], line["relation"], cells, frozenset(line["may_name"].split())))
    return rows


def everybody(row: Row) -> Iterable[str]:
    """Every role: `make wide`."""
    return ROLES


def one_of_each(row: Row) -> Iterable[str]:
    """One role for every answer that the row names, and of those let in one for every reach: `make test`. Who stands
    for the others changes from row to row."""
    turn = zlib.crc32(f"{row.name} {row.method} {row.relation}".encode()) % len(ROLES)
    chosen: dict[tuple[str, object], str] = {}
    for role in ROLES[turn:] + ROLES[:turn]:
        answer = row.cells[role]
        chosen.setdefault((answer, None if answer in REFUSED else SEES.get(role)), role)
    return chosen.values()


def url_patterns(resolver: URLResolver | None = None, space: str = "") -> Iterator[tuple[str, URLPattern]]:
    """Every pattern of the site with its full name, recursively."""
    for entry in (resolver or get_resolver()).url_patterns:
        if isinstance(entry, URLResolver):
            inner = f"{space}{entry.namespace}:" if entry.namespace else space
            yield from url_patterns(entry, inner)
        else:
            yield f"{space}{entry.name}", entry


def arguments_of(pattern: URLPattern) -> set[str]:
    """The names in its route."""
    assert isinstance(pattern.pattern, RoutePattern)
    return set(pattern.pattern.converters)


class Matrix:
    """Runs rows against a world, one logged-in client per role, every call rolled back."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.routes = {name: arguments_of(pattern) for name, pattern in url_patterns()}
        self.policies = {name: pattern.callback.policy for name, pattern in url_patterns()}
        self.turned_away: set[tuple[str, str]] = set()
        self.whole: dict[tuple[str, str, str], str] = {}
        self.clients = {role: self._client(role) for role in ROLES}
        self.cookies = {role: client.cookies.output() for role, client in self.clients.items()}
        list(judged(Project.objects.all(), clock.today())[:1])  # kept once, not by every call anew
        self.before, self.facts = digest(), digest(AuditEntry)
        self.calls = 0
        self.wrote: set[tuple[str, str]] = set()

    def run(self, rows: Iterable[Row], roles: Callable[[Row], Iterable[str]]) -> list[Violation]:
        """The cells of the rows for the roles; what did not hold."""
        return [
            Violation(row, role, problem)
            for row in rows
            for role in roles(row)
            if row.cells[role]
            for problem in self._try(row, role)
        ]

    def _try(self, row: Row, role: str) -> Iterator[str]:
        expected = row.cells[role]
        if role in DISTRICT and row.relation in (
            "joined",
            "assigned",
        ):  # to the whole district these are like any other
            self.calls += 1
            if expected != self.whole.setdefault((row.name, row.method, role), expected):
                yield f"expected {expected} here and something else for other projects of the district"
            return
        if row.relation in ("own", "stranger") and role in DISTRICT:
            self.whole[row.name, row.method, role] = expected
        if self._turned_away_again(row, role):
            self.calls += 1
            if expected != "403":
                yield f"expected {expected}, but the policy admits nobody of this role"
            return
        with rolled_back() as watch:
            response = self._call(row, role)
            body = text_of(response)
            harmless = not watch.wrote or (expected not in REFUSED and row.method == "POST")
            changed = not harmless and digest() != self.before
            facts_changed = changed and digest(AuditEntry) != self.facts
        self.clients[role].cookies = SimpleCookie(self.cookies[role].replace("Set-Cookie: ", ""))
        self.calls += 1
        got = status_of(response)
        through = {"ok": response.status_code in OPEN, "public": got not in REFUSED}.get(expected, False)
        if got != expected and (got in REFUSED or not through):
            yield f"expected {expected}, got {got}"
        if watch.wrote:
            self.wrote.add((row.name, row.method))
        if changed and expected in REFUSED:
            yield "refused, yet something was written"
        elif facts_changed and row.method == "GET":  # that somebody looked may stand in the trail
            yield "a GET wrote"
        if role not in row.may_name:
            for relation, token in TOKENS.items():
                if relation not in SEES.get(role, ()) and token in body:
                    yield f"shows {token}"

    def _turned_away_again(self, row: Row, role: str) -> bool:
        """Whether the URL's policy keeps the role out, and has been seen to keep somebody out. That happens before any
        view runs and is alike for every role and project: one real call per URL and method stands for all of them."""
        if role == "anonymous" or self.policies[row.name].admits(getattr(self.world.cast, role)):
            return False
        known = (row.name, row.method) in self.turned_away
        self.turned_away.add((row.name, row.method))
        return known

    def _call(self, row: Row, role: str):
        world, name = self.world, row.name
        things = world.things["own" if row.relation == ANY else row.relation]
        kwargs = NAMES[name](world, things) if name in NAMES else {}
        if not kwargs and "pk" in self.routes[name]:
            assert ":project_" in name, f"say in NAMES of calls.py what the pk of {name} is"
            kwargs = {"pk": things.project.pk}
        path = reverse(name, kwargs=kwargs)
        if name in QUERY:
            path += "?" + "&".join(f"{key}={value}" for key, value in QUERY[name](world, things).items())
        client = self.clients[role]
        if row.method == "POST":
            return client.post(path, BODIES[name](world, things))
        return client.get(path)

    def _client(self, role: str) -> Client:
        client = Client(raise_request_exception=False)  # a 500 is a finding like any other
        if role != "anonymous":
            client.force_login(getattr(self.world.cast, role))
            client.get(reverse("accounts:profile"))  # the session's own marks are set once
        return client


def status_of(response) -> str:
    """`login` for the way to the login, else the number."""
    if response.status_code == 302 and response["Location"].startswith(f"{reverse('accounts:login')}?next="):
        return "login"
    return str(response.status_code)


def text_of(response) -> str:
    """Everything a person could read in it; workbooks are unpacked, messages for the next page are included."""
    content = b"".join(response.streaming_content) if response.streaming else response.content
    if content[:2] == b"PK":
        with zipfile.ZipFile(io.BytesIO(content)) as package:
            content = b"\n".join(package.read(name) for name in package.namelist() if name.endswith(".xml"))
    said = response.cookies.get("messages")
    headers = "".join(f"{key}: {value}\n" for key, value in response.items())
    return f"{headers}{content.decode('utf-8', errors='replace')}{said.value if said else ''}"


class _Watch:
    """Notices statements that write."""

    wrote = False

    def __call__(self, execute, sql, params, many, context):
        written = WRITES.match(sql)
        if written and not written["table"].startswith(UNWATCHED):
            self.wrote = True
        return execute(sql, params, many, context)


@contextmanager
def rolled_back() -> Iterator[_Watch]:
    """Whatever happens inside has not happened afterwards."""
    watch = _Watch()
    with transaction.atomic(), connection.execute_wrapper(watch):
        yield watch
        transaction.set_rollback(True)


def digest(*but: type[Model]) -> str:
    """Every row of every table, apart from sessions, login attempts and the models named."""
    seen = hashlib.sha256()
    for model in apps.get_models(include_auto_created=True):
        if model not in but and not model._meta.db_table.startswith(UNWATCHED):
            seen.update(repr(list(model._base_manager.order_by("pk").values_list())).encode())
    return seen.hexdigest()
