"""告知本人: a duty given to somebody, somebody mentioned. Told at once, never about one's own act (ux N2, N7)."""

import re
from collections import defaultdict
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta

from django.db.models import F
from django.urls import reverse

from accounts.choices import Role
from accounts.models import Membership, User
from alerts.choices import Audience, Level, Severity
from alerts.rules.base import Finding, Rule, Tuning, always
from common.clock import SHANGHAI
from projects.choices import Status
from projects.models import Assignment, JournalEntry

DAYS = 7  # afterwards it is no news any more
NAMES = re.compile(r"@([\u4e00-\u9fff·]{2,8})")
EVERYWHERE = (Role.ADMIN, Role.LEADER, Role.REVIEWER, Role.SUPERVISOR)  # who may be mentioned on any project


def find_duties(today: date, tuning: Tuning) -> Iterator[Finding]:
    """Duties given to people by others within the last days."""
    recent = Assignment.objects.in_force(today).filter(
        starts_on__gte=today - timedelta(days=DAYS), user__isnull=False, project__status=Status.NORMAL
    )
    given = recent.filter(assigned_by__isnull=False).exclude(assigned_by=F("user")).select_related("project")
    for term in given.order_by("pk"):
        yield Finding(
            subject=f"assignment:{term.pk}",
            project_id=term.project_id,
            unit_id=term.project.lead_unit_id,
            person_id=term.user_id,
            severity=Severity.YELLOW,
            level=Level.REMIND,
            title=term.project.name,
            detail=f"您自 {term.starts_on} 起担任该项目的{term.get_duty_display()}",
            path=reverse("projects:project_detail", args=[term.project_id]),
            window="new",
        )


def find_mentions(today: date, tuning: Tuning) -> Iterator[Finding]:
    """People named with @ in the journals of the last days, who have to do with the project."""
    since = datetime.combine(today - timedelta(days=DAYS), time.min, tzinfo=SHANGHAI)
    entries = JournalEntry.objects.filter(text__contains="@", at__gte=since).select_related("project", "by")
    written = [(entry, name) for entry in entries for name in NAMES.findall(entry.text)]
    if not written:
        return
    people = _people({name[:n] for _, name in written for n in range(2, len(name) + 1)})
    concerned = _concerned({user.pk for named in people.values() for user in named}, today)
    for entry, name in written:
        for user in _named(name, people):
            near = entry.project_id in concerned[user.pk] or user.unit_id == entry.project.lead_unit_id
            if user.pk == entry.by_id or not (near or None in concerned[user.pk]):
                continue
            yield Finding(
                subject=f"mention:{entry.pk}:{user.pk}",
                project_id=entry.project_id,
                unit_id=entry.project.lead_unit_id,
                person_id=user.pk,
                severity=Severity.YELLOW,
                level=Level.REMIND,
                title=entry.project.name,
                detail=f"{entry.by.full_name}在工作日志中提到您：{entry.text}"[:300],
                path=reverse("projects:project_trail", args=[entry.project_id]),
                window="said",
            )


def _people(names: set[str]) -> dict[str, list[User]]:
    people = defaultdict(list)
    for user in User.objects.filter(full_name__in=names, is_active=True).order_by("pk"):
        people[user.full_name].append(user)
    return people


def _named(text: str, people: dict[str, list[User]]) -> list[User]:
    """Whom "@王小明请核对" means: the longest beginning that is somebody's name."""
    return next((people[text[:n]] for n in range(len(text), 1, -1) if text[:n] in people), [])


def _concerned(users: set[int], today: date) -> dict[int, set[int | None]]:
    """user → projects on which he or she has a duty; None stands for all of them."""
    near: dict[int, set[int | None]] = defaultdict(set)
    for user, project in Assignment.objects.in_force(today).filter(user__in=users).values_list("user", "project"):
        near[user].add(project)
    for user in (
        Membership.objects.in_force(today).filter(user__in=users, role__in=EVERYWHERE).values_list("user", flat=True)
    ):
        near[user].add(None)
    return near


def _over(subjects: list[str], today: date) -> dict[str, str]:
    return dict.fromkeys(subjects, "已告知本人")


NEW_DUTY = Rule(
    code="new_duty",
    name="新的职责",
    section="新的职责",
    explanation="被他人指定为责任人、管家、包联领导或专班成员，七天内告知本人一次。",
    find=find_duties,
    cleared=_over,
    told=always(Audience.PERSON),
    duty=False,
    prompt=True,
)
MENTION = Rule(
    code="mention",
    name="提到我",
    section="提到我",
    explanation="项目工作日志中写“@姓名”，告知本人一次；只限与项目有关的人。",
    find=find_mentions,
    cleared=_over,
    told=always(Audience.PERSON),
    prompt=True,
)
