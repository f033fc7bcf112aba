"""Walking the site as a person does: every link followed, nothing of others met, nothing written by looking."""

import re
from collections import deque
from html import unescape
from urllib.parse import urljoin, urlsplit

import pytest
from django.test import Client
from django.urls import reverse

from accounts.access import Policy
from accounts.models import AuditEntry
from tests.architecture.calls import NAMES
from tests.architecture.matrix import arguments_of, digest, rolled_back, text_of, url_patterns
from tests.architecture.world import RELATIONS, SEES, TOKENS
from tests.factories import make_project

pytestmark = pytest.mark.wide
LINK = re.compile(r"""\s(?:href|hx-get|src|data-href)="([^"#]+)""")
PAGES, VARIANTS = 150, 3  # at most so many pages per person, so many query strings per path
HUGE = "9" * 20
HOSTILE = ("²", "-1", "0", HUGE, "'", "%00", "\x00", "<script>", "a" * 3000, "__class__", "2026-13-45", "id__gt")
KEYS = [
    "page",
    "sort",
    "q",
    "unit",
    "stage",
    "status",
    "light",
    "year",
    "period",
    "kind",
    "on",
    "edge",
    "do",
    "target",
    "person",
    "since",
    "until",
    "user",
    "parent",
]


def walk(client: Client, *starts: str, pages: int = PAGES) -> dict[str, tuple[int, str]]:
    """path → (status, text) of everything reachable by links from the starts."""
    met: dict[str, tuple[int, str]] = {}
    variants: dict[str, int] = {}
    ahead = deque(starts)
    while ahead and len(met) < pages:
        address = ahead.popleft()
        path = urlsplit(address).path
        if address in met or path.startswith(("/static/", "/accounts/logout")) or variants.get(path, 0) >= VARIANTS:
            continue
        variants[path] = variants.get(path, 0) + 1
        response = client.get(address)
        text = text_of(response)
        met[address] = (response.status_code, text)
        found = LINK.findall(text) if response.get("Content-Type", "").startswith("text/html") else []
        if response.status_code in (301, 302):
            found = [response["Location"]]
        for link in found:
            target = urljoin(address, unescape(link))
            if target.startswith("/") and not target.startswith("//"):
                ahead.append(target)
    return met


@pytest.mark.parametrize("role", ["anonymous", "reporter", "steward", "leader", "sysadmin", "secadmin", "auditor"])
def test_a_walk_meets_nothing_of_others_and_writes_nothing(world, role):
    client = Client(raise_request_exception=False)
    if role != "anonymous":
        client.force_login(getattr(world.cast, role))
        client.get(reverse("accounts:profile"))
    before = digest(AuditEntry)  # that somebody took a list away stands in the trail
    with rolled_back():
        met = walk(client, "/")
        assert digest(AuditEntry) == before
    dead = {path: status for path, (status, _) in met.items() if status not in (200, 302)}
    dead.pop(reverse("alerts:acknowledge_many"), None)  # a button for what was ticked before
    assert dead == {}, "people are offered what they may not open"
    assert [path for path, (_, text) in met.items() if ">---------<" in text] == [], (
        "a menu that does not say what to do"
    )
    hidden = [TOKENS[relation] for relation in RELATIONS if relation not in SEES.get(role, ())]
    told = {path: token for path, (_, text) in met.items() for token in hidden if token in text}
    if role == "auditor":  # the trail names what was changed: that is what it is for
        told = {path: token for path, token in told.items() if not path.startswith(reverse("accounts:audit_list"))}
    assert told == {}
    if role in SEES:  # the walk is worth something: it met what the person does see
        everything = "".join(text for _, text in met.values())
        assert [relation for relation in SEES[role] if TOKENS[relation] not in everything] == []


