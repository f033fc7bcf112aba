"""Every write of the accounts floor: units, people, roles, the work calendar. Each writes its audit entry."""

from accounts.actions.calendar import clear_day, load_notice, set_day
from accounts.actions.delegation import delegate, end_delegation, possible_stand_ins
from accounts.actions.people import (
    add_user,
    change_password,
    deactivate_user,
    edit_profile,
    edit_user,
    initial_password,
    note_login,
    reactivate_user,
    remove_user,
    reset_password,
)
from accounts.actions.roles import grant_role, revoke_role
from accounts.actions.units import add_alias, add_unit, deactivate_unit, edit_unit, move_unit, remove_alias, remove_unit

__all__ = [
    "add_alias",
    "add_unit",
    "add_user",
    "change_password",
    "clear_day",
    "deactivate_unit",
    "deactivate_user",
    "delegate",
    "edit_profile",
    "edit_unit",
    "edit_user",
    "end_delegation",
    "grant_role",
    "initial_password",
    "load_notice",
    "move_unit",
    "note_login",
    "possible_stand_ins",
    "reactivate_user",
    "remove_alias",
    "remove_unit",
    "remove_user",
    "reset_password",
    "revoke_role",
    "set_day",
]
