"""滞后分析: who makes the district's gap, who can still catch up, what is being done. Sums are exact, rounded once."""

from collections import Counter
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any
from urllib.parse import urlencode

from django.core.paginator import Paginator
from django.db.models import BigIntegerField, Count, F, FloatField, Window
from django.db.models.functions import Cast, RowNumber
from django.http import QueryDict
from django.urls import reverse

from accounts.models import Unit, User
from common.db import count_each
from common.fields import YUAN_PER_WAN
from common.lights import WARNING, Light
from common.money import percent, round_half_up, tile, wan_column
from common.periods import Period
from investment.catchup import CatchUp, Pace, Verdict, assess, smallest_set
from investment.dimensions import Judging
from investment.judged import Standing, judged
from investment.lights import judging_of
from investment.models import CatchUpPlan, CatchUpStep, LagCause, MonthlyEntry
from investment.querysets import in_force
from investment.querysets.lag import LISTS, behind_schedule
from projects.choices import Category
from projects.models import Project

PER_PAGE = 50
PEERS = 90  # percentile
CORE = 80  # percent of the gap
FIGURES = (
    "pk", "name", "number", "category", "lead_unit_id", "light", "light_progress", "target", "completed_to_date",
    "due_yuan", "due_scale", "plan_end_month", "told_months", "best_sum", "last_sum",
)  # fmt: skip
NONE = "none"  # those that say no category, in an address
UNTOLD = "未制定追赶计划"  # so nobody has told why
BUSY = {"none": "未制定", "open": "进行中", "missed": "有逾期节点"}


@dataclass(slots=True)
class Row:
    """A project behind its schedule. `gap`: the whole 元 that bring it there, so that sums are those of the rows."""

    pk: int
    name: str
    number: str
    category: str
    unit_id: int
    light: str
    target: int
    done: int
    gap: int
    outlook: CatchUp
    in_core: bool = False
    cause: int | None = None
    busy: str = "none"


class LagBoard:
    """A person's question about lag, from the query string; what is unknown there is ignored."""

    def __init__(self, user: User, params: QueryDict, today: date) -> None:
        self.user, self.today = user, today
        self.standing = Standing(today)
        self.judging: Judging = self.standing.judging
        self.lit = self.standing.judged(Project.objects.visible_to(user).active())
        self.units = {unit.pk: unit.label for unit in Unit.objects.order_by("order", "pk")}
        self.causes = dict(LagCause.objects.values_list("pk", "name"))
        choices = {
            "light": {Light.RED.value: Light.RED.label, Light.YELLOW.value: Light.YELLOW.label},
            "verdict": dict(Verdict.choices),
            "unit": {str(pk): label for pk, label in self.units.items()},
            "category": dict(Category.choices) | {NONE: "未分类"},
            "busy": BUSY,
            "cause": {str(pk): name for pk, name in self.causes.items()} | {NONE: UNTOLD},
            "set": {"core": f"占缺口 {CORE}% 的项目"},
        }
        self.choices = choices
        self.chosen = {key: value for key, known in choices.items() if (value := params.get(key, "")) in known}

    def url(self, **changes: Any) -> str:
        """The board with some keys changed; "" or None takes one away."""
        asked = {key: value for key, value in {**self.chosen, **changes}.items() if value not in ("", None)}
        return reverse("investment:lag") + (f"?{urlencode(asked)}" if asked else "")

    def keeps(self, row: Row) -> bool:
        """Whether the row is within the chosen filters."""
        found = {
            "light": row.light,
            "verdict": row.outlook.verdict.value,
            "unit": str(row.unit_id),
            "category": row.category or NONE,
            "busy": row.busy,
            "cause": str(row.cause or NONE),
            "set": "core" if row.in_core else "",
        }
        return all(found[key] == value for key, value in self.chosen.items())


def lag_board(board: LagBoard, page: str) -> dict[str, Any]:
    """Everything templates/investment/lag.html shows. The number of queries does not depend on the data."""
    rows = behind(board)
    shown = [row for row in rows if board.keeps(row)]
    whole = sum(row.gap for row in rows)
    page_obj = Paginator(shown, PER_PAGE).get_page(page)
    return {
        "title": "滞后分析",
        "board": board,
        "period": board.judging.period,
        "stats": _stats(board, rows, whole),
        "groups": _groups(board, rows, whole),
        "lists": _lists(board),
        "chips": _chips(board),
        "clear_url": reverse("investment:lag"),
        "total": len(shown),
        "unit": "个项目",
        "rows": [_cells(row, whole, board) for row in page_obj],
        "gap_total": _wan(sum(row.gap for row in shown)),
        "page_obj": page_obj,
    }


