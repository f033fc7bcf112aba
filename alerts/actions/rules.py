"""Setting the rules: on or off, with which numbers. Every change is a new version; the preview is what a scan does."""

from dataclasses import dataclass
from datetime import date

from django.db import IntegrityError, transaction

from accounts import audit
from accounts.models import User
from alerts import tuning
from alerts.actions.scan import findings_of
from alerts.models import Alert
from alerts.rules import BY_CODE, RULES, Rule
from common.errors import DomainError, StaleVersion
from common.models import RuleSet


@dataclass(slots=True)
class Preview:
    """What the next scan would do with these numbers: alerts opened, closed, moved to another level, held."""

    opened: int = 0
    closed: int = 0
    moved: int = 0
    held: int = 0

    def __str__(self) -> str:
        return f"将产生 {self.opened} 条预警，销号 {self.closed} 条，变动级别 {self.moved} 条；共 {self.held} 条成立"


def preview(code: str, *, is_on: bool, values: dict[str, int], today: date) -> Preview:
    """Judge today with other numbers, without writing anything. Raises DomainError for numbers that contradict."""
    _refuse_crossed(code, values)
    settings = tuning.in_force(today) | {code: tuning.Setting(0, is_on, values)}
    done = Preview()
    for rule in _affected(code):
        found = findings_of(rule, today, settings)
        before = dict(Alert.objects.open().filter(rule=rule.code).values_list("subject", "level"))
        done.opened += len(found.keys() - before.keys())
        done.closed += len(before.keys() - found.keys())
        done.moved += sum(finding.level != before.get(subject, finding.level) for subject, finding in found.items())
        done.held += len(found)
    return done


@transaction.atomic
def tune_rule(
    code: str, *, is_on: bool, values: dict[str, int], version: int, reason: str, by: User | None, today: date
) -> RuleSet:
    """Save a new version that holds from today on; the next scan judges by it.

    Raises DomainError without a reason or with numbers that contradict, StaleVersion when somebody was faster.
    """
    _refuse_crossed(code, values)
    if not reason.strip():
        raise DomainError("请写明调整的理由。")
    before = tuning.in_force(today)[code]
    row = RuleSet(
        code=tuning.PREFIX + code,
        version=version + 1,
        effective_from=today,
        values=tuning.as_saved(is_on, values),
        note=reason.strip()[:200],
    )
    if before.version != version:
        raise StaleVersion(row, "这条规则刚被他人调整过，您的改动没有保存，请核对后重新填写。")
    try:
        with transaction.atomic():
            row.save(force_insert=True)
    except IntegrityError as error:
        raise StaleVersion(row, "这条规则刚被他人调整过，您的改动没有保存，请核对后重新填写。") from error
    audit.record(
        by=by, action="调整预警规则", subject=row, changes=_changes(code, before, is_on, values), reason=reason
    )
    return row


def _affected(code: str) -> list[Rule]:
    return [rule for rule in RULES if rule.has_ladder] if code == tuning.LADDER_CODE else [BY_CODE[code]]


def _refuse_crossed(code: str, values: dict[str, int]) -> None:
    if code == tuning.LADDER_CODE and values["interview"] <= values["supervise"]:
        raise DomainError("约谈的上限须大于督办的上限。")


def _changes(code: str, before: tuning.Setting, is_on: bool, values: dict[str, int]) -> dict[str, list]:
    changes: dict[str, list] = {} if before.is_on == is_on else {"启用": [before.is_on, is_on]}
    for one in tuning.parameters_of(code):
        if before.values[one.name] != values[one.name]:
            changes[one.label] = [before.values[one.name], values[one.name]]
    return changes
