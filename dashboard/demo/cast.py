"""Units and people of the demo district. All names are invented."""

from dataclasses import dataclass, field
from datetime import date

from django.contrib.auth.hashers import make_password

from accounts.actions import add_alias, add_unit, edit_unit, grant_role
from accounts.choices import Role, UnitKind
from accounts.models import Unit, User
from common.text import pinyin_index
from dashboard.demo import PASSWORD

# key, name, short name, kind, other spellings met in lists
UNITS = (
    ("root", "云岭区", "云岭区", UnitKind.DISTRICT, ("区委区政府", "区政府")),
    ("fgj", "云岭区发展和改革局", "发改局", UnitKind.GOVERNMENT, ("区发改局", "发展改革局", "区重点项目办")),
    ("gxj", "云岭区工业和信息化局", "工信局", UnitKind.GOVERNMENT, ("区工信局", "工业和信息化局")),
    ("zrj", "云岭区自然资源局", "自然资源局", UnitKind.GOVERNMENT, ("区自然资源局", "自规局")),
    ("hbj", "云岭区生态环境局", "生态环境局", UnitKind.GOVERNMENT, ("区生态环境局", "环保局")),
    ("zjj", "云岭区住房和城乡建设局", "住建局", UnitKind.GOVERNMENT, ("区住建局", "住房和城乡建设局")),
    ("jtj", "云岭区交通运输局", "交通局", UnitKind.GOVERNMENT, ("区交通局", "交通运输局")),
    ("slj", "云岭区水利局", "水利局", UnitKind.GOVERNMENT, ("区水利局",)),
    ("nyj", "云岭区农业农村局", "农业农村局", UnitKind.GOVERNMENT, ("区农业农村局", "农业局")),
    ("swj", "云岭区商务局（招商局）", "商务局", UnitKind.GOVERNMENT, ("区商务局", "招商局")),
    ("wlj", "云岭区文化和旅游局", "文旅局", UnitKind.GOVERNMENT, ("区文旅局", "文化和旅游局")),
    ("jyj", "云岭区教育局", "教育局", UnitKind.GOVERNMENT, ("区教育局", "教体局")),
    ("wjj", "云岭区卫生健康局", "卫健局", UnitKind.GOVERNMENT, ("区卫健局", "卫生健康局", "卫健委")),
    ("yljd", "云岭街道办事处", "云岭街道", UnitKind.STREET, ("云岭街道办",)),
    ("dhjd", "东河街道办事处", "东河街道", UnitKind.STREET, ("东河街道办",)),
    ("xsz", "西山镇人民政府", "西山镇", UnitKind.STREET, ("西山镇政府",)),
    (
        "jkq",
        "云岭经济开发区管理委员会",
        "经开区管委会",
        UnitKind.PARK,
        ("云岭经济开发区管委会", "经开区", "园区管委会"),
    ),
    ("ctgs", "云岭区城市建设投资有限公司", "城投公司", UnitKind.SOE, ("区城投", "城投集团")),
)
# account, name, title, unit, roles; reporters and officials of the units follow in REPORTING
PEOPLE = (
    ("leader", "欧阳望舒", "区长", "root", (Role.LEADER,)),
    ("leader2", "上官景行", "常务副区长", "root", (Role.LEADER,)),
    ("leader3", "东方若谷", "副区长（分管城建）", "root", (Role.LEADER,)),
    ("leader4", "南宫怀瑾", "副区长（分管工业）", "root", (Role.LEADER,)),
    ("admin", "慕容清和", "重点项目办主任", "fgj", (Role.ADMIN,)),
    ("reviewer", "百里知秋", "投资科科长", "fgj", (Role.REVIEWER,)),
    ("steward", "钟离青禾", "项目管家", "fgj", (Role.STEWARD,)),
    ("steward2", "皇甫听雨", "项目管家", "fgj", (Role.STEWARD,)),
    ("steward3", "尉迟南星", "项目管家", "jkq", (Role.STEWARD,)),
    ("member", "公孙砚秋", "专班成员", "zrj", (Role.MEMBER,)),
    ("member2", "夏侯予安", "专班成员", "zjj", (Role.MEMBER,)),
    ("scout", "端木书昀", "招商小分队队长", "swj", (Role.SCOUT,)),
    ("supervisor", "闻人牧野", "督查室主任", "root", (Role.SUPERVISOR,)),
    ("stat", "澹台明澈", "投资统计科科长", "fgj", (Role.STAT,)),
    ("counter", "宇文嘉木", "综合窗口", "zrj", (Role.COUNTER,)),
    ("reader", "长孙以宁", "观察员", "gxj", (Role.READER,)),
    ("sysadmin", "令狐承泽", "系统管理员", "root", (Role.SYSADMIN,)),
    ("secadmin", "诸葛临川", "安全管理员", "root", (Role.SECADMIN,)),
    ("auditor", "司马思齐", "审计管理员", "root", (Role.AUDITOR,)),
)
# unit → the reporter (account reporter_<unit>) and the official in charge (account official_<unit>)
REPORTING = {
    "gxj": ("欧阳青禾", "司徒云帆"),
    "zjj": ("上官知秋", "独孤致远"),
    "jtj": ("东方望山", "呼延北辰"),
    "slj": ("南宫听雨", "申屠若川"),
    "hbj": ("慕容以宁", "淳于清扬"),
    "nyj": ("百里嘉禾", "太叔丰年"),
    "swj": ("钟离明澈", "公冶长风"),
    "wlj": ("皇甫书昀", "濮阳山青"),
    "jyj": ("尉迟思齐", "宗政启蒙"),
    "wjj": ("公孙予安", "赫连安康"),
    "zrj": ("夏侯景行", "仲孙坤元"),
    "yljd": ("端木清和", "钟离守中"),
    "dhjd": ("闻人怀瑾", "万俟东河"),
    "xsz": ("澹台望舒", "轩辕西山"),
    "jkq": ("宇文承泽", "拓跋开元"),
    "ctgs": ("长孙牧野", "司空筑城"),
}
# the company that builds for them reports for these units too: twelve months in one grid
REPORTS_FOR = {"reporter_ctgs": ("zjj", "jtj", "jyj", "wjj", "slj", "dhjd")}
BARE_NAMES = ("第五流云", "左丘未名", "谷梁待补", "乐正无号")  # in lists, without an account
SINCE = date(2020, 1, 1)


