"""What is typed in the wizard. The forms are built from what was read; what it means is said by the actions."""

import re
from collections import Counter
from collections.abc import Callable, Iterator
from typing import Any

from django import forms

from accounts.models import Unit, User
from common import clock
from common.importing import SKIP
from ingest.actions.ordering import ALL, PARTIAL
from ingest.decisions import Decisions
from ingest.kind import Kind
from ingest.models import ImportBatch
from ingest.reading import mappable_sheets, taken_for
from ingest.registry import KINDS
from projects.choices import Stage

MONEY_UNITS = (
    ("", "请选择单位"),
    ("万元", "万元"),
    ("亿元", "亿元"),
    ("元", "元"),
    ("千元", "千元"),
    ("百万元", "百万元"),
)
NO_ACCOUNT = (("name", "只登记姓名，不关联账号"),)
FULL_LISTS = 12_000  # options on one page; beyond that each select offers its suggestions and the first units


class UploadForm(forms.Form):
    """A list. Its content is judged by the gate."""

    file = forms.FileField(
        label="清单",
        widget=forms.ClearableFileInput(attrs={"accept": ".xlsx,.xls,.csv"}),
        error_messages={
            "required": "请选择要导入的文件。",
            "empty": "这是一个空文件（0 字节）：请检查后重新选择文件。",
        },
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["file"].widget.template_name = "django/forms/widgets/file.html"


class NewListForm(UploadForm):
    """A list and what it is a list of."""

    kind = forms.ChoiceField(label="导入什么", error_messages={"required": "请选择这是什么清单。"})

    def __init__(self, *args: Any, kinds: list[Kind], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["kind"].choices = [(kind.code, kind.label) for kind in kinds]


class StepForm(forms.Form):
    """A step of a batch: it is sent with the version of the batch that was seen."""

    version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, data: Any = None, *, batch: ImportBatch) -> None:
        self.batch = batch
        super().__init__(data, initial={"version": batch.version})

    def take_version(self, version: int) -> None:
        """Another window was faster: what was chosen stays, sending it again is a decision."""
        self.data = self.data.copy()
        self.data["version"] = str(version)


class SheetsForm(StepForm):
    """Which sheets, where the header is, and rows that are to be left out or taken in."""

    def __init__(self, data: Any = None, *, batch: ImportBatch) -> None:
        super().__init__(data, batch=batch)
        self.names = list(dict.fromkeys(sheet["name"] for sheet in batch.reading["sheets"]))
        mappable = mappable_sheets(batch.reading)
        for number, name in enumerate(self.names):
            tables = self._tables(name)
            used = any(table in mappable for table in tables)
            self.fields[f"use_{number}"] = forms.BooleanField(required=False, initial=used, label=f"导入「{name}」")
            header = tables[0]["header_rows"] if len(tables) == 1 else []
            if len(tables) == 1:
                for part, row in (("from", header[:1]), ("to", header[-1:])):
                    self.fields[f"{part}_{number}"] = forms.IntegerField(
                        required=False,
                        min_value=1,
                        max_value=20_000,
                        initial=row[0] if row else None,
                        label=f"「{name}」表头{'起始' if part == 'from' else '结束'}行",
                        widget=forms.NumberInput(attrs={"class": "input--row"}),
                    )
            self.fields[f"skip_{number}"] = forms.CharField(
                required=False, label="另外忽略这些行", max_length=300, help_text="填行号，如 56、80-90"
            )

    def _tables(self, name: str) -> list[dict[str, Any]]:
        return [sheet for sheet in self.batch.reading["sheets"] if sheet["name"] == name]

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        data["sheets"] = [name for number, name in enumerate(self.names) if data.get(f"use_{number}")]
        if not data["sheets"]:
            self.add_error(None, "请至少选择一张工作表。")
        data["header_rows"], data["rows"] = {}, {}
        for number, name in enumerate(self.names):
            if name not in data["sheets"]:
                continue
            header = self._header(number, name)
            if header is not None:
                data["header_rows"][name] = header
            data["rows"][name] = self._rows(number, name)
        return data

    def _header(self, number: int, name: str) -> list[int] | None:
        """Header rows as numbers or as clicked rows say; [] for a list without one, None where it is not asked."""
        if f"from_{number}" not in self.fields:
            return None
        known = self._tables(name)[0]["header_rows"]
        first, last = self.cleaned_data.get(f"from_{number}"), self.cleaned_data.get(f"to_{number}")
        wanted = list(range(first, (last or first) + 1)) if first else []
        if wanted == known:
            changed = self._changed(number, name)
            wanted = sorted(
                {row for row in known if changed.get(row, "header") == "header"}
                | {row for row, kind in changed.items() if kind == "header"}
            )
        if first and last and last < first:
            self.add_error(f"to_{number}", "表头最多 5 行，结束行不能早于起始行。")
        elif wanted and wanted != list(range(wanted[0], wanted[0] + min(len(wanted), 5))):
            self.add_error(f"to_{number}", "表头最多 5 行，要连在一起：请核对标为“表头”的行。")
        return wanted

    def _changed(self, number: int, name: str) -> dict[int, str]:
        """First rows that a person takes for something else than the reader did."""
        rows = {row: sheet for sheet in self._tables(name) for row, _ in sheet["head"]}
        told = {row: self.data.get(f"as_{number}_{row}") for row in rows}
        return {
            row: kind
            for row, kind in told.items()
            if kind in ("header", "project", "note") and kind != taken_for(rows[row], row)
        }

    def _rows(self, number: int, name: str) -> dict[int, str]:
        """Rows whose reading a person turned round, on top of those turned before."""
        rows = dict(self.batch_rows.get(name, {}))
        rows |= {row: kind for row, kind in self._changed(number, name).items() if kind != "header"}
        for text in self.data.getlist(f"flip_{number}") if hasattr(self.data, "getlist") else ():
            row, _, kind = text.partition(":")
            if row.isdigit() and kind in ("project", "note"):
                rows[int(row)] = kind
        for first, last in self._ranges(f"skip_{number}"):
            rows |= dict.fromkeys(range(first, last + 1), "note")
        return rows

    @property
    def batch_rows(self) -> dict[str, dict[int, str]]:
        return Decisions.of(self.batch).choices.rows

    def _ranges(self, field: str) -> Iterator[tuple[int, int]]:
        for part in re.split(r"[、,，;；\s]+", self.cleaned_data.get(field) or ""):
            found = re.fullmatch(r"(\d{1,5})(?:[-—至](\d{1,5}))?", part)
            if found:
                yield int(found[1]), min(int(found[2] or found[1]), 20_000)
            elif part:
                self.add_error(field, f"看不懂“{part}”，请写行号，如 56、80-90。")


class ColumnsForm(StepForm):
    """Every column to its field, money with its unit; what is merely similar must be confirmed."""

    remember = forms.BooleanField(required=False, initial=True, label="记住这些对应，下次同样的表头自动使用")

    def __init__(
        self, data: Any = None, *, batch: ImportBatch, cards: list[dict[str, Any]], fixed: dict[str, str]
    ) -> None:
        super().__init__(data, batch=batch)
        self.kind, self.cards = KINDS[batch.kind], cards
        options = [("", "不导入"), *((column.source, column.label) for column in self.kind.columns)]
        for card in cards:
            key, header = card["key"], f"{card['letter']} 列「{card['header']}」"
            self.fields[f"f_{key}"] = forms.ChoiceField(
                choices=options, required=False, initial=card["field"], label=f"{header}对应的系统字段"
            )
            self.fields[f"u_{key}"] = forms.ChoiceField(
                choices=MONEY_UNITS, required=False, initial=card["unit"], label=f"{header}的金额单位"
            )
            if card["suggested"]:
                self.fields[f"k_{key}"] = forms.BooleanField(required=False, label="就是它")
        if self.kind.for_all_rows:
            units = [("", "请选择责任单位"), *((str(unit.pk), unit.name) for unit in Unit.objects.active())]
            self.fields["fixed_unit"] = forms.ChoiceField(
                choices=units,
                required=False,
                initial=fixed.get(self.kind.for_all_rows, ""),
                label="责任单位（整列用这一个）",
            )

    def value(self, name: str) -> str:
        """What stands in a field now."""
        return str(self[name].value() or "")

    @property
    def lacks_unit(self) -> bool:
        """Whether no column gives the unit that every row of this kind needs."""
        wanted = self.kind.for_all_rows
        return bool(wanted) and all(self.value(f"f_{card['key']}") != wanted for card in self.cards)

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        columns: dict[str, dict[int, str | None]] = {}
        units: dict[str, dict[int, str]] = {}
        for sheet in dict.fromkeys((card["key"].split("_")[0], card["sheet"]) for card in self.cards):
            self._clean_sheet(data, *sheet, columns, units)
        if self.lacks_unit and not data.get("fixed_unit"):
            self.add_error("fixed_unit", "没有一列是责任单位：请选择一列，或在这里为整张表选一个责任单位。")
        data["columns"], data["money_units"] = columns, units
        data["fixed"] = {self.kind.for_all_rows: data.get("fixed_unit", "")} if self.lacks_unit else {}
        return data

    def _clean_sheet(self, data: dict, number: str, sheet: str, columns: dict, units: dict) -> None:
        taken: dict[str, str] = {}
        for card in self.cards:
            if card["key"].split("_")[0] != number:
                continue
            name = f"f_{card['key']}"
            field = data.get(name, "")
            if field in taken:
                label = self.kind.column(field).label if self.kind.column(field) else field
                self.add_error(name, f"“{label}”已由 {taken[field]} 列对应，一个字段只能对应一列。")
            elif field:
                taken[field] = card["letter"]
            if card["suggested"] and field == card["field"] and not data.get(f"k_{card['key']}"):
                self.add_error(name, "这是按相近名称推测的：请勾选“就是它”，或改选其他字段。")
            columns.setdefault(sheet, {}).setdefault(card["index"], field or card["own"])
            column = self.kind.column(field)
            if column and column.kind == "money":
                if unit := data.get(f"u_{card['key']}"):
                    units.setdefault(sheet, {}).setdefault(card["index"], unit)
                else:
                    self.add_error(f"u_{card['key']}", "表中没有写明金额单位，请选择。")
        if "name" not in taken:
            self.add_error(None, f"工作表「{sheet}」没有对应“{self.kind.column('name').label}”，请选择它是哪一列。")


class ValuesForm(StepForm):
    """Answers that hold for the whole list."""

    year = forms.IntegerField(label="年度", required=False, min_value=2000, max_value=2100)
    month = forms.TypedChoiceField(
        label="累计完成投资截至",
        choices=[("", "请选择月份"), *((str(month), f"{month} 月底") for month in range(1, 13))],
        coerce=int,
        empty_value=None,
        required=False,
    )
    stage = forms.ChoiceField(
        label="没有写明阶段的，登记为", required=False, choices=[("", "请选择阶段"), *Stage.choices]
    )
    rest = forms.ChoiceField(label="下面没有选择的，一律", required=False)
    remember = forms.BooleanField(required=False, label="记住这些对应，下次自动使用")

    def __init__(self, data: Any = None, *, batch: ImportBatch, questions: dict[str, Any]) -> None:
        super().__init__(data, batch=batch)
        self.asked = questions
        self.initial |= {name: questions[name] for name in ("year", "month", "stage", "remember")}
        self.fields["rest"].choices = [("", "逐个选择"), *self._rests()]
        for number, question in enumerate(questions["units"]):
            self.fields[f"unit_{number}"] = forms.ChoiceField(
                label=f"单位“{question['text']}”",
                choices=self._unit_options(question),
                required=False,
                initial=question["answer"],
            )
        for number, question in enumerate(questions["dates"]):
            self.fields[f"date_{number}"] = forms.ChoiceField(
                label=f"{question['label']}“{question['text']}”是哪个月",
                choices=[("", "请选择"), *question["options"]],
                required=False,
                initial=question["answer"],
            )
        for number, question in enumerate(questions["people"]):
            self.fields[f"person_{number}"] = forms.ChoiceField(
                label=f"“{question['name']}”（{question['text'] or '没有写责任单位'}）是哪一位",
                choices=[("", "请选择"), *map(self._account(question), question["users"]), *NO_ACCOUNT],
                required=False,
                initial=question["answer"],
            )
        for question in questions["labels"]:
            for number, item in enumerate(question["items"]):
                self.fields[f"label_{question['source']}_{number}"] = forms.ChoiceField(
                    label=f"{question['label']}“{item['text']}”",
                    choices=[*question["options"], *self._no_label(question["source"])],
                    required=False,
                    initial=item["answer"],
                )

    @staticmethod
    def _account(question: dict[str, Any]) -> Callable[[User], tuple[str, str]]:
        """An account as it is offered: unit and post, the account where these are the same."""
        posts = Counter((user.unit_id, user.title) for user in question["users"])

        def option(user: User) -> tuple[str, str]:
            key = f"user:{user.pk}"
            told = [user.unit.name if user.unit else "没有单位", user.title]
            told += [f"账号 {user.username}"] if posts[user.unit_id, user.title] > 1 else []
            suffix = "（建议）" if key == question["suggested"] else ""
            return key, f"{user.full_name}，{'，'.join(filter(None, told))}{suffix}"

        return option

    @staticmethod
    def _no_label(source: str) -> list[tuple[str, str]]:
        """A stage must be known; any other label may be left empty."""
        if source == "stage":
            return [("", "请选择"), (SKIP, "跳过这些行")]
        return [("", "留空"), (SKIP, "跳过这些行")]

    def _rests(self) -> list[tuple[str, str]]:
        create = [("new", "新建单位")] if self.asked["may_create"] else []
        return [*create, (SKIP, "跳过这些行")]

    def _unit_options(self, question: dict[str, Any]) -> list[tuple[str, Any]]:
        units = self.asked["all_units"]
        if len(units) * len(self.asked["units"]) > FULL_LISTS:
            units = units[: max(20, FULL_LISTS // len(self.asked["units"]))]
        suggested = [(f"unit:{unit.pk}", f"{unit.name}（建议）") for unit in question["suggestions"]]
        seen = {key for key, _ in suggested}
        others = [(f"unit:{unit.pk}", unit.name) for unit in units if f"unit:{unit.pk}" not in seen]
        twin = [(f"as:{question['twin']}", f"与“{question['twin']}”相同")] if question["twin"] else []
        create = [("new", f"新建单位“{question['text'][:40]}”")] if self.asked["may_create"] else []
        blank = [] if question["leads"] else [("blank", "留空")]
        spellings = [(f"as:{q['text']}", f"与“{q['text'][:24]}”相同") for q in self.asked["units"] if q is not question]
        return [
            ("", "请选择"),
            *suggested,
            *twin,
            *create,
            *blank,
            (SKIP, "跳过这些行"),
            ("对应到已有单位", others),
            ("与本表的其他写法相同", [option for option in spellings[:80] if option not in twin]),
        ]

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        self._clean_period(data)
        if self.asked["stageless"] and not data.get("stage"):
            self.add_error("stage", f"有 {self.asked['stageless']} 个项目没有写明阶段，请选择按哪个阶段登记。")
        data["units"] = {}
        for number, question in enumerate(self.asked["units"]):
            answer = data.get(f"unit_{number}") or data.get("rest") or ""
            if not answer:
                self.add_error(f"unit_{number}", "请选择它是哪个单位，或新建、跳过。")
            data["units"][question["text"]] = answer
        for number, question in enumerate(self.asked["units"]):
            if self._circles(data["units"], question["text"]):
                self.add_error(f"unit_{number}", "几个写法互相指向，请至少为其中一个选定单位。")
        for question in self.asked["labels"]:
            for number, item in enumerate(question["items"]):
                name = f"label_{question['source']}_{number}"
                if question["source"] == "stage" and not data.get(name):
                    self.add_error(name, f"请选择“{item['text']}”是哪个阶段。")
        data["people"] = {}
        for number, question in enumerate(self.asked["people"]):
            answer = data.get(f"person_{number}")
            if answer:
                data["people"].setdefault(question["text"], {})[question["name"]] = answer
            else:
                told = f"有 {len(question['users'])} 个账号叫“{question['name']}”：请选择是哪一位，或只登记姓名。"
                self.add_error(f"person_{number}", told)
        data["dates"] = {}
        for number, question in enumerate(self.asked["dates"]):
            answer = data.get(f"date_{number}")
            if answer:
                data["dates"].setdefault(question["source"], {})[question["text"]] = answer
            else:
                self.add_error(f"date_{number}", f"“{question['text']}”可能是 1 月，也可能是 10 月，请选择。")
        data["labels"] = {
            question["source"]: {
                item["text"]: data.get(f"label_{question['source']}_{number}", "")
                for number, item in enumerate(question["items"])
            }
            for question in self.asked["labels"]
        }
        return data

    def _clean_period(self, data: dict[str, Any]) -> None:
        today = clock.today()
        year, month = data.get("year"), data.get("month")
        if self.asked["asks_year"] and not year and "year" not in self.errors:
            self.add_error("year", "请填写这些投资数属于哪一年。")
        if year and year > today.year + 1:
            self.add_error("year", f"年度不能晚于 {today.year + 1} 年。")
        if self.asked["asks_month"] and not month:
            self.add_error("month", "请选择累计完成投资截至哪个月。")
        if self.asked["asks_month"] and year and month and (year, month) > (today.year, today.month):
            self.add_error("month", f"{year}年{month}月还没有到，请核对年度和月份。")

    @staticmethod
    def _circles(answers: dict[str, str], text: str) -> bool:
        seen = set()
        while answers.get(text, "").startswith("as:"):
            if text in seen:
                return True
            seen.add(text)
            text = answers[text][3:]
        return False


class CommitForm(StepForm):
    """How the import is to be done."""

    mode = forms.ChoiceField(
        label="方式", choices=((PARTIAL, "先导入无误的行"), (ALL, "全部无误后再导入")), initial=PARTIAL
    )
    agreed = forms.BooleanField(label="需改正的行这次不导入", required=False)
    reason = forms.CharField(label="计划日期改变的理由", required=False, max_length=500)

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        refused = self.batch.counts.get("refused", 0)
        if data.get("mode") == PARTIAL and refused and not data.get("agreed"):
            self.add_error("agreed", f"还有 {refused} 行需改正：请勾选确认这些行这次不导入，或先改正。")
        return data
