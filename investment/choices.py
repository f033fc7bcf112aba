"""Choices of the investment floor."""

from django.db.models import TextChoices


class AnnualKind(TextChoices):
    """年度类型: what the project is in that year (handbook §8.6); not the construction nature."""

    NEW_START = "new_start", "新开工"
    CONTINUED = "continued", "续建"
    TO_COMPLETE = "to_complete", "计划竣工"
    PRELIMINARY = "preliminary", "前期"
    RESERVED = "reserved", "预备"