def test_sums_tell_nothing_about_others(world):
    """Twice as many projects elsewhere change no figure, no count and no order on one's own pages."""
    client = Client()
    client.force_login(world.cast.reporter)
    strip = re.compile(r'csrfmiddlewaretoken" value="[^"]+"|"X-CSRFToken": "[^"]+"')
    paths = ["/", reverse("projects:project_list"), reverse("alerts:inbox")]
    before = [strip.sub("", text_of(client.get(path))) for path in paths]
    for _ in range(3):
        make_project(world.cast.other_unit, stage="construction")
    assert [strip.sub("", text_of(client.get(path))) for path in paths] == before


def _addresses(world) -> list[str]:
    matrix_names = dict(url_patterns())
    things = world.things["own"]
    found = []
    for name, pattern in matrix_names.items():
        kwargs = NAMES[name](world, things) if name in NAMES else {}
        if not kwargs and "pk" in arguments_of(pattern):
            kwargs = {"pk": things.project.pk}
        found.append(reverse(name, kwargs=kwargs))
    return found


@pytest.mark.parametrize("role", ["admin", "sysadmin", "secadmin", "auditor"])
def test_no_query_string_breaks_a_page(world, role):
    client = Client(raise_request_exception=False)
    client.force_login(getattr(world.cast, role))
    broken = []
    for position, path in enumerate(_addresses(world)):
        if client.get(path).status_code != 200:
            continue
        for shift in range(len(HOSTILE)):  # every page meets three of the hostile values, the site meets them all
            value = HOSTILE[(position * 3 + shift) % len(HOSTILE)]
            if client.get(path, dict.fromkeys(KEYS, value)).status_code >= 500:
                broken.append(f"{path} {value[:20]!r}")
    assert broken == []


def test_a_nul_is_refused_in_words(world):
    client = Client(raise_request_exception=False)
    client.force_login(world.cast.reporter)
    draft = reverse("projects:project_draft", args=[world.things["own"].project.pk])
    for answer in (client.get("/projects/", {"q": "a\x00b"}), client.post(draft, {"text": "a\x00b"})):
        assert answer.status_code == 400
        assert "请" in answer.content.decode()


def test_no_page_takes_a_post_without_its_token(world):
    client = Client(enforce_csrf_checks=True)
    client.force_login(world.cast.admin)
    before = digest()
    for path in _addresses(world):
        refused = client.post(path, {})
        assert refused.status_code == 403, path
        assert "页面已过期" in refused.content.decode(), path
    assert digest() == before


def test_every_page_carries_the_headers(world):
    for role in ("anonymous", "admin", "sysadmin"):
        client = Client(raise_request_exception=False)
        if role != "anonymous":
            client.force_login(getattr(world.cast, role))
        for path in _addresses(world):
            headers = client.get(path).headers
            policy = headers["Content-Security-Policy"]
            assert "unsafe-eval" not in policy, path
            assert "script-src 'unsafe-inline'" not in policy, path
            assert headers["X-Content-Type-Options"] == "nosniff", path
            assert headers["X-Frame-Options"] in ("DENY", "SAMEORIGIN"), path
            assert headers["Referrer-Policy"] == "same-origin", path
            if role != "anonymous":
                assert re.search("no-store|private", headers["Cache-Control"]), path


def test_an_undeclared_view_is_refused(world, rf):
    from accounts.middleware import AccessPolicyMiddleware

    request = rf.get("/")
    request.user = world.cast.admin
    request.htmx = False
    request.session = {}
    gate = AccessPolicyMiddleware(lambda request: None)

    def bare(request):
        raise AssertionError("never called")

    assert gate.process_view(request, bare, (), {}).status_code == 403
    bare.policy = Policy()
    assert gate.process_view(request, bare, (), {}) is None


def test_the_sweep_would_notice_a_leak(world, monkeypatch):
    from projects.querysets import ProjectQuerySet

    monkeypatch.setattr(ProjectQuerySet, "visible_to", lambda rows, user: rows)
    client = Client(raise_request_exception=False)
    client.force_login(world.cast.reporter)
    met = walk(client, "/", pages=30)
    assert any(TOKENS["stranger"] in text for _, text in met.values())
