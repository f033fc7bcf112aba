"""Every URL declares its policy; the middleware enforces it; a URL without one is refused (and fails a test)."""

from collections.abc import Callable
from dataclasses import dataclass

from accounts.roles import Can


@dataclass(frozen=True)
class Policy:
    """Who may call a view at all: anybody (`public`), anyone logged in, or holders of a capability."""

    capability: Can | None = None
    public: bool = False


PUBLIC = Policy(public=True)
LOGGED_IN = Policy()


def access(policy: Policy | Can) -> Callable:
    """Declare a view's policy: `@access(Can.VIEW_PROJECTS)`, `@access(LOGGED_IN)`, `@access(PUBLIC)`."""

    def declare(view: Callable) -> Callable:
        view.policy = policy if isinstance(policy, Policy) else Policy(capability=policy)
        if view.policy.public:
            view.login_required = False
        return view

    return declare
