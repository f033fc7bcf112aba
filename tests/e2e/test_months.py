"""The month is reported: by keyboard in the grid, on a phone, again after a return; a leader reads why it is red."""

import re
import time

import pytest

pytestmark = pytest.mark.e2e
ROWS = 12
MANY = "reporter_ctgs"  # reports for the units it builds for: twelve projects
GRID, REVIEW = "/investment/months/", "/investment/months/review/"


def test_twelve_projects_are_reported_by_keyboard_within_two_minutes(person):
    reporter = person(MANY)
    reporter.expects_refusals = True  # odd figures come back to be confirmed
    page = reporter.open(GRID)
    cells = page.locator("input[data-sum=done]")
    assert cells.count() >= ROWS  # more once the list of the main story is in
    began = time.monotonic()
    cells.first.focus()
    typed = []
    for number in range(ROWS):
        typed.append(str(301 + number))
        page.keyboard.type(typed[-1])
        page.keyboard.press("Enter")
    assert [cells.nth(number).input_value() for number in range(ROWS)] == typed
    cells.nth(ROWS - 1).focus()
    page.keyboard.type("9")
    page.keyboard.press("Escape")  # what stood there when the cell was entered is back
    send(page)
    while page.locator("tr.is-bad").count():  # odd figures are confirmed, negative ones do not occur
        for box in page.locator("tr.is-bad input[type=checkbox]:not([data-more])").all():
            box.check()
        page.locator("tr.is-bad input[data-sum=done]").first.focus()
        send(page)
    assert time.monotonic() - began < 120
    page = reporter.open(GRID)
    shown = [page.locator("input[data-sum=done]").nth(number).input_value() for number in range(ROWS)]
    assert shown[: ROWS - 1] == typed[:-1]
    reporter.shot("grid")


def send(page) -> None:
    with page.expect_navigation():
        page.keyboard.press("Control+Enter")


def test_a_block_is_pasted_as_from_a_spreadsheet(person):
    page = person(MANY).open(GRID)
    page.locator("input[data-sum=done]").first.focus()
    paste(page, "11\t10\r\n22\t20\r\n33\t30\r\n")
    for column, values in (("done", ["11", "22", "33"]), ("stat", ["10", "20", "30"])):
        cells = page.locator(f"input[data-sum={column}]")
        assert [cells.nth(number).input_value() for number in range(3)] == values
    assert not page.locator("input[name$=works]").first.is_visible()
    page.locator("input[data-sum=stat]").first.press("End")
    page.keyboard.press("ArrowRight")  # past the folded composition
    assert page.evaluate("document.activeElement.name").endswith("corrects")
    page.locator("input[data-sum=done]").last.focus()
    paste(page, "9\t8\t7\n6\t5\t4\n")  # into what is folded, and beyond the last line
    works = page.locator("input[name$=works]").last
    assert works.is_visible() and works.input_value() == "7"
    assert "有 3 格没有粘贴" in page.locator("[data-lost]").inner_text()
    page.evaluate("document.querySelector('[data-draft-note]').textContent = ''")
    page.locator("input[data-sum=done]").first.fill("12")
    page.locator("[data-draft-note]", has_text="草稿已存").wait_for()  # which does not take the place of what was lost
    assert "有 3 格没有粘贴" in page.locator("[data-lost]").inner_text()
    page.evaluate("document.querySelector('[data-grid]').removeAttribute('data-dirty')")


def paste(page, text: str) -> None:
    """A block from a spreadsheet into the cell that has the focus."""
    page.evaluate(
        """(text) => {
            const data = new DataTransfer();
            data.setData('text/plain', text);
            const paste = { clipboardData: data, bubbles: true, cancelable: true };
            document.activeElement.dispatchEvent(new ClipboardEvent('paste', paste));
        }""",
        text,
    )


def test_one_project_is_reported_on_a_phone_within_a_minute(person):
    reporter = person("reporter_jkq", width=390)
    path, _ = a_project_to_report(reporter)
    began = time.monotonic()
    report_sheet(reporter, path, "211")
    assert time.monotonic() - began < 60
    assert standing(reporter, path) == "211"
    reporter.shot("sheet")


def test_a_returned_report_is_corrected_and_accepted(person):
    reporter, bureau = person("reporter_hbj", width=390), person("reviewer")
    path, name = a_project_to_report(reporter)
    report_sheet(reporter, path, "105")
    decide(bureau, name, "退回所选", "请核对设备到货，数字偏高。")
    page = reporter.open(f"{path}update/")
    assert "请核对设备到货，数字偏高。" in page.locator(".notice--warn").inner_text()
    reporter.shot("returned")
    report_sheet(reporter, path, "96")
    decide(bureau, name, "通过所选")
    row = review_row(bureau, name, "accepted")
    assert re.search(r"\b96\b", row.inner_text())
    assert "退回过 1 次" in row.inner_text()
    bureau.shot("accepted")


@pytest.mark.parametrize("width", [1440, 390])
def test_a_leader_asks_why_a_light_is_red_and_reads_the_answer(person, width):
    leader = person("leader", width=width)
    page = leader.open("/investment/lag/?light=red")
    page.locator("section.list a.cell-name").first.click()
    page.wait_for_load_state()
    why = page.locator("#why")
    why.scroll_into_view_if_needed()
    said = why.inner_text()
    assert "红灯" in said
    assert re.search(r"达序时率 [\d.]+%，落后时序 [\d.]+ 个百分点", said), said
    assert re.search(r"怎样转绿[\s\S]*年度投资再完成 [\d,.]+ 万元", said), said
    leader.shot("why")


# --- what people do ---------------------------------------------------------------------------------------------------
def a_project_to_report(reporter) -> tuple[str, str]:
    """Address and name of the first project in the reporter's grid that runs."""
    link = reporter.open(GRID).locator("tbody tr:not(.is-past) a.cell-name").first
    return link.get_attribute("href"), link.inner_text()


def report_sheet(reporter, path: str, amount: str) -> None:
    """Fill in the sheet of a project and send it, ticking what it asks to look at twice."""
    page = reporter.open(f"{path}update/")
    page.fill("textarea[name$=text]", "主体结构按计划推进，设备陆续到场。")
    with page.expect_response(lambda response: "/month/" in response.url):  # what the year comes to with it
        page.fill("input[name=month-completed]", amount)
    if (tick := page.locator("#month-calc input[type=checkbox]")).count():
        tick.check()
    with page.expect_navigation():
        page.locator("form[method=post] button.btn-primary").last.click()
    assert page.locator(".errors").count() == 0, page.locator(".errors").inner_text()


def standing(reporter, path: str) -> str:
    return reporter.open(f"{path}update/").locator("input[name=month-completed]").input_value()


def review_row(bureau, name: str, state: str):
    return bureau.open(f"{REVIEW}?state={state}").locator("tbody tr").filter(has_text=name)


def decide(bureau, name: str, button: str, note: str = "") -> None:
    row = review_row(bureau, name, "waiting")
    row.locator("input[name=entry]").check()
    page = bureau.page
    page.fill("input[name=note]", note)
    with page.expect_navigation():
        page.click(f"button:has-text('{button}')")
    assert page.locator(".errors").count() == 0, page.locator(".errors").inner_text()
