"""Reminders that climb when nobody acts, across two long holidays, in a real Chromium against `make stack`.

It is Monday 28 September 2026. Two nodes of a project are due on the day before 国庆: the official promises a measure
for one of them and leaves the other alone. Later a third is due before the Spring Festival of 2027.
"""

import re
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from tests.e2e.conftest import Person, Site, finish, start, until

pytestmark = pytest.mark.e2e
SHANGHAI = ZoneInfo("Asia/Shanghai")
OFFICIAL, SUPERVISOR = "official_gxj", "supervisor"
FESTIVAL = "2027-02-05 至 2027-02-11 休 春节\n2027-02-14 班 春节调休上班"


def at(year: int, month: int, day: int, hour: int = 10) -> datetime:
    return datetime(year, month, day, hour, tzinfo=SHANGHAI)


@pytest.fixture(scope="module")
def autumn(tmp_path_factory):
    site = start("stack", tmp_path_factory.mktemp("autumn"), at=at(2026, 9, 28))
    yield site
    finish(site)


@dataclass(frozen=True)
class Told:
    """One line of a mail about a node."""

    word: str
    days: int
    link: str
    to: str


def live(site: Site, moment: datetime) -> None:
    """A morning passes as beat would let it pass."""
    site.stand_at(moment)
    site.manage("run_jobs")
    site.manage("send_deliveries", "--respect-hours")


def told(site: Site, since: int, project: str, node: str, address: str = OFFICIAL) -> list[Told]:
    """What the mails after the first `since` say about an overdue node."""
    what = rf"{re.escape(project)}\s+{re.escape(node)}逾期 (\d+) 个工作日"
    line = re.compile(rf"\S+ (\S+)\u3000{what}[^\n]*\n[^\n]*\n\s+(http\S+/go/\S+/)")
    return [
        Told(word, int(days), link, str(mail["To"]))
        for mail in site.mails()[since:]
        if address in str(mail["To"])
        for word, days, link in line.findall(mail.get_body(("plain",)).get_content().replace("\r\n", "\n"))
    ]


def test_ignored_climbs_promised_rests(chromium, autumn):
    site = autumn
    official = Person(chromium, site, OFFICIAL)
    project, nodes = a_project_with_open_nodes(official)
    promised, ignored, later = nodes[:3]
    for node in (promised, ignored):
        move(official, node.link, "2026-09-30")

    known = len(site.mails())
    for day in (1, 5, 7):  # 国庆: nothing leaves, nothing climbs
        live(site, at(2026, 10, day))
    assert len(site.mails()) == known

    live(site, at(2026, 10, 8))  # the first working day
    lines = until(lambda: told(site, known, project, ignored.name), seconds=120, what="the mail of 8 October")
    assert [(line.word, line.days) for line in lines] == [("督办", 1)]
    the_link_leads_to_the_node(chromium, site, lines[0].link, ignored)

    known = len(site.mails())
    live(site, at(2026, 10, 13))  # five working days: Saturday the 10th works
    assert told(site, known, project, ignored.name) == []
    live(site, at(2026, 10, 14))  # the sixth: 约谈
    lines = until(lambda: told(site, known, project, ignored.name), seconds=120, what="the mail of 14 October")
    assert [(line.word, line.days) for line in lines] == [("约谈", 6)]

    promise(official, project, promised, "2026-10-26")
    known = len(site.mails())
    live(site, at(2026, 10, 21))  # a week later: the ignored one is repeated, the promised one rests
    until(lambda: told(site, known, project, ignored.name), seconds=120, what="the repeat of 21 October")
    assert told(site, known, project, promised.name) == []

    known = len(site.mails())
    live(site, at(2026, 10, 28))  # the sixteenth: 通报, and the promise has passed
    lines = until(
        lambda: told(site, known, project, ignored.name, SUPERVISOR), seconds=120, what="the supervisor's mail"
    )
    assert [(line.word, line.days) for line in lines] == [("通报", 16)]
    page = official.open(f"{nodes_page(official, project)}trail/?kind=alert".replace("nodes/", ""))
    text = page.locator("main").inner_text()
    for words in ("进入“督办”", "进入“约谈”", "进入“通报”", "已催办审批部门"):
        assert words in text
    official.shot("alert-trail")
    official.leave()

    across_the_spring_festival(chromium, site, project, later)


