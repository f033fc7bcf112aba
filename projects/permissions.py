"""May this person do that to this project? (403 where the project is visible; invisible ones are 404.)"""

from accounts.choices import Role
from accounts.models import User
from accounts.roles import Can
from common.errors import NotAllowed
from projects.lifecycle import Edge
from projects.models import Project


def may(user: User, project: Project, capability: Can) -> bool:
    """Whether the person may use `capability` on this project."""
    return user.may(capability) and Project.objects.editable_by(user, capability).filter(pk=project.pk).exists()


def of_bureau(user: User) -> bool:
    """Whether the person acts for the bureau: starts its moves, runs the reserve library, decides on corrections
    (handbook §1.2)."""
    return user.has_role(Role.ADMIN, Role.REVIEWER)


def may_request(user: User, project: Project, edge: Edge) -> bool:
    """Whether the person may ask for this move (handbook §1.2: 发起)."""
    if edge.by_bureau:
        return of_bureau(user)
    return may(user, project, Can.REQUEST_STAGE)


def may_move(user: User, project: Project) -> bool:
    """Whether the person may ask for any move of the project."""
    return of_bureau(user) or may(user, project, Can.REQUEST_STAGE)


def may_decide(user: User, edge: Edge) -> bool:
    """Whether the person's role decides on this move (handbook §1.2: 审核)."""
    return user.may(Can.APPROVE_STAGE) and user.has_role(*edge.approvers)


def require(allowed: bool, message: str = "您可以查看这个项目，但没有权限做这项操作。") -> None:
    """Raise NotAllowed unless `allowed`."""
    if not allowed:
        raise NotAllowed(message)
