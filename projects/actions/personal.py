"""What a person keeps for himself or herself: saved views of the list, its columns, projects followed. Not audited."""

from django.db import transaction

from accounts.models import Follow, SavedView, User
from common.errors import DomainError
from projects.models import Project

MODULE = "projects"
COLUMNS = "projects.columns"  # one row per person: the columns of the list, in their order
MOST_VIEWS = 20
FOLLOW_KIND = "project"


@transaction.atomic
def save_view(*, owner: User, name: str, query: str) -> SavedView:
    """Keep a query string of the list under a name; the same name again replaces what it held.

    Raises DomainError for an empty or long name, a query that is too long, or too many views.
    """
    name = " ".join(name.split())
    if not name or len(name) > SavedView._meta.get_field("name").max_length:
        raise DomainError("视图名称请填写 1 到 30 个字。")
    if len(query) > SavedView._meta.get_field("query").max_length:
        raise DomainError("筛选条件太多，无法保存为视图，请减少几个条件。")
    kept = SavedView.objects.filter(owner=owner, module=MODULE)
    if not kept.filter(name=name).exists() and kept.count() >= MOST_VIEWS:
        raise DomainError(f"每人最多保存 {MOST_VIEWS} 个视图，请先删除不用的。")
    view, _ = SavedView.objects.update_or_create(owner=owner, module=MODULE, name=name, defaults={"query": query})
    return view


def delete_view(*, owner: User, view: SavedView) -> None:
    """Forget a saved view of one's own."""
    SavedView.objects.filter(owner=owner, pk=view.pk).delete()


def choose_columns(*, owner: User, codes: list[str]) -> None:
    """Remember which columns the list shows, in which order; none means those of the house."""
    if not codes:
        SavedView.objects.filter(owner=owner, module=COLUMNS).delete()
        return
    SavedView.objects.update_or_create(owner=owner, module=COLUMNS, name="列", defaults={"query": " ".join(codes)})


def follow(*, user: User, project: Project, on: bool) -> None:
    """Begin or stop following a project."""
    if on:
        Follow.objects.get_or_create(user=user, kind=FOLLOW_KIND, object_id=project.pk)
    else:
        Follow.objects.filter(user=user, kind=FOLLOW_KIND, object_id=project.pk).delete()
