"""Test vectors: adapters that hand a vector's input to the product's own functions and querysets.

One module per floor, each with a dict RULES: name → function(input) → result. Adapters translate arguments and
nothing else. Rules in ON_ROWS create the rows they need; each of their calls runs in a transaction that is rolled back.
"""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.db import transaction

from dashboard.vectors import common, investment, lifecycle, money, progress, projects

Rule = Callable[[dict], Any]

PURE = (common, projects)
ON_ROWS = (lifecycle, investment, money, progress)


def registry() -> dict[str, Rule]:
    """Every rule the product can be asked about."""
    rules: dict[str, Rule] = {}
    for module in PURE:
        rules |= module.RULES
    for module in ON_ROWS:
        rules |= {name: _rolled_back(rule) for name, rule in module.RULES.items()}
    return rules


def _rolled_back(rule: Rule) -> Rule:
    @wraps(rule)
    def run(given: dict) -> Any:
        with transaction.atomic():
            result = rule(given)
            transaction.set_rollback(True)
        return result

    return run
