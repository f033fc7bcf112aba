"""The columns of a project list and the many names they go by: the alias inventory.

Collected from real lists, official templates and the screens of other systems. Year and period words are normalised
before the lookup (see `columns.canonical`): "2024年计划投资", "今年计划投资" and "年度计划投资" are one alias.
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class Column:
    """One field a list may carry. `kind` decides how its cells are read (see `values`)."""

    field: str
    label: str
    aliases: tuple[str, ...] = ()
    kind: str = "text"
    required: bool = False
    hint: str = ""  # how to fill it in, for the 填写说明 of a template


def _column(field: str, label: str, kind: str, aliases: str, *, required: bool = False) -> Column:
    return Column(field, label, tuple(aliases.split()), kind, required)


PROJECT_COLUMNS: tuple[Column, ...] = (
    _column(
        "serial",
        "序号",
        "serial",
        """
        序号 编号 序次 项目序号 总序号 分序号 no no. seq id 项次 序 总序 顺序号 序列 行号
        """,
    ),
    _column(
        "name",
        "项目名称",
        "name",
        """
        项目名称 项目名 名称 工程名称 工程名 项目工程名称 项目单位及名称 建设项目名称 重点项目名称 重大项目名称
        项目（工程）名称 子项目名称 项目全称 name projectname proname
        建设项目 重点项目 工程项目 具体项目 子项目 实施项目 项目
        """,
        required=True,
    ),
    _column("project_number", "项目编号", "text", "项目编号 项目编码 内部编号 申报流水号"),
    _column(
        "national_code",
        "项目代码",
        "code",
        """
        项目代码 国家代码 统一代码 项目统一代码 国家统一代码 投资项目代码 投资项目统一代码 项目赋码 工程代码
        入库入统代码 projectcode
        """,
    ),
    _column(
        "total_investment",
        "总投资",
        "money",
        """
        总投资 项目总投资 计划总投资 总投资额 投资额 项目投资额 投资总额 项目投资估算 审核项目总投资 概算总投资
        总概算 投资总量 估算总投资 总投资估算 总投资规模 投资规模 规划总投资 拟总投资 总投资概算 投资估算 项目计划总投资
        签约金额 投资金额 投资总规模
        totalinvestment prototalinvestment investment
        """,
    ),
    _column(
        "annual_plan",
        "年度计划投资",
        "money",
        """
        年度计划投资 年度投资计划 年度计划完成投资 计划完成投资 年度投资 年度投资目标 年度目标投资 年度预计投资
        投资计划 计划投资 预计投资 审核年度投资计划 年度投资计划建议 年度计划 年度计划投资额 年度计划完成
        年度安排投资 年度投资任务 年度拟投资 年度目标任务投资 年度预计完成投资 预计完成投资 计划年度投资
        计划完成年度投资 yearplaninvestment annualplan yearinvestment planinvestment
        """,
    ),
    _column(
        "completed_ytd",
        "本年累计完成投资",
        "money",
        """
        累计完成投资 年度累计完成投资 年度已完成投资 已完成投资 完成投资 年度完成投资 年度项目累计投资
        项目累计投资 年度投资计划完成情况 累计完成 累计投资 本年累计完成投资 累计完成投资额 完成投资额
        当月至今已完成 completedinvestment
        """,
    ),
    _column(
        "completed_month",
        "本月完成投资",
        "money",
        """
        本月完成投资 本月完成 当月完成 当月投资 当月已完成投资 当月完成投资 本月投资
        """,
    ),
    _column(
        "completed_total",
        "开工以来累计完成投资",
        "money",
        """
        开工以来累计完成投资 自开工累计完成投资 自开工以来累计完成投资 到上年底累计完成投资 上年底累计完成投资
        """,
    ),
    _column(
        "completion_rate",
        "投资完成率",
        "percent",
        """
        年度投资完成率 投资完成率 完成率 完成比例 年度完成率
        """,
    ),
    _column(
        "owner",
        "项目业主",
        "unit",
        """
        项目业主 建设单位 项目单位 实施单位 项目(法人)单位 项目法人 建设主体 法人单位 项目实施主体 业主单位 业主
        申报单位 项目库业主单位名称 项目法人或责任单位 项目业主单位 项目建设单位 项目实施单位 建设业主 业主名称
        实施主体 投资单位 投资方 投资企业 项目企业 企业名称 项目主体 ownedenterprise owner
        """,
    ),
    _column(
        "responsible",
        "责任单位",
        "unit",
        """
        责任单位 牵头单位 项目主管单位 项目库主管单位 主管单位 主管部门 监管单位 主责单位 分管局委
        市或县挂钩责任单位 日常监管直接责任单位 牵头责任单位 责任部门 牵头部门 行业主管部门 项目责任单位
        责任主体 属地责任单位 第一责任单位 责任单位及责任人 行业主管单位 项目主管部门 leadunit responsibleunit
        """,
    ),
    _column(
        "co_responsible",
        "配合单位",
        "unit",
        """
        第二责任单位 配合单位 协办单位 配合责任单位 共同责任单位
        """,
    ),
    _column(
        "reviewer",
        "审核单位",
        "unit",
        """
        审核单位名称 审核单位 处理部门
        """,
    ),
    _column(
        "agent_unit",
        "代办单位",
        "unit",
        """
        手续代办单位 代办单位 第二代办单位 服务单位 帮办单位 项目建设管理单位
        """,
    ),
    _column(
        "contractor",
        "施工单位",
        "unit",
        """
        施工单位 承建单位 设计单位 监理单位 代建单位
        """,
    ),
    _column(
        "lead_officials",
        "包联领导",
        "people",
        """
        包联领导 挂村区领导 包保领导 责任领导 联系领导 挂钩领导 分管领导 包抓领导 牵头领导 挂联领导 县级领导
        县级包联领导 区级领导 市级领导 包挂领导 服务领导 帮扶领导 领导 挂点领导 联系区领导 责任县领导 责任区领导
        """,
    ),
    _column(
        "officials",
        "责任人",
        "people",
        """
        责任人 具体责任人 项目责任人 项目负责人 负责人 第一责任人
        """,
    ),
    _column(
        "contact",
        "联系人",
        "text",
        """
        项目联系人 联系人 联络人 联络员 填报人 经办人
        """,
    ),
    _column(
        "phone",
        "联系电话",
        "text",
        """
        联系电话 联系方式 电话 手机 手机号 联系人电话
        """,
    ),
    _column(
        "location",
        "建设地点",
        "text",
        """
        建设地点 项目地点 建设地址 建设详细地址 项目位置 项目所在地 所在地 项目属地 建设位置 项目建设地点 选址
        项目选址 所在位置 地点 地址 buildinglocation location address
        """,
    ),
    _column(
        "city",
        "所在市",
        "text",
        """
        所在市 所在盟市 所在地市 市州 地市 所属市 设区市 盟市 市（区） cityname city
        """,
    ),
    _column(
        "area",
        "所在县区",
        "text",
        """
        所在市县 所在县区 所在区县 隶属区县 所在省辖市、县区 所属辖区 所属街道 辖区 乡镇 行政区 片区名称
        所属区县 县区 区县 县市区 所在县市区 街道 镇街 所在区 属地 所在乡镇 县（市、区） 地区 区域 园区 areaname area
        """,
    ),
    _column(
        "industry",
        "行业类别",
        "industry",
        """
        所属行业 行业类别 行业分类 产业类别 项目类型 项目类别 项目分类 国标行业 项目大类 项目领域 领域分类
        九大领域 领域 行业领域名称 项目类型名称 双十类别 大类 行业领域 行业 产业类型 产业分类 类别 分类 板块
        所属领域 所属产业 产业领域 产业门类 项目所属行业 industryname industry
        """,
    ),
    _column(
        "industry_sub",
        "行业小类",
        "industry",
        """
        小类 项目小类 子类 行业小类 细分领域 中类 二级分类
        """,
    ),
    _column(
        "nature",
        "建设性质",
        "nature",
        """
        建设性质 项目性质 性质 新建/续建 新建或续建 新建续建 项目建设性质
        """,
    ),
    _column(
        "stage",
        "项目阶段",
        "stage",
        """
        建设阶段 项目阶段 项目状态 建设批次 当前阶段 建设状态 建设情况 项目建设阶段 所处阶段 状态 年度类型
        项目进度类别
        """,
    ),
    _column(
        "started",
        "是否开工",
        "flag",
        """
        是否开工 是否已开工 开工情况 是否当年度新开工项目 是否新开工
        """,
    ),
    _column(
        "level",
        "项目级别",
        "level",
        """
        层次 项目级别 级别 项目层级 重点级别 项目等级 重点项目级别 层级 省市重点
        """,
    ),
    _column(
        "scale",
        "建设规模及内容",
        "long_text",
        """
        建设规模及内容 建设规模及主要内容 建设规模和主要内容 建设内容及规模 建设规模 建设内容 主要建设内容
        建设规模和内容 主要规模和内容 拟建设规模 项目内容 投资内容 项目简介 项目概况 投资项目基本情况描述 年度建设任务
        主要建设规模及内容 建设规模与内容 建设主要内容 建设规模及建设内容 主要建设内容及规模 主要建设规模和内容
        规模及内容 建设内容和规模 项目建设内容 项目建设内容及规模 项目建设规模及内容 主要建设规模 项目基本情况
        constructioncontent content
        """,
    ),
    _column(
        "duration",
        "建设起止年限",
        "range",
        """
        建设起止年限 建设起止时间 建设年限 建设周期 起止年限 计划工期 计划建设期限 项目工期 建设工期 建设期限
        建设期 起止时间 建设时间 项目起止年限 建设起止年月 工期 起止年月 项目建设周期 建设起止期限 实施年限
        建设起止年份
        """,
    ),
    _column(
        "start",
        "计划开工时间",
        "date",
        """
        计划开工时间 拟开工时间 开工时间 开工年份 开工年度 计划开工 开工日期 计划开工日期 开工年月 建设起始时间
        开始时间 建设开始时间 开工 预计开工时间 拟开工日期 计划开工年月 开工（计划开工）时间 起始年 开工年限
        starttime startdate
        """,
    ),
    _column(
        "actual_start",
        "实际开工时间",
        "date",
        """
        实际开工时间 实际开工日期 实际建设期限开始
        """,
    ),
    _column(
        "end",
        "计划竣工时间",
        "date",
        """
        计划竣工时间 计划建成时间 拟结束时间 拟建成时间 竣工时间 竣工年份 完工年份 计划竣工 完成时限 竣工日期
        计划竣工日期 完工时间 建成时间 计划完工时间 竣工年月 建成年份 结束时间 预计竣工时间 计划投产时间
        竣工（投产）时间 竣工投产时间 拟竣工时间 竣工 终止年 endtime enddate
        """,
    ),
    _column(
        "actual_end",
        "实际竣工时间",
        "date",
        """
        实际竣工时间 实际竣工日期 实际建设期限结束
        """,
    ),
    _column(
        "annual_goal",
        "年度目标",
        "long_text",
        """
        年度工作目标 年度目标 进度目标或新增效益 年度建设目标 年度主要建设任务 年度工作计划 年度目标任务
        工程形象进度 计划形象进度 年度建设内容 年度主要建设内容 年度建设计划 年度形象进度目标
        年度工程形象进度目标 年度主要任务 年度前期工作或工程形象进度目标 年度建设内容及目标 新增生产能力
        整体形象进度 年度工作任务
        """,
    ),
    _column(
        "progress_text",
        "进展情况",
        "long_text",
        """
        进展情况 本月进展 当前进展情况 主要形象进度 项目进展情况 形象进度 目前进展 目前进展情况 项目进展 进度
        月报 当前进展 工作进展 projectprogress
        """,
    ),
    _column(
        "progress_percent",
        "形象进度（%）",
        "percent",
        """
        进度百分比 形象进度百分比 progress
        """,
    ),
    _column(
        "problems",
        "存在问题",
        "long_text",
        """
        存在问题 问题和建议 存在的问题 存在困难和问题 主要问题 需协调解决的问题
        """,
    ),
    _column(
        "remark",
        "备注",
        "text",
        """
        备注 说明 备注说明 remark
        """,
    ),
    _column(
        "funding",
        "资金来源",
        "text",
        """
        资金来源 投资类型 投资主体 投资类别 合作方式 项目资金来源 资金性质
        """,
    ),
    _column(
        "approval_document",
        "立项批复文号",
        "text",
        """
        立项批复文号 批复文号 申报依据 立项文号 审批文号 备案证号 recordcertificateno
        """,
    ),
)
FIELDS: dict[str, Column] = {column.field: column for column in PROJECT_COLUMNS}
