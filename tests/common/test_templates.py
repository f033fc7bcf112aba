"""Layouts, components and pages: they render, they mean what they print, and they obey the strict content policy."""

import datetime as dt
import re
from decimal import Decimal
from html.parser import HTMLParser
from pathlib import Path

import pytest
from django import forms
from django.conf import settings
from django.contrib.messages import constants
from django.contrib.messages.storage.base import Message
from django.core.paginator import Paginator
from django.template import Context, Template
from django.template.loader import get_template, render_to_string
from django.test import RequestFactory
from django_htmx.middleware import HtmxDetails

from common.gantt import Node, build
from tests.common.component_cases import CASES, DAY, NODES

ROOT = Path(settings.BASE_DIR)
TEMPLATES = sorted(
    path for folder in [ROOT / "templates", *ROOT.glob("*/templates")] for path in folder.rglob("*") if path.is_file()
)
HTML = [path for path in TEMPLATES if path.suffix == ".html"]
SHEETS = sorted((ROOT / "static").rglob("*.css"))
SCRIPTS = sorted((ROOT / "static").rglob("*.js"))
COMPONENTS = sorted((ROOT / "templates/components").glob("*.html"))
MAILS = "/emails/"  # mails carry their own sheet (design: the one exception)


def name_of(path: Path) -> str:
    return str(path.relative_to(ROOT))


def visit(path: str = "/projects/?stage=reserve&page=2", *, htmx: bool = False):
    request = RequestFactory().get(path, headers={"HX-Request": "true"} if htmx else {})
    request.htmx = HtmxDetails(request)
    return request


def render(template: str, *, htmx: bool = False, **context) -> str:
    return render_to_string(template, {"request": visit(htmx=htmx), **context})


def tag(source: str, **context) -> str:
    loads = "{% load assets dates forms icons lights params %}"
    return Template(loads + source).render(Context({"request": visit(), **context}))


class Reader(HTMLParser):
    """Collects what a strict content policy would refuse, and whether tags are balanced."""

    VOID = frozenset(
        ["meta", "link", "input", "br", "hr", "img", "col", "source", "path", "rect", "circle", "line", "use"]
    )

    def __init__(self) -> None:
        super().__init__()
        self.offences: list[str] = []
        self.open: list[str] = []

    def handle_starttag(self, name, attrs):
        for key, value in attrs:
            if key == "style" or key.startswith("on") or (value or "").strip().lower().startswith("javascript:"):
                self.offences.append(f"<{name} {key}={value!r}>")
        if name == "script" and not dict(attrs).get("src") and dict(attrs).get("type") != "application/json":
            self.offences.append("<script> with code")
        if name not in self.VOID:
            self.open.append(name)

    def handle_startendtag(self, name, attrs):
        self.handle_starttag(name, attrs)
        if name not in self.VOID:
            self.open.pop()

    def handle_endtag(self, name):
        if name in self.VOID:
            return
        if not self.open or self.open.pop() != name:
            self.offences.append(f"</{name}> closes something else")


def read(html: str) -> Reader:
    reader = Reader()
    reader.feed(html)
    return reader


# --- what lies in the files -------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", HTML, ids=name_of)
def test_every_template_compiles(path):
    folder = next(parent for parent in path.parents if parent.name == "templates")
    get_template(str(path.relative_to(folder)))


@pytest.mark.parametrize("path", [path for path in HTML if MAILS not in str(path)], ids=name_of)
def test_templates_hold_nothing_the_content_policy_refuses(path):
    text = re.sub(r"{% comment %}.*?{% endcomment %}|{#.*?#}", "", path.read_text(), flags=re.S)
    assert not re.search(r"\sstyle\s*=|\son[a-z]+\s*=\s*[\"']|javascript:|<style", text)
    assert not re.search(r"<script(?![^>]*\bsrc=)", text)


@pytest.mark.parametrize("path", [*TEMPLATES, *SHEETS, *SCRIPTS], ids=name_of)
def test_no_file_points_to_another_host(path):
    text = path.read_text().replace("http://www.w3.org/2000/svg", "")
    assert not re.search(r"(https?:|[\"'(])//[a-z0-9]", text, flags=re.I)


@pytest.mark.parametrize("path", COMPONENTS, ids=name_of)
def test_a_component_begins_by_naming_its_context(path):
    assert re.match(r"{#|{% comment %}|{% extends", path.read_text())


@pytest.mark.parametrize("path", SCRIPTS, ids=name_of)
def test_scripts_stay_short_and_never_build_code(path):
    text = path.read_text()
    assert text.count("\n") <= 200
    assert not re.search(r"\beval\(|new Function|innerHTML\s*=|setAttribute\(['\"]style", text)


def test_sheets_use_only_tokens_that_exist():
    text = "".join(path.read_text() for path in SHEETS)
    defined = set(re.findall(r"(--[a-z0-9-]+)\s*:", text))
    assert set(re.findall(r"var\((--[a-z0-9-]+)", text)) - defined == set()


