"""Forms of a project's own fields. They read what was typed and never write; groups shape the page."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from typing import Any

from django import forms
from django.conf import settings
from django.db.models import Q, QuerySet

from accounts.models import Unit, User
from accounts.roles import Can, Scope
from common.codes import CodeError, validate_project_code
from common.dates import LooseDate
from common.form_fields import AmountField, LooseDateField, NumberField
from common.text import name_key, norm, quoted
from projects.choices import ApprovalType, Category, ConstructionNature, EiaKind, FundingNature, Level
from projects.models import IndustryChain, Project

DATES = ("planned_start", "planned_completion", "planned_production")
ZERO_WHEN_EMPTY = ("energy_tce", "power_wkwh", "soil_ha", "earthwork_m3", "sub_no")
LONG = {"rows": 4, "data-wide": ""}


@dataclass(frozen=True)
class Group:
    """Fields under one heading. `note` says what they decide."""

    title: str
    note: str
    names: tuple[str, ...]


GROUPS = (
    Group(
        "基本情况",
        "",
        ("name", "lead_unit", "owner_name", "national_code", "sub_no", "location", "content", "co_units"),
    ),
    Group("投资与资金", "按万元填写，也可带单位：1.2亿。", ("total_investment", "funding_nature", "fund_source")),
    Group(
        "计划日期",
        "知道到哪一天就写到哪一天：2026-03-15、2026年3月、2026年四季度。只写到月的，按当月最后一天判断是否逾期。",
        (*DATES, "start_excuse"),
    ),
    Group(
        "审批与用地条件",
        "这些情况决定要办哪些手续、排哪些节点。",
        (
            "approval_type", "construction_nature", "new_land", "has_building", "bid_required", "high_risk", "eia_kind",
            "floor_area", "works_cost", "soil_ha", "earthwork_m3", "energy_tce", "power_wkwh",
        ),
    ),
    Group("归类", "", ("category", "industry_code", "chain", "level", "is_attraction", "is_livelihood")),
)  # fmt: skip


class _Text(forms.CharField):
    """A line of text, as long as the column of the project allows."""

    def __init__(self, column: str, **kwargs: Any) -> None:
        kwargs.setdefault("max_length", Project._meta.get_field(column).max_length)
        kwargs.setdefault("label", Project._meta.get_field(column).verbose_name)
        super().__init__(**kwargs)


def _choice(column: str, choices: list[tuple[str, str]], *, empty: str = "", **kwargs: Any) -> forms.ChoiceField:
    label = Project._meta.get_field(column).verbose_name
    options = [("", empty), *choices] if empty else choices
    return forms.ChoiceField(label=label, choices=options, required=not empty, **kwargs)


def _flag(column: str, help_text: str = "") -> forms.BooleanField:
    label = Project._meta.get_field(column).verbose_name
    return forms.BooleanField(label=label, required=False, help_text=help_text)


def _number(label: str, digits: int, places: int, unit: str, help_text: str = "") -> NumberField:
    field = NumberField(label=label, required=False, max_digits=digits, decimal_places=places, help_text=help_text)
    field.widget.attrs["data-unit"] = unit
    return field


class ProjectForm(forms.Form):
    """A project to be registered. Stage, number, dates of fact and everything else that is not here cannot be set."""

    name = _Text("name", widget=forms.TextInput(attrs={"data-wide": "", "autocomplete": "off"}))
    lead_unit = forms.ModelChoiceField(label="责任单位", queryset=Unit.objects.none(), empty_label="请选择")
    owner_name = _Text("owner_name", required=False, help_text="项目法人或投资企业的全称。")
    national_code = _Text(
        "national_code",
        required=False,
        help_text="投资项目在线审批监管平台赋码，例如 2107-320505-89-01-123456。还没有赋码可不填。",
    )
    sub_no = forms.IntegerField(
        label="子项目序号",
        required=False,
        min_value=0,
        max_value=999,
        help_text="同一代码下拆分的子项目填 1、2、3，其余不填。",
    )
    location = _Text("location", required=False, widget=forms.TextInput(attrs={"data-wide": ""}))
    content = forms.CharField(
        label="建设内容与规模",
        required=False,
        max_length=4000,
        widget=forms.Textarea(attrs={**LONG, "data-count": "4000"}),
    )
    co_units = forms.ModelMultipleChoiceField(
        label="协办单位",
        queryset=Unit.objects.none(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text="协办单位能看到这个项目，不能填报。",
    )

    total_investment = AmountField(label="总投资", required=False, help_text="批复或备案的计划总投资，不是本年计划。")
    funding_nature = _choice("funding_nature", FundingNature.choices, empty="未定")
    fund_source = _Text(
        "fund_source",
        required=False,
        widget=forms.TextInput(attrs={"data-wide": ""}),
        help_text="例如：企业自筹 8000 万元，银行贷款 4000 万元。",
    )

    planned_start = LooseDateField(label="计划开工", required=False)
    planned_completion = LooseDateField(label="计划竣工", required=False)
    planned_production = LooseDateField(label="计划投产", required=False)

    approval_type = _choice("approval_type", ApprovalType.choices, initial=ApprovalType.RECORD)
    construction_nature = _choice("construction_nature", ConstructionNature.choices, initial=ConstructionNature.NEW)
    eia_kind = _choice("eia_kind", EiaKind.choices, initial=EiaKind.REQUIRED)
    floor_area = _number("建筑面积", 14, 2, "㎡", "不超过 300 ㎡ 的不办施工许可。")
    works_cost = AmountField(label="工程投资额", required=False, help_text="不超过 30 万元的不办施工许可。")
    soil_ha = _number("占地", 12, 4, "公顷", "0.5 公顷及以上须编水土保持方案。")
    earthwork_m3 = _number("土石方", 14, 2, "m³", "1000 m³ 及以上须编水土保持方案。")
    energy_tce = _number("年综合能耗", 12, 2, "吨标准煤", "1000 吨标准煤及以上须节能审查。")
    power_wkwh = _number("年用电", 12, 2, "万千瓦时", "500 万千瓦时及以上须节能审查。")
    new_land = _flag("new_land", "须办供地、用地规划许可和征地拆迁。")
    has_building = _flag("has_building", "须办工程规划许可、施工图审查和施工许可。")
    bid_required = _flag("bid_required", "须办招投标。")
    high_risk = _flag("high_risk", "须办安全设施设计审查。")

    category = _choice("category", Category.choices, empty="未定")
    industry_code = forms.RegexField(
        label="行业代码",
        regex=r"^[A-T](\d{2,4})?\Z",
        required=False,
        help_text="国民经济行业分类，例如 C3985。",
        error_messages={"invalid": "行业代码是一个字母加 2–4 位数字，例如 C3985。"},
    )
    chain = forms.ModelChoiceField(
        label="产业链", queryset=IndustryChain.objects.none(), required=False, empty_label="不属于"
    )
    level = _choice("level", Level.choices, initial=Level.DISTRICT)
    is_attraction = _flag("is_attraction")
    is_livelihood = _flag("is_livelihood")

    same_name = forms.BooleanField(label="不是同一个项目，仍然登记", required=False)

    def __init__(self, *args: Any, user: User, today: date, **kwargs: Any) -> None:
        self.user, self.today = user, today
        super().__init__(*args, **kwargs)
        units = Unit.objects.active().order_by("order", "pk")
        self.fields["lead_unit"].queryset = units_within(user, self.capability, units)
        self.fields["co_units"].queryset = units
        self.fields["chain"].queryset = IndustryChain.objects.filter(is_active=True)
        self.twins: list[Project] = []

    capability = Can.CREATE_PROJECTS

    def groups(self) -> Iterator[tuple[Group, list[forms.BoundField]]]:
        """Each group with its fields, those that this form has."""
        for group in GROUPS:
            yield group, [self[name] for name in group.names if name in self.fields]

    def clean_national_code(self) -> str:
        code = self.cleaned_data["national_code"]
        if not code:
            return ""
        try:
            found = validate_project_code(code, self.today, allow_demo_region=settings.ALLOW_DEMO_REGION)
        except CodeError as error:
            raise forms.ValidationError(error.message, code=error.code) from None
        return found.normalized

    def clean_name(self) -> str:
        return " ".join(self.cleaned_data["name"].split())

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        for name in ZERO_WHEN_EMPTY:
            if name in data and data[name] is None:
                data[name] = 0
        self._dates_in_order(data)
        self._ask_about_twins(data)
        return data

    def _dates_in_order(self, data: dict[str, Any]) -> None:
        known = [(name, data[name]) for name in DATES if data.get(name)]
        for (before, first), (after, second) in pairwise(known):
            if second.date_to < first.date_from:
                self.add_error(
                    after, f"{self.fields[after].label} {second.label} 早于{self.fields[before].label} {first.label}。"
                )

    def _ask_about_twins(self, data: dict[str, Any]) -> None:
        """A name that means the same as that of a project one can see is asked about, not refused (handbook §10.13)."""
        if not data.get("name") or data.get("same_name"):
            return
        visible = Project.objects.visible_to(self.user).active().filter(name_key=name_key(data["name"])[:200])
        self.twins = list(self._others(visible)[:3])
        if self.twins:
            named = "、".join(f"{quoted(twin.name)}（{twin.number}）" for twin in self.twins)
            self.add_error("name", f"与已有的{named}疑似重复。确实不是同一个项目的，请在下面勾选后再保存。")

    def _others(self, projects: QuerySet) -> QuerySet:
        return projects

    def values(self) -> dict[str, Any]:
        """The cleaned fields as the actions take them: planned dates as from, to and precision."""
        data = {name: value for name, value in self.cleaned_data.items() if name not in ("same_name", *DATES)}
        for name in DATES:
            if name in self.cleaned_data:
                data |= dated(name, self.cleaned_data[name])
        return data


class ProjectEditForm(ProjectForm):
    """A project as it stands. `reason` is asked for when a planned date moves; `version` is the one that was seen."""

    start_excuse = _Text("start_excuse", required=False, help_text="经批准推迟开工的写明批准文件；填写后不再亮开工灯。")
    reason = forms.CharField(
        label="修改说明",
        max_length=500,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text="调整已有的计划日期必须说明理由，其他修改可不填。说明会留在项目动态里。",
    )
    version = forms.IntegerField(widget=forms.HiddenInput)
    capability = Can.EDIT_PROJECTS

    def __init__(self, *args: Any, project: Project, **kwargs: Any) -> None:
        self.project = project
        kwargs.setdefault("initial", standing(project))
        super().__init__(*args, **kwargs)
        leads = self.fields["lead_unit"].queryset
        if leads.exists():
            self.fields["lead_unit"].queryset = Unit.objects.filter(
                Q(pk__in=leads.values("pk")) | Q(pk=project.lead_unit_id)
            ).order_by("order", "pk")
        else:
            del self.fields["lead_unit"]  # a steward edits the project of a unit that is not his or hers
        self.fields["chain"].queryset = IndustryChain.objects.filter(Q(is_active=True) | Q(pk=project.chain_id))
        self.fields["co_units"].queryset = Unit.objects.filter(
            Q(is_active=True) | Q(pk__in=project.co_units.values("pk"))
        ).order_by("order", "pk")

    def _others(self, projects: QuerySet) -> QuerySet:
        if "name" not in self.changed_data:
            return projects.none()
        return projects.exclude(pk=self.project.pk)

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        moved = [name for name in DATES if name in data and _moved(self.initial.get(name), data[name])]
        if moved and not data.get("reason", "").strip():
            labels = "、".join(self.fields[name].label for name in moved)
            self.add_error("reason", f"调整“{labels}”须说明理由。")
        return data

    def values(self) -> dict[str, Any]:
        """Only what was changed."""
        kept = {"reason", "version", "same_name"}
        changed = {name: self.cleaned_data[name] for name in self.changed_data if name not in kept}
        data = {name: value for name, value in changed.items() if name not in DATES}
        for name in DATES:
            if name in changed:
                data |= dated(name, changed[name])
        return data


def units_within(user: User, capability: Can, units: QuerySet) -> QuerySet:
    """The units for which the person may use the capability; none for whoever has it only on assigned projects."""
    scopes, own = user.reach(capability)
    if Scope.DISTRICT in scopes:
        return units
    return units.filter(pk__in=Unit.objects.subtree_of(*own).values("pk"))


def _moved(before: LooseDate | None, after: LooseDate | None) -> bool:
    """Whether a planned date that stood is another one now; knowing it more exactly is not moving it."""
    return before is not None and (after is None or after.date_to != before.date_to)


def dated(name: str, value: LooseDate | None) -> dict[str, Any]:
    """A loose date as its three columns."""
    parts = (value.date_from, value.date_to, value.precision) if value else (None, None, "")
    return dict(zip((f"{name}_from", f"{name}_to", f"{name}_precision"), parts, strict=True))


def standing(project: Project) -> dict[str, Any]:
    """How the form opens: the project's values, planned dates as loose dates."""
    names = {name for group in GROUPS for name in group.names} - {*DATES, "co_units"}
    values = {name: getattr(project, name) for name in names}
    values |= {name: values[name] or None for name in ZERO_WHEN_EMPTY}
    for name in DATES:
        parts = [getattr(project, f"{name}_{part}") for part in ("from", "to", "precision")]
        values[name] = LooseDate(parts[0] or parts[1], parts[1], parts[2] or "day") if parts[1] else None
    return values | {"co_units": list(project.co_units.all()), "version": project.version}


def code_verdict(code: str, today: date) -> tuple[str, str]:
    """(tone, sentence) about a project code as it is being typed; ("", "") for nothing."""
    if not norm(code):
        return "", ""
    try:
        found = validate_project_code(code[:60], today, allow_demo_region=settings.ALLOW_DEMO_REGION)
    except CodeError as error:
        return "bad", error.message
    return "good", f"代码格式正确：{found.normalized}。"
