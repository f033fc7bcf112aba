"""Who answers for a project, from which day to which."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from projects.choices import Duty
from projects.models.project import Project
from projects.querysets import AssignmentQuerySet


class Assignment(models.Model):
    """责任任期: effective-dated, both ends included; history is never rewritten (handbook §10.6).

    A name met in a list without an account stays as `name` with `user` empty until matched; nobody can mail it,
    so it counts as undeliverable until then.
    """

    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="assignments")
    duty = models.CharField("职责", max_length=12, choices=Duty.choices)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="assignments"
    )
    name = models.CharField("姓名", max_length=40, blank=True)
    unit = models.ForeignKey("accounts.Unit", on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    starts_on = models.DateField("起")
    ends_on = models.DateField("止", null=True, blank=True)
    assigned_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")

    objects = AssignmentQuerySet.as_manager()

    class Meta:
        verbose_name = "责任任期"
        ordering = ["project_id", "duty", "starts_on", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["project", "duty"],
                condition=Q(ends_on__isnull=True, duty__in=[Duty.LEAD_UNIT, Duty.OFFICIAL, Duty.STEWARD]),
                name="assignment_one_open_per_duty",
            ),
            models.UniqueConstraint(
                fields=["project", "duty", "user"],
                condition=Q(ends_on__isnull=True, user__isnull=False),
                name="assignment_once_per_person",
            ),
            models.CheckConstraint(
                condition=Q(ends_on__isnull=True) | Q(ends_on__gte=F("starts_on")), name="assignment_ends_after_start"
            ),
            models.CheckConstraint(
                condition=Q(user__isnull=False) | ~Q(name="") | Q(unit__isnull=False), name="assignment_names_somebody"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_duty_display()} {self.person_label}"

    @property
    def person_label(self) -> str:
        """The person's name, else the unit's."""
        if self.user:
            return self.user.full_name
        return self.name or (self.unit.label if self.unit else "")
