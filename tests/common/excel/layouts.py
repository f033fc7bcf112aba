"""A generator of project lists as people really lay them out, each with its truth. Every choice comes from the seed.

All names are composed from word lists; nothing is taken from a real list.
"""

import io
import random
from dataclasses import dataclass, field
from typing import Any

import openpyxl

TOWNS = ("东河", "西山", "南湖", "北岭", "青石", "柳林", "云台", "白沙")
KINDS = (
    "产业园",
    "污水处理厂",
    "农贸市场",
    "智能装备生产线",
    "道路改造工程",
    "养老服务中心",
    "冷链物流基地",
    "实验学校",
    "大桥",
)
PHASES = ("", "（一期）", "二期", "建设项目", "（9个）")
UNITS = ("区住建局", "区交通局", "区工信局", "区教育局", "东河街道", "云台镇", "经济开发区", "区水务局")
PEOPLE = ("张立新", "王建国", "李敏", "陈晓东", "刘洋", "赵志刚", "周文", "孙丽华")
INDUSTRIES = ("基础设施", "社会民生", "先进制造业", "现代服务业", "生态环保", "农业水利")
CONTENT = (
    "新建厂房3万平方米，购置设备120台套。",
    "道路全长5.2公里，宽24米，配套管网。",
    "总建筑面积2000平方米，形成年产2000万件能力。",
)

HEADERS = {
    "name": ("项目名称", "项 目 名 称", "工程名称", "建设项目名称", "项目（工程）名称", "项目名称\n（全称）"),
    "total_investment": ("总投资", "计划总投资", "项目总投资", "总投资额", "估算投资", "投资总规模"),
    "annual_plan": (
        "年度计划投资",
        "2026年计划投资",
        "今年计划投资",
        "2026年投资计划",
        "2026年度计划完成投资",
        "2026年投资额",
    ),
    "completed_ytd": (
        "累计完成投资",
        "2026年1-5月累计完成投资",
        "年度累计完成投资",
        "1-5月完成投资",
        "今年以来完成投资",
    ),
    "owner": ("项目业主", "建设单位", "项目单位", "实施单位", "业主单位名称", "建设（业主）单位"),
    "responsible": ("责任单位", "牵头单位", "主管部门", "区级责任单位", "行业监管部门"),
    "lead_officials": ("包联领导", "责任领导", "挂钩\n领导", "区领导", "县处级领导"),
    "location": ("建设地点", "项目地点", "建设地址", "落户地", "拟建地点"),
    "industry": ("所属行业", "行业类别", "项目类型", "所属产业链", "投向领域"),
    "nature": ("建设性质", "项目性质", "新（续）建"),
    "scale": ("建设规模及内容", "主要建设内容", "建设内容及规模（200字以内）", "工程概况"),
    "duration": ("建设起止年限", "起止年限", "建设年限", "开（竣）工时间", "建设起讫年月"),
    "level": ("项目级别", "层次", "重点类别"),
}
SPLIT = {
    "scale": ("建设规模和", "主要内容"),
    "duration": ("建设起", "止年限"),
    "annual_plan": ("2026年计划", "完成投资"),
    "responsible": ("责任", "单位"),
}
EXTRAS = ("项目联系人", "2025年完成投资", "资金来源", "存在问题", "其中：专项债券", "上年度完成投资", "年产值")
FOOTERS = (
    ("注：本表数据截至2026年5月底。",),
    ("说明：", "1.总投资以批复为准；", "2.责任单位填写全称。"),
    ("填表人：张某某    审核人：李某某", "2026年6月5日"),
    ("（以下空白）",),
    ("第 1 页，共 1 页",),
)


@dataclass
class Made:
    """A workbook with the projects in it (`sheet`, `row` and the fields of the reader)."""

    data: bytes
    projects: list[dict[str, Any]] = field(default_factory=list)
    traits: list[str] = field(default_factory=list)


