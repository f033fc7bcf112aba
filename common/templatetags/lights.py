"""Lights, stages and completion bars: shape, word and colour together; plain string formatting, cheap in loops."""

from decimal import ROUND_HALF_UP, Decimal

from django import template
from django.utils.html import conditional_escape, format_html
from django.utils.safestring import SafeString, mark_safe

from common.lights import Light

register = template.Library()
CSS = {Light.RED: "bad", Light.YELLOW: "warn", Light.GREEN: "good", Light.BLUE: "done", Light.GRAY: "idle"}
STAGES = {"planning": 1, "reserve": 2, "commenced": 3, "construction": 4, "production": 5}
STAGE_WORDS = {"planning": "谋划", "reserve": "储备", "commenced": "开工", "construction": "建设", "production": "投产"}
TENTH = Decimal("0.1")
LIGHT = (
    '<span class="light light--{0}{3}"{4}><svg class="light__mark" aria-hidden="true"><use href="#m-{0}"/></svg>'
    "<b>{1}</b></span>{2}"
)
SUB = '<span class="cell-sub">{}</span>'
NO_BAR = mark_safe(
    '<svg class="bar" aria-hidden="true"><rect class="bar__track" y="3" width="100%" height="8" rx="1"/></svg>'
)
BAR = (
    '<svg class="bar bar--{css}" role="img" aria-label="{words}">'
    '<rect class="bar__track" y="3" width="100%" height="8" rx="1"/>'
    '{gap}<rect class="bar__fill" y="3" width="{done}%" height="8" rx="1"/>{tick}</svg>'
)


@register.filter
def light_css(value: str) -> str:
    """bad|warn|good|done|idle for a Light value; unknown values are idle."""
    return CSS.get(value, "idle")


@register.simple_tag
def light(value: str, label: str = "", sub: str = "", *, large: bool = False, title: str = "") -> SafeString:
    """A status light: `label` is the word (default: the light's own), `sub` the reason below, `title` the full rule."""
    word = label or (Light(value).label if value in CSS else Light.GRAY.label)
    return format_html(
        LIGHT,
        light_css(value),
        word,
        format_html(SUB, sub) if sub else "",
        " light--l" if large else "",
        format_html(' title="{}"', title) if title else "",
    )


@register.simple_tag
def stage(value: str, label: str = "") -> SafeString:
    """A stage: its step of blue and always its name (default: 谋划 … 投产)."""
    return format_html(
        '<span class="stage stage--{}">{}</span>', STAGES.get(value, 1), label or STAGE_WORDS.get(value, value)
    )


@register.simple_tag
def bar(done: Decimal | None, due: Decimal | None = None, light: str = "green", words: str = "") -> SafeString:
    """The completion bar alone. `done` and `due` (时序) are percentages 0–100 (more is cut for drawing only)."""
    if done is None:
        return NO_BAR
    filled, target = _drawable(done), _drawable(due)
    gap = tick = ""
    if target is not None:
        if target > filled:
            gap = f'<rect class="bar__gap" y="3" x="{filled}%" width="{target - filled}%" height="8"/>'
        tick = f'<rect class="bar__tick" x="{min(target, Decimal(99))}%" width="2" height="14"/>'
    spoken = words or f"完成 {_shown(done)}" + (f"，时序 {_shown(due)}" if due is not None else "")
    return mark_safe(  # noqa: S308 (numbers are ours, the words are escaped)
        BAR.format(css=light_css(light), words=conditional_escape(spoken), gap=gap, done=filled, tick=tick)
    )


@register.simple_tag
def rate(done: Decimal | None, due: Decimal | None = None, light: str = "green", note: str = "") -> SafeString:
    """The bar with its number, as in lists: unknown shows —, never 0."""
    return format_html(
        '<div class="rate">{}<span class="rate__num">{}</span>{}</div>',
        bar(done, due, light),
        "—" if done is None else _shown(done),
        format_html('<span class="rate__note">{}</span>', note) if note else "",
    )


def _drawable(value: Decimal | float | None) -> Decimal | None:
    if value is None:
        return None
    return min(max(Decimal(value), Decimal(0)), Decimal(100)).quantize(TENTH, ROUND_HALF_UP)


def _shown(value: Decimal | float) -> str:
    return f"{Decimal(value).quantize(TENTH, ROUND_HALF_UP)}%"
