"""People and their roles."""

from functools import cached_property

from django.contrib.auth.models import AbstractUser, UserManager
from django.db import models
from django.db.models import Q
from django.urls import reverse

from accounts.choices import Role
from accounts.models.unit import Unit
from accounts.roles import ROLES, Can, Scope
from common import clock


class User(AbstractUser):
    """人员. `full_name` is shown; same names are told apart by unit and account (handbook §10.21)."""

    first_name = None
    last_name = None
    full_name = models.CharField("姓名", max_length=40)
    unit = models.ForeignKey(
        Unit, verbose_name="所在单位", on_delete=models.PROTECT, null=True, blank=True, related_name="people"
    )
    title = models.CharField("职务", max_length=40, blank=True)
    phone = models.CharField("电话", max_length=20, blank=True)
    name_search = models.CharField(max_length=200, blank=True, editable=False)
    must_change_password = models.BooleanField("须修改初始密码", default=True)
    is_demo = models.BooleanField("演示账号", default=False, editable=False)
    version = models.PositiveIntegerField(default=1, editable=False)

    objects = UserManager()
    REQUIRED_FIELDS = ["full_name"]

    class Meta:
        verbose_name = "用户"
        ordering = ["unit__order", "full_name", "pk"]

    def __str__(self) -> str:
        return self.full_name

    def get_absolute_url(self) -> str:
        return reverse("accounts:user_edit", args=[self.pk])

    @property
    def display_name(self) -> str:
        return self.full_name or self.username

    @property
    def unit_label(self) -> str:
        return self.unit.label if self.unit else ""

    @cached_property
    def roles(self) -> list["Membership"]:
        """Memberships in force today, units loaded: one query per request."""
        if not self.is_active:
            return []
        return list(self.memberships.in_force(clock.today()).select_related("unit"))

    @cached_property
    def capabilities(self) -> frozenset[Can]:
        """Everything the person may do somewhere."""
        return frozenset().union(*(ROLES[Role(m.role)].capabilities for m in self.roles))

    def may(self, capability: Can) -> bool:
        """Whether the person may do this at all; where is answered by `visible_to`/`editable_by`."""
        return capability in self.capabilities

    def has_role(self, *roles: Role) -> bool:
        return any(m.role in roles for m in self.roles)

    def reach(self, capability: Can) -> tuple[set[Scope], list[Unit]]:
        """Where the capability holds: the scopes of the roles that bring it, and the units of the UNIT-scoped ones."""
        bringing = [m for m in self.roles if capability in ROLES[Role(m.role)].capabilities]
        scopes = {ROLES[Role(m.role)].scope for m in bringing}
        units = [m.unit for m in bringing if ROLES[Role(m.role)].scope is Scope.UNIT]
        return scopes, units


class TermQuerySet(models.QuerySet):
    """Truths about what holds from a day to a day."""

    def in_force(self, day) -> "TermQuerySet":
        """Valid on `day`, both ends included."""
        return self.filter(Q(starts_on__lte=day) & (Q(ends_on__isnull=True) | Q(ends_on__gte=day)))


class Membership(models.Model):
    """A role a person holds within a unit, from a day to a day."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="memberships")
    unit = models.ForeignKey(Unit, verbose_name="单位", on_delete=models.PROTECT, related_name="memberships")
    role = models.CharField("角色", max_length=20, choices=Role.choices)
    starts_on = models.DateField("起")
    ends_on = models.DateField("止", null=True, blank=True)

    objects = TermQuerySet.as_manager()

    class Meta:
        verbose_name = "任职"
        constraints = [
            models.UniqueConstraint(
                fields=["user", "unit", "role"],
                condition=Q(ends_on__isnull=True),
                name="membership_once_while_open",
            ),
            models.CheckConstraint(
                condition=Q(ends_on__isnull=True) | Q(ends_on__gte=models.F("starts_on")),
                name="membership_ends_after_start",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user} · {self.unit} · {self.get_role_display()}"


class Delegation(models.Model):
    """代理: while a person is away, reminders reach the stand-in, who may act on the projects of both."""

    user = models.ForeignKey(User, verbose_name="本人", on_delete=models.CASCADE, related_name="delegations")
    delegate = models.ForeignKey(User, verbose_name="代理人", on_delete=models.CASCADE, related_name="stands_in")
    starts_on = models.DateField("起")
    ends_on = models.DateField("止")
    reason = models.CharField("事由", max_length=100, blank=True)

    objects = TermQuerySet.as_manager()

    class Meta:
        verbose_name = "代理"
        ordering = ["-starts_on", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(ends_on__gte=models.F("starts_on")), name="delegation_ends_after_start"
            ),
            models.CheckConstraint(condition=~models.Q(user=models.F("delegate")), name="delegation_to_another"),
        ]

    def __str__(self) -> str:
        return f"{self.user} 由 {self.delegate} 代理，{self.starts_on} 至 {self.ends_on}"