class Maker:
    """Makes one workbook from a seed."""

    def __init__(self, seed: int) -> None:
        self.rng = random.Random(seed)
        self.book = openpyxl.Workbook()
        self.book.remove(self.book.active)
        self.truth: list[dict[str, Any]] = []
        self.traits: list[str] = []
        self.used: set[str] = set()
        self.open_section: str | None = None

    def chance(self, share: float, trait: str) -> bool:
        hit = self.rng.random() < share
        if hit:
            self.traits.append(trait)
        return hit

    def make(self) -> Made:
        kind = self.rng.choice(("plain", "plain", "plain", "sheets", "stacked", "side", "blocks"))
        self.traits.append(kind)
        fields = self.fields()
        if kind == "sheets":
            names = self.rng.sample(INDUSTRIES, 3)
            fields = [f for f in fields if f != "industry"]
            for name in names:
                self.table(self.book.create_sheet(name), fields, sheet_industry=name)
            if self.chance(0.5, "statistics sheet"):
                page = self.book.create_sheet("汇总")
                for line in (
                    ["序号", "类别", "个数", "总投资（万元）"],
                    *([i, n, 4, 1000 * i] for i, n in enumerate(names, 1)),
                ):
                    page.append(line)
        else:
            page = self.book.create_sheet(self.rng.choice(("Sheet1", "项目清单", "Table 1")))
            if kind == "stacked":
                self.table(page, fields, sections=False)
                self.table(page, self.fields(), top=page.max_row + 2, sections=False)
            elif kind == "side":
                self.table(page, ["name", "total_investment", "responsible"], sections=False, notes=False)
                self.table(
                    page, ["name", "total_investment", "responsible"], left=4, sections=False, notes=False, again=True
                )
            else:
                self.table(page, fields, block=kind == "blocks")
        if self.chance(0.2, "hidden sheet"):
            page = self.book.create_sheet("草稿")
            page.append([1, 2, 3])
            page.sheet_state = "hidden"
        out = io.BytesIO()
        self.book.save(out)
        return Made(out.getvalue(), self.truth, self.traits)

    def fields(self) -> list[str]:
        pool = [name for name in HEADERS if name != "name"]
        chosen = self.rng.sample(pool, self.rng.randint(4, len(pool)))
        for must in ("total_investment", "scale"):
            if must not in chosen:
                chosen.append(must)
        self.rng.shuffle(chosen)
        chosen.insert(self.rng.choice((0, 0, 0, 1)), "name")
        return chosen

    def project(self) -> dict[str, Any]:
        rng = self.rng
        while True:
            name = rng.choice(TOWNS) + rng.choice(TOWNS) + rng.choice(KINDS) + rng.choice(PHASES)
            if name not in self.used:
                self.used.add(name)
                break
        start = rng.randint(2022, 2026)
        total = rng.choice((1200, 35000, 170000, 5177.6, 8600))
        return {
            "name": name,
            "total_investment": total,
            "annual_plan": round(total / 4, 1),
            "completed_ytd": round(total / 10, 1),
            "owner": rng.choice(TOWNS) + "建设投资有限公司",
            "responsible": rng.choice(UNITS),
            "lead_officials": rng.sample(PEOPLE, rng.choice((1, 1, 2))),
            "location": rng.choice(TOWNS) + "街道",
            "industry": rng.choice(INDUSTRIES),
            "nature": rng.choice(("新建", "续建")),
            "scale": rng.choice(CONTENT),
            "duration": (start, start + rng.randint(0, 3)),
            "level": rng.choice(("省重点", "市重点", None)),
        }

    def table(
        self,
        page: Any,
        fields: list[str],
        *,
        top: int = 1,
        left: int = 0,
        sections: bool = True,
        notes: bool = True,
        block: bool = False,
        sheet_industry: str | None = None,
        again: bool = False,
    ) -> None:
        """Write one table; `again` puts a second one beside the first, on the same header row."""
        rng = self.rng
        serial = again or block or rng.random() < 0.85
        extra = rng.choice(EXTRAS) if not again and self.chance(0.4, "extra column") else None
        grouped = sections and serial and not block and "industry" not in fields and self.chance(0.25, "merged groups")
        columns = (["group"] if grouped else []) + (["serial"] if serial else []) + fields + ([extra] if extra else [])
        width = len(columns)
        row = self.header_top if again else self.preamble(page, top, width)
        units = self.unit_line if again else {}
        if not again:
            where = rng.choice(("line", "yi line", "header", "header", "cell", "mixed"))
            if where.endswith("line") and row == top:
                where = "header"
            self.unit_line = units = {"where": where}
            self.traits.append(f"unit {where}")
        self.header_top = row
        row = self.header(page, row, left, columns, units["where"], plain=again or left > 0 or units.get("plain"))
        if not again:
            units["depth"] = row
        if units["where"].endswith("line") and not again:
            stated = {
                "line": ("单位：万元", "金额单位:人民币万元"),
                "yi line": ("单位：亿元", "填报单位：区发改局 单位：亿元、亩"),
            }
            page.cell(self.header_top - 1, 1 + left + rng.randrange(width)).value = rng.choice(stated[units["where"]])
        if not again and notes and not block and self.chance(0.1, "column numbers"):
            for index in range(width):
                page.cell(row, 1 + left + index).value = "栏次" if index == 0 and serial else str(index)
            row += 1
        style = rng.choice(("int", "text", "dot"))
        self.open_section = None
        able = sections and not block and "industry" not in fields and serial and not grouped
        sectioned = able and self.chance(0.6, "sections")
        count = rng.randint(5, 9)
        number = 0
        if notes and self.chance(0.3, "total above"):
            page.cell(row, 1 + left).value = rng.choice((f"合计（共{count}项）", "总  计", f"云岭区合计（{count}个）"))
            if "name" not in columns[:1] and rng.random() < 0.5:
                page.cell(row, columns.index("name") + 1 + left).value = f"{count}个"
            row += 1
        for index in range(count):
            if sectioned and index in (0, count // 2):
                row = self.section(page, row, left, columns, index == 0)
                number = 0 if rng.random() < 0.5 else number
            if grouped and index in (0, count // 2):
                last = row + (count // 2 if index == 0 else count - count // 2) - 1
                self.group(page, row, last, 1 + left)
            if (
                not again
                and notes
                and not block
                and not grouped
                and index == 3
                and self.chance(0.2, "page header")
                and not left
            ):
                for offset in range(units["depth"] - self.header_top):
                    for column in range(1, page.max_column + 1):
                        value = page.cell(self.header_top + offset, column).value
                        if value is not None and page.cell(row + offset, column).__class__.__name__ != "MergedCell":
                            page.cell(row + offset, column).value = value
                row += units["depth"] - self.header_top
            number += 1
            row = self.line(page, row, left, columns, number, style, units["where"], block, sheet_industry, extra)
        if notes and self.chance(0.3, "total below"):
            page.cell(row, columns.index("name") + 1 + left).value = "合计"
            page.cell(row, columns.index("total_investment") + 1 + left).value = 99999
            row += 1
        if notes and self.chance(0.4, "note"):
            for text in rng.choice(FOOTERS):
                page.cell(row, 1 + left).value = text
                row += 1

    def preamble(self, page: Any, top: int, width: int) -> int:
        row = top
        if self.chance(0.3, "annex"):
            page.cell(row, 1).value = "附件1"
            row += 1
        if self.chance(0.7, "title"):
            page.cell(row, 1).value = "云岭区2026年重大项目建设计划表"
            if self.chance(0.6, "merged title"):
                page.merge_cells(start_row=row, end_row=row, start_column=1, end_column=width)
            row += 2
        return row

    def header(self, page: Any, row: int, left: int, columns: list[str], where: str, *, plain: bool) -> int:
        """Write the header rows; the row after them is returned."""
        rng = self.rng
        if again_style := (plain and getattr(self, "header_style", None)):
            style = again_style
        else:
            style = rng.choice(("one", "one", "two", "split"))
            style = "one" if self.traits[0] == "side" else style
            self.header_style = style
            self.traits.append(f"header {style}")
        self.yi = getattr(self, "yi", False) if plain else where == "mixed"
        labels = {}
        for name in columns:
            label = rng.choice(HEADERS[name]) if name in HEADERS else name
            label = {"serial": "序号", "group": "类别"}.get(name, label)
            money = name in ("total_investment", "annual_plan", "completed_ytd")
            unit = ""
            if money and where in ("header", "mixed"):
                unit = "（亿元）" if where == "mixed" and name == "total_investment" else "（万元）"
            labels[name] = (label, unit)
        if style == "one":
            for index, name in enumerate(columns, 1 + left):
                page.cell(row, index).value = "".join(labels[name])
            return row + 1
        for index, name in enumerate(columns, 1 + left):
            label, unit = labels[name]
            if style == "split":
                first, second = SPLIT.get(name, (label, ""))
                page.cell(row, index).value = first
                page.cell(row + 1, index).value = (second + unit) or None
            else:
                page.cell(row, index).value = label + unit
                page.merge_cells(start_row=row, end_row=row + 1, start_column=index, end_column=index)
        if style == "two":
            index = len(columns) + 1 + left
            page.cell(row, index).value = "三季度工作计划"
            page.merge_cells(start_row=row, end_row=row, start_column=index, end_column=index + 1)
            page.cell(row + 1, index).value, page.cell(row + 1, index + 1).value = "工作内容", "投资"
        return row + 2

    def group(self, page: Any, row: int, last: int, column: int) -> None:
        """A category whose cell is merged over its projects."""
        label = self.rng.choice([name for name in INDUSTRIES if name != self.open_section])
        self.open_section = label
        page.cell(row, column).value = self.rng.choice(
            (label, f"{label}（{last - row + 1}个）", f"{label}\n{last - row + 1}个")
        )
        if last > row:
            page.merge_cells(start_row=row, end_row=last, start_column=column, end_column=column)

    def section(self, page: Any, row: int, left: int, columns: list[str], first: bool) -> int:
        rng = self.rng
        numeral = "一" if first else "二"
        label = rng.choice([name for name in INDUSTRIES if name != self.open_section])
        self.open_section = label
        numbered = rng.choice(("glued", "serial", "merged", "count", "sum"))
        lettered = rng.random() < 0.15 if first else self.lettered
        self.lettered, style = lettered, "letter" if lettered else numbered
        name_at = columns.index("name") + 1 + left
        if style == "serial":
            page.cell(row, 1 + left).value, page.cell(row, name_at).value = numeral, f"{label}（5项）"
        elif style == "letter":
            page.cell(row, 1 + left).value, page.cell(row, name_at).value = "A" if first else "B", f"{label}类"
            self.open_section = f"{label}类"
        elif style == "sum":
            text = f"{numeral}、{label}项目（3个，总投资1.2亿元）"
            page.cell(row, name_at).value = text
            page.cell(row, columns.index("total_investment") + 1 + left).value = 1.2
        elif style == "count":
            page.cell(row, name_at).value = f"{numeral}、{label}项目12个"
        else:
            page.cell(row, 1 + left).value = f"{numeral}、{label}项目（共6个）"
            if style == "merged":
                page.merge_cells(start_row=row, end_row=row, start_column=1 + left, end_column=len(columns) + left)
        self.traits.append(f"section {style}")
        return row + 1

    def line(
        self,
        page: Any,
        row: int,
        left: int,
        columns: list[str],
        number: int,
        style: str,
        where: str,
        block: bool,
        sheet_industry: str | None,
        extra: str | None,
    ) -> int:
        """Write one project and note its truth."""
        project = self.project()
        marked = self.chance(0.05, "mark")
        truth: dict[str, Any] = {"sheet": page.title, "row": row, "name": project["name"]}
        for index, name in enumerate(columns, 1 + left):
            cell = page.cell(row, index)
            if name == "group":
                continue
            if name == "serial":
                cell.value = {"int": number, "text": str(number), "dot": f"{number}."}[style]
            elif name == extra:
                cell.value = "" if "投资" not in name else 77
            elif name in ("total_investment", "annual_plan", "completed_ytd"):
                cell.value = self.money(name, project[name], where)
                truth[name] = None if cell.value in ("——", None) else project[name]
            elif name == "lead_officials":
                cell.value = self.people(project[name])
                truth[name] = project[name]
            elif name == "duration":
                cell.value = self.years(*project[name])
                truth["start"], truth["end"] = map(str, project[name])
            else:
                cell.value = project[name]
                truth[name] = project[name]
                if name == "name" and marked:
                    cell.value = "★" + project[name]
        if "industry" not in columns and (sheet_industry or self.open_section):
            truth["industry"] = self.open_section or sheet_industry
        if marked and not truth.get("level"):
            truth["level"] = "省重点"
        self.truth.append(truth)
        if block:
            quarter = len(columns) + 4
            for offset, text in enumerate(("二季度", "三季度", "四季度")):
                page.cell(row + offset, quarter).value = f"{text}完成基础施工。"
            for index in range(1 + left, len(columns) + 1 + left):
                page.merge_cells(start_row=row, end_row=row + 2, start_column=index, end_column=index)
            return row + 3
        return row + 1

    def money(self, name: str, amount: float, where: str) -> Any:
        rng = self.rng
        if rng.random() < 0.05:
            return rng.choice(("——", None))
        if where == "cell":
            return f"{amount / 10000:g}亿元" if amount >= 10000 else f"{amount:g}万元"
        if where == "yi line" or (where == "mixed" and name == "total_investment"):
            return rng.choice((amount / 10000, f"{amount}万元", f"{amount / 10000}"))
        if rng.random() < 0.1:
            return f"{amount}（其中政府投资100）"
        return f"{amount:,}" if rng.random() < 0.3 else amount

    def people(self, names: list[str]) -> str:
        rng = self.rng
        padded = [
            f"{name[0]}{rng.choice(('', '  ', chr(160) * 3))}{name[1]}" if len(name) == 2 else name for name in names
        ]
        if len(padded) == 1 and rng.random() < 0.2:
            return f"{padded[0]} 13800000000"
        return rng.choice(("\n", "、", ",", "      ")).join(padded)

    def years(self, start: int, end: int) -> Any:
        if start == end:
            return self.rng.choice((start, str(start), f"{start}年"))
        spans = (f"{start}-{end}", f"{start}—{end}", f"{start}年至{end}年", f"{start}-{end}年", f"{start}-{end % 100}")
        return self.rng.choice(spans)


def make(seed: int) -> Made:
    """The workbook of a seed."""
    return Maker(seed).make()
