"""The project list: who sees what, every filter, totals, order, views, follows, hostile addresses, cost."""

import random
import re
from datetime import date
from decimal import Decimal

import pytest
from django.db import connection
from django.http import QueryDict
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import Follow, SavedView
from common.periods import Period
from common.workdays import work_calendar
from investment.actions import report_month, set_annual_plan
from projects.actions import assign, set_target
from projects.choices import Category, Duty, Level, Stage, Status
from projects.columns import all_filters
from projects.models import Milestone, Project
from projects.selectors.list import Query
from projects.selectors.list_page import project_list
from tests.factories import make_project

URL = "/projects/"


def shown(response) -> list[str]:
    """The names in the order of the page."""
    return [row["name"] for row in response.context["rows"]]


def ask(user, query: str, today) -> dict:
    return project_list(Query(user, QueryDict(query), today), page="1", per_page=100)


@pytest.fixture
def district(cast, today):
    """Projects that differ in one thing each; their names say in what."""
    make_project(cast.unit, name="谋划的")
    red = make_project(cast.unit, name="红灯的", stage=Stage.CONSTRUCTION, since=date(2026, 1, 5))
    set_annual_plan(project=red, year=2026, target=Decimal(1000), by=None)
    report_month(project=red, period=Period(2026, 10), completed=Decimal(100), by=None)
    good = make_project(
        cast.other_unit, name="正常的", stage=Stage.CONSTRUCTION, since=date(2026, 1, 5), category=Category.TOURISM
    )
    set_annual_plan(project=good, year=2026, target=Decimal(2000), by=None)
    for month in (9, 10, 11):
        report_month(project=good, period=Period(2026, month), completed=Decimal("600.5"), by=cast.stranger)
    below = make_project(cast.sub_unit, name="下级单位的", level=Level.PROVINCIAL, total_investment=Decimal("0.0001"))
    assign(project=below, duty=Duty.OFFICIAL, user=cast.reporter, starts_on=date(2026, 1, 1), by=None)
    late = make_project(
        cast.other_unit, name="逾期的", total_investment=None, planned_start_to=date(2027, 8, 1), industry_code=""
    )
    set_target(project=late, kind="start", target=date(2027, 9, 30), by=None, version=late.version, today=today)
    Milestone.objects.filter(project=late, code="N02").update(due_on=date(2026, 11, 20))
    gone = make_project(cast.unit, name="退库的")
    Project.objects.filter(pk=gone.pk).update(status=Status.WITHDRAWN)
    return cast


FILTERED = [
    ("", {"谋划的", "红灯的", "正常的", "下级单位的", "逾期的"}),
    ("stage=construction", {"红灯的", "正常的"}),
    ("stage=construction&stage=planning", {"谋划的", "红灯的", "正常的", "下级单位的", "逾期的"}),
    ("light=red", {"红灯的", "逾期的"}),
    ("light=red&stage=construction", {"红灯的"}),
    ("category=tourism", {"正常的"}),
    ("level=provincial", {"下级单位的"}),
    ("status=withdrawn", {"退库的"}),
    ("due=overdue", {"逾期的"}),
    ("due=week", set()),
    ("reported=no", {"红灯的"}),
    ("planned=yes", {"红灯的", "正常的"}),
    ("year=2026", {"红灯的", "正常的"}),
    ("official=none", {"谋划的", "红灯的", "正常的", "逾期的"}),
    ("target=none", {"谋划的", "红灯的", "正常的", "下级单位的"}),
    ("reserve=all", set()),
    ("industry=none", {"逾期的"}),
    ("starts=2027Q3", {"逾期的"}),
    ("finish=complete-2027", set()),
    ("lag=should_invest", set()),
    ("lag=should_start", set()),
    ("q=hongdeng", {"红灯的"}),
    ("q=HDD", {"红灯的"}),
    ("q=红 灯", {"红灯的"}),
    ("q=丁经办", {"下级单位的"}),
    ("q=２０２６-000", {"谋划的", "红灯的", "正常的", "下级单位的", "逾期的"}),
    ("q=没有这个项目", set()),
]


def test_each_filter_finds_exactly_its_projects(district, today):
    for query, names in FILTERED:
        found = Query(district.admin, QueryDict(query), today).projects().values_list("name", flat=True)
        assert sorted(found) == sorted(names), query


@pytest.mark.parametrize(("query", "names"), FILTERED[::9])
def test_the_page_shows_what_was_found(login, district, query, names):
    response = login(district.admin).get(f"{URL}?{query}")

    assert response.status_code == 200
    assert set(shown(response)) == names
    assert response.context["total"] == len(names)


