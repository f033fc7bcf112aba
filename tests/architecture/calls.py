"""How every URL of the matrix is called: what it names, what is posted. A body that would succeed for whoever may."""

import json
from collections.abc import Callable
from uuid import uuid4

from common.rules import LightRules
from investment.actions import reporting_terms
from projects.models import Project
from tests.architecture.world import Things, World, own_workbook, photo, project_list, seen
from tests.factories import lag_cause

Call = Callable[[World, Things], dict]

_STEPS = ("sheets", "columns", "values", "preview", "decide", "commit", "receipt", "refused", "replace", "discard")
_STEPS += ("progress", "cancel", "resume", "undo", "follow")
IMPORT_STEPS = ("batch", *_STEPS)

# --- what a URL names; `*:project_*` name the project -----------------------------------------------------------------
NAMES: dict[str, Call] = {
    "accounts:unit_edit": lambda w, t: {"pk": w.extra["idle_unit"].pk},
    "accounts:alias_new": lambda w, t: {"pk": w.cast.unit.pk},
    "accounts:alias_delete": lambda w, t: {"pk": w.alias.pk},
    "accounts:user_edit": lambda w, t: {"pk": w.extra["idle_user"].pk},
    "accounts:user_password": lambda w, t: {"pk": w.extra["idle_user"].pk},
    "accounts:user_active": lambda w, t: {"pk": w.extra["idle_user"].pk},
    "accounts:grant_end": lambda w, t: {"pk": w.membership.pk},
    "accounts:calendar_day": lambda w, t: {"year": 2027, "month": 5, "day": 4},
    "accounts:delegation_end": lambda w, t: {"pk": w.extra["delegation"].pk},
    "alerts:acknowledge": lambda w, t: {"pk": t.alert.pk},
    "alerts:mail_detail": lambda w, t: {"pk": w.mail.pk},
    "alerts:mail_html": lambda w, t: {"pk": w.mail.pk},
    "alerts:mail_resend": lambda w, t: {"pk": w.mail.pk},
    "alerts:job_run": lambda w, t: {"code": "scan"},
    "alerts:alert": lambda w, t: {"pk": t.alert.pk},
    "alerts:urge": lambda w, t: {"pk": t.alert.pk},
    "alerts:rule_edit": lambda w, t: {"code": "stalled"},
    "alerts:rule_preview": lambda w, t: {"code": "stalled"},
    "dashboard:go": lambda w, t: {"public_id": t.project.public_id},
    **dict.fromkeys([f"ingest:{step}" for step in IMPORT_STEPS], lambda w, t: {"pk": w.extra["batch"].pk}),
    "investment:catch_up_new": lambda w, t: {"pk": t.asked.pk},
    "investment:cause_edit": lambda w, t: {"pk": lag_cause().pk},
    "investment:catch_up_withdraw": lambda w, t: {"pk": t.catch_up.pk},
    "investment:step_done": lambda w, t: {"pk": t.catch_up.steps.get().pk},
    "ingest:layout_forget": lambda w, t: {"pk": w.extra["layout"].pk},
    "ingest:header_forget": lambda w, t: {"pk": w.extra["header_word"].pk},
    "ingest:value_forget": lambda w, t: {"pk": w.extra["value_word"].pk},
    "ingest:merge": lambda w, t: {"pk": w.extra["returned"].pk},
    "investment:month_calc": lambda w, t: {"pk": t.project.pk},
    "investment:plan_edit": lambda w, t: {"pk": t.project.pk},
    "investment:output_edit": lambda w, t: {"pk": w.extra["producing"].pk},
    "projects:reserve_batch": lambda w, t: {"pk": w.extra["meeting"].pk},
    "projects:batch_close": lambda w, t: {"pk": w.extra["judged"].pk},
    "projects:proposal_judge": lambda w, t: {"pk": t.project.reserve_proposals.get().pk},
    "projects:proposal_take_back": lambda w, t: {"pk": t.project.reserve_proposals.get().pk},
    "projects:project_propose": lambda w, t: {"pk": t.asked.pk},
    "projects:project_restart": lambda w, t: {"pk": w.extra["ended"].pk},
    "investment:month_unlock": lambda w, t: {"pk": t.project.pk},
    "investment:plan_decide": lambda w, t: {"pk": t.plan_change.pk},
    "investment:plan_cancel": lambda w, t: {"pk": t.plan_change.pk},
    "investment:target_edit": lambda w, t: {"pk": w.extra["idle_unit"].pk},
    "investment:programme_detail": lambda w, t: {"pk": w.extra["programme"].pk},
    "investment:programme_edit": lambda w, t: {"pk": w.extra["programme"].pk},
    "investment:fund_new": lambda w, t: {"pk": t.project.pk},
    "investment:fund_detail": lambda w, t: {"pk": t.fund.pk},
    "investment:fund_edit": lambda w, t: {"pk": t.fund_draft.pk},
    "investment:fund_step": lambda w, t: {"pk": t.fund_draft.pk, "step": "submit"},
    "investment:fund_decide": lambda w, t: {"pk": t.fund.pk, "step": "issue"},
    "investment:fund_correct": lambda w, t: {"pk": t.fund.amounts.get(kind="approved").pk},
    "investment:fund_paper": lambda w, t: {"pk": t.fund.amounts.get(kind="approved").pk},
    "investment:enrolment_step": lambda w, t: {"pk": t.running.pk, "step": "explain"},
    "investment:enrolment_decide": lambda w, t: {"pk": t.entering.pk, "step": "return"},
    "projects:view_delete": lambda w, t: {"pk": w.extra["view"].pk},
    "projects:chain_edit": lambda w, t: {"pk": w.extra["chain"].pk},
    "projects:template_edit": lambda w, t: {"pk": w.extra["template"].pk},
    "projects:node_edit": lambda w, t: {"pk": t.node.pk},
    "projects:evidence_new": lambda w, t: {"pk": t.project.pk},
    "projects:evidence_file": lambda w, t: {"pk": t.paper.pk},
    "projects:evidence_withdraw": lambda w, t: {"pk": t.paper.pk},
    "projects:assignment_end": lambda w, t: {"pk": t.term.pk},
    "projects:attachment": lambda w, t: {"pk": t.file.pk},
    "projects:request_decide": lambda w, t: {"pk": t.request.pk},
    "projects:request_cancel": lambda w, t: {"pk": t.request.pk},
    "projects:correction_decide": lambda w, t: {"pk": t.correction.pk},
}