def test_every_class_of_our_templates_has_a_rule_or_is_a_hook():
    rules = set(re.findall(r"\.([a-z][\w-]*)", "".join(path.read_text() for path in SHEETS)))
    hooks = {"refusal", "who-menu", "shell__page", "form"}
    for path in [*COMPONENTS, *(ROOT / "templates/layouts").glob("*.html"), ROOT / "templates/base.html"]:
        text = re.sub(r"{%.*?%}|{{.*?}}", "\0", path.read_text())
        for classes in re.findall(r'class="([^"]*)"', text):
            words = {word for word in classes.split() if "\0" not in word}
            assert words <= rules | hooks, (path.name, words - rules - hooks)


# --- lights, bars, figures --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("value", "css", "word"),
    [
        ("red", "bad", "红灯"),
        ("yellow", "warn", "黄灯"),
        ("green", "good", "正常"),
        ("blue", "done", "已完成"),
        ("gray", "idle", "不评"),
    ],
)
def test_a_light_is_shape_word_and_colour(value, css, word):
    html = tag("{% light value %}", value=value)
    assert f"light--{css}" in html
    assert f'href="#m-{css}"' in html
    assert f"<b>{word}</b>" in html
    assert f'id="m-{css}"' in render("components/_sprite.html")


def test_a_light_escapes_its_words():
    html = tag("{% light 'red' word reason %}", word="<i>", reason="a & b")
    assert "&lt;i&gt;" in html
    assert "a &amp; b" in html


def test_a_stage_always_prints_its_name():
    assert tag("{% stage 'production' %}") == '<span class="stage stage--5">投产</span>'


def test_the_gap_of_a_bar_reaches_from_done_to_due():
    html = tag("{% bar done due 'red' %}", done=Decimal("48.84"), due=Decimal("88.8"))
    assert 'class="bar__gap" y="3" x="48.8%" width="40.0%"' in html
    assert 'aria-label="完成 48.8%，时序 88.8%"' in html


def test_a_bar_ahead_of_schedule_has_no_gap_and_stays_inside():
    html = tag("{% rate done due 'green' %}", done=Decimal("120.06"), due=Decimal("80"))
    assert "bar__gap" not in html
    assert 'width="100.0%"' in html
    assert "120.1%" in html


def test_an_unknown_rate_is_a_dash_and_never_zero():
    html = tag("{% rate None None %}")
    assert "—" in html
    assert "0%" not in html.replace("100%", "")


def test_an_icon_is_hidden_from_screen_readers():
    html = tag('{% icon "bell" "s" %}')
    assert 'aria-hidden="true"' in html
    assert 'class="i i--s"' in html


def test_amounts_and_percentages_round_half_up_and_unknown_is_a_dash():
    source = "{% load money %}{{ a|wan }} {{ a|yi }} {{ p|pct }} {{ n|wan }}{{ n|yi }}{{ n|pct }}{% money n %}"
    html = Template(source).render(Context({"a": Decimal("12650"), "p": Decimal("86.25"), "n": None}))
    assert html == "12,650 1.27 86.3% ————"


# --- links of lists ---------------------------------------------------------------------------------------------


def test_changing_a_filter_goes_back_to_the_first_page():
    assert tag('{% url_with sort="-amount" %}') == "?stage=reserve&amp;sort=-amount"
    assert tag("{% url_with page=3 %}") == "?stage=reserve&amp;page=3"


def test_removing_one_of_several_values_keeps_the_others():
    source = "{% load params %}{% url_without 'stage' 'reserve' %}"
    request = visit("/?stage=reserve&stage=planning&page=2")
    assert Template(source).render(Context({"request": request})) == "?stage=planning"


@pytest.mark.parametrize(
    ("current", "shown"),
    [(1, [1, 2, 3, 0, 19, 20]), (10, [1, 2, 0, 8, 9, 10, 11, 12, 0, 19, 20]), (20, [1, 2, 0, 18, 19, 20])],
)
def test_pages_show_the_ends_and_the_neighbours(current, shown):
    page = Paginator(range(400), 20).page(current)
    assert tag("{% page_numbers page as n %}{{ n|safe }}", page=page) == str(shown)


def test_a_pager_swaps_the_list_and_works_without_scripts():
    html = render("components/_pager.html", page_obj=Paginator(range(100), 20).page(2))
    assert 'href="?stage=reserve&amp;page=3"' in html
    assert 'hx-target="#list"' in html


# --- dates ------------------------------------------------------------------------------------------------------


def test_moments_are_printed_in_shanghai_time():
    late = dt.datetime(2026, 11, 22, 16, 30, tzinfo=dt.UTC)
    assert tag("{{ at|ymd }}|{{ at|feed_time }}|{{ at|prose_date }}", at=late) == (
        '<time datetime="2026-11-23T00:30:00+08:00">2026-11-23</time>|周一 00:30|11月23日 周一'
    )


def test_an_unknown_date_is_a_dash():
    assert tag("{{ at|ymd }}{{ at|ym }}", at=None) == "——"


# --- forms ------------------------------------------------------------------------------------------------------