def test_a_unit_brings_its_subunits_and_the_unit_itself_can_be_asked_for(login, district):
    client = login(district.admin)

    assert set(shown(client.get(f"{URL}?unit={district.unit.pk}"))) == {"谋划的", "红灯的", "下级单位的"}
    assert set(shown(client.get(f"{URL}?lead={district.unit.pk}"))) == {"谋划的", "红灯的"}


def test_every_filter_of_the_registry_is_tried_above():
    tried = {key for query, _ in FILTERED for key in QueryDict(query)} | {"unit", "lead"}
    assert {one.name for one in all_filters()} <= tried


def test_people_see_the_projects_within_their_reach_and_counts_only_of_those(login, district):
    assert set(shown(login(district.reporter).get(URL))) == {"谋划的", "红灯的", "下级单位的"}
    response = login(district.stranger).get(URL)
    assert set(shown(response)) == {"正常的", "逾期的"}
    assert response.context["views"][0]["count"] == 2
    counts = login(district.stranger).get(reverse("projects:option_counts")).content.decode()
    stages = dict(re.findall(r'id="n-stage-(\w+)" hx-swap-oob="true">(\d+)<', counts))
    assert {stage: n for stage, n in stages.items() if n != "0"} == {"planning": "1", "construction": "1"}
    assert login(district.member).get(URL).context["total"] == 0
    assert login(district.sysadmin).get(URL).status_code == 403


def test_the_numbers_come_to_the_options_of_the_page(login, district):
    """What htmx fetches finds its place in the menus, single ones too."""
    client = login(district.admin)
    page = client.get(URL).content.decode()
    counts = client.get(reverse("projects:option_counts")).content.decode()
    places = re.findall(r'<span class="end" id="(n-[^"]+)"></span></label>', page)
    told = re.findall(r'id="(n-[^"]+)" hx-swap-oob', counts)
    assert set(places) <= set(told) and {"n-stage-planning", "n-due-week", "n-reserve-all"} <= set(places)
    assert '<label class="check"><input type="checkbox" name="stage" value="planning">谋划' in page
    assert '<label class="check"><input type="radio" name="due" value="" checked>不限</label>' in page
    chosen = client.get(f"{URL}?stage=planning&due=week").content.decode()
    assert 'name="stage" value="planning" checked>' in chosen and 'name="due" value="week" checked>' in chosen


def test_totals_are_the_sums_of_the_whole_filter_not_of_the_page(login, district):
    context = login(district.admin).get(f"{URL}?per_page=20").context
    rows = Project.objects.active()

    totals = {cell["label"]: cell["html"] for cell in context["totals"]}
    assert sum(one.total_investment or 0 for one in rows) == Decimal("36000.0001")
    assert totals["总投资"] == "36,000.0001"
    assert totals["年度计划"] == "3,000"
    assert "43.4%" in totals["年度完成率"]  # (100 + 1201) of 3000 through October


def test_the_number_beside_an_option_is_what_choosing_it_shows(district, today):
    for start in ("", f"unit={district.unit.pk}&q=的&light=red&light=green"):
        page = ask(district.admin, start, today)
        for menu in page["filters"]:
            for option in menu["options"]:
                params = QueryDict(start, mutable=True)
                params.setlist(option["name"], [option["value"]])
                found = Query(district.admin, params, today).projects().count()
                assert option["count"] == found, (start, option)


def test_every_tab_counts_what_it_opens(login, district):
    Follow.objects.create(user=district.admin, kind="project", object_id=Project.objects.get(name="正常的").pk)
    client = login(district.admin)
    views = client.get(URL).context["views"]

    assert [view["count"] for view in views] == [5, 2, 3, 1, 0, 1]
    for view in views:
        page = client.get(view["url"]).context
        assert page["total"] == view["count"], view
        assert [one["label"] for one in page["views"] if one["active"]] == [view["label"]]
        assert not page["modified"]


def test_lights_above_the_table_open_their_rows(login, district):
    client = login(district.admin)
    for facet in client.get(URL).context["facets"]:
        assert client.get(facet["url"]).context["total"] == int(facet["label"].rpartition(" ")[2])


@pytest.mark.parametrize(
    ("sort", "first", "last"),
    [
        ("name", None, None),
        ("-total", "谋划的", "逾期的"),
        ("total", "下级单位的", "逾期的"),
        ("-plan", "正常的", None),
    ],
)
def test_a_head_sorts_unknown_values_last(login, district, sort, first, last):
    names = shown(login(district.admin).get(f"{URL}?sort={sort}&q="))
    if first is None and last is None:
        assert names == sorted(names)
    if sort == "-total":
        assert names[-1] == last
    elif first:
        assert names[0] == first
        assert last is None or names[-1] == last


