"""人: duties that nobody holds, people who hold too many, names without an account (handbook §6.1, features §28)."""

from collections.abc import Iterator
from datetime import date

from django.db.models import Count
from django.urls import reverse

from alerts.choices import Audience, Level, Severity
from alerts.rules import projects
from alerts.rules.base import Finding, Parameter, Rule, Tuning, always, key_of
from projects.choices import Duty
from projects.models import Assignment, Project

NEEDED = (Duty.OFFICIAL, Duty.STEWARD, Duty.LEADER)
LOADED = (Duty.STEWARD, Duty.LEADER)


def find_missing(today: date, tuning: Tuning) -> Iterator[Finding]:
    """Running projects without official, steward or leader."""
    for duty in NEEDED:
        for about, _ in projects.read(Project.objects.running().lacking(duty, today)):
            path = reverse("projects:project_people", args=[about["project_id"]])
            yield Finding(
                subject=f"people:{about['project_id']}:{duty}",
                severity=Severity.YELLOW,
                level=Level.REMIND,
                detail=f"没有{duty.label}",
                window=duty,
                **about | {"path": path},
            )


def _found(project: Project, subject: str) -> str:
    return f"已明确{Duty(subject.split(':')[2]).label}，或项目已竣工"


def find_overload(today: date, tuning: Tuning) -> Iterator[Finding]:
    """People who answer for more projects than the limit of their duty."""
    for duty in LOADED:
        people = Assignment.objects.in_force(today).overloaded(duty, tuning[duty])
        for user_id, name, count in people:
            yield Finding(
                subject=f"load:{user_id}:{duty}",
                person_id=user_id,
                severity=Severity.YELLOW,
                level=Level.REMIND,
                title=f"{name}（{duty.label}）",
                detail=f"负责 {count} 个在管项目，超过上限 {tuning[duty]} 个",
                path=f"{reverse('projects:project_list')}?q={name}",
                window="load",
                facts={"count": count},
            )


def _eased(subjects: list[str], today: date) -> dict[str, str]:
    people = Assignment.objects.in_force(today).filter(user__in=[key_of(subject) for subject in subjects])
    counts = dict(people.order_by().values_list("user").annotate(n=Count("project", distinct=True)))
    return {subject: f"现负责 {counts.get(key_of(subject), 0)} 个项目，已不超过上限" for subject in subjects}


def find_nameless(today: date, tuning: Tuning) -> Iterator[Finding]:
    """Bare names that answer for projects: no mail can reach them."""
    names = Assignment.objects.in_force(today).unreachable().exclude(name="").order_by()
    for name, count in names.values_list("name").annotate(n=Count("project", distinct=True)):
        yield Finding(
            subject=f"name:{name}",
            severity=Severity.YELLOW,
            level=Level.REMIND,
            title=f"{name}（没有账号）",
            detail=f"是 {count} 个项目的责任人员，没有账号，收不到提醒",
            path=f"{reverse('projects:project_list')}?q={name}",
            window="name",
            facts={"count": count},
        )


PEOPLE_MISSING = Rule(
    code="people_missing",
    name="缺责任人员",
    section="缺责任人员",
    explanation="开工、建设阶段的项目没有责任人、项目管家或包联领导。",
    find=find_missing,
    cleared=projects.cleared(_found),
    told=always(Audience.UNIT, Audience.BUREAU),
)
OVERLOADED = Rule(
    code="overloaded",
    name="负责项目过多",
    section="负责项目过多",
    explanation="一名项目管家或包联领导负责的在管项目超过上限。",
    find=find_overload,
    cleared=_eased,
    told=always(Audience.BUREAU),
    parameters=(
        Parameter(Duty.STEWARD.value, "项目管家上限", 8, "个项目", least=1),
        Parameter(Duty.LEADER.value, "包联领导上限", 20, "个项目", least=1),
    ),
)
NAMELESS = Rule(
    code="nameless",
    name="责任人员没有账号",
    section="责任人员没有账号",
    explanation="导入名单中的责任人员只有姓名、没有账号，收不到任何提醒。",
    find=find_nameless,
    cleared=lambda subjects, today: dict.fromkeys(subjects, "已有账号，或不再负责项目"),
    told=always(Audience.BUREAU),
)
