"""Who is told about an alert: from the responsibility in force on the day (handbook §10.6), never silently nobody."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date

from django.db.models import Exists, OuterRef

from accounts.choices import Role
from accounts.models import Delegation, Membership, Unit, User
from alerts.choices import Audience
from alerts.models import Alert
from alerts.rules import Finding
from projects.choices import Duty
from projects.models import Assignment

People = dict[int, list[tuple[int, bool, str]]]  # unit → (user, active, e-mail)
DUTY = {
    Audience.OFFICIAL: Duty.OFFICIAL,
    Audience.STEWARD: Duty.STEWARD,
    Audience.LEADER: Duty.LEADER,
    Audience.TASK_FORCE: Duty.TASK_FORCE,
}
BY_DUTY = {duty: audience for audience, duty in DUTY.items()}
BY_ROLE = {Audience.SUPERVISOR: Role.SUPERVISOR, Audience.BUREAU: Role.ADMIN}
INSTEAD = "责任单位填报员（责任人无法送达）"
HOPS = 3  # a stand-in may be away too; longer chains are a mistake


@dataclass(frozen=True, slots=True)
class Recipient:
    """A person who is owed a word. `key` is "user:5", "name:某某" (no account yet) or "nobody"."""

    key: str
    user_id: int | None
    because: str
    reachable: bool  # has an active account with an e-mail address


NOBODY = Recipient("nobody", None, Audience.NOBODY.label, False)


class Directory:
    """Who answers on `today` for what a rule's open alerts are about: a fixed number of queries, whatever the rows."""

    def __init__(self, rule_code: str, today: date) -> None:
        open_alerts = Alert.objects.open().filter(rule=rule_code)
        self._by_duty = _assignments(open_alerts, today)
        self._members = _members((Role.REPORTER, *BY_ROLE.values()), today)
        units = Unit.objects.filter(Exists(open_alerts.filter(unit=OuterRef("pk"))))
        self._unit_paths = dict(units.values_list("pk", "path"))
        self._heads = _heads()
        self._away = _away(today)
        self._persons: dict[int, Recipient] | None = None

    def of(self, finding: Finding, audiences: tuple[Audience, ...]) -> list[Recipient]:
        """The people of these audiences, each once, with the first reason that fits; whoever is away is stood in for.

        When no mail reaches any of them, the reporters of the lead unit (or the nearest unit above) are told instead.
        """
        found: dict[str, Recipient] = {}
        for audience in audiences:
            for person in self._people(audience, finding):
                for one in self._present(person):
                    found.setdefault(one.key, one)
        if not any(person.reachable for person in found.values()):
            for person in self._nearest(finding.unit_id, self._members[Role.REPORTER], INSTEAD):
                found.setdefault(person.key, person)
        return list(found.values()) or [NOBODY]

    def _people(self, audience: Audience, finding: Finding) -> list[Recipient]:
        if audience == Audience.UNIT:
            return self._nearest(finding.unit_id, self._members[Role.REPORTER], audience.label)
        if audience == Audience.HEAD:
            return self._nearest(finding.unit_id, self._heads, audience.label)
        if audience == Audience.PERSON:
            return self._person(finding.person_id)
        if role := BY_ROLE.get(audience):
            return [_account(*one, because=audience.label) for people in self._members[role].values() for one in people]
        return self._by_duty.get((finding.project_id, audience), [])

    def _nearest(self, unit_id: int | None, people: People, because: str) -> list[Recipient]:
        """Those of the unit, or of the nearest unit above that has any."""
        chain = [int(key) for key in self._unit_paths.get(unit_id, "").split("/") if key]
        for unit in reversed(chain):
            if found := people.get(unit):
                return [_account(*person, because=because) for person in found]
        return []

    def _person(self, user_id: int | None) -> list[Recipient]:
        if self._persons is None:  # only rules about persons pay for this
            people = User.objects.filter(is_active=True).values_list("pk", "is_active", "email")
            self._persons = {row[0]: _account(*row, because=Audience.PERSON.label) for row in people}
        return [self._persons[user_id]] if user_id in self._persons else []

    def _present(self, person: Recipient) -> list[Recipient]:
        """The person, or who stands in; both where no mail reaches the stand-in."""
        here, names = person, []
        for _ in range(HOPS):
            if here.user_id not in self._away:
                break
            name, *stand_in = self._away[here.user_id]
            names.append(name)
            here = _account(*stand_in, because=f"{person.because}（代{names[0]}）"[:40])
        if not names:
            return [person]
        return [here] if here.reachable else [here, person]


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


def _members(roles: tuple[Role, ...], today: date) -> dict[Role, People]:
    """role → unit → (user, active, e-mail) of the people who hold it; those who left are not told."""
    members = Membership.objects.in_force(today).filter(role__in=roles, user__is_active=True)
    columns = ("role", "unit_id", "user_id", "user__is_active", "user__email")
    people: dict[Role, People] = {role: defaultdict(list) for role in roles}
    for role, unit_id, *person in members.order_by("user_id").values_list(*columns):
        people[Role(role)][unit_id].append(tuple(person))
    return people


def _heads() -> People:
    """unit → its head. The district's own head is nobody's superior here: that is what leaders are for."""
    units = Unit.objects.filter(head__is_active=True, parent__isnull=False)
    rows = units.values_list("pk", "head_id", "head__is_active", "head__email")
    return {unit: [(user, active, email)] for unit, user, active, email in rows}


def _away(today: date) -> dict[int, tuple[str, int, bool, str]]:
    """Who is away today → (name, stand-in, active, e-mail)."""
    columns = ("user_id", "user__full_name", "delegate_id", "delegate__is_active", "delegate__email")
    return {user: tuple(rest) for user, *rest in Delegation.objects.in_force(today).values_list(*columns)}


def _account(user_id: int, is_active: bool, email: str, *, because: str) -> Recipient:
    return Recipient(f"user:{user_id}", user_id, because, bool(is_active and email))
