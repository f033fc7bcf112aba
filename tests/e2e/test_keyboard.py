"""Without a mouse: sheets take the focus, keep it and give it back; a rule set is tried and published."""

import pytest

pytestmark = pytest.mark.e2e
RULES, MEETINGS = "/investment/rules/", "/projects/reserve/batches/"


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
