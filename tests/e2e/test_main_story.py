"""The product's main job, end to end in a real Chromium, against `make run` and `make stack`.

An administrator imports a district's real list; an official of one unit works on a project of it, is refused a stage
for want of papers, supplies them, is approved; the cockpit follows; a node passes its date; one mail arrives.
"""

import datetime as dt
import re
from pathlib import Path
from zoneinfo import ZoneInfo

import chinese_calendar
import pytest

from tests.e2e.conftest import Person, Site, until

pytestmark = pytest.mark.e2e
SHANGHAI = ZoneInfo("Asia/Shanghai")
OFFICIAL = "reporter_gxj"
LIST = "T01_district_2020_roadmap.xls"
CODE = "2601-990101-04-01-654321"


@pytest.mark.parametrize("width", [1440, 390])
def test_an_administrator_opens_the_main_pages(person, width):
    admin = person("admin", width=width)
    for name, path, words in (
        ("home", "/", "待填报"),
        ("cockpit", "/cockpit/", "需要您关注"),
        ("list", "/projects/", "项目库"),
        ("list-nothing", "/projects/?q=没有这个项目", "没有符合条件的项目"),
        ("import", "/import/", "导入"),
        ("operations", "/alerts/operations/", "邮件"),
    ):
        page = admin.open(path)
        assert words in page.content(), path
        admin.shot(name)


@pytest.mark.shared
def test_the_main_job_from_a_list_to_a_mail(person, site, shared):
    import_the_list(person("admin"), shared / "lists" / LIST)
    official = person(OFFICIAL)
    name, path = a_reserve_project_of_the_unit(official)
    set_a_target(official, path)
    answer_for_it(official, path)
    report_progress(person(OFFICIAL, width=390), path)
    complete_the_first_node(official, path)

    leader = person("leader")
    before = stage_counts(leader)
    missing = refused_for_want_of_papers(official, path)
    assert missing >= 3
    supply_every_paper(official, path)
    ask(official, path)
    approve(person("reviewer"), name)
    after = stage_counts(leader)
    assert after["储备"] == before["储备"] - 1
    assert after["开工"] == before["开工"] + 1

    node = a_node_due_tomorrow(official, path)
    mail = one_mail_when_the_node_is_overdue(site, node, name)
    its_link_opens_after_login(person, mail, official)


def import_the_list(admin: Person, file: Path) -> None:
    """All six steps; the unit with most rows becomes 工信局, the other unknown ones are made."""
    page = admin.open("/import/new/")
    page.set_input_files("input[type=file]", file)
    for step in ("upload", "sheets", "columns"):
        page.click(".actbar .btn-primary")
        page.wait_for_load_state()
        assert page.locator(".errors").count() == 0, page.locator(".errors").inner_text()
        admin.shot(f"import-after-{step}")
    rows = page.locator("tr[id^=u-]")
    sizes = [int(re.search(r"(\d+) 行", rows.nth(n).inner_text())[1]) for n in range(rows.count())]
    rest = page.locator("select[name=rest]")
    rest.select_option(value=choice_like(rest, "新建"))
    biggest = rows.nth(sizes.index(max(sizes))).locator("select")
    biggest.select_option(value=choice_like(biggest, "工信局", "工业和信息化局"))
    page.click(".actbar .btn-primary")
    page.wait_for_load_state()
    assert page.locator(".errors").count() == 0, page.locator(".errors").inner_text()
    assert "108" in page.locator(".tally").inner_text()
    admin.shot("import-preview")
    page.click(".actbar .btn-primary")
    page.wait_for_url("**/receipt/", timeout=60_000)  # a worker carries it out
    assert "新增 108 个" in page.content()
    admin.shot("import-receipt")


def choice_like(select, *words: str) -> str:
    for option in select.locator("option").all():
        if any(word in option.inner_text() for word in words):
            return option.get_attribute("value")
    raise AssertionError(f"none of {words} among {select.inner_text()[:400]}")


def a_reserve_project_of_the_unit(official: Person) -> tuple[str, str]:
    """The official sees only the own unit; the last project in 储备 is one of the list just imported."""
    page = official.open("/projects/?per_page=100")
    units = {text.split("\n")[0] for text in page.locator("tbody td.c-unit").all_inner_texts()}
    assert units == {"工信局"}, units
    page = official.open("/projects/?stage=reserve&target=none&sort=-number&col=name&col=number&col=stage&col=unit")
    link = page.locator("a.cell-name").first
    return link.inner_text(), link.get_attribute("href")


def set_a_target(official: Person, path: str) -> None:
    page = official.open(path)
    assert "目标日期" in page.content()
    target = (dt.datetime.now(SHANGHAI) + dt.timedelta(days=400)).date()
    page = official.open(f"{path}schedule/?kind=start&target={target}")
    official.shot("schedule")
    page.click("form[method=post] .btn-primary:has-text('采用')")
    page.wait_for_load_state()
    official.open(f"{path}nodes/")
    official.shot("nodes")


def answer_for_it(official: Person, path: str) -> None:
    """The official takes the duty of 责任人."""
    page = official.open(f"{path}people/new/")
    page.select_option("select[name=duty]", "official")
    person = page.locator("select[name=user]")
    person.select_option(value=choice_like(person, "欧阳青禾"))
    page.click("form[method=post] .btn-primary")
    page.wait_for_load_state()
    assert "欧阳青禾" in official.open(f"{path}people/").content()


def report_progress(official: Person, path: str) -> None:
    """On a phone."""
    page = official.open(f"{path}update/")
    page.fill("textarea[name=text]", "已完成场地平整和临时围挡，备案资料已报行政审批局。")
    official.shot("update")
    page.click(".btn-primary:has-text('提交')")
    page.wait_for_load_state()
    assert "已完成场地平整" in official.open(f"{path}trail/").content()
    official.shot("trail")