def test_the_most_severe_come_first_by_themselves(login, district):
    lights = [Project.objects.get(name=name).name for name in shown(login(district.admin).get(URL))][:2]
    assert set(lights) == {"红灯的", "逾期的"}


def test_a_chip_takes_its_filter_away_and_keeps_the_others(login, district):
    client = login(district.admin)
    chips = client.get(f"{URL}?stage=construction&light=red&sort=name").context["chips"]

    assert [chip["label"] for chip in chips] == ["阶段：建设", "灯：红灯"]
    page = client.get(chips[0]["url"]).context
    assert page["query"].chosen["stage"] == [] and page["query"].chosen["light"] == ["red"]
    assert page["query"].sort == "name"


def test_the_light_says_why_in_working_days(login, district, today):
    text = login(district.admin).get(f"{URL}?due=overdue").content.decode()
    late = work_calendar().between(date(2026, 11, 20), today)
    assert f"逾期 {late} 个工作日" in text
    assert "达序时率 12.0%" in login(district.admin).get(f"{URL}?q=红灯的").content.decode()


def test_amounts_change_their_unit_together_with_the_head(login, district):
    text = login(district.admin).get(f"{URL}?money=yi&q=红灯的").content.decode()
    assert "1.20" in text and "<small>亿元</small>" in text


def test_the_stamp_says_how_many_of_those_on_duty_have_reported(login, district):
    text = login(district.admin).get(URL).content.decode()
    assert "11月已填报 1/2" in text


def test_htmx_gets_the_list_only(login, district):
    response = login(district.admin).get(URL, headers={"HX-Request": "true"})
    text = response.content.decode()
    assert text.lstrip().startswith('<div id="list">') and "<html" not in text


@pytest.mark.parametrize(
    ("who", "query", "says"),
    [
        ("admin", "q=没有这个", "没有符合条件的项目"),
        ("admin", "", "可以逐个登记，也可以导入"),
        ("reader", "", "没有您可以查看的项目"),
    ],
)
def test_an_empty_list_says_why_and_what_to_do(login, cast, who, query, says):
    assert says in login(getattr(cast, who)).get(f"{URL}?{query}").content.decode()


# --- what a person keeps ------------------------------------------------------------------------------------------


def test_a_view_is_kept_with_filters_order_and_columns_and_tells_when_it_was_changed(login, district):
    client = login(district.admin)
    query = "stage=construction&sort=-total&col=name&col=total&page=3"

    opened = client.post(reverse("projects:view_save"), {"name": " 大 项目 ", "query": query})
    view = SavedView.objects.get(owner=district.admin, module="projects")
    assert view.name == "大 项目" and "page" not in view.query
    context = client.get(opened["Location"]).context
    assert context["own_view"] == view and not context["modified"]
    assert [column.code for column in context["query"].columns] == ["name", "total"]

    changed = client.get(f"{opened['Location']}&light=red").context
    assert changed["modified"] and changed["own_view"] == view
    assert client.get(changed["origin_url"]).context["modified"] is False

    client.post(reverse("projects:view_save"), {"name": "大 项目", "query": "light=red"})
    view.refresh_from_db()
    assert view.query == "light=red"
    client.post(reverse("projects:view_delete", args=[view.pk]))
    assert not SavedView.objects.filter(pk=view.pk).exists()


def test_nobody_reaches_another_persons_view(login, district):
    login(district.admin).post(reverse("projects:view_save"), {"name": "我的", "query": "light=red"})
    view = SavedView.objects.get(name="我的")

    client = login(district.reporter)
    assert client.post(reverse("projects:view_delete", args=[view.pk])).status_code == 404
    assert client.get(f"{URL}?view={view.pk}").context["own_view"] is None
    assert SavedView.objects.filter(pk=view.pk).exists()


@pytest.mark.parametrize("name", ["", " ", "长" * 31])
def test_a_view_needs_a_name(login, cast, name):
    response = login(cast.admin).post(reverse("projects:view_save"), {"name": name, "query": ""})
    assert response.status_code == 422 and "视图名称" in response.content.decode()


def test_columns_are_remembered_in_their_order(login, district):
    client = login(district.admin)
    ticked = ["name", "owner", "light", "nonsense"]
    client.post(reverse("projects:list_columns"), {"col": ticked, "query": "light=red"})
    assert [one.code for one in client.get(URL).context["query"].columns] == ["name", "owner", "light"]

    client.post(reverse("projects:list_columns"), {"col": ["name", "owner", "light"], "up": "light"})
    assert [one.code for one in client.get(URL).context["query"].columns] == ["name", "light", "owner"]

    client.post(reverse("projects:list_columns"), {"reset": "1"})
    assert "stage" in [one.code for one in client.get(URL).context["query"].columns]


