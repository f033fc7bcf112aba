"""One context per component, as a page would hand it over."""

import datetime as dt

from common.gantt import Node, build

DAY = dt.date(2026, 11, 23)
NODES = [
    Node("项目备案", planned_on=dt.date(2026, 8, 8), done_on=dt.date(2026, 8, 7), light="blue", word="办结"),
    Node(
        "主体封顶", planned_on=dt.date(2026, 11, 11), started_on=dt.date(2026, 6, 3), expected_on=dt.date(2026, 12, 5)
    ),
    Node("投产", planned_on=dt.date(2027, 6, 30), expected_on=dt.date(2027, 7, 15), milestone=True),
    Node("未定"),
]
CASES = {
    "_alert_card": {
        "alert": {
            "pk": 1,
            "light": "red",
            "name": "西山片区",
            "url": "/p/1/",
            "at": dt.datetime(2026, 11, 23, tzinfo=dt.UTC),
            "what": "征收扫尾逾期 47 个工作日",
            "why": ["因您是督办人"],
            "ladder": [{"label": "责任人", "note": "", "state": "now"}],
        }
    },
    "_attention": {
        "attention": [{"light": "red", "name": "西山片区", "url": "/p/1/", "why": "逾期 3 个工作日", "unit": "住建局"}]
    },
    "_chart": {
        "chart": {
            "id": "d",
            "kind": "bars",
            "label": "甲 3 个",
            "data": {"items": []},
            "columns": [{"label": "单位"}],
            "rows": [{"cells": [{"text": "甲"}]}],
        }
    },
    "_chips": {
        "chips": [{"label": "阶段：储备", "url": "?"}],
        "total": 3,
        "facets": [{"light": "red", "label": "红灯 3", "url": "?"}],
    },
    "_facts": {"facts": [{"label": "年度投资", "value": "25,600", "rate": {"done": 67, "due": 86, "light": "yellow"}}]},
    "_filters": {
        "filters": [{"name": "stage", "label": "阶段", "options": [{"value": "a", "label": "储备", "count": 3}]}]
    },
    "_flow": {"flow": [{"label": "谋划", "count": 18, "amount": "61.20 亿", "url": "/p/"}]},
    "_gantt": {"gantt": build(NODES, DAY)},
    "_kpis": {"kpis": [{"label": "重大项目", "value": 86, "unit": "个", "lights": []}]},
    "_pipe": {"pipe": [{"label": "谋划", "state": "past", "note": ""}]},
    "_stamp": {"as_of": dt.datetime(2026, 11, 20, 10, tzinfo=dt.UTC), "reported": 38, "expected": 42},
    "_stat": {"stats": [{"label": "线索", "value": 128, "tone": "bad"}]},
    "_steps": {"steps": [{"label": "上传", "state": "now"}]},
    "_table": {
        "columns": [{"label": "问题", "sort": "name"}],
        "rows": [{"url": "/i/1/", "cells": [{"text": "线路跨越"}]}],
    },
    "_tally": {"tally": [{"label": "需改正", "count": 4}], "tally_total": "90 行"},
    "_timeline": {"entries": [{"at": DAY, "text": "封顶", "changes": [{"label": "预计", "old": "", "new": "12-05"}]}]},
    "_views": {"views": [{"label": str(n), "url": "?"} for n in range(5)]},
    "_why": {
        "why": {"title": "为什么是黄灯", "light": "yellow", "rows": [{"name": "节点", "light": "red", "text": "逾期"}]}
    },
}
