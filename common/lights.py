"""The five lights and how they compare (decisions §1). What makes a light red is said on the floors above."""

from django.db.models import CharField, Field, Func, IntegerField, TextChoices
from django.db.models.expressions import Combinable
from django.db.models.functions import Greatest


class Light(TextChoices):
    """A computed state. Colour is never the only sign: the word is always printed."""

    RED = "red", "红灯"
    YELLOW = "yellow", "黄灯"
    GREEN = "green", "正常"
    BLUE = "blue", "已完成"
    GRAY = "gray", "不评"


SEVERITY = {Light.GRAY: 0, Light.BLUE: 1, Light.GREEN: 2, Light.YELLOW: 3, Light.RED: 4}
WARNING = (Light.RED, Light.YELLOW)


class _Translated(Func):
    """SQL: `CASE x WHEN … THEN … ELSE … END`, which mentions (and computes) x once however many the branches."""

    def __init__(
        self, expression: str | Combinable, branches: dict[str, str], default: str, output_field: Field
    ) -> None:
        whens = " ".join(f"WHEN {key} THEN {value}" for key, value in branches.items())
        template = f"CASE %(expressions)s {whens} ELSE {default} END"
        super().__init__(expression, template=template, output_field=output_field)


def severity_of(annotation: str | Combinable) -> Combinable:
    """SQL: the severity (0–4) of an annotated light, for sorting and comparing."""
    ranks = {f"'{light.value}'": str(rank) for light, rank in SEVERITY.items() if rank}
    return _Translated(annotation, ranks, "0", IntegerField())


def worst_of(*annotations: str) -> Combinable:
    """SQL: the most severe of several annotated lights; gray does not compete (handbook §3.3)."""
    ranks = [severity_of(name) for name in annotations]
    worst = Greatest(*ranks) if len(ranks) > 1 else ranks[0]
    lights = {str(rank): f"'{light.value}'" for light, rank in SEVERITY.items() if rank}
    return _Translated(worst, lights, f"'{Light.GRAY.value}'", CharField())
