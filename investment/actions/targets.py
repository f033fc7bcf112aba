"""Writing 年度目标."""

from decimal import Decimal

from django.db import IntegrityError, transaction

from accounts import audit
from accounts.models import Unit, User
from common.db import save_versioned
from common.errors import StaleVersion
from investment.models import AnnualTarget
from projects.choices import Category


@transaction.atomic
def set_annual_target(
    *,
    unit: Unit,
    year: int,
    amount: Decimal | None,
    by: User | None,
    category: str = "",
    version: int | None = None,
    reason: str = "",
) -> AnnualTarget | None:
    """Set what a unit is to invest in a year (万元), as a whole or in one `category`; None takes the target away.

    `version` is the one the person saw, None when there was none. Raises StaleVersion.
    """
    held = AnnualTarget.objects.filter(unit=unit, year=year, category=category).first()
    before = held.amount if held else None
    if before == amount:
        return held
    if held and held.version != version:
        raise StaleVersion(held)
    if amount is None:
        if AnnualTarget.objects.filter(pk=held.pk, version=held.version).delete()[0] != 1:
            raise StaleVersion(held)
        held = None
    elif held is None:
        try:
            with transaction.atomic():
                held = AnnualTarget.objects.create(unit=unit, year=year, category=category, amount=amount)
        except IntegrityError as error:
            raise StaleVersion(unit) from error
    else:
        save_versioned(held, version=held.version, amount=amount)
    label = f"{year}年{Category(category).label if category else ''}目标"
    audit.record(by=by, action="年度目标", subject=unit, changes={label: [before, amount]}, reason=reason)
    return held
