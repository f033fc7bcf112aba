"""Lists as people make them, built here."""

import io

import openpyxl

HEADER = (
    "序号",
    "项目名称",
    "项目代码",
    "责任单位",
    "建设性质",
    "是否开工",
    "总投资",
    "年度计划投资",
    "累计完成投资",
    "计划开工时间",
    "包联领导",
)
TITLE = "云岭区2026年重点项目投资计划及1-10月完成情况表"


def row(serial, name, unit="工信局", **more):
    """One project as a row under HEADER."""
    told = {
        "序号": serial, "项目名称": name, "责任单位": unit, "建设性质": "新建", "是否开工": "是",
        "总投资": 12000, "年度计划投资": 6000, "累计完成投资": 3000, "计划开工时间": "2026年3月",
    }  # fmt: skip
    told |= more
    return tuple(told.get(column) for column in HEADER)


def plain(*rows, header=HEADER, unit="单位：万元", title=TITLE) -> bytes:
    """Title, unit line, header, rows."""
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "重点项目"
    for line in ((title,), (unit,), header, *rows):
        sheet.append(list(line))
    return content_of(book)


def messy() -> bytes:
    """Title, two-row header, sections, 合计, an alias, an unknown unit, amounts and dates that cannot be read."""
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "汇总"
    sheet["A1"] = TITLE
    sheet.merge_cells("A1:J1")
    sheet["A2"] = "单位：万元"
    tops = {
        "A": "序号",
        "B": "项目名称",
        "C": "责任单位",
        "D": "建设性质",
        "E": "是否开工",
        "F": "总投资",
        "G": "2026年投资",
        "I": "拟开工的时间",
        "J": "包联领导",
    }
    for letter, text in tops.items():
        sheet[f"{letter}3"] = text
        if letter != "G":
            sheet.merge_cells(f"{letter}3:{letter}4")
    sheet.merge_cells("G3:H3")
    sheet["G4"], sheet["H4"] = "计划投资额", "1-10月累计完成"
    for line in (
        ("一、工业项目（3个）",),
        (
            1,
            "东河<script>alert(1)</script>电池产业园",
            "区工信局",
            "新建",
            "是",
            "1.2亿元",
            6000,
            3000,
            "2026年3月",
            "李某、陈某",
        ),
        (2, "城西污水处理厂提质增效", "住建局", "续建", "是", 8000, 2000, 2500, "2025-06", "王某"),
        (3, "北塘灌区配套", "水务中心", "新建", "否", 900, "六千上下", None, "春节后", ""),
        ("二、民生项目（2个）",),
        (4, "第三中学迁建", "住建局", "迁建", "否", 3000, 1000, 0, "2026-09", ""),
        (5, "", "住建局", "新建", "否", 500, 100, 0, "", ""),
        ("合计", None, None, None, None, 24400, 9100, 5500),
    ):
        sheet.append(list(line))
    return content_of(book)


def content_of(book: openpyxl.Workbook) -> bytes:
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def opened(content: bytes) -> openpyxl.Workbook:
    """A workbook as somebody opens it."""
    return openpyxl.load_workbook(io.BytesIO(content))
