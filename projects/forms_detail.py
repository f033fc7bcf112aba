"""Forms of the project page. They read what was typed; whether it may be done is said by the actions."""

import uuid
from collections.abc import Iterable
from datetime import date
from typing import Any

from django import forms
from django.db.models import QuerySet

from accounts.models import User
from common.dates import YEARS
from projects.actions import CORRECTABLE, NodeStep
from projects.choices import Duty, JournalKind, Stage, TargetKind, WithdrawReason
from projects.gates import EVIDENCE_LABELS
from projects.lifecycle import Edge
from projects.models import Milestone, Project

UNCHOSEN = ("", "请选择")  # what is judged or told why is chosen, never left as it stood
PHOTOS = "image/*"
PAPERS = ".pdf,.doc,.docx,.xls,.xlsx,.pptx,.zip,image/*"


class DayInput(forms.DateInput):
    """A native date field."""

    input_type = "date"

    def __init__(self, **attrs: Any) -> None:
        super().__init__(attrs=attrs, format="%Y-%m-%d")


class DayField(forms.DateField):
    """One day, typed or picked, of the years that plans know (common.dates)."""

    def __init__(self, label: str, **kwargs: Any) -> None:
        super().__init__(label=label, widget=DayInput(), error_messages={"required": f"请填写{label}。"}, **kwargs)

    def to_python(self, value: Any) -> date | None:
        day = super().to_python(value)
        if day and day.year not in YEARS:
            raise forms.ValidationError(f"“{day}”的年份不对，应在 {YEARS[0]} 年至 {YEARS[-1]} 年之间。")
        return day


class ReasonField(forms.CharField):
    """Why. Kept in the trail."""

    def __init__(self, label: str = "理由", *, rows: int = 3, max_length: int = 500, **kwargs: Any) -> None:
        kwargs.setdefault("error_messages", {"required": f"请填写{label}。"})
        super().__init__(label=label, max_length=max_length, widget=forms.Textarea(attrs={"rows": rows}), **kwargs)


class ManyFilesInput(forms.ClearableFileInput):
    """A file input that takes several."""

    allow_multiple_selected = True
    template_name = "django/forms/widgets/file.html"


class FilesField(forms.FileField):
    """Several files; the content of each is checked when it is stored."""

    def __init__(self, label: str, *, accept: str = PAPERS, **kwargs: Any) -> None:
        super().__init__(label=label, widget=ManyFilesInput(attrs={"accept": accept, "data-images": ""}), **kwargs)

    def clean(self, data: Any, initial: Any = None) -> list:
        files = data if isinstance(data, list | tuple) else [data] if data else []
        if self.required and not files:
            raise forms.ValidationError("请选择文件。")
        return [forms.FileField.clean(self, one, initial) for one in files]


class VersionedForm(forms.Form):
    """Carries the version the person saw."""

    version = forms.IntegerField(widget=forms.HiddenInput)


# --- nodes and schedule ---------------------------------------------------------------------------------------------


