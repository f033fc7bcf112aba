"""What upper floors want to do when a person was saved. They register at start-up (AppConfig.ready).

A hook is called as `hook(user=…, by=…)` inside the action's transaction and returns how many records it changed.
"""

from collections.abc import Callable

from accounts.models import User

on_user_saved: list[Callable[..., int]] = []


def user_saved(user: User, by: User | None) -> int:
    """Run the hooks; the sum of what they changed."""
    return sum(hook(user=user, by=by) for hook in on_user_saved)
