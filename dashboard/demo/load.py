"""Loading the demo district, and taking it away again."""

from random import Random

from django.db import transaction
from django.db.models import ProtectedError, Q

from accounts.actions import delegate
from accounts.models import AuditEntry, StoredFile, Unit, User
from alerts.actions import acknowledge, scan, urge
from alerts.choices import Level
from alerts.models import Alert, Mail
from common import clock
from common.db import holders
from common.errors import DomainError
from dashboard.demo import SEED
from dashboard.demo.cast import UNITS, build_cast
from dashboard.demo.catalogue import CATALOGUE
from dashboard.demo.funds import ask_for_funds
from dashboard.demo.lights import catch_up, keep_lights
from dashboard.demo.output import tell_outputs
from dashboard.demo.reserve import hold_meetings
from dashboard.demo.story import Life
from dashboard.demo.targets import set_targets
from dashboard.demo.timeline import Timeline
from ingest.models import ImportBatch
from investment.models import FundProgramme
from projects.models import (
    CorrectionRequest,
    Project,
    ProjectRelation,
    ReserveBatch,
    ReserveProposal,
    StageChange,
    StageRequest,
)

URGENT = "区长在月度调度会上点名，要求一周内办结。"
MEASURE = "已约谈参建单位，增加一个作业班组，每周五报送进度。"


@transaction.atomic
def load() -> int:
    """Build units and people, then let every project live through its past up to now. Returns how many projects.

    Needs the reference data. Raises DomainError when a unit of the demo is there already.
    """
    rng = Random(SEED)  # noqa: S311 - invented data
    timeline = Timeline(clock.now(), rng)
    cast = build_cast()
    for number, entry in enumerate(CATALOGUE):
        Life(entry, number, cast, timeline, Random(f"{SEED}-{number}")).plan()  # noqa: S311
    keep_lights(timeline)
    timeline.play()
    hold_meetings(cast, timeline)
    tell_outputs(cast, timeline)
    set_targets(cast, timeline)
    catch_up(timeline, cast)
    ask_for_funds(cast, timeline, rng)
    scan(timeline.today)
    climbing = Alert.objects.open().filter(rule="node_overdue", level__in=[Level.SUPERVISE, Level.INTERVIEW])
    if urgent := climbing.order_by("level", "-pk").first():
        urge(alert=urgent, level=urgent.level + 1, note=URGENT, by=cast.people["supervisor"], today=timeline.today)
    away = timeline.calendar.add(timeline.today, 8), timeline.calendar.add(timeline.today, 12)
    delegate(
        user=cast.people["steward3"],
        delegate=cast.people["steward2"],
        starts_on=away[0],
        ends_on=away[1],
        reason="参加省级项目管理培训",
        today=timeline.today,
    )
    for alert in Alert.objects.open().filter(level__gte=Level.SUPERVISE).order_by("pk")[:2]:
        promised = timeline.calendar.add(timeline.today, 6)
        acknowledge(alert=alert, by=cast.people["steward"], measure=MEASURE, promised_on=promised, today=timeline.today)
    return Project.objects.count()


@transaction.atomic
def purge() -> tuple[int, int]:
    """Delete the demo: its accounts and units, their projects, files, mails and trail. Returns (projects, accounts).

    Raises DomainError when something real hangs on it: nothing is deleted then.
    """
    people = User.objects.filter(is_demo=True)
    units = Unit.objects.filter(name__in=[name for _, name, *_ in UNITS])
    projects = Project.objects.filter(lead_unit__in=units)
    if not people.exists():
        raise DomainError("这里没有演示数据。")
    if Project.objects.filter(created_by__in=people).exclude(pk__in=projects).exists():
        raise DomainError("演示账号登记过演示以外的项目，没有删除任何内容。")
    counts = projects.count(), people.count()
    keys = list(projects.values_list("pk", flat=True))
    files = StoredFile.objects.filter(uploaded_by__in=people)
    paths = [(stored.file.storage, stored.file.name) for stored in files]
    try:
        ImportBatch.objects.filter(created_by__in=people).delete()
        for model in (StageChange, StageRequest, CorrectionRequest):
            model.objects.filter(project__in=projects).delete()
        ProjectRelation.objects.filter(Q(source__in=projects) | Q(target__in=projects)).delete()
        batches = list(ReserveBatch.objects.filter(proposals__project__in=projects).values_list("pk", flat=True))
        ReserveProposal.objects.filter(project__in=projects).delete()
        ReserveBatch.objects.filter(pk__in=batches, proposals=None).delete()
        projects.delete()
        Alert.objects.filter(project=None, notices__recipient__in=people).delete()
        FundProgramme.objects.filter(applications=None).delete()
        Mail.objects.filter(recipient__in=people).delete()
        AuditEntry.objects.filter(Q(actor__in=people) | Q(kind="project", object_id__in=keys)).delete()
        files.delete()
        people.delete()
        for unit in units.order_by("-path"):
            unit.delete()
    except ProtectedError as error:
        kept = holders(error)
        raise DomainError(f"演示账号或单位已用于演示以外的数据（{kept}），没有删除任何内容。") from error
    transaction.on_commit(lambda: [storage.delete(name) for storage, name in paths])
    return counts