QUERY: dict[str, Call] = {
    "alerts:rule_preview": lambda w, t: {"is_on": "on", "days": 90, "version": 0},
    "alerts:acknowledge_many": lambda w, t: {"pk": t.alert.pk},
    "projects:evidence_new": lambda w, t: {"code": "SITE_IDEA"},
}


def _unit(w: World, t: Things) -> dict:
    unit = w.extra["idle_unit"]
    return {"name": "空编办（改）", "kind": "government", "parent": w.cast.root.pk, "order": 1, "version": unit.version}


def _user(w: World, t: Things) -> dict:
    user = w.extra["idle_user"]
    return {"full_name": "巳改名", "unit": w.cast.unit.pk, "version": user.version}


def _sheet(w: World, t: Things) -> dict:
    nodes = t.project.milestones.filter(done_on=None)
    steps = {f"node{node.pk}-state": "todo" for node in nodes}
    versions = {f"node{node.pk}-version": node.version for node in nodes}
    return {"text": "地面平整完成", "key": uuid4(), **steps, **versions}


def _grid(w: World, t: Things) -> dict:
    body = {}
    for entry in w.entries:
        body |= {f"p{entry.project_id}-completed": "12", f"p{entry.project_id}-version": entry.version}
    return body


CHOICES = {
    "approval_type": "record",
    "construction_nature": "new",
    "eia_kind": "required",
    "level": "district",
    "category": "industry",
}