def behind(board: LagBoard) -> list[Row]:
    """Every project behind its schedule, the largest gap first, with its outlook: four queries."""
    judging = board.judging
    found = list(behind_schedule(board.lit).order_by().values(*FIGURES))
    peers = peer_rates(judging.period)
    rows = [_row(row, judging.period, peers) for row in found]
    rows.sort(key=lambda row: (-row.gap, row.pk))
    for row in rows[: smallest_set([row.gap for row in rows], CORE)]:
        row.in_core = True
    open_plans = dict(CatchUpPlan.objects.open().values_list("project", "cause"))
    missed = set(CatchUpStep.objects.missed(board.today).values_list("plan__project", flat=True))
    for row in rows:
        row.cause = open_plans.get(row.pk)
        row.busy = "missed" if row.pk in missed else "open" if row.pk in open_plans else "none"
    return rows


def _row(row: dict, period: Period, peers: dict[str, Fraction]) -> Row:
    target, done = _yuan(row["target"]), _yuan(row["completed_to_date"])
    return Row(
        pk=row["pk"],
        name=row["name"],
        number=row["number"],
        category=row["category"],
        unit_id=row["lead_unit_id"],
        light=row["light"],
        target=target,
        done=done,
        gap=-(-row["due_yuan"] // row["due_scale"]) - done,
        outlook=assess(
            target=target,
            done=done,
            month=period.month,
            pace=Pace.of(row["told_months"], row["best_sum"], row["last_sum"]),
            peer_rate=peers.get(row["category"], Fraction(0)),
            end=row["plan_end_month"],
        ),
    )


def peer_rates(period: Period) -> dict[str, Fraction]:
    """category → the 90th percentile (nearest rank) of monthly figures of the year as a share of the year's plan."""
    plan = "project__plan_versions__"
    told = MonthlyEntry.objects.told().filter(
        in_force(period, plan),  # in one filter with what else is asked of the plan: it is one version
        **{f"{plan}target__gt": 0},
        year=period.year,
        month__lte=period.month,
        covers_from__isnull=True,
    )
    by_rate = {"partition_by": "project__category", "order_by": F("rate").asc()}
    ranked = told.annotate(
        plan_target=Cast(f"{plan}target", BigIntegerField()),
        yuan=Cast("completed", BigIntegerField()),
        rate=Cast("completed", FloatField()) / Cast(f"{plan}target", FloatField()),
        past=Window(RowNumber(), **by_rate) * 100 - Window(Count("pk"), partition_by="project__category") * PEERS,
    )
    nearest = ranked.filter(past__gte=0, past__lt=100).order_by()  # one of each: the first past so many percent
    return {
        category: Fraction(yuan, target)
        for category, yuan, target in nearest.values_list("project__category", "yuan", "plan_target")
    }


# --- what the page shows ----------------------------------------------------------------------------------------------
def _stats(board: LagBoard, rows: list[Row], whole: int) -> list[dict]:
    lights = Counter(row.light for row in rows)
    verdicts = Counter(row.outlook.verdict for row in rows)
    core = [row for row in rows if row.in_core]
    closed = percent(sum(row.gap for row in core), whole)
    return [
        {"label": "欠序时项目", "value": len(rows), "unit": "个", "url": board.url(), "total": "rows",
         "note": f"红灯 {lights[Light.RED]}，黄灯 {lights[Light.YELLOW]}"},
        {"label": "投资缺口合计", **tile(_in_wan(whole)), "url": board.url(), "total": "缺口",
         "note": "各欠序时项目缺口之和，不以超序时项目相抵"},
        {"label": f"占缺口 {CORE}% 的项目", "value": len(core), "unit": "个", "url": board.url(set="core"),
         "total": "rows", "note": "" if closed is None else f"共占 {closed}%"},
        {"label": "全年可追赶", "value": verdicts[Verdict.ABLE], "unit": "个", "url": board.url(verdict="able"),
         "total": "rows"},
        {"label": "吃力", "value": verdicts[Verdict.HARD], "unit": "个", "url": board.url(verdict="hard"),
         "total": "rows", "tone": "warn" if verdicts[Verdict.HARD] else ""},
        {"label": "不可能", "value": verdicts[Verdict.IMPOSSIBLE], "unit": "个", "url": board.url(verdict="impossible"),
         "total": "rows", "tone": "bad" if verdicts[Verdict.IMPOSSIBLE] else ""},
    ]  # fmt: skip


def _groups(board: LagBoard, rows: list[Row], whole: int) -> list[dict]:
    """The gap by unit, by category and by cause, the largest first: each links to its rows."""
    tables = []
    for param, label, names, key in (
        ("unit", "责任单位", board.units, lambda row: row.unit_id),
        ("category", "项目类别", dict(Category.choices) | {"": "未分类"}, lambda row: row.category),
        ("cause", "滞后原因", board.causes | {None: UNTOLD}, lambda row: row.cause),
    ):
        sums: Counter = Counter()
        counts: Counter = Counter()
        for row in rows:
            sums[key(row)] += row.gap
            counts[key(row)] += 1
        ordered = sorted(sums, key=lambda one: (-sums[one], str(one)))
        lines = [
            {
                "label": names.get(one, "—"),
                "count": counts[one],
                "gap": _wan(sums[one]),
                "share": percent(sums[one], whole),
                "url": board.url(**{param: one or NONE}),
            }
            for one in ordered
        ]
        tables.append({"label": label, "rows": lines})
    return tables


def _lists(board: LagBoard) -> list[dict]:
    """The automatic lists with their counts; each opens the project list, where it is filtered and exported."""
    counts = count_each({one.code: one.narrow(board.lit, board.today) for one in LISTS})
    library = reverse("projects:project_list")
    return [
        {"label": one.label, "note": one.explanation, "count": counts[one.code], "url": f"{library}?lag={one.code}"}
        for one in LISTS
    ]


def _chips(board: LagBoard) -> list[dict]:
    chosen = board.chosen.items()
    return [{"label": str(board.choices[key][value]), "url": board.url(**{key: None})} for key, value in chosen]


def _cells(row: Row, whole: int, board: LagBoard) -> dict[str, Any]:
    return {
        "name": row.name,
        "number": row.number,
        "url": reverse("projects:project_detail", args=[row.pk]),
        "unit": board.units.get(row.unit_id, "—"),
        "light": row.light,
        "target": _wan(row.target),
        "done": _wan(row.done),
        "gap": _wan(row.gap),
        "share": percent(row.gap, whole),
        "core": row.in_core,
        "busy": BUSY[row.busy],
        "busy_tone": {"none": "warn" if row.light in WARNING else "", "missed": "bad"}.get(row.busy, ""),
        **outlook_words(row.outlook),
    }


def outlook_words(outlook: CatchUp) -> dict[str, str]:
    """verdict, tone, required, best, peers, and the month in which it is lost, as shown (万元, whole)."""
    lost = f"按目前进度，{outlook.impossible_from}月底起无法完成" if outlook.impossible_from else ""
    return {
        "verdict": outlook.verdict.label,
        "tone": {Verdict.HARD: "warn", Verdict.IMPOSSIBLE: "bad"}.get(outlook.verdict, "good"),
        "required": "—" if outlook.required is None else _whole(outlook.required),
        "best": _whole(outlook.best) if outlook.best else "—",
        "peers": _whole(outlook.peers) if outlook.peers else "—",
        "lost": lost,
    }


def _yuan(wan: Decimal) -> int:
    return int(wan * YUAN_PER_WAN)


def _wan(yuan: Fraction | int) -> str:
    """元 as 万元, to the 元."""
    return wan_column(_in_wan(yuan))


def _in_wan(yuan: Fraction | int) -> Decimal:
    return round_half_up(Fraction(yuan) / YUAN_PER_WAN, 4)


def _whole(yuan: Fraction) -> str:
    """元 as whole 万元: a rate, not a sum."""
    return wan_column(round_half_up(yuan / YUAN_PER_WAN, 0))


def lag_of(project: Project, today: date) -> dict[str, Any]:
    """The section of the investment tab: outlook, the open plan with its weeks, the plans before. Six queries."""
    judging = judging_of(today)
    row = judged(Project.objects.filter(pk=project.pk), today, judging).order_by().values(*FIGURES).get()
    outlook = None
    if row["target"] and row["completed_to_date"] is not None and row["due_yuan"]:
        outlook = outlook_words(_row(row, judging.period, peer_rates(judging.period)).outlook)
    plans = list(
        CatchUpPlan.objects.filter(project=project).prefetch_related("steps").select_related("created_by", "cause")
    )
    return {
        "lag_light": row["light"],
        "needs_plan": row["light"] in WARNING,
        "outlook": outlook,
        "period": judging.period,
        "open_plan": next((_plan(plan, today) for plan in plans if plan.closed_on is None), None),
        "closed_plans": [plan for plan in plans if plan.closed_on],
    }


def _plan(plan: CatchUpPlan, today: date) -> dict[str, Any]:
    steps = [
        {"step": step, "late": step.done_on is None and step.due_on < today, "amount": wan_column(step.amount)}
        for step in plan.steps.all()
    ]
    return {"plan": plan, "steps": steps, "done": sum(1 for one in steps if one["step"].done_on)}
