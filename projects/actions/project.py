"""Registering and editing projects."""

from datetime import date
from typing import Any

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models.functions import Length

from accounts import audit
from accounts.models import User
from common import clock
from common.codes import validate_project_code
from common.db import save_versioned
from common.errors import DomainError
from common.text import name_key, pinyin_index
from projects.actions.nodes import sync_nodes
from projects.actions.people import assign
from projects.choices import Duty, Stage, Status
from projects.models import Project, StageChange

DATED = ("planned_start", "planned_completion", "planned_production")
BASELINES = {
    "planned_start_to": "baseline_start_to",
    "planned_completion_to": "baseline_completion_to",
    "planned_production_to": "baseline_production_to",
}
UNTOLD = {"name_key", "name_search"} | {f"{name}_{part}" for name in DATED for part in ("from", "precision")}
"""Columns that follow from others: the trail does not repeat them."""


@transaction.atomic
def register_project(
    *,
    by: User | None,
    lead_unit,
    name: str,
    stage: str = Stage.PLANNING,
    status: str = Status.NORMAL,
    number: str = "",
    since: date | None = None,
    note: str = "",
    **fields: Any,
) -> Project:
    """A new project. `stage` other than 谋划 is for the first load from a list: it is recorded as a baseline change.

    Money in 万元; planned dates as *_from/_to/_precision. Raises DomainError for a bad or taken project code.
    """
    co_units = fields.pop("co_units", ())
    project = prepare(
        by=by, lead_unit=lead_unit, stage=stage, since=since, number=number, status=status, name=name, **fields
    )
    now, since = project.created_at, project.stage_since
    _insert_with_number(project, now.year)
    project.co_units.set(co_units)
    StageChange.objects.create(
        project=project, edge="baseline", after=project.state, on=since, at=now, by=by, note=note or "登记"
    )
    assign(project=project, duty=Duty.LEAD_UNIT, unit=lead_unit, starts_on=since, by=by)
    sync_nodes(project)
    audit.record(by=by, action="登记项目", subject=project, reason=note)
    return project


def prepare(
    *, by: User | None, lead_unit, name: str, stage: str, since: date | None, number: str = "", **fields: Any
) -> Project:
    """A project not yet inserted, with everything that follows from its fields and its first stage."""
    now = clock.now()
    since = since or now.date()
    fields = derived_fields(name=name, **fields)
    for planned, baseline in BASELINES.items():
        fields[baseline] = fields.get(planned)
    project = Project(
        lead_unit=lead_unit,
        stage=stage,
        first_stage=stage,
        stage_since=since,
        number=number,
        created_at=now,
        updated_at=now,
        created_by=by,
        **fields,
    )
    project.planned_at = project.planned_at or (since if stage == Stage.PLANNING else None)
    if stage in (Stage.COMMENCED, Stage.CONSTRUCTION) and not project.reporting_since:
        project.reporting_since = since.replace(day=1)
    return project


@transaction.atomic
def edit_project(*, project: Project, by: User | None, version: int, reason: str = "", **changes: Any) -> Project:
    """Change fields of a project. Moving a planned date that had a value needs a reason (ux P3).

    Raises StaleVersion when somebody saved in between, DomainError for a bad code or a missing reason.
    """
    moved = [f for f in BASELINES if f in changes and getattr(project, f) and getattr(project, f) != changes[f]]
    if moved and not reason.strip():
        labels = "、".join(str(Project._meta.get_field(f).verbose_name) for f in moved)
        raise DomainError(f"调整“{labels}”须填写理由。")
    for planned, baseline in BASELINES.items():
        if changes.get(planned) and getattr(project, baseline) is None:
            changes[baseline] = changes[planned]
    if "name" in changes and changes["name"] != project.name:
        names = [project.name, *filter(None, project.former_names.split("；"))]
        changes["former_names"] = "；".join(dict.fromkeys(names))[:400]
    if project.status not in (Status.NORMAL, Status.SUSPENDED):
        raise DomainError(f"项目已{project.get_status_display()}，信息不再修改；登记有误的请提交更正单。")
    changes = derived_fields(**changes)
    co_units = changes.pop("co_units", None)
    lead_unit = changes.get("lead_unit")
    trail = audit.difference(project, {name: value for name, value in changes.items() if name not in UNTOLD})
    if co_units is not None:
        before, after = ("、".join(unit.label for unit in units) for units in (project.co_units.all(), co_units))
        trail |= {"协办单位": [before, after]} if before != after else {}
    with code_taken():
        save_versioned(project, version=version, **changes)
    if co_units is not None:
        project.co_units.set(co_units)
    if lead_unit:
        assign(project=project, duty=Duty.LEAD_UNIT, unit=lead_unit, starts_on=clock.today(), by=by)
    sync_nodes(project)
    audit.record(by=by, action="修改项目", subject=project, changes=trail, reason=reason)
    return project


def derived_fields(**fields: Any) -> dict[str, Any]:
    """`fields` with what follows from them: the search keys of the name, the normalised project code."""
    if name := fields.get("name"):
        fields["name"] = name = " ".join(name.split())
        fields["name_key"] = name_key(name)[:200]
        fields["name_search"] = " ".join(pinyin_index(name))[:600]
    if code := fields.get("national_code"):
        checked = validate_project_code(code, clock.today(), allow_demo_region=settings.ALLOW_DEMO_REGION)
        fields["national_code"] = checked.normalized
    return fields


def _insert_with_number(project: Project, year: int) -> None:
    """Insert, giving the next free number of the year where none was given. The unique key decides races."""
    given = bool(project.number)
    for _ in range(20):
        if not given:
            project.number = next_number(year)
        try:
            with transaction.atomic(), code_taken():
                project.save(force_insert=True)
                return
        except IntegrityError:
            if given:
                raise DomainError(f"项目编号“{project.number}”已被使用，请换一个。") from None
    raise DomainError("系统繁忙，没有取到项目编号，请再试一次。")


def next_number(year: int) -> str:
    """The next number of a year: 2026-0042; after 2026-9999 comes 2026-10000. A foreign 2026-00042 does not count."""
    prefix = f"{year}-"
    numbers = Project.objects.filter(number__regex=rf"^{prefix}([0-9]{{4}}|[1-9][0-9]{{4,}})$").order_by(
        -Length("number"), "-number"
    )
    last = numbers.values_list("number", flat=True).first()
    return f"{prefix}{(int(last[5:]) if last else 0) + 1:04d}"


class code_taken:  # noqa: N801 - reads as a context
    """Turns the unique key of the project code into a sentence."""

    def __enter__(self) -> None:
        return None

    def __exit__(self, kind, error, trace) -> None:
        if isinstance(error, IntegrityError) and ("project_code_once" in str(error) or "national_code" in str(error)):
            raise DomainError("这个项目代码已被另一个项目使用。同一代码下的子项目请填写不同的子项目序号。") from error
