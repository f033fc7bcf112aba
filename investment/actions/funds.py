"""State funds: programmes, applications along their flow, amounts with papers (handbook §4.2)."""

from datetime import date
from decimal import Decimal
from itertools import pairwise
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import F, Min, Sum
from django_fsm import ConcurrentTransition, TransitionNotAllowed

from accounts import audit
from accounts.models import StoredFile, User
from common import clock
from common.db import save_versioned
from common.errors import DomainError, StaleVersion
from common.money import wan_column
from common.text import quoted
from investment.choices import LOST, AmountKind, FundKind, FundState
from investment.fund_checks import duplicates_of, over_request, unfit_reasons
from investment.models import FundAmount, FundApplication, FundProgramme, FundStep
from investment.papers import fund_gate
from projects.choices import Status
from projects.gates import read_gate
from projects.models import Project

CHAIN = list(AmountKind)
MOVES = {  # the first amount of a kind moves the application
    AmountKind.APPROVED: ("approve", FundState.REPORTED),
    AmountKind.ISSUED: ("issue", FundState.APPROVED),
    AmountKind.RECEIVED: ("receive", FundState.ISSUED),
    AmountKind.PAID: ("pay", FundState.RECEIVED),
    AmountKind.SPENT: ("spend", FundState.PAID),
}


@transaction.atomic
def save_programme(
    *, by: User | None, programme: FundProgramme | None = None, version: int | None = None, **values: Any
) -> FundProgramme:
    """Announce a programme, or change one. Raises DomainError for a second one of the same name, StaleVersion."""
    first, last = values.get("open_from"), values.get("deadline")
    if first and last and last < first:
        raise DomainError(f"截止日期 {last} 早于申报开始 {first}。")
    try:
        with transaction.atomic():
            if programme is None:
                programme, changes = FundProgramme.objects.create(**values), {"资金批次": ["", values["name"]]}
            else:
                changes = audit.difference(programme, values)
                save_versioned(programme, version=programme.version if version is None else version, **values)
    except IntegrityError:
        raise DomainError("这一年已有同类型、同名称的资金批次。") from None
    audit.record(by=by, action="资金批次", subject=programme, changes=changes)
    return programme


@transaction.atomic
def apply_for_fund(*, project: Project, programme: FundProgramme, by: User | None, **values: Any) -> FundApplication:
    """Prepare an application (储备). Nothing is asked for before it is submitted."""
    if project.status not in (Status.NORMAL, Status.SUSPENDED):
        raise DomainError(f"项目已{project.get_status_display()}，不能申报资金。")
    try:
        with transaction.atomic():
            application = FundApplication.objects.create(
                project=project, programme=programme, created_by=by, created_at=clock.now(), **values
            )
    except IntegrityError:
        raise DomainError(f"这个项目已经申报过{quoted(programme.name)}，请在原申报上修改。") from None
    _trail(application, "新建资金申报", by, {"申报金额（万元）": ["", application.applied]})
    return application


@transaction.atomic
def edit_application(
    *, application: FundApplication, by: User | None, version: int | None = None, **values: Any
) -> FundApplication:
    """Change what is asked, while the paper lies with the unit (submitted = frozen)."""
    if application.state not in (FundState.DRAFT, FundState.RETURNED):
        raise DomainError(f"申报现为“{application.get_state_display()}”，退回以后才能修改。")
    changes = audit.difference(application, values)
    save_versioned(application, version=application.version if version is None else version, **values)
    _trail(application, "修改资金申报", by, changes)
    return application


