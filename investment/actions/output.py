"""Writing what a project brings."""

from decimal import Decimal

from django.db import IntegrityError, transaction

from accounts import audit
from accounts.models import User
from common import clock
from common.db import save_versioned
from common.errors import DomainError, StaleVersion
from investment.models import YearlyOutput
from projects.choices import Stage
from projects.models import Project


@transaction.atomic
def report_output(
    *,
    project: Project,
    year: int,
    by: User | None,
    revenue: Decimal | None = None,
    tax: Decimal | None = None,
    jobs: int | None = None,
    capacity_percent: Decimal | None = None,
    note: str = "",
    version: int = 0,
) -> YearlyOutput:
    """Set the figures of a year (万元, persons). `version` 0 means that the person saw none. Unknown stays None.

    Raises DomainError before 投产, StaleVersion when somebody else told them meanwhile.
    """
    if project.stage != Stage.PRODUCTION:
        raise DomainError("项目投产后才填报效益。")
    began = project.production_date
    if began and year < began.year:
        raise DomainError(f"项目 {began.year} 年投产，没有 {year} 年的效益。")
    if year > clock.today().year:
        raise DomainError(f"{year} 年还没有到。")
    if revenue is None and tax is None and jobs is None and capacity_percent is None:
        raise DomainError("请至少填写产值、税收、就业、达产率中的一项。")
    values = {"revenue": revenue, "tax": tax, "jobs": jobs, "capacity_percent": capacity_percent, "note": note}
    stamp = {"reported_by": by, "reported_at": clock.now()}
    row = YearlyOutput.objects.filter(project=project, year=year).first()
    trail = audit.difference(row or YearlyOutput(project=project, year=year), values)
    if row is None:
        try:
            with transaction.atomic():
                row = YearlyOutput.objects.create(project=project, year=year, **values, **stamp)
        except IntegrityError as error:
            raise StaleVersion(project) from error
    else:
        save_versioned(row, version=version, **values, **stamp)
    audit.record(by=by, action=f"填报{year}年效益", subject=project, changes=trail)
    return row
