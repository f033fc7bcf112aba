"""python -m tests.rig.seed PEOPLE PROJECTS_EACH: a district in which every person misses one node every working day."""

import sys
from datetime import date

import django

FIRST_DAY = date(2026, 3, 2)  # a Monday; the clock of the rehearsals begins here
NODES = ("N01", "N02", "N09", "N10", "N12", "N13", "N15", "N16", "N17")  # of an ordinary 备案 project


def main(people: int, projects_each: int) -> None:
    from accounts.choices import Role
    from common.workdays import OFFICIAL
    from projects.actions import assign
    from projects.choices import Duty
    from projects.models import Milestone
    from tests.cast import make_unit, make_user
    from tests.factories import make_project, seed_templates

    seed_templates()
    root = make_unit("云岭区")
    units = [make_unit(f"第{number}局", root) for number in range(1, 7)]
    make_user("boss", "乙主任", root, Role.ADMIN)
    for number in range(people):
        unit = units[number % len(units)]
        person = make_user(f"official{number}", f"经办{number}", unit)
        day = OFFICIAL.sub(FIRST_DAY, 1)
        for _ in range(projects_each):
            project = make_project(unit)
            assign(project=project, duty=Duty.OFFICIAL, user=person, starts_on=date(2025, 1, 1), by=None)
            for code in NODES:
                touched = Milestone.objects.filter(project=project, code=code, is_applicable=True).update(due_on=day)
                assert touched == 1, code
                day = OFFICIAL.add(day, 1)


if __name__ == "__main__":
    django.setup()
    main(int(sys.argv[1]), int(sys.argv[2]))
