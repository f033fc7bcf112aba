"""The five lights and how they compare (decisions §1). What makes a light red is said on the floors above."""

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
WARNING = (Light.RED, Light.YELLOW)


def severity_of(annotation: str) -> Case:
    """SQL: the severity (0–4) of an annotated light, for sorting and comparing."""
    return Case(
        *[When(**{annotation: light.value}, then=Value(rank)) for light, rank in SEVERITY.items()],
        default=Value(0),
        output_field=IntegerField(),
    )


def worst_of(*annotations: str) -> Case:
    """SQL: the most severe of several annotated lights; gray does not compete (handbook §3.3)."""
    ranks = [severity_of(name) for name in annotations]
    rank = Greatest(*ranks) if len(ranks) > 1 else ranks[0]
    return Case(
        *[When(GreaterThanOrEqual(rank, severity), then=Value(light.value)) for severity, light in _from_worst()],
        default=Value(Light.GRAY.value),
    )


def _from_worst() -> list[tuple[int, Light]]:
    return sorted(((rank, light) for light, rank in SEVERITY.items() if rank), reverse=True)