def across_the_spring_festival(chromium, site: Site, project: str, node: "Node") -> None:
    site.stand_at(at(2027, 1, 18))
    admin = Person(chromium, site, "admin")
    page = admin.open("/accounts/calendar/notice/")
    page.fill("textarea[name=text]", FESTIVAL)
    page.click("form[method=post] .btn-primary")
    page.wait_for_load_state()
    admin.leave()
    official = Person(chromium, site, OFFICIAL)
    move(official, node.link, "2027-02-04")
    official.leave()
    live(site, at(2027, 2, 4))
    known = len(site.mails())
    for day in (5, 8, 11):
        live(site, at(2027, 2, day))
    assert len(site.mails()) == known
    live(site, at(2027, 2, 12))  # the Friday after
    lines = until(lambda: told(site, known, project, node.name), seconds=120, what="the mail of 12 February")
    assert [(line.word, line.days) for line in lines] == [("督办", 1)]
    known = len(site.mails())
    live(site, at(2027, 2, 18))  # Sunday the 14th works: 12, 14, 15, 16, 17 are five, the 18th is the sixth
    lines = until(lambda: told(site, known, project, node.name), seconds=120, what="the mail of 18 February")
    assert [(line.word, line.days) for line in lines] == [("约谈", 6)]


@dataclass(frozen=True)
class Node:
    name: str
    link: str  # its own page
    row: str  # its row on the page of nodes


def a_project_with_open_nodes(official: Person) -> tuple[str, list[Node]]:
    """A project of the official that waits for three nodes or more."""
    page = official.open("/projects/?who=mine&stage=reserve&col=name")
    projects = page.locator("a.cell-name").evaluate_all("all => all.map(a => [a.innerText, a.getAttribute('href')])")
    for name, path in projects:
        page = official.open(f"{path}nodes/")
        rows = page.locator("tr[id^=node-]:not(.is-past)").filter(has=page.locator("a[href*='/projects/nodes/']"))
        nodes = [
            Node(
                row.locator("b").first.inner_text(), row.locator("a.btn").get_attribute("href"), row.get_attribute("id")
            )
            for row in rows.all()
        ]
        if len(nodes) >= 3:
            return name, nodes
    raise AssertionError(f"no project of {OFFICIAL} with three open nodes among {projects}")


def read_node(row) -> Node:
    link = row.locator("a.btn").get_attribute("href")
    return Node(row.locator("b").first.inner_text(), link, row.get_attribute("id"))


def nodes_page(official: Person, project: str) -> str:
    page = official.open(f"/projects/?q={project}&col=name")
    return page.locator("a.cell-name").first.get_attribute("href")


def move(official: Person, link: str, day: str) -> None:
    page = official.open(f"{link}?do=move")
    page.fill("input[name=due_on]", day)
    page.fill("[name=reason]", "按调度会要求")
    page.click("form[method=post] .btn-primary")
    page.wait_for_load_state()
    assert page.locator(".errors").count() == 0, page.locator(".errors").inner_text()


def the_link_leads_to_the_node(chromium, site: Site, link: str, node: Node) -> None:
    reader = Person(chromium, site, "")
    page = reader.page
    page.goto(link)
    assert "/accounts/login/" in page.url
    page.fill("input[name=username]", OFFICIAL)
    page.fill("input[name=password]", reader.password)
    page.press("input[name=password]", "Enter")
    page.wait_for_url(lambda url: "/login/" not in url and "/go/" not in url)
    assert page.url.endswith(f"/nodes/#{node.row}")
    assert page.locator(f"#{node.row}").is_visible()
    reader.leave()


def promise(official: Person, project: str, node: Node, day: str) -> None:
    """已知悉 with a measure, from the card in the inbox."""
    page = official.open(f"/alerts/?q={project}")
    official.shot("inbox")
    card = page.locator("article.alert-card").filter(has_text=f"{node.name}逾期").first
    card.locator("a:has-text('已知悉')").click()
    page.fill("#sheet textarea[name=measure]", "已催办审批部门，补正材料本周报送")
    page.fill("#sheet input[name=promised_on]", day)
    with page.expect_navigation():
        page.click("#sheet button.btn-primary")
    official.open(f"/alerts/?tab=resting&q={project}")
    assert node.name in page.content()
