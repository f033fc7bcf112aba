"""What a person wants by mail."""

from django.conf import settings
from django.db import transaction

from accounts import audit
from accounts.models import User
from alerts import channels
from alerts.models import Preference
from alerts.rules import RULES
from common.db import save_versioned
from common.errors import DomainError

OPTIONAL = tuple(rule for rule in RULES if not rule.duty)


@transaction.atomic
def set_preference(
    *,
    user: User,
    mail_hour: int | None,
    wants_instant: bool,
    muted: list[str],
    version: int,
    push_address: str = "",
) -> Preference:
    """Save a person's own settings. Raises DomainError for a duty alert, StaleVersion when saved elsewhere."""
    if refused := set(muted) - {rule.code for rule in OPTIONAL}:
        raise DomainError(f"岗位职责提醒不能关闭：{'、'.join(sorted(refused))}。")
    if push_address and not channels.push_allowed(push_address):
        raise DomainError(f"推送地址须以 {'、'.join(f'{one}://' for one in settings.PUSH_SCHEMES)} 开头。")
    wanted = {
        "push_address": push_address,
        "mail_hour": mail_hour,
        "wants_instant": wants_instant,
        "muted": sorted(muted),
    }
    preference, _ = Preference.objects.get_or_create(user=user)
    trail = audit.difference(preference, wanted)
    if trail:
        preference = save_versioned(preference, version=version, **wanted)
        audit.record(by=user, action="调整提醒设置", subject=preference, changes=trail)
    return preference
