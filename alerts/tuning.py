"""How the rules are set: which are on, with which numbers, since when. Versions stay (common.RuleSet, handbook §11).

A scan of a date reads the version then in force, so history is judged by the rules of its time.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from alerts.rules import BY_CODE, LADDER, Parameter, Rule
from common.models import RuleSet

PREFIX = "alert."
LADDER_CODE = "ladder"


@dataclass(frozen=True, slots=True)
class Setting:
    """A rule as it is set: `version` 0 is the delivered state. `values` has a number for every parameter."""

    version: int
    is_on: bool
    values: dict[str, int]


def parameters_of(code: str) -> tuple[Parameter, ...]:
    """What may be tuned of a rule, or of the ladder that several climb. Raises KeyError for an unknown code."""
    return LADDER if code == LADDER_CODE else BY_CODE[code].parameters


def in_force(today: date) -> dict[str, Setting]:
    """The ladder and every rule by code, as set on `today`: one query."""
    saved: dict[str, RuleSet] = {}
    for row in RuleSet.objects.filter(code__startswith=PREFIX, effective_from__lte=today).order_by("version"):
        saved[row.code.removeprefix(PREFIX)] = row
    return {code: _setting(code, saved.get(code)) for code in (LADDER_CODE, *BY_CODE)}


def values_for(rule: Rule, settings: Mapping[str, Setting]) -> dict[str, int]:
    """The numbers a rule reads: its own, and the ladder's where it climbs."""
    ladder = settings[LADDER_CODE].values if rule.has_ladder else {}
    return ladder | settings[rule.code].values


def history(code: str) -> list[RuleSet]:
    """Saved versions, latest first."""
    return list(RuleSet.objects.filter(code=PREFIX + code).order_by("-version"))


def as_saved(is_on: bool, values: Mapping[str, int]) -> dict[str, Any]:
    """What a version keeps."""
    return {"on": is_on, **values}


def _setting(code: str, row: RuleSet | None) -> Setting:
    kept = row.values if row else {}
    values = {one.name: int(kept.get(one.name, one.default)) for one in parameters_of(code)}
    return Setting(row.version if row else 0, bool(kept.get("on", True)), values)
