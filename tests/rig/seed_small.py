"""python -m tests.rig.seed_small N: N projects and one writer; prints the key of the first project."""

import sys
from datetime import date

import django

DAY = date(2026, 11, 24)


def writer():
    """The person in whose name everything is written."""
    from accounts.models import User

    return User.objects.get(username="writer")


def reviewer():
    """The bureau's reviewer."""
    from accounts.models import User

    return User.objects.get(username="judge")


def main(projects: int) -> int:
    from accounts.choices import Role
    from tests.cast import make_unit, make_user
    from tests.factories import make_project

    unit = make_unit("工信局")
    make_user("writer", "丁经办", unit, Role.REPORTER)
    make_user("judge", "丙科长", unit, Role.REVIEWER)
    keys = [make_project(unit).pk for _ in range(projects)]
    return keys[0]


if __name__ == "__main__":
    django.setup()
    sys.stdout.write(str(main(int(sys.argv[1]))))