class PlanForm(forms.Form):
    amount = forms.DecimalField(
        label="总投资", help_text="不含利息", widget=forms.NumberInput(attrs={"data-unit": "万元"})
    )
    nature = forms.ChoiceField(label="性质", choices=[("new", "新建")], widget=forms.RadioSelect)
    checked = forms.BooleanField(label="我已核对")
    content = forms.CharField(label="建设内容", required=False, widget=forms.Textarea(attrs={"data-count": 200}))
    photo = forms.FileField(label="照片", required=False, widget=forms.FileInput(attrs={"data-images": True}))
    version = forms.IntegerField(initial=3, widget=forms.HiddenInput)


def test_a_refused_form_names_each_error_at_the_top_and_at_the_field():
    html = render("layouts/form.html", title="计划", form=PlanForm({"amount": "x", "version": "3"}))
    assert html.count("请填写数字，例如 1200 或 0.5。") == 2
    assert 'href="#id_amount"' in html
    assert 'aria-invalid="true" aria-describedby="id_amount_error id_amount_help"' in html
    assert '<span class="unit__u">万元</span>' in html
    assert 'value="3"' in html
    assert read(html).offences == []


def test_the_same_form_is_a_page_and_a_sheet():
    page = render("layouts/form.html", title="计划", form=PlanForm())
    sheet = render("layouts/form.html", htmx=True, title="计划", form=PlanForm())
    assert "<html" in page
    assert "hx-post" not in page
    assert "<html" not in sheet
    assert 'role="dialog"' in sheet
    assert 'hx-target="#sheet"' in sheet


def test_a_list_asked_by_htmx_is_only_the_list():
    html = render("layouts/list.html", htmx=True, title="问题台账", total=0)
    assert "<html" not in html
    assert 'id="list"' in html
    assert "没有符合条件的记录" in html


# --- components -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", CASES)
def test_a_component_is_well_formed_and_within_the_policy(name):
    reader = read(render(f"components/{name}.html", **CASES[name]))
    assert reader.offences == []
    assert reader.open == []


def test_the_node_plan_draws_baseline_fact_delay_and_forecast():
    html = render("components/_gantt.html", gantt=build(NODES, DAY))
    assert "主体封顶：计划 2026-11-11，预计 2026-12-05" in html
    for piece in ("g-base", "g-act", "g-over", "g-fc--late", "g-mile--base", "g-today"):
        assert f'class="{piece}' in html or f" {piece}" in html
    assert "未定：未定日期" in html


def test_a_plan_without_dates_says_so():
    assert build([Node("未定")], DAY) is None
    assert "没有符合条件的记录" in render("components/_gantt.html", gantt=None)


def test_a_chart_keeps_its_table_twin():
    html = render("components/_chart.html", **CASES["_chart"])
    assert '<script id="d" type="application/json">' in html
    assert 'role="img" aria-label="甲 3 个"' in html
    assert "<td" in html


def test_what_people_typed_is_escaped_everywhere():
    evil = "<img src=x onerror=1>"
    for name, context in {
        "_table": {"columns": [{"label": evil}], "rows": [{"cells": [{"text": evil, "sub": evil}]}]},
        "_timeline": {"entries": [{"at": DAY, "text": evil, "by": evil}]},
        "_notice": {"level": "bad", "text": evil},
        "_chart": {"chart": {"id": "d", "kind": "bars", "label": evil, "data": {"x": evil + "</script>"}}},
    }.items():
        assert "<img src=x" not in render(f"components/{name}.html", **context)


# --- whole pages ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["400", "403", "404", "409", "413", "500", "403_csrf", "refused"])
def test_an_error_page_says_what_happened_in_chinese_and_leads_on(name):
    html = render(f"{name}.html", message="还缺：施工许可证。", back="/")
    assert re.search(r"<h[12]>.*?[\u4e00-\u9fff].*?</h[12]>", html, flags=re.S)
    assert "href=" in html
    assert read(html).offences == []


def test_the_500_page_needs_no_context_at_all():
    assert "系统出了问题" in render_to_string("500.html")


def test_a_refusal_inside_htmx_is_a_notice_and_not_a_page():
    html = render("refused.html", htmx=True, message="还缺：施工许可证。")
    assert "data-refused" in html
    assert "还缺：施工许可证。" in html
    assert "<html" not in html


def test_the_frame_shows_menu_person_and_banner():
    class Person:
        is_authenticated = True
        display_name = "沈亦清"
        unit_label = "重点项目办"

    menu = [[{"label": "项目库", "url": "/projects/", "icon": "folder-kanban", "active": True, "badge": 3}]]
    html = render(
        "layouts/page.html", title="项目库", user=Person(), menu=menu, banners=[{"level": "warn", "text": "日历为推算"}]
    )
    assert 'href="/projects/" aria-current="page"' in html
    assert "沈亦清，重点项目办" in html
    assert "日历为推算" in html
    assert html.count("<h1>") == 1
    assert '"allowEval":false' in html
    assert read(html).offences == []


def test_only_success_becomes_a_toast():

    html = render(
        "components/_messages.html",
        messages=[Message(constants.SUCCESS, "已保存"), Message(constants.ERROR, "没有保存")],
    )
    assert "<template data-toast>已保存</template>" in html
    assert '<div class="notice notice--bad" role="alert">' in html
