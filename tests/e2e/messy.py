"""The workbook of the import story: everything that makes other products give up, on one sheet."""

import io
from pathlib import Path

import openpyxl

TITLE = "云岭区2026年重点建设项目投资计划及1—10月完成情况表"
KNOWN = "东河湿地公园提升工程"  # a project of the demonstration district
WRONG = {"北塘灌区配套工程": ("F", 900), "红河路北延工程": ("I", "2026年3月")}  # column and what should stand there


def messy() -> bytes:
    """Title, unit line, two-row header, sections, 合计, 1.2亿, aliases of units, a double, two rows in error."""
    book = openpyxl.Workbook()
    page = book.active
    page.title = "重点项目"
    page["A1"], page["I2"] = TITLE, "单位：万元"
    page.merge_cells("A1:J1")
    tops = dict(zip("ABCDEFGIJ", (
        "序号", "项目名称", "责任单位", "建设性质", "是否开工", "总投资", "2026年投资", "拟开工的时间", "包联领导"
    ), strict=True))  # fmt: skip
    for letter, text in tops.items():
        page[f"{letter}3"] = text
        page.merge_cells("G3:H3" if letter == "G" else f"{letter}3:{letter}4")
    page["G4"], page["H4"] = "计划投资", "1-10月累计完成"
    for line in (
        ("一、产业项目（3个）",),
        (1, "★云岭精密轴承扩能项目", "区工信局", "新建", "是", "1.2亿", 6000, 3000, "2026年3月", "张明远、李敏华"),
        (2, "青石冷链物流基地", "区商务局", "续建", "是", 8000, 2000, 1500, "2025.06", "王志成"),
        (3, KNOWN.removesuffix("工程") + "项目", "区生态局", "新建", "否", 3600, 500, 0, "2026年11月", ""),
        ("二、基础设施（3个）",),
        (4, "北塘灌区配套工程", "水务中心", "新建", "否", "九百上下", 300, 0, "2026年9月", ""),
        (5, "红河路北延工程", "区交通局", "新建", "是", 5200, 2600, 1300, "春节后", "李 敏\n王志成"),
        (6, "柳林片区管网改造", "区住建局", "改建", "是", 2400, 1200, 700, "2026/4/1", "——"),
        ("合计", "", "", "", "", 32100, 12600, 6500),
        ("注：带★的为省重点项目。",),
    ):
        page.append(list(line))
    for row in (5, 9):
        page.merge_cells(start_row=row, end_row=row, start_column=1, end_column=10)
    return _bytes(book)


def corrected(file: Path) -> bytes:
    """The returned workbook as a person corrects it: the right values into the red cells, nothing else touched."""
    book = openpyxl.load_workbook(file)
    page = book["重点项目"]
    done = set()
    for row in page.iter_rows(min_row=5):
        name = str(row[1].value or "")
        if name in WRONG:
            letter, value = WRONG[name]
            cell = page[f"{letter}{row[0].row}"]
            assert cell.fill.start_color.rgb not in ("00000000", None), f"{cell.coordinate} is not marked"
            cell.value = value
            done.add(name)
    assert done == set(WRONG)
    return _bytes(book)


def _bytes(book: openpyxl.Workbook) -> bytes:
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()