def test_the_page_length_is_remembered(login, cast):
    for n in range(25):
        make_project(cast.unit, name=f"第{n}个")
    client = login(cast.admin)
    assert len(shown(client.get(URL))) == 20
    assert len(shown(client.get(f"{URL}?per_page=50"))) == 25
    assert len(shown(client.get(URL))) == 25
    assert len(shown(client.get(f"{URL}?per_page=7"))) == 25  # not offered


def test_following_and_stopping(login, project, cast):
    client = login(cast.reader)
    url = reverse("projects:project_follow", args=[project.pk])

    assert client.post(url, {"on": "1"}).status_code == 302
    client.post(url, {"on": "1"})
    assert Follow.objects.filter(user=cast.reader, object_id=project.pk).count() == 1
    assert shown(client.get(f"{URL}?who=followed")) == [project.name]
    star = client.post(url, {"on": "0"}, headers={"HX-Request": "true"}).content.decode()
    assert 'aria-pressed="false"' in star and not Follow.objects.exists()
    assert client.post(url, {"on": "1", "next": "https://elsewhere.example/"})["Location"].startswith("/projects/")
    assert login(cast.stranger).post(url, {"on": "1"}).status_code == 404
    assert login(cast.reader).get(url).status_code == 405


# --- hostility and cost -------------------------------------------------------------------------------------------


def hostile_queries(count: int):
    """Query strings nobody would type, the same in every run."""
    dice = random.Random(20261124)
    keys = [
        "q",
        "sort",
        "stage",
        "light",
        "unit",
        "lead",
        "due",
        "year",
        "page",
        "per_page",
        "view",
        "money",
        "col",
        "o",
        "password",
        "who",
        "status",
        "id__in",
        "lead_unit__people__password__startswith",
        "csrfmiddlewaretoken",
    ]
    values = [
        "0",
        "-1",
        "99999999999999999999",
        "abc",
        "%00",
        "x%00y",
        "'%3B--",
        "%27%22%3E%3Cscript%3E",
        "-light",
        "--light",
        "-password",
        "null",
        "NaN",
        "created_by__password",
        "红灯",
        "%E2%80%AE",
        "%ff%fe",
        "１２",
        "²",
        "-",
        "light",
        "red",
        "planning",
        "1e9",
        "[]",
        "{{7*7}}",
        "../../etc",
        "mine",
        "",
        "*" * 300,
    ]
    for _ in range(count):
        yield "&".join(f"{dice.choice(keys)}={dice.choice(values)}" for _ in range(dice.randint(1, 6)))


@pytest.mark.wide
def test_no_address_breaks_the_list_or_shows_more(login, district):
    client = login(district.stranger)
    for query in hostile_queries(80):
        response = client.get(f"{URL}?{query}")
        assert response.status_code == (400 if "%00" in query else 200), query  # NUL is refused for every page
        assert response.status_code == 400 or set(shown(response)) <= {"正常的", "逾期的"}, query
        assert "<script>" not in response.content.decode(), query


def test_a_name_cannot_smuggle_markup(login, cast):
    make_project(cast.unit, name='<script>alert(1)</script>" onmouseover="x')
    text = login(cast.admin).get(URL).content.decode()
    assert "<script>alert(1)" not in text and 'onmouseover="x' not in text


@pytest.mark.parametrize(
    "query", ["", "stage=planning&light=green&q=项目&unit={unit}", "money=yi&col=name&col=official"]
)
def test_the_number_of_queries_does_not_grow_with_the_projects(login, cast, today, query):
    def fill(count: int) -> None:
        for _ in range(count):
            project = make_project(cast.unit)
            set_annual_plan(project=project, year=2026, target=Decimal(1000), by=None)
            assign(project=project, duty=Duty.OFFICIAL, name="某人", starts_on=today, by=None)
            set_target(project=project, kind="start", target=date(2028, 9, 30), by=None, version=1, today=today)

    url = f"{URL}?per_page=100&{query.format(unit=cast.unit.pk)}"
    client = login(cast.admin)

    def count() -> tuple[int, int]:
        client.get(url)  # the calendar is read once: not in what is counted
        with CaptureQueriesContext(connection) as queries:
            return len(shown(client.get(url))), len(queries)

    fill(5)
    few_rows, few = count()
    fill(15)
    many_rows, many = count()
    assert (few_rows, many_rows) == (5, 20)
    assert many == few


def test_the_address_pushed_to_the_browser_names_only_what_is_asked(login, district):
    client = login(district.admin)
    response = client.get(f"{URL}?q=&stage=planning&due=&page=2", headers={"HX-Request": "true"})
    assert response["HX-Push-Url"] == f"{URL}?stage=planning&page=2"