@dataclass
class Cast:
    """Units by key, people by account."""

    units: dict[str, Unit] = field(default_factory=dict)
    people: dict[str, User] = field(default_factory=dict)

    def reporter(self, unit: str) -> User:
        return self.people[f"reporter_{unit}"]

    def official(self, unit: str) -> User:
        return self.people[f"official_{unit}"]


def build_cast() -> Cast:
    """Create units with aliases and people with roles; every account has the password PASSWORD and is_demo."""
    cast = Cast()
    for order, (key, name, short, kind, aliases) in enumerate(UNITS, 1):
        unit = add_unit(
            name=name, short_name=short, kind=kind, parent=cast.units.get("root"), order=order * 10, by=None
        )
        for alias in aliases:
            add_alias(unit=unit, name=alias, by=None)
        cast.units[key] = unit
    password = make_password(PASSWORD)  # once: hashing is slow on purpose
    people = list(PEOPLE)
    for unit, (reporter, official) in REPORTING.items():
        people.append((f"reporter_{unit}", reporter, "综合科科员", unit, (Role.REPORTER,)))
        people.append((f"official_{unit}", official, "分管副职", unit, (Role.REPORTER,)))
    for account, name, title, unit, roles in people:
        user = User.objects.create(
            username=account,
            full_name=name,
            title=title,
            unit=cast.units[unit],
            email=f"{account}@example.test",
            password=password,
            name_search=" ".join(pinyin_index(name)),
            must_change_password=False,
            is_demo=True,
        )
        for role in roles:
            grant_role(user=user, role=role, unit=cast.units[unit], starts_on=SINCE, by=None)
        cast.people[account] = user
    for account, units in REPORTS_FOR.items():
        for key in units:
            grant_role(user=cast.people[account], role=Role.REPORTER, unit=cast.units[key], starts_on=SINCE, by=None)
    for key in REPORTING:
        unit = cast.units[key]
        edit_unit(unit=unit, version=unit.version, by=None, head=cast.official(key))
    return cast