@transaction.atomic
def submit_application(
    *, application: FundApplication, by: User | None, today: date, note: str = "", version: int | None = None
) -> FundApplication:
    """Hand it in: conditions, papers, money and duplicates are checked, and what is asked becomes a row.

    Raises DomainError naming everything that stands in the way; StaleVersion.
    """
    application = _take(application, version)
    project, programme = application.project, application.programme
    if not FundProgramme.objects.open(today).filter(pk=programme.pk).exists():
        raise DomainError(f"{quoted(programme.name)}不在申报期内，现在不能申报。")
    faults = unfit_reasons(project, programme)
    missing = read_gate(project, fund_gate(programme.kind), today).missing
    if missing:
        faults.append(f"还缺 {len(missing)} 项材料：{'、'.join(item.demand.label for item in missing)}")
    if programme.kind == FundKind.CENTRAL_BUDGET and not (application.unit_person and application.regulator_person):
        faults.append("中央预算内投资须填写项目单位和监管部门两个责任人")
    if over := over_request(application):
        faults.append(over)
    if (twins := list(duplicates_of(application))) and not application.duplicate_note.strip():
        names = "".join(quoted(twin.programme.name) for twin in twins)
        faults.append(f"同一建设内容不得重复申报不同的中央资金，本项目已申报{names}，内容确不重复的请写明")
    if faults:
        raise DomainError("；".join(faults) + "。")
    _move(application, "submit")
    asked = application.applied - total_of_kind(application, AmountKind.ASKED)
    if asked:
        first = application.amounts.filter(kind=AmountKind.ASKED).order_by("pk").first()
        _row(application, AmountKind.ASKED, asked, today, by, note="调整申报金额" if first else "", corrects=first)
    return _log(application, "申报", today, by, note)


@transaction.atomic
def step_application(
    *,
    application: FundApplication,
    step: str,
    by: User | None,
    today: date,
    note: str = "",
    document_no: str = "",
    score: int | None = None,
    version: int | None = None,
) -> FundApplication:
    """One step without money: review, report, send_back, reject, evaluate, adjust, claw_back.

    Backward and final steps need a reason, those decided above a paper. Raises DomainError, StaleVersion.
    """
    label, needs = STEP_NEEDS[step]
    if "note" in needs and not note.strip():
        raise DomainError(f"{label}须写明原因。")
    if "paper" in needs and not document_no.strip():
        raise DomainError(f"{label}须填写文号。")
    application = _take(application, version)
    if step == "evaluate":
        if score is None or not 0 <= score <= 100:
            raise DomainError("绩效评价须填写 0 到 100 的得分。")
        application.score = score
    _move(application, step)
    return _log(application, label, today, by, note, document_no)


STEP_NEEDS: dict[str, tuple[str, tuple[str, ...]]] = {
    "review": ("区级审核通过", ()),
    "report": ("报上级", ("paper",)),
    "send_back": ("退回", ("note",)),
    "reject": ("未获批", ("note",)),
    "evaluate": ("绩效评价", ()),
    "adjust": ("调出", ("note", "paper")),
    "claw_back": ("收回", ("note", "paper")),
}


@transaction.atomic
def record_amount(
    *,
    application: FundApplication,
    kind: str,
    amount: Decimal,
    on: date,
    by: User | None,
    today: date,
    document_no: str = "",
    file: StoredFile | None = None,
    note: str = "",
    version: int | None = None,
) -> FundAmount:
    """Record money approved, issued, received, paid or spent on a day, with its paper. The first of a kind moves the
    application. No kind may exceed the one before it. Raises DomainError, StaleVersion."""
    kind = AmountKind(kind)
    if amount is None or amount <= 0:
        raise DomainError("金额应大于 0；冲减请用“更正”，并引用原记录。")
    if not document_no.strip() and file is None:
        raise DomainError("请填写文号或凭证号，或上传文件。")
    if on > today:
        raise DomainError(f"日期 {on} 晚于今天。")
    application = _take(application, version)
    move, before = MOVES[kind]
    if application.state == before:
        _move(application, move)
    elif application.state in LOST or not application.amounts.filter(kind=kind).exists():
        raise DomainError(f"申报现为“{application.get_state_display()}”，不能登记{kind.label}。")
    else:
        _save(application)
    _check_order(application, kind, on)
    row = _row(application, kind, amount, on, by, document_no=document_no, file=file, note=note)
    _check_chain(application)
    _log(application, f"登记{kind.label}", on, by, f"{wan_column(amount)} 万元。{note}".strip(), document_no)
    return row


