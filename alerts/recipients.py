"""Who is told about an alert: from the responsibility in force on the day (handbook §10.6), never silently nobody."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date

from django.db.models import Exists, OuterRef

from accounts.choices import Role
from accounts.models import Membership, Unit
from alerts.choices import Audience
from alerts.models import Alert
from projects.choices import Duty
from projects.models import Assignment

DUTY = {Audience.OFFICIAL: Duty.OFFICIAL, Audience.STEWARD: Duty.STEWARD, Audience.LEADER: Duty.LEADER}
BY_DUTY = {duty: audience for audience, duty in DUTY.items()}
INSTEAD = "责任单位填报员（责任人无法送达）"


@dataclass(frozen=True, slots=True)
class Recipient:
    """A person who is owed a word. `key` is "user:5", "name:某某" (no account yet) or "nobody"."""

    key: str
    user_id: int | None
    because: str
    reachable: bool  # has an active account with an e-mail address


NOBODY = Recipient("nobody", None, Audience.NOBODY.label, False)


class Directory:
    """Who answers on `today` for the projects of a rule's open alerts. Built in four queries, whatever the number."""

    def __init__(self, rule_code: str, today: date) -> None:
        open_alerts = Alert.objects.open().filter(rule=rule_code)
        self._by_duty = _assignments(open_alerts, today)
        self._reporters = _members(Role.REPORTER, today)
        self._supervisors = [person for people in _members(Role.SUPERVISOR, today).values() for person in people]
        units = Unit.objects.filter(Exists(open_alerts.filter(unit=OuterRef("pk"))))
        self._unit_paths = dict(units.values_list("pk", "path"))

    def of(self, project_id: int, unit_id: int, audiences: tuple[Audience, ...]) -> list[Recipient]:
        """The people of these audiences, each once, with the first reason that fits.

        When no mail reaches any of them, the reporters of the lead unit (or the nearest unit above) are told instead.
        """
        found: dict[str, Recipient] = {}
        for audience in audiences:
            for person in self._people(audience, project_id, unit_id):
                found.setdefault(person.key, person)
        if not any(person.reachable for person in found.values()):
            for person in self._unit_reporters(unit_id, INSTEAD):
                found.setdefault(person.key, person)
        return list(found.values()) or [NOBODY]

    def _people(self, audience: Audience, project_id: int, unit_id: int) -> list[Recipient]:
        if audience == Audience.UNIT:
            return self._unit_reporters(unit_id, audience.label)
        if audience == Audience.SUPERVISOR:
            return [_account(*person, because=audience.label) for person in self._supervisors]
        return self._by_duty.get((project_id, audience), [])

    def _unit_reporters(self, unit_id: int, because: str) -> list[Recipient]:
        chain = [int(key) for key in self._unit_paths.get(unit_id, "").split("/") if key]
        for unit in reversed(chain):
            if people := self._reporters.get(unit):
                return [_account(*person, because=because) for person in people]
        return []


def _assignments(open_alerts, today: date) -> dict[tuple[int, Audience], list[Recipient]]:
    terms = Assignment.objects.in_force(today).filter(
        Exists(open_alerts.filter(project=OuterRef("project"))), duty__in=BY_DUTY
    )
    columns = ("project_id", "duty", "name", "user_id", "user__is_active", "user__email")
    people = defaultdict(list)
    for project_id, duty, name, user_id, is_active, email in terms.order_by("pk").values_list(*columns):
        audience = BY_DUTY[Duty(duty)]
        if user_id:
            person = _account(user_id, is_active, email, because=audience.label)
        elif name:
            person = Recipient(f"name:{name}", None, audience.label, False)
        else:
            continue
        people[project_id, audience].append(person)
    return people


def _members(role: Role, today: date) -> dict[int, list[tuple[int, bool, str]]]:
    """unit → (user, active, e-mail) of the people who hold the role; those who left are not told."""
    members = Membership.objects.in_force(today).filter(role=role, user__is_active=True)
    columns = ("unit_id", "user_id", "user__is_active", "user__email")
    people = defaultdict(list)
    for unit_id, *person in members.order_by("user_id").values_list(*columns):
        people[unit_id].append(tuple(person))
    return people


def _account(user_id: int, is_active: bool, email: str, *, because: str) -> Recipient:
    return Recipient(f"user:{user_id}", user_id, because, bool(is_active and email))
