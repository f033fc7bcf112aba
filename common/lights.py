"""The five lights and how they compare (decisions §1). What makes a light red is said on the floors above."""

from collections.abc import Iterable

from django.db.models import Case, IntegerField, TextChoices, Value, When
from django.db.models.functions import Greatest
from django.db.models.lookups import GreaterThanOrEqual


class Light(TextChoices):
    """A computed state. Colour is never the only sign: the word is always printed."""

    RED = "red", "红灯"
    YELLOW = "yellow", "黄灯"
    GREEN = "green", "正常"
    BLUE = "blue", "已完成"
    GRAY = "gray", "不评"


SEVERITY = {Light.GRAY: 0, Light.BLUE: 1, Light.GREEN: 2, Light.YELLOW: 3, Light.RED: 4}
LIGHT_OF_SEVERITY = {severity: light for light, severity in SEVERITY.items()}
WARNING = (Light.RED, Light.YELLOW)


def worst(lights: Iterable[str], *, suspended: bool = False) -> Light:
    """The overall light: the most severe; gray does not compete; a suspended project is gray (handbook §3.3)."""
    if suspended:
        return Light.GRAY
    return LIGHT_OF_SEVERITY[max((SEVERITY[Light(light)] for light in lights), default=0)]


def severity_of(annotation: str) -> Case:
    """SQL: the severity (0–4) of an annotated light, for sorting and comparing."""
    return Case(
        *[When(**{annotation: light.value}, then=Value(rank)) for light, rank in SEVERITY.items()],
        default=Value(0),
        output_field=IntegerField(),
    )


def worst_of(*annotations: str) -> Case:
    """SQL: the worst of several annotated lights, as `worst` says it for one project."""
    ranks = [severity_of(name) for name in annotations]
    rank = Greatest(*ranks) if len(ranks) > 1 else ranks[0]
    return Case(
        *[When(GreaterThanOrEqual(rank, severity), then=Value(light.value)) for severity, light in _from_worst()],
        default=Value(Light.GRAY.value),
    )


def _from_worst() -> list[tuple[int, Light]]:
    return sorted(((rank, light) for light, rank in SEVERITY.items() if rank), reverse=True)
