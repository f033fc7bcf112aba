"""Reads shaped for the page of one's own settings."""

from typing import Any

from accounts.models import User
from alerts.models import Preference
from alerts.rules import RULES, Rule


def preference(user: User) -> dict[str, Any]:
    """The settings as the form opens with them: those saved, else the delivered ones."""
    row = Preference.objects.filter(user=user).first() or Preference(user=user)
    wanted = [rule.code for rule in RULES if not rule.duty and rule.code not in row.muted]
    return {
        "mail_hour": row.mail_hour,
        "wants_instant": row.wants_instant,
        "wanted": wanted,
        "push_address": row.push_address,
        "version": row.version,
    }


def duty_rules() -> list[Rule]:
    """What nobody can switch off."""
    return [rule for rule in RULES if rule.duty]