# --- what is posted --------------------------------------------------------------------------------------------------
BODIES: dict[str, Call] = {
    "accounts:login": lambda w, t: {"username": "idle", "password": "pw"},
    "accounts:logout": lambda w, t: {},
    "accounts:password_change": lambda w, t: {
        "old_password": "pw",
        "new_password1": "Xinde-Mima-26",
        "new_password2": "Xinde-Mima-26",
    },
    "accounts:profile": lambda w, t: {"phone": "13800000001", "email": "new@example.test", "version": 1},
    "accounts:unit_new": lambda w, t: {"name": "新单位", "kind": "government", "parent": w.cast.root.pk, "order": 1},
    "accounts:unit_edit": _unit,
    "accounts:alias_new": lambda w, t: {"name": "工业局"},
    "accounts:alias_delete": lambda w, t: {},
    "accounts:user_new": lambda w, t: {"username": "fresh", "full_name": "午新人", "unit": w.cast.unit.pk},
    "accounts:user_edit": _user,
    "accounts:user_password": lambda w, t: {},
    "accounts:user_active": lambda w, t: {"active": "0", "version": w.extra["idle_user"].version},
    "accounts:grant_new": lambda w, t: {
        "user": w.extra["idle_user"].pk,
        "role": "leader",
        "unit": w.cast.root.pk,
        "starts_on": "2026-11-24",
    },
    "accounts:grant_end": lambda w, t: {"last_day": ""},
    "accounts:delegation": lambda w, t: {
        "delegate": w.extra["colleague"].pk,
        "starts_on": "2026-12-01",
        "ends_on": "2026-12-05",
    },
    "accounts:delegation_end": lambda w, t: {},
    "accounts:calendar_notice": lambda w, t: {"text": "2027-02-05 休 春节"},
    "accounts:calendar_day": lambda w, t: {"kind": "rest", "name": "假"},
    "alerts:acknowledge": lambda w, t: {"measure": "已约施工方，本周复工", "promised_on": "2026-12-04"},
    "alerts:acknowledge_many": lambda w, t: {"measure": "已约施工方，本周复工", "promised_on": "2026-12-04"},
    "alerts:mail_resend": lambda w, t: {},
    "alerts:job_run": lambda w, t: {},
    "alerts:preferences": lambda w, t: {"mail_hour": "10", "version": 1},
    "alerts:urge": lambda w, t: {"level": 4, "note": "区长批示，限期办结"},
    "alerts:rule_edit": lambda w, t: {"is_on": "on", "days": 90, "reason": "季度会议定", "version": 0},
    "alerts:mails_send": lambda w, t: {},
    "alerts:mail_test": lambda w, t: {},
    "ingest:word_list": lambda w, t: {"header": "挂包同志", "target": "project:lead_officials"},
    "ingest:layout_forget": lambda w, t: {},
    "ingest:header_forget": lambda w, t: {},
    "ingest:value_forget": lambda w, t: {},
    "ingest:upload": lambda w, t: {"file": project_list(), "kind": "project"},
    **dict.fromkeys([f"ingest:{step}" for step in IMPORT_STEPS], lambda w, t: {"version": w.extra["batch"].version}),
    "ingest:commit": lambda w, t: {"version": w.extra["batch"].version, "mode": "partial", "agreed": "on"},
    "ingest:offline": lambda w, t: {"file": own_workbook(w.cast)},
    "ingest:merge": lambda w, t: {"version": w.extra["returned"].version, "seen": seen(w)},
    "ingest:follow": lambda w, t: {"file": project_list()},
    "ingest:replace": lambda w, t: {"file": project_list()},
    "investment:month_grid": _grid,
    "investment:month_draft": _grid,
    "investment:month_review": lambda w, t: {
        "entry": [f"{entry.pk}:{entry.version}" for entry in w.entries],
        "decision": "return",
        "note": "请核对",
    },
    "investment:month_remind": lambda w, t: {"period": "2026-11"},
    "investment:month_unlock": lambda w, t: {"period": "2026-09", "until": "2026-12-04", "reason": "审计调整"},
    "investment:plan_decide": lambda w, t: {"decision": "approve", "note": ""},
    "investment:plan_cancel": lambda w, t: {},
    "investment:target_edit": lambda w, t: {"target-all": "5000"},
    "investment:carry": lambda w, t: {"year": "2027", "all": "1", "confirm": "1"},
    "investment:rules_terms": lambda w, t: {
        "seen": json.dumps(reporting_terms()),
        "grace": 3,
        **{f"s{n}": n for n in range(1, 13)},
    },
    "investment:catch_up_new": lambda w, t: {
        "cause": lag_cause().pk,
        "cause_note": "资金未到",
        "measures": "增加班组",
        "target_on": "2026-12-31",
    },
    "investment:catch_up_withdraw": lambda w, t: {"reason": "重做", "version": t.catch_up.version},
    "investment:step_done": lambda w, t: {"note": "已完成", "version": t.catch_up.steps.get().version},
    "investment:rules_draft": lambda w, t: {
        **LightRules().values(),
        "yellow": 85,
        "effective": "2026-12",
        "note": "从严",
        "version": w.extra["rules"].revision,
    },
    "investment:rules_publish": lambda w, t: {"revision": w.extra["rules"].revision},
    "investment:rules_discard": lambda w, t: {"revision": w.extra["rules"].revision},
    "investment:programme_new": lambda w, t: {"kind": "provincial", "name": "新批次", "year": 2026, "version": 0},
    "investment:programme_edit": lambda w, t: {"kind": "district", "name": "改名批次", "year": 2026, "version": 1},
    "investment:fund_new": lambda w, t: {
        "programme": w.extra["programme2"].pk,
        "applied": "100",
        "usage": "主体工程",
        "version": 0,
    },
    "investment:fund_edit": lambda w, t: {"applied": "110", "usage": "主体工程", "version": 1},
    "investment:fund_step": lambda w, t: {"version": 1},
    "investment:fund_decide": lambda w, t: {
        "amount": "90",
        "on": "2026-11-24",
        "document_no": "云财〔2026〕1号",
        "version": t.fund.version,
    },
    "investment:fund_correct": lambda w, t: {"correct": "95", "on": "2026-11-24", "note": "录入有误"},
    "investment:enrolment_step": lambda w, t: {"reason": "contract", "note": "合同正在签订", "version": 0},
    "investment:enrolment_decide": lambda w, t: {"note": "照片没有水印", "version": 1},
    "investment:plan_edit": lambda w, t: {
        "target": "3000",
        "start_month": 1,
        "end_month": 12,
        "version": 0,
    },
    "investment:output_edit": lambda w, t: {"year": "2026", "revenue": "3200", "jobs": "40", "version": "0"},
    "investment:project_split": lambda w, t: {
        "name1": "厂房一区",
        "total1": "7000.0001",
        "name2": "厂房二区",
        "total2": "4999.9999",
        "reason": "区政府专题会议纪要〔2026〕9号",
        "version": t.project.version,
    },
    "projects:batch_new": lambda w, t: {"kind": "entry", "meeting_on": "2026-12-01"},
    "projects:batch_close": lambda w, t: {"document_no": "纪要〔2026〕1号", "version": w.extra["judged"].version},
    "projects:proposal_judge": lambda w, t: {"verdict": "passed", "opinion": ""},
    "projects:proposal_take_back": lambda w, t: {},
    "projects:project_propose": lambda w, t: {"batch": w.extra["meeting"].pk, "note": "请予评审"},
    "projects:project_rename": lambda w, t: {"name": "更名", "reason": "批复更名", "version": t.project.version},
    "projects:project_restart": lambda w, t: {"name": "重启的项目", "reason": "土地已落实"},
    "projects:project_shares": lambda w, t: {
        "district1": "云岭区",
        "percent1": "60",
        "district2": "东山区",
        "percent2": "40",
        "version": t.project.version,
    },
    "projects:project_new": lambda w, t: {"name": "全新项目", "lead_unit": w.cast.unit.pk, **CHOICES},
    "projects:project_edit": lambda w, t: {
        "name": "改名后的项目",
        "lead_unit": t.project.lead_unit_id,
        "reason": "业主更名",
        "version": t.project.version,
        **CHOICES,
    },
    "projects:project_follow": lambda w, t: {"on": "1"},
    "projects:list_columns": lambda w, t: {"col": ["name", "stage"]},
    "projects:view_save": lambda w, t: {"name": "我的视图", "query": "stage=planning"},
    "projects:view_delete": lambda w, t: {},
    "investment:cause_new": lambda w, t: {"name": "用地指标", "order": 1, "is_active": "on"},
    "investment:cause_edit": lambda w, t: {"name": "用地指标", "order": 1, "is_active": "on"},
    "projects:chain_new": lambda w, t: {"name": "低空经济", "order": 1, "is_active": "on"},
    "projects:chain_edit": lambda w, t: {"name": "低空经济", "order": 1, "is_active": "on"},
    "projects:template_edit": lambda w, t: {
        "name": "选址（改）",
        "duration": 20,
        "day_type": w.extra["template"].day_type,
        "wall_column": w.extra["template"].wall_column,
        "order": 10,
        "deps": "",
    },
    "projects:project_schedule": lambda w, t: {
        "kind": "production",
        "target": "2031-06-30",
        "reason": "业主要求",
        "version": t.project.version,
    },
    "projects:project_merge": lambda w, t: {
        "other": Project.objects.exclude(pk=t.project.pk).order_by("pk").values_list("number", flat=True)[0],
        "version": t.project.version,
        "reason": "重复登记",
    },
    "projects:project_assign": lambda w, t: {"duty": "official", "name": "未来人", "starts_on": "2026-11-24"},
    "projects:project_files": lambda w, t: {"files": photo(), "caption": "补充"},
    "projects:project_trail": lambda w, t: {"kind": "note", "text": "去了现场"},
    "projects:project_update": _sheet,
    "projects:project_draft": lambda w, t: {"text": "写到一半"},
    "projects:project_stage": lambda w, t: {"edge": "suspend", "effective_on": "2027-06-30", "note": "资金未到"},
    "projects:project_correction": lambda w, t: {
        "field": "actual_start_date",
        "day": "2026-05-01",
        "reason": "登记有误",
    },
    "projects:node_edit": lambda w, t: {
        "version": t.node.version,
        "begun_on": "2026-11-01",
        "forecast_on": "2028-01-01",
        "blocker": "等待批复",
    },
    "projects:evidence_new": lambda w, t: {"code": "SITE_IDEA", "document_no": "云发改〔2026〕8号"},
    "projects:evidence_withdraw": lambda w, t: {"reason": "传错了"},
    "projects:assignment_end": lambda w, t: {"ends_on": "2026-11-24"},
    "projects:request_decide": lambda w, t: {"decision": "approve", "note": ""},
    "projects:request_cancel": lambda w, t: {},
    "projects:correction_decide": lambda w, t: {"decision": "approve", "note": ""},
}
