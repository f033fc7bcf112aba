"""The main pages in a real Chromium, against `make run` and `make stack`."""

import pytest

pytestmark = pytest.mark.e2e


@pytest.mark.parametrize("width", [1440, 390])
def test_an_administrator_opens_the_main_pages(person, width):
    admin = person("admin", width=width)
    for name, path, words in (
        ("home", "/", "待填报"),
        ("cockpit", "/cockpit/", "需要您关注"),
        ("list", "/projects/", "项目库"),
        ("import", "/import/", "导入"),
    ):
        page = admin.open(path)
        assert words in page.content()
        admin.shot(name)
