"""What people type on the pages of the accounts floor. Forms check the typing; actions write."""

from django import forms
from django.forms.models import ModelChoiceIterator

from accounts.choices import Role, UnitKind
from accounts.models import Unit, User
from accounts.selectors import unit_tree
from common import clock

DATE = forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})


class _TreeOfUnits(ModelChoiceIterator):
    """Units in use, in the order of the tree, indented."""

    def __iter__(self):
        yield ("", self.field.empty_label)
        for unit in unit_tree(active_only=True):
            yield (unit.pk, "　" * unit.depth + unit.name)


class UnitField(forms.ModelChoiceField):
    """Choose a unit in use."""

    iterator = _TreeOfUnits

    def __init__(self, **kwargs):
        super().__init__(queryset=Unit.objects.active(), empty_label=kwargs.pop("empty_label", "请选择"), **kwargs)


class PersonField(forms.ModelChoiceField):
    """Choose a person on duty; same names are told apart by unit and account."""

    def __init__(self, **kwargs):
        people = User.objects.filter(is_active=True).select_related("unit").order_by("unit__order", "full_name", "pk")
        super().__init__(queryset=people, empty_label="请选择", **kwargs)

    def label_from_instance(self, user: User) -> str:
        return f"{user.full_name}（{user.unit_label or '未定单位'}，{user.username}）"


class UnitForm(forms.Form):
    """A unit of the tree."""

    name = forms.CharField(label="单位名称", max_length=100, help_text="与公文一致的全称。")
    short_name = forms.CharField(label="简称", max_length=40, required=False, help_text="表格里显示；不填就用全称。")
    kind = forms.ChoiceField(label="类型", choices=UnitKind.choices, initial=UnitKind.GOVERNMENT)
    parent = UnitField(label="上级单位", required=False, empty_label="无（最上级）")
    head = PersonField(label="单位负责人", required=False, help_text="督办以上的预警同时通知。")
    order = forms.IntegerField(label="排序", min_value=0, max_value=9999, initial=100, help_text="小的在前。")


class UnitEditForm(UnitForm):
    """A unit that exists: may be switched off; carries the version it was opened with."""

    is_active = forms.BooleanField(label="启用", required=False, help_text="停用后不能再选用，历史记录保留。")
    version = forms.IntegerField(widget=forms.HiddenInput)


class AliasForm(forms.Form):
    """Another spelling of a unit."""

    name = forms.CharField(label="别名", max_length=100)


class UserForm(forms.Form):
    """A person."""

    full_name = forms.CharField(label="姓名", max_length=40)
    unit = UnitField(label="所在单位")
    title = forms.CharField(label="职务", max_length=40, required=False)
    phone = forms.CharField(label="电话", max_length=20, required=False)
    email = forms.EmailField(
        label="电子邮箱", max_length=254, required=False, help_text="预警邮件发到这里；不填就只在系统内提醒。"
    )


class UserNewForm(UserForm):
    """A person to be added."""

    username = forms.RegexField(
        label="账号",
        regex=r"^[A-Za-z0-9_.-]{2,30}\Z",
        help_text="手机号、工号或拼音，登录用，建好后不能改。",
        error_messages={"invalid": "账号须为 2–30 位字母、数字或 . - _。"},
    )
    field_order = ["username", "full_name"]


class UserEditForm(UserForm):
    """A person who exists."""

    version = forms.IntegerField(widget=forms.HiddenInput)


class ProfileForm(forms.Form):
    """What a person may change about himself or herself."""

    phone = forms.CharField(label="电话", max_length=20, required=False)
    email = forms.EmailField(label="电子邮箱", max_length=254, required=False, help_text="预警邮件发到这里。")
    text_size = forms.ChoiceField(
        label="字号",
        required=False,
        choices=[("", "标准"), ("large", "大"), ("huge", "特大")],
        widget=forms.RadioSelect,
        help_text="只影响这台电脑（手机）。",
    )
    version = forms.IntegerField(widget=forms.HiddenInput)


class GrantForm(forms.Form):
    """A role for a person."""

    user = PersonField(label="人员")
    role = forms.ChoiceField(label="角色", choices=[("", "请选择"), *Role.choices])
    unit = UnitField(label="在哪个单位", help_text="填报员、观察员、窗口人员只及这个单位和下级；其余角色不受单位限制。")
    starts_on = forms.DateField(label="起", widget=DATE, initial=clock.today)
    ends_on = forms.DateField(label="止", widget=DATE, required=False, help_text="留空为长期。")


class RevokeForm(forms.Form):
    """When a role ends."""

    last_day = forms.DateField(
        label="最后一天", widget=DATE, required=False, help_text="留空表示立即收回，此人下一次点击就不再有这个角色。"
    )


class AuditFilter(forms.Form):
    """What to look for in the trail; anything unreadable is left out."""

    person = forms.CharField(label="操作人", max_length=80, required=False)
    kind = forms.CharField(required=False, max_length=30)
    subject = forms.CharField(label="对象", max_length=100, required=False)
    since = forms.DateField(label="从", widget=DATE, required=False)
    until = forms.DateField(label="到", widget=DATE, required=False)


class NoticeForm(forms.Form):
    """The notice of the State Council, as lines."""

    text = forms.CharField(
        label="放假安排",
        max_length=20000,
        widget=forms.Textarea(
            attrs={"rows": 12, "placeholder": "2027-02-05 至 2027-02-11 休 春节\n2027-02-14 班 春节调休上班"}
        ),
        help_text="一行一天或一段：日期 休（或班） 名称。来源：国务院办公厅关于当年部分节假日安排的通知。",
    )


class DayForm(forms.Form):
    """One day of the calendar."""

    kind = forms.ChoiceField(
        label="这一天",
        choices=[("work", "上班（班）"), ("rest", "放假（休）"), ("default", "恢复默认")],
        widget=forms.RadioSelect,
    )
    name = forms.CharField(label="名称", max_length=40, required=False, help_text="例如：春节、国庆节调休上班。")


class DelegationForm(forms.Form):
    """Who stands in, and when."""

    delegate = PersonField(label="代理人")
    starts_on = forms.DateField(label="起", widget=DATE, initial=clock.today)
    ends_on = forms.DateField(label="止", widget=DATE)
    reason = forms.CharField(label="事由", max_length=100, required=False, help_text="例如：外出培训、休假。")

    def __init__(self, stand_ins, data=None):
        super().__init__(data)
        self.fields["delegate"].queryset = stand_ins.select_related("unit").order_by("unit__order", "full_name", "pk")
