"""Units of the district: departments, streets, parks, companies, as a tree."""

from django.db import models
from django.db.models import Q, QuerySet

from accounts.choices import UnitKind


class UnitQuerySet(QuerySet):
    """Truths about units."""

    def active(self) -> "UnitQuerySet":
        """Units in use."""
        return self.filter(is_active=True)

    def subtree_of(self, *units: "Unit") -> "UnitQuerySet":
        """The given units with everything beneath them."""
        if not units:
            return self.none()
        inside = Q()
        for unit in units:
            inside |= Q(path__startswith=unit.path)
        return self.filter(inside)


class Unit(models.Model):
    """单位. `path` is the chain of keys from the root ("/1/7/"), kept by `accounts.actions`."""

    name = models.CharField("单位名称", max_length=100, unique=True)
    short_name = models.CharField("简称", max_length=40, blank=True)
    kind = models.CharField("类型", max_length=20, choices=UnitKind.choices, default=UnitKind.GOVERNMENT)
    parent = models.ForeignKey(
        "self", verbose_name="上级单位", on_delete=models.PROTECT, null=True, blank=True, related_name="children"
    )
    path = models.CharField(max_length=200, db_index=True, editable=False)
    order = models.PositiveIntegerField("排序", default=100)
    head = models.ForeignKey(
        "accounts.User", verbose_name="单位负责人", on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    is_active = models.BooleanField("启用", default=True)
    version = models.PositiveIntegerField(default=1, editable=False)

    objects = UnitQuerySet.as_manager()

    class Meta:
        verbose_name = "单位"
        ordering = ["order", "pk"]

    def __str__(self) -> str:
        return self.label

    @property
    def label(self) -> str:
        """The short name where there is one."""
        return self.short_name or self.name


class UnitAlias(models.Model):
    """Another spelling of a unit, met in a list (区卫健局 = 卫生健康局). `key` is the normalised spelling."""

    unit = models.ForeignKey(Unit, on_delete=models.CASCADE, related_name="aliases")
    name = models.CharField("别名", max_length=100)
    key = models.CharField(max_length=100, unique=True, editable=False)

    class Meta:
        verbose_name = "单位别名"

    def __str__(self) -> str:
        return f"{self.name} = {self.unit}"
