"""Units, people, roles, files, audit."""

from accounts.models.record import AuditEntry, Follow, SavedView, StoredFile
from accounts.models.unit import Unit, UnitAlias
from accounts.models.user import Delegation, Membership, User

__all__ = ["AuditEntry", "Delegation", "Follow", "Membership", "SavedView", "StoredFile", "Unit", "UnitAlias", "User"]
