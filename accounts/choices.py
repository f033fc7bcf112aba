"""Choices of the accounts floor."""

from django.db.models import TextChoices


class UnitKind(TextChoices):
    """Kinds of unit (handbook §9: 部门类型)."""

    DISTRICT = "district", "区"
    GOVERNMENT = "government", "政府部门"
    STREET = "street", "街道（乡镇）"
    PARK = "park", "园区"
    SOE = "soe", "国有企业"


class Role(TextChoices):
    """Roles (handbook §9, decisions §26). What each may do, and where, is said in `accounts.roles`."""

    READER = "reader", "观察员"
    REPORTER = "reporter", "填报员"
    REVIEWER = "reviewer", "审核员"
    STEWARD = "steward", "项目管家"
    MEMBER = "member", "专班成员"
    SCOUT = "scout", "招商队员"
    SUPERVISOR = "supervisor", "督查员"
    STAT = "stat", "统计审核"
    COUNTER = "counter", "窗口人员"
    LEADER = "leader", "区领导"
    ADMIN = "admin", "发改管理员"
    SYSADMIN = "sysadmin", "系统管理员"
    SECADMIN = "secadmin", "安全管理员"
    AUDITOR = "auditor", "审计管理员"
