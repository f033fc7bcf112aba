"""Why rows are refused or odd, in the words of the preview: one title and one hint per reason."""

REASONS: dict[str, tuple[str, str]] = {
    "undecided": ("可能已有这个项目，请您决定", "在下面选择新建、更新或跳过"),
    "twice": ("同一项目出现两次", "保留一行，其余选择跳过；确是两个项目的，选择新建"),
    "name_missing": ("没有项目名称", "补上名称，或把这一行改为忽略"),
    "required": ("必填内容没有填", "新项目必须写明责任单位"),
    "stage_missing": ("没有写明项目阶段", "在“值对应”一步选择按哪个阶段登记"),
    "unit_unknown": ("责任单位没有对应", "回到“值对应”一步选择"),
    "label_unknown": ("内容没有对应到选项", "回到“值对应”一步选择"),
    "amount": ("金额不能确定", "写成 12,600 或 1.26亿元 都可以"),
    "amount_range": ("金额超出范围", "通常是单位填错"),
    "date": ("日期认不出来", "写成 2026-12-15、2026年12月 或 2026.12 都可以"),
    "dates_reversed": ("开工晚于竣工", "核对起止时间的先后"),
    "formula_empty": ("公式没有结果", "在 Excel 中打开文件并保存一次"),
    "control_characters": ("含有不可见的控制字符", "删除后重新输入"),
    "precision_lost": ("长数字丢失了末尾几位", "把这一列设为文本格式后重新填写"),
    "code": ("项目代码不对", "对照赋码文件核对"),
    "code_taken": ("项目代码与平台上的对不上", "同一代码下的项目请核对名称"),
    "number_unknown": ("平台上没有这个项目编号", "新项目请把编号留空"),
    "over": ("项目已退库或终止", "已办结的记录不能再更新；重新启动的请去掉代码和编号，作为新项目导入"),
    "out_of_reach": ("不在您的管理范围内", "请由有权限的同事导入"),
    "too_long": ("文字过长", "缩短后再导入"),
    "not_clearable": ("这一列不能清空", "填写新的内容，或留空表示不修改"),
    "stage_conflict": ("续建但未开工", "阶段暂按储备，可逐个改"),
    "stage_differs": ("表中的阶段与平台不同", "导入不改阶段，请在项目页提出申请"),
    "done_exceeds_plan": ("累计完成超过年度计划", "确有超额的不用改"),
    "plan_exceeds_total": ("年度计划大于总投资", "通常是单位填错"),
    "plan_zero": ("年度计划为 0", "没有填写的请留空"),
    "done_below": ("累计完成低于已填报的数", "导入后本月完成为负，作为冲减"),
    "one_official": ("责任人不止一位", "只登记第一位"),
    "only_in_copy": ("只在副本工作表中有", "核对是否要导入"),
    "merged_amount": ("金额与上一行合并", "只计入第一行"),
    "amount_approx": ("金额是约数", "按写出的数读取"),
    "date_status": ("日期列里写的是状态", "已开工的请在项目页核对"),
    "formula_error": ("公式出错", "这一格没有读取"),
    "similar_in_file": ("表内有名称相近的项目", "核对是否重复"),
    "year": ("年度不对", "写四位年份，或在“值对应”一步选择"),
    "month": ("月份不对", "写 1 到 12 的数"),
    "month_to_come": ("月份还没有到", "还没有到的月份请留空"),
    "inside_total": ("这个月已含在合计数里", "同时填写合计所在月份的当月数，合计才会拆开"),
    "project_unknown": ("平台上没有这个项目", "核对名称，或填写平台上的项目编号；新项目请先用项目清单导入"),
    "several": ("有几个同名的项目", "填写项目编号"),
    "number_elsewhere": ("编号和名称不是同一个项目", "核对编号，或把编号留空"),
    "node_unknown": ("项目没有这个节点", "按项目页上的节点名称或代码填写"),
    "node_off": ("节点不适用于这个项目", "把这一行留空或删去"),
    "node_done": ("节点已经完成", "要改请先在项目页撤销完成"),
    "date_to_come": ("完成日期晚于今天", "没有完成的填预计完成日期"),
    "account": ("账号不对", "用字母、数字和 _ . @ + -"),
    "account_off": ("账号已停用", "请先在用户页启用"),
    "email": ("邮箱不对", "写完整的邮箱地址，或留空"),
    "name_taken": ("名称已被别的单位使用", "换一个简称，或先修改那个单位"),
    "number": ("不是整数", "写整数，或留空"),
}
_FAMILIES = ("amount", "date", "code")


def reason_of(code: str) -> str:
    """The reason a code belongs to."""
    if code in REASONS:
        return code
    return next((family for family in _FAMILIES if code.startswith(family)), code)


def title_of(reason: str) -> str:
    return REASONS.get(reason, ("其他", ""))[0]


def hint_of(reason: str) -> str:
    return REASONS.get(reason, ("", ""))[1]