class TargetForm(VersionedForm):
    """倒排: which target, on which day; a reason when there was one."""

    kind = forms.ChoiceField(label="倒排目标", choices=TargetKind.choices)
    target = DayField("目标日期")
    reason = ReasonField("调整理由", required=False)

    def __init__(self, *args: Any, project: Project, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if project.target_on is None:
            del self.fields["reason"]


class NodeUpdateForm(VersionedForm):
    """进展 of an open node."""

    begun_on = DayField("实际启动日期", required=False)
    forecast_on = DayField("预计完成日期", required=False)
    blocker = forms.CharField(
        label="卡点与原因",
        max_length=300,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="预计晚于计划时必填：卡在哪里，需要谁解决。",
    )

    def __init__(self, *args: Any, node: Milestone, today: date, **kwargs: Any) -> None:
        self.node, self.today = node, today
        super().__init__(*args, **kwargs)
        if node.due_on:
            self.fields["forecast_on"].help_text = f"计划 {node.due_on}"

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        if data.get("begun_on") and data["begun_on"] > self.today:
            self.add_error("begun_on", f"实际启动日期 {data['begun_on']} 晚于今天。")
        _late_needs_reason(self, self.node, "blocker")
        return data


class NodeCompleteForm(VersionedForm):
    """办结 of a node, with the paper it brings."""

    done_on = DayField("实际完成日期")
    document_no = forms.CharField(label="批复文号或证号", max_length=80, required=False)
    issued_by = forms.CharField(label="出具单位", max_length=80, required=False)
    file = forms.FileField(
        label="批复文件", required=False, widget=forms.FileInput(attrs={"accept": PAPERS, "data-images": ""})
    )

    def __init__(self, *args: Any, node: Milestone, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        paper = EVIDENCE_LABELS.get(node.evidence_code)
        if not paper:
            for name in ("document_no", "issued_by", "file"):
                del self.fields[name]
        else:
            self.fields["document_no"].help_text = f"填写文号或上传文件，即同时作为要件“{paper}”。"


class NodeMoveForm(VersionedForm):
    """A new due date, with its reason."""

    due_on = DayField("计划完成日期")
    reason = ReasonField("调整理由")

    def __init__(self, *args: Any, node: Milestone, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if node.baseline_due_on:
            self.fields["due_on"].help_text = f"首次计划 {node.baseline_due_on}，将一直保留作对照。"


class NodeReopenForm(VersionedForm):
    """Taking back a completion."""

    reason = ReasonField("撤销理由")

    def __init__(self, *args: Any, node: Milestone, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)


def _late_needs_reason(form: forms.Form, node: Milestone, field: str) -> None:
    forecast = form.cleaned_data.get("forecast_on")
    if forecast and node.due_on and forecast > node.due_on and not form.cleaned_data.get(field):
        form.add_error(field, f"预计 {forecast} 晚于计划 {node.due_on}，请说明原因。")


# --- papers, stages, people -----------------------------------------------------------------------------------------


def _paper_choices() -> list[tuple[str, str]]:
    return [*EVIDENCE_LABELS.items(), ("DEDUP_OK", "查重说明")]


class EvidenceForm(forms.Form):
    """One paper. It needs a number or a file."""

    code = forms.ChoiceField(label="要件", choices=_paper_choices)
    document_no = forms.CharField(label="文号或证号", max_length=80, required=False)
    issued_by = forms.CharField(label="出具单位", max_length=80, required=False)
    issued_on = DayField("出具日期", required=False)
    valid_until = DayField("有效期至", required=False, help_text="长期有效的不填。")
    file = forms.FileField(
        label="文件",
        required=False,
        help_text="照片、PDF、Word、Excel，20 MB 以内。",
        widget=forms.FileInput(attrs={"accept": PAPERS, "data-images": "", "data-wide": ""}),
    )
    note = forms.CharField(label="说明", max_length=300, required=False, widget=forms.Textarea(attrs={"rows": 2}))

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        issued, until = data.get("issued_on"), data.get("valid_until")
        if issued and until and until < issued:
            self.add_error("valid_until", f"有效期至 {until} 早于出具日期 {issued}。")
        return data


class ReasonForm(forms.Form):
    """Only a reason."""

    reason = ReasonField()


class StageForm(forms.Form):
    """What an edge asks for besides the papers."""

    def __init__(self, *args: Any, edge: Edge, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if edge.asks_date:
            self.fields["effective_on"] = DayField(edge.asks_date)
        if edge.code == "withdraw":
            self.fields["withdraw_reason"] = forms.ChoiceField(
                label="退库原因", choices=[UNCHOSEN, *WithdrawReason.choices]
            )
        label = "理由" if edge.needs_reason else "说明"
        self.fields["note"] = ReasonField(label, required=edge.needs_reason)


class DecisionForm(forms.Form):
    """Approve, or return with a reason."""

    decision = forms.ChoiceField(choices=[("approve", "通过"), ("return", "退回")])
    note = ReasonField("审核意见", required=False)

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        if data.get("decision") == "return" and not data.get("note", "").strip():
            self.add_error("note", "退回须写明理由，申请单位据此补正。")
        return data


class PersonSelect(forms.ModelChoiceField):
    """People with their unit: names repeat."""

    def label_from_instance(self, user: User) -> str:
        return f"{user.full_name}（{user.unit_label}{'，' + user.title if user.title else ''}）"


class AssignForm(forms.Form):
    """A duty for a person from a day on."""

    duty = forms.ChoiceField(label="职责")
    user = PersonSelect(label="人员", queryset=User.objects.none(), required=False, empty_label="请选择")
    name = forms.CharField(
        label="没有账号的，填姓名", max_length=40, required=False, help_text="没有账号的人收不到提醒邮件。"
    )
    starts_on = DayField("起始日期", help_text="单人职责的前任任期自动截至前一天。")

    def __init__(self, *args: Any, people: QuerySet[User], duties: Iterable[Duty], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["duty"].choices = [(duty.value, duty.label) for duty in duties]
        self.fields["user"].queryset = people.select_related("unit")

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        if not data.get("user") and not data.get("name", "").strip():
            raise forms.ValidationError("请选择人员；没有账号的，填写姓名。")
        return data


class EndForm(forms.Form):
    """The last day of a term."""

    ends_on = DayField("截止日期", help_text="含当天。")


class DayForm(forms.Form):
    """谁在那一天负责."""

    on = DayField("日期", required=False)


class CorrectionForm(forms.Form):
    """更正单: what is wrong, what is right, why."""

    field = forms.ChoiceField(
        label="更正内容", choices=[(name, str(Project._meta.get_field(name).verbose_name)) for name in CORRECTABLE]
    )
    stage = forms.ChoiceField(label="更正为（阶段）", choices=[("", "—"), *Stage.choices], required=False)
    day = DayField("更正为（日期）", required=False, help_text="更正日期时填写；留空表示原来填的日期不成立。")
    reason = ReasonField("更正理由")

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        if data.get("field") == "stage" and not data.get("stage"):
            self.add_error("stage", "请选择正确的阶段。")
        return data

    @property
    def after(self) -> str:
        """The right value as `request_correction` takes it."""
        if self.cleaned_data["field"] == "stage":
            return self.cleaned_data["stage"]
        day = self.cleaned_data.get("day")
        return day.isoformat() if day else ""


# --- reports, files, notes ------------------------------------------------------------------------------------------


class JournalForm(forms.Form):
    """A line of the journal."""

    kind = forms.ChoiceField(label="类别", choices=JournalKind.choices)
    text = ReasonField("内容", max_length=2000, help_text="写“@姓名”可以提醒项目上的人和责任单位的人。")


class UploadForm(forms.Form):
    """Files of the project itself."""

    files = FilesField("文件")
    caption = forms.CharField(label="说明", max_length=100, required=False)


class ReportForm(forms.Form):
    """What is told for the month. `key` makes sending it twice harmless."""

    text = forms.CharField(
        label="当前进展",
        max_length=2000,
        widget=forms.Textarea(
            attrs={"rows": 4, "data-count": "200", "placeholder": "做到哪一步，完成多少，有什么变化"}
        ),
        error_messages={"required": "请填写当前进展。"},
    )
    problem = forms.CharField(
        label="存在问题", max_length=500, required=False, widget=forms.Textarea(attrs={"rows": 2})
    )
    help_wanted = forms.CharField(
        label="需协调事项",
        max_length=500,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2, "placeholder": "需要哪个部门、解决什么、什么时候前"}),
    )
    physical_percent = forms.DecimalField(
        label="形象进度",
        min_value=0,
        max_value=100,
        max_digits=5,
        decimal_places=1,
        required=False,
        widget=forms.TextInput(attrs={"inputmode": "decimal", "data-unit": "%"}),
    )
    next_plan = forms.CharField(
        label="下月计划", max_length=500, required=False, widget=forms.Textarea(attrs={"rows": 2})
    )
    files = FilesField("照片与文件", required=False)
    key = forms.UUIDField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs["initial"] = {"key": uuid.uuid4(), **(kwargs.get("initial") or {})}
        super().__init__(*args, **kwargs)

    def report(self) -> dict[str, Any]:
        """The fields of ProgressReport."""
        names = ("text", "problem", "help_wanted", "physical_percent", "next_plan")
        return {name: self.cleaned_data[name] for name in names}


class NodeStepForm(VersionedForm):
    """Where one node stands, in the update sheet. Prefix: node<pk>."""

    STATES = [("todo", "未开始"), ("doing", "进行中"), ("done", "已办结")]
    state = forms.ChoiceField(label="状态", choices=STATES, widget=forms.RadioSelect)
    forecast_on = DayField("预计完成", required=False)
    blocker = forms.CharField(label="原因", max_length=300, required=False, widget=forms.TextInput)
    done_on = DayField("办结日期", required=False)

    def __init__(self, *args: Any, node: Milestone, today: date, **kwargs: Any) -> None:
        self.node, self.today = node, today
        now = {
            "state": "doing" if node.begun_on else "todo",
            "forecast_on": node.forecast_on,
            "blocker": node.blocker,
            "done_on": today,
            "version": node.version,
        }
        super().__init__(*args, prefix=f"node{node.pk}", initial=now, **kwargs)

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        done_on = data.get("done_on")
        if data.get("state") == "done":
            if not done_on:
                self.add_error("done_on", "请填写办结日期。")
            elif done_on > self.today:
                self.add_error("done_on", f"办结日期 {done_on} 晚于今天。尚未办结的请选“进行中”并填写预计完成日期。")
        elif data.get("forecast_on") != self.node.forecast_on:  # what was said before is not asked again
            _late_needs_reason(self, self.node, "blocker")
        return data

    def step(self) -> NodeStep | None:
        """What was said, or None when nothing changed."""
        data = self.cleaned_data
        if data["state"] == "done":
            return NodeStep(self.node, data["version"], done_on=data["done_on"])
        begun_on = (self.node.begun_on or self.today) if data["state"] == "doing" else None
        said = (begun_on, data["forecast_on"], data["blocker"])
        if said == (self.node.begun_on, self.node.forecast_on, self.node.blocker):
            return None
        return NodeStep(self.node, data["version"], *said)