def complete_the_first_node(official: Person, path: str) -> None:
    page = official.open(f"{node_links(official, path)[0]}?do=complete")
    page.fill("input[name=document_no]", "云审批备〔2026〕88号")
    page.click("form[method=post] .btn-primary")
    page.wait_for_load_state()
    assert "已办结" in page.content() or "办结" in page.content()


def node_links(official: Person, path: str) -> list[str]:
    """Pages of the project's open nodes, in order."""
    page = official.open(f"{path}nodes/")
    links = page.locator("a[href*='/projects/nodes/']").evaluate_all("all => all.map(a => a.getAttribute('href'))")
    open_ones = []
    for link in dict.fromkeys(link.split("?")[0] for link in links):
        if "撤销办结" not in official.open(f"{link}").content():
            open_ones.append(link)
        if len(open_ones) == 2:
            break
    return open_ones


def refused_for_want_of_papers(official: Person, path: str) -> int:
    page = official.open(f"{path}stage/?edge=commence")
    official.shot("stage-missing")
    assert page.locator(".actbar .btn-primary, .btn-primary:has-text('申请')").first.is_disabled()
    return page.locator(".gate__i--no").count()


def supply_every_paper(official: Person, path: str) -> None:
    """Each missing paper through the link the dialog gives for it."""
    for _ in range(20):
        page = official.open(f"{path}stage/?edge=commence")
        missing = page.locator(".gate__i--no a.btn")
        if not missing.count():
            return
        left = missing.count()
        missing.first.click()
        page.wait_for_load_state()
        if page.locator("input[name=national_code]").count():
            page.fill("input[name=national_code]", CODE)
        else:
            page.fill("input[name=document_no]", "云发改〔2026〕12号")
        page.click("form[method=post] button.btn-primary")
        page.wait_for_load_state()
        page = official.open(f"{path}stage/?edge=commence")
        assert page.locator(".gate__i--no").count() < left, "the paper supplied is still missing"
    raise AssertionError("still papers missing")


def ask(official: Person, path: str) -> None:
    page = official.open(f"{path}stage/?edge=commence")
    page.fill("input[name=effective_on]", str(dt.datetime.now(SHANGHAI).date()))
    official.shot("stage-ready")
    page.click(".btn-primary:has-text('申请')")
    page.wait_for_load_state()
    assert "待审核" in official.open(f"{path}stage/").content()


def approve(reviewer: Person, name: str) -> None:
    page = reviewer.open("/projects/requests/")
    reviewer.shot("requests")
    page.locator("tr, li").filter(has_text=name).locator("a[href*='/projects/requests/']").first.click()
    page.wait_for_load_state()
    reviewer.shot("decide")
    page.click("button[value=approve]")
    page.wait_for_load_state()
    assert page.locator(".errors").count() == 0


def stage_counts(leader: Person) -> dict[str, int]:
    """五阶段 as the cockpit counts them."""
    page = leader.open("/cockpit/")
    page.wait_for_selector(".flow > li")
    leader.shot("cockpit-of-the-leader")
    return {
        step.locator(".flow__n").inner_text(): int(step.locator(".flow__c").inner_text())
        for step in page.locator(".flow > li").all()
    }


def working(day: dt.date) -> bool:
    try:
        return chinese_calendar.is_workday(day)
    except NotImplementedError:
        return day.weekday() < 5


def a_node_due_tomorrow(official: Person, path: str) -> str:
    """Move the next node's date to tomorrow, with a reason. Its name."""
    link = node_links(official, path)[0]
    page = official.open(f"{link}?do=move")
    page.fill("input[name=due_on]", str(dt.datetime.now(SHANGHAI).date() + dt.timedelta(days=1)))
    page.fill("[name=reason]", "提前办理")
    page.click("form[method=post] .btn-primary")
    page.wait_for_load_state()
    page = official.open(link)
    return page.locator("h1").inner_text()


def one_mail_when_the_node_is_overdue(site: Site, node: str, project: str):
    """The clock moves to ten o'clock of the first working day after the due date: beat finds it, one mail arrives."""
    now = dt.datetime.now(SHANGHAI)
    day = now.date() + dt.timedelta(days=2)
    while not working(day):
        day += dt.timedelta(days=1)
    known = len(site.mails(OFFICIAL))
    moment = dt.datetime.combine(day, dt.time(10), SHANGHAI)
    site.move_clock(hours=(moment - now).total_seconds() / 3600)
    until(lambda: len(site.mails(OFFICIAL)) > known, seconds=200, what="the mail of the new day")
    for command in (["run_jobs"], ["scan_alerts"], ["send_deliveries"], ["send_deliveries"]):
        site.manage(*command)
    mails = site.mails(OFFICIAL)[known:]
    assert len(mails) == 1, [str(mail["Subject"]) for mail in mails]
    text = mails[0].get_body(("plain",)).get_content()
    assert node in text
    assert project in text
    assert "逾期" in text
    return next(block for block in re.split(r"\n\s*\n", text) if node in block and "/go/" in block), text


def its_link_opens_after_login(person, mail: tuple[str, str], official: Person) -> None:
    block, _ = mail
    link = re.search(r"https?://\S+/go/[0-9a-f-]+/", block)[0]
    stranger = person("")
    page = stranger.page
    page.goto(link)
    assert "/accounts/login/" in page.url
    page.fill("input[name=username]", OFFICIAL)
    page.fill("input[name=password]", official.password)
    page.press("input[name=password]", "Enter")
    page.wait_for_url(lambda url: "/login/" not in url and "/go/" not in url)
    assert "/projects/" in page.url
    stranger.shot("from-mail")
