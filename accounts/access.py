"""Every URL declares its policy; the middleware enforces it; a URL without one is refused (and fails a test)."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from accounts.roles import Can


@dataclass(frozen=True)
class Policy:
    """Who may call a view at all: anybody (`public`), anyone logged in, or holders of a capability."""

    capability: Can | None = None
    public: bool = False
    others: tuple[Can, ...] = ()  # each of them opens the view as well

    def admits(self, user: Any) -> bool:
        """Whether somebody who is logged in may call the view."""
        return self.capability is None or any(user.may(can) for can in (self.capability, *self.others))


PUBLIC = Policy(public=True)
LOGGED_IN = Policy()


def access(policy: Policy | Can, *others: Can) -> Callable:
    """Declare a view's policy: `@access(Can.VIEW_PROJECTS)`, `@access(LOGGED_IN)`, `@access(PUBLIC)`.

    Of several capabilities each opens it."""

    def declare(view: Callable) -> Callable:
        view.policy = policy if isinstance(policy, Policy) else Policy(capability=policy, others=others)
        if view.policy.public:
            view.login_required = False
        return view

    return declare
