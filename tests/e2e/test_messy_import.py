"""A first-time user brings a messy workbook in, corrects what came back, uploads it again, and everything is there."""

import re

import pytest

from tests.e2e.conftest import Person
from tests.e2e.messy import KNOWN, WRONG, corrected, messy

pytestmark = pytest.mark.e2e
NEW = ("云岭精密轴承扩能项目", "青石冷链物流基地", "柳林片区管网改造")


@pytest.mark.parametrize("width", [1440, 390])
def test_a_messy_workbook_ends_complete(person, width, tmp_path):
    admin = person("admin", width=width)
    page = admin.page
    first = tmp_path / "重点项目.xlsx"
    first.write_bytes(messy())
    upload(admin, first)
    through_the_questions(admin)
    assert page.locator("#errors").count() == 1
    page.check("input[name=agreed]")
    admin.shot("messy-5-preview")
    receipt(admin)
    admin.shot("messy-6-receipt")

    second = tmp_path / "改好.xlsx"
    second.write_bytes(corrected(returned(admin, tmp_path)))
    upload(admin, second)
    through_the_questions(admin, again=True)
    assert page.locator("#errors").count() == 0
    admin.shot("messy-7-again")
    receipt(admin)
    for name in (*NEW, *WRONG):
        admin.open(f"/projects/?q={name}")
        assert name in page.locator("main").inner_text(), name
    admin.open(f"/projects/?q={KNOWN.removesuffix('工程')}")
    assert page.locator("a.cell-name").count() == 1, "the double was recognised, not registered twice"


def upload(admin: Person, file) -> None:
    """Step 1, as somebody who starts from the home page finds it."""
    page = admin.open("/")
    menu = page.locator("a[href='/import/']:visible")
    if menu.count():
        menu.first.click()
    else:  # the menu of a phone is folded away
        admin.open("/import/")
    page.locator("main a[href^='/import/new/']:visible").first.click()
    page.set_input_files("input[type=file]", file)
    admin.shot("messy-1-upload")
    forward(admin)


def through_the_questions(admin: Person, *, again: bool = False) -> None:
    """Steps 2 to 4 and the decisions of 5: what is marked is answered, the rest is left as it is proposed. A list of a
    layout that was imported before goes on behind what is settled."""
    page = admin.page
    assert not again or "列的对应已照上次带出" in page.content()
    if page.url.endswith("/sheets/"):
        admin.shot("messy-2-sheets")
        assert "将忽略" in page.content() and "合计" in page.content()
        forward(admin)
    if page.url.endswith("/columns/"):
        for box in page.locator("input[name^=k_]").all():
            box.check()
        admin.shot("messy-3-columns")
        forward(admin)
    if page.url.endswith("/values/"):
        for select in page.locator("tr[id^=u-] select").all():
            if not select.input_value():
                select.select_option(value=next(o for o in values_of(select) if o == "new" or o.startswith("unit:")))
        for name in ("month", "stage"):
            field = page.locator(f"select[name={name}]")
            if field.count() and not field.input_value():
                field.select_option(index=1)
        admin.shot("messy-4-values")
        forward(admin)
    asked = page.locator("select[name^=match_]")
    if asked.count():
        for select in asked.all():
            if not select.input_value():
                select.select_option(value=next(value for value in values_of(select) if value.isdigit()))
        page.click("#decide .btn-tint")
        page.wait_for_load_state()
    reason = page.locator("[name=reason]")
    if reason.count():
        reason.fill("按年度计划表核定的时间调整")


def values_of(select) -> list[str]:
    return select.locator("option").evaluate_all("all => all.map(one => one.value)")


def forward(admin: Person) -> None:
    """The blue button; a step that refuses fails the story with its own words."""
    page = admin.page
    page.click(".actbar .btn-primary")
    page.wait_for_load_state()
    for trouble in (".errors", ".cell-sub--bad", "p.error"):
        said = page.locator(trouble)
        assert said.count() == 0 or "/preview/" in page.url, said.first.inner_text()


def receipt(admin: Person) -> None:
    """Orders the import and waits until the receipt is there; it may be carried out by a worker."""
    page = admin.page
    page.click(".actbar .btn-primary")
    page.wait_for_url(re.compile(r"/receipt/"), timeout=90_000)
    page.locator(".tally").first.wait_for(timeout=90_000)


def returned(admin: Person, folder):
    """The person's own workbook with the refused rows marked."""
    with admin.page.expect_download() as waiting:
        admin.page.locator("a[href$='/refused/']:visible").first.click()
    file = folder / "需改正.xlsx"
    waiting.value.save_as(file)
    return file
