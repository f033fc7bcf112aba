"""Export, import, no changes: on generated databases, through the real reader and the actions of the wizard."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from common.periods import Period
from investment.actions import report_month, set_annual_plan
from investment.choices import AnnualKind
from projects.choices import Category, ConstructionNature, Level, Precision, Stage
from tests.cast import own_cast
from tests.factories import make_project, seed_templates
from tests.ingest.test_kinds import filled, taken

AWKWARD = (
    "=1+1工程",
    "+86路改造",
    "-3号地块",
    "@云岭大道",
    "“引号”与'单引号'",
    "ＡＢＣ全角（二期）项目",
    "两 个  空格",
    "<b>粗体</b>",
    "续建道路",
    "合计山隧道",
    "一、二号桥",
    "1.5万吨水厂",
    "2026年路灯",
    "备注",
    "长" * 40,
    "%_like",
    "㐀生僻𠮷",
    "小计/总计路",
)
LETTERS = st.sampled_from("云岭东河西山大桥水厂道路园区学校医院改造新建（一期）二三·-—+=@'\"，、 ABCabc019")
NAMES = st.one_of(st.sampled_from(AWKWARD), st.text(LETTERS, min_size=2, max_size=40))
TEXTS = st.one_of(st.just(""), st.sampled_from(AWKWARD), st.text(LETTERS, max_size=30))
MONEY = st.one_of(
    st.sampled_from(["0.0001", "0", "1", "9999999.9999", "12000"]).map(Decimal),
    st.integers(0, 10**12).map(lambda yuan: Decimal(yuan) / 10**4),
)
SPANS = st.sampled_from(
    [
        (date(2027, 3, 1), date(2027, 3, 31), Precision.MONTH),
        (date(2027, 1, 1), date(2027, 12, 31), Precision.YEAR),
        (date(2027, 5, 6), date(2027, 5, 6), Precision.DAY),
        (date(2027, 4, 1), date(2027, 6, 30), Precision.QUARTER),
        (None, None, ""),
    ]
)
PROJECT = st.fixed_dictionaries(
    {
        "name": NAMES,
        "content": TEXTS.map(lambda text: f"{text}\n第二行" if text.strip() else ""),
        "location": TEXTS,
        "owner_name": TEXTS,
        "fund_source": TEXTS,
        "total_investment": st.one_of(st.none(), MONEY),
        "category": st.sampled_from(["", *Category.values]),
        "level": st.sampled_from(Level.values),
        "construction_nature": st.sampled_from(ConstructionNature.values),
        "stage": st.sampled_from(Stage.values),
        "start": SPANS,
    }
)
FEW = settings(
    max_examples=4,
    deadline=None,
    derandomize=True,
    phases=(Phase.explicit, Phase.generate),  # shrinking a whole database takes minutes and tells little
    suppress_health_check=list(HealthCheck),
)


@pytest.mark.usefixtures("media")
class TestRoundTrip(TestCase):
    """Hypothesis gives each example a transaction of its own."""

    @pytest.fixture(autouse=True)
    def _stands(self, standing_cast):
        self.standing = standing_cast

    def setup_example(self):
        super().setup_example()
        seed_templates()
        self.cast = own_cast(self.standing)

    def _projects(self, rows):
        found = {}
        for row in rows:
            fields = dict(row)
            first, last, precision = fields.pop("start")
            name = " ".join(fields.pop("name").split()) or "项目"
            if name in found:
                continue
            fields |= {"planned_start_from": first, "planned_start_to": last, "planned_start_precision": precision}
            found[name] = make_project(self.cast.unit, name=name, **fields)
        return list(found.values())

    @FEW
    @given(st.lists(PROJECT, min_size=1, max_size=6))
    def test_projects(self, rows):
        projects = self._projects(rows)
        told, errors = taken("project", filled("project", self.cast.admin), self.cast.admin)
        assert (told, errors) == ({"unchanged": len(projects)}, [])

    @FEW
    @given(st.lists(st.tuples(NAMES, MONEY, st.sampled_from(AnnualKind.values)), min_size=1, max_size=6))
    def test_plans(self, rows):
        for name, target, kind in {" ".join(name.split()) or "项目": (name, *rest) for name, *rest in rows}.values():
            project = make_project(self.cast.unit, name=name.strip() or "项目")
            set_annual_plan(project=project, year=2026, target=target, annual_kind=kind, start_month=4, by=None)
        told, errors = taken("plan", filled("plan", self.cast.admin), self.cast.admin)
        assert set(told) == {"unchanged"} and errors == []

    @FEW
    @given(st.lists(st.tuples(NAMES, st.dictionaries(st.integers(1, 11), MONEY)), min_size=1, max_size=5))
    def test_months(self, rows):
        for name, months in {
            " ".join(name.split()) or "项目": row for name, *row in [(n, n, m) for n, m in rows]
        }.values():
            project = make_project(self.cast.unit, name=name.strip() or "项目")
            for month, completed in months.items():
                report_month(project=project, period=Period(2026, month), completed=completed, by=None)
        told, errors = taken("month", filled("month", self.cast.admin), self.cast.admin)
        assert set(told) == {"unchanged"} and errors == []