@transaction.atomic
def correct_amount(
    *, row: FundAmount, correct: Decimal, on: date, by: User | None, today: date, note: str, document_no: str = ""
) -> FundAmount:
    """Correct a wrong amount to `correct` (万元) by a second row that quotes it; the first stays as it was."""
    if not note.strip():
        raise DomainError("更正须写明原因。")
    if on > today:
        raise DomainError(f"日期 {on} 晚于今天。")
    if row.corrects_id:
        raise DomainError("请在原记录上更正。")
    application = _take(row.application, None)
    if row.kind == AmountKind.ASKED:
        raise DomainError("申报金额在退回后修改，不单独更正。")
    standing = row.amount + (row.corrections.aggregate(total=Sum("amount"))["total"] or Decimal(0))
    if correct is None or correct < 0 or correct == standing:
        raise DomainError(f"现值是 {wan_column(standing)} 万元，请填写更正后的金额。")
    _save(application)
    kind = AmountKind(row.kind)
    correction = _row(application, kind, correct - standing, on, by, document_no=document_no, note=note, corrects=row)
    _check_chain(application)
    words = f"{wan_column(standing)} 更正为 {wan_column(correct)} 万元。{note.strip()}"
    _log(application, f"更正{kind.label}", on, by, words, document_no)
    return correction


def total_of_kind(application: FundApplication, kind: str) -> Decimal:
    """Σ of one kind, 万元."""
    return application.amounts.filter(kind=kind).aggregate(total=Sum("amount"))["total"] or Decimal(0)


def _check_order(application: FundApplication, kind: AmountKind, on: date) -> None:
    """Money is issued after it is approved, and so on. What was asked may be told later than it was approved."""
    if kind.before in (None, AmountKind.ASKED):
        return
    first = application.amounts.filter(kind=kind.before).aggregate(on=Min("on"))["on"]
    if first and on < first:
        raise DomainError(f"{kind.label}日期 {on} 早于首次{kind.before.label} {first}，请核对。")


def _check_chain(application: FundApplication) -> None:
    sums = dict.fromkeys(CHAIN, Decimal(0))
    for kind, total in application.amounts.order_by().values_list("kind").annotate(total=Sum("amount")):
        sums[AmountKind(kind)] = total
    for before, after in pairwise(CHAIN):
        if sums[after] > sums[before]:
            more, less = wan_column(sums[after]), wan_column(sums[before])
            raise DomainError(f"累计{after.label} {more} 万元，超过累计{before.label} {less} 万元。")


def _take(application: FundApplication, version: int | None) -> FundApplication:
    """The row, locked, in the version the person saw (None: not asked)."""
    rows = FundApplication.objects.select_for_update(of=("self",)).select_related("project", "programme")
    taken = rows.get(pk=application.pk)
    if version is not None and version != taken.version:
        raise StaleVersion(taken)
    return taken


def _move(application: FundApplication, step: str) -> None:
    try:
        getattr(application, step)()
    except TransitionNotAllowed:
        raise DomainError(f"申报现为“{application.get_state_display()}”，不能办理这一步。") from None
    _save(application)


def _save(application: FundApplication) -> None:
    application.version = F("version") + 1
    try:
        application.save()
    except ConcurrentTransition:
        raise StaleVersion(application) from None
    application.refresh_from_db()


def _row(
    application: FundApplication, kind: AmountKind, amount: Decimal, on: date, by: User | None, **paper: Any
) -> FundAmount:
    return FundAmount.objects.create(
        application=application, kind=kind, amount=amount, on=on, at=clock.now(), by=by, **paper
    )


def _log(
    application: FundApplication, step: str, on: date, by: User | None, note: str, document_no: str = ""
) -> FundApplication:
    FundStep.objects.create(
        application=application, step=step, on=on, note=note.strip(), document_no=document_no.strip(),
        at=clock.now(), by=by,
    )  # fmt: skip
    _trail(application, f"资金{step}", by, {"状态": ["", application.get_state_display()]}, note)
    return application


def _trail(application: FundApplication, action: str, by: User | None, changes: dict, reason: str = "") -> None:
    named = {f"{application.programme.name} {label}": pair for label, pair in changes.items()}
    audit.record(by=by, action=action, subject=application.project, changes=named, reason=reason)
