"""Without a mouse: sheets take the focus, keep it and give it back, a rule set is published. With a finger: every
target is 24 px high (WCAG 2.2), what is secondary waits behind a switch."""

import pytest

pytestmark = pytest.mark.e2e
RULES, MEETINGS = "/investment/rules/", "/projects/reserve/batches/"

PHONE = {
    "reserve": "/projects/reserve/",
    "programmes": "/investment/funds/programmes/",
    "funds": "/investment/funds/",
    "applications": "/investment/funds/applications/",
    "enrolment": "/investment/enrolment/",
    "output": "/investment/output/",
    "lag": "/investment/lag/",
    "next": "/investment/plans/next/",
}
LOW = """[...document.querySelectorAll("#main a, #main button, #main summary, #main select, #main label")]
    .filter((one) => one.offsetParent && one.getBoundingClientRect().height < 23.5 && !one.closest(".sr"))
    .map((one) => `${one.tagName} ${one.className} ${one.textContent.trim().slice(0, 20)}`)"""


def tab_to(page, selector: str) -> None:
    """Press Tab until the focus stands on such an element."""
    for _ in range(90):
        page.keyboard.press("Tab")
        if page.evaluate("selector => document.activeElement.matches(selector)", selector):
            return
    raise AssertionError(f"Tab never comes to {selector}")


def press(page, keys: str) -> None:
    with page.expect_navigation():
        page.keyboard.press(keys)


def test_a_sheet_takes_the_focus_keeps_it_and_gives_it_back(person):
    page = person("reviewer").open(MEETINGS)
    tab_to(page, "a[hx-get$='batches/new/']")
    page.keyboard.press("Enter")
    page.wait_for_selector("#sheet .sheet")
    assert page.evaluate("document.activeElement.name") == "kind"
    for _ in range(12):
        page.keyboard.press("Tab")
        assert page.evaluate("!!document.activeElement.closest('.sheet')")
    page.keyboard.press("Escape")
    assert not page.locator("#sheet .sheet").count()
    assert page.evaluate("document.activeElement.matches(\"a[hx-get$='batches/new/']\")")


def test_a_rule_set_is_published_by_keyboard(person):
    admin = person("admin")
    admin.expects_refusals = True  # thresholds that contradict come back
    page = admin.open(RULES)
    tab_to(page, "a[href$='/rules/draft/']")
    press(page, "Enter")
    tab_to(page, "[name=yellow]")
    page.keyboard.type("10")
    tab_to(page, "[name=note]")
    page.keyboard.type("从严")
    press(page, "Control+Enter")
    assert page.evaluate("document.activeElement.matches('.errors')")  # the page is read from why it was refused
    tab_to(page, "[name=yellow]")
    page.keyboard.type("85")
    press(page, "Enter")
    assert page.url.endswith("/rules/trial/")
    tab_to(page, "form[action$='/publish/'] button")
    press(page, "Enter")
    assert "已发布" in page.locator("#toasts").inner_text()


def test_a_finger_meets_every_target_and_unfolds_what_is_secondary(person):
    admin = person("admin", width=390)
    for name, path in PHONE.items():
        page = admin.open(path)
        assert page.evaluate(LOW) == [], name
        admin.shot(name)
    page = admin.open(PHONE["lag"])
    plan = page.locator("td[data-label=年度计划]").first
    assert not plan.is_visible()
    page.locator(".list [data-unfold]").check()
    assert plan.is_visible()
