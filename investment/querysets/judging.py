"""The progress light in SQL, on whole 元, exact under every preset (rule light.progress; decisions §2).

Nobody else may compare completed with scheduled. `least_done` is the same rule read backwards: what turns it green.
"""

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import BigIntegerField, Case, F, Value, When
from django.db.models.expressions import Combinable
from django.db.models.functions import Cast
from django.db.models.lookups import GreaterThan, GreaterThanOrEqual, IsNull, LessThan, LessThanOrEqual

from common.fields import YUAN_PER_WAN
from common.lights import Light
from common.rules import LightRules, Preset


@dataclass(frozen=True)
class _Figures:
    """What is compared, in 元: done with due/scale, under `monthly80` the month's own."""

    done: Combinable
    target: Combinable
    due: Combinable
    scale: Combinable
    month_done: Combinable
    month_due: Combinable
    month_scale: Combinable


def progress_light(
    rules: LightRules,
    *,
    done: str = "completed_to_date",
    due: str = "due_yuan",
    scale: str = "due_scale",
    month_done: str = "month_done",
) -> Case:
    """The light of rows with target, `done`, `due` and `scale` (`schedule`); for `monthly80` also `month_done`,
    month_yuan and month_scale (`month_schedule`).

    Fractions are compared by cross-multiplication: done/(due/scale) < p % is done·scale·100 < due·p.
    """
    columns = (done, "target", due, scale, month_done, "month_yuan", "month_scale")
    figures = _Figures(*[_whole_yuan(column) for column in columns])
    unjudged = [IsNull(figures.target, True), LessThanOrEqual(figures.target, 0), IsNull(figures.done, True)]
    return Case(
        *[_when(condition, Light.GRAY) for condition in unjudged],
        _when(GreaterThanOrEqual(figures.done, figures.target), Light.BLUE),
        _when(LessThanOrEqual(figures.due, 0), Light.GRAY),
        *_BRANCHES[Preset(rules.preset)](rules, figures),
        default=Value(Light.GREEN.value),
    )


def _by_ratio(rules: LightRules, it: _Figures) -> list[When]:
    """done / expected in percent."""
    return _below(it.done, it.due, it.scale, red=rules.red, yellow=rules.yellow)


def _by_shortfall(rules: LightRules, it: _Figures) -> list[When]:
    """(expected − done) / expected in percent: more than x % is lacking when less than 100 − x % is there."""
    return _below(it.done, it.due, it.scale, red=100 - rules.red, yellow=100 - rules.yellow)


def _by_points(rules: LightRules, it: _Figures) -> list[When]:
    """scheduled − done / target in points: above red, from yellow on."""
    lag, whole = (it.due - it.done * it.scale) * _whole(100), it.target * it.scale
    return [
        _when(GreaterThan(lag, whole * _whole(rules.red)), Light.RED),
        _when(GreaterThanOrEqual(lag, whole * _whole(rules.yellow)), Light.YELLOW),
    ]


def _by_month(rules: LightRules, it: _Figures) -> list[When]:
    """month_done / the month's own plan in percent; a month without a plan or a figure is not judged."""
    unjudged = [IsNull(it.month_due, True), LessThanOrEqual(it.month_due, 0), IsNull(it.month_done, True)]
    return [
        *[_when(condition, Light.GRAY) for condition in unjudged],
        *_below(it.month_done, it.month_due, it.month_scale, red=rules.red, yellow=rules.yellow),
    ]


def _below(done: Combinable, due: Combinable, scale: Combinable, *, red: int, yellow: int) -> list[When]:
    """Less than so many percent of due / scale."""
    found = done * scale * _whole(100)
    return [
        _when(LessThan(found, due * _whole(red)), Light.RED),
        _when(LessThan(found, due * _whole(yellow)), Light.YELLOW),
    ]


_BRANCHES: dict[Preset, Callable[[LightRules, _Figures], list[When]]] = {
    Preset.RATIO: _by_ratio,
    Preset.PP: _by_points,
    Preset.SHORTFALL: _by_shortfall,
    Preset.MONTHLY80: _by_month,
}


def _when(condition: Combinable, light: Light) -> When:
    return When(condition, then=Value(light.value))


def _whole_yuan(column: str) -> Combinable:
    """The column in 64 bits, whatever it came from."""
    return Cast(F(column), BigIntegerField())


def _whole(number: int) -> Value:
    return Value(number, output_field=BigIntegerField())


def least_done(rules: LightRules, *, target: Decimal, due: int, scale: int) -> Decimal:
    """The least done (万元) that is green when due/scale 元 are due: one 元 less is yellow. Under `monthly80` due and
    done are the month's own; else never more than the plan itself, which is blue whatever the preset.
    """
    plan = int(target * YUAN_PER_WAN)
    if rules.preset == Preset.PP:  # green: 100·(due − done·scale) < yellow·plan·scale
        least = (100 * due - rules.yellow * plan * scale) // (100 * scale) + 1
    else:
        share = 100 - rules.yellow if rules.preset == Preset.SHORTFALL else rules.yellow
        least = -(-due * share // (100 * scale))
    return Decimal(least if rules.preset == Preset.MONTHLY80 else min(least, plan)) / YUAN_PER_WAN
