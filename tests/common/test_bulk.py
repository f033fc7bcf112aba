"""Many records at once are the same records as one by one."""

from datetime import datetime

import pytest
from django.db import IntegrityError, transaction

from accounts.models import AuditEntry, Unit
from common import clock
from common.bulk import insert_all, insert_rows
from common.models import CalendarDay

pytestmark = pytest.mark.django_db
NOON = datetime(2026, 11, 24, 12, 0, 0, 8, tzinfo=clock.SHANGHAI)
ODD = ("tab\there", "line\nbreak\r\n", "back\\slash \\N \\.", "“引号” 'it' \"q\"", "\\N", "𠀀🏗", "")


def drafts() -> list[AuditEntry]:
    return [
        AuditEntry(at=NOON, actor_label="甲", action="试", kind="x", object_id=number or None, label=text,
                   changes={text: ["", text]}, ip="10.0.0.1" if number else None)
        for number, text in enumerate(ODD)
    ]  # fmt: skip


def kept(entries: list[AuditEntry]) -> list[tuple]:
    columns = [field.attname for field in AuditEntry._meta.concrete_fields if not field.primary_key]
    return list(AuditEntry.objects.filter(pk__in=[e.pk for e in entries]).order_by("pk").values_list(*columns))


def test_what_is_written_is_what_bulk_create_writes():
    assert kept(insert_all(drafts())) == kept(AuditEntry.objects.bulk_create(drafts()))


def test_keys_are_in_order_and_nobody_gets_them_again():
    first, then = insert_all(drafts()), AuditEntry.objects.create(at=clock.now(), actor_label="乙", action="试")
    keys = [entry.pk for entry in first]
    assert keys == sorted(keys) and then.pk > keys[-1]
    assert [entry.label for entry in AuditEntry.objects.filter(pk__in=keys).order_by("pk")] == list(ODD)
    assert insert_all([]) == []


def test_rows_without_records_get_what_a_new_record_has():
    day = clock.today()
    insert_rows(CalendarDay, [{"date": day, "is_workday": True, "name": "调休", "updated_at": clock.now()}])
    insert_rows(Unit, [{"name": "甲局", "path": "9"}, {"name": "乙局", "path": "8", "short_name": "乙"}])
    assert CalendarDay.objects.get(date=day).is_workday
    fresh, plain = Unit.objects.get(name="甲局"), Unit(name="甲局", path="9")
    assert (fresh.kind, fresh.is_active, fresh.short_name) == (plain.kind, plain.is_active, plain.short_name)
    assert Unit.objects.get(name="乙局").short_name == "乙"


def test_a_broken_rule_is_an_error_of_django():
    twice = [CalendarDay(date=clock.today(), is_workday=True, name="调休") for _ in range(2)]
    with pytest.raises(IntegrityError), transaction.atomic():
        insert_all(twice)
    with pytest.raises(TypeError):
        insert_rows(CalendarDay, [{"day": clock.today()}])
