"""manage.py seed_reference: what every installation starts from. Rows that exist are never changed."""

from collections.abc import Sequence

from django.core.management.base import BaseCommand
from django.db import transaction
from django.db.models import Model

from investment.models import LagCause
from projects.models import IndustryChain, MilestoneTemplate
from projects.node_templates import template_rows

CAUSES = (
    "征地拆迁", "前期手续", "资金不到位", "设计或方案变更", "招投标", "施工组织", "业主投资意愿", "水电路气配套",
    "天气及不可抗力", "数据报送不及时", "其他",
)  # fmt: skip
CHAINS = ("新材料", "装备制造", "电子信息", "生物医药", "绿色食品", "现代物流", "文化旅游", "新能源")


class Command(BaseCommand):
    help = "写入参考数据：关键节点模板、产业链、滞后原因。已有的不改，可重复执行。"

    @transaction.atomic
    def handle(self, **options) -> None:
        known = set(MilestoneTemplate.objects.values_list("approval_type", "code"))
        nodes = [
            MilestoneTemplate(**row) for row in template_rows() if (row["approval_type"], row["code"]) not in known
        ]
        MilestoneTemplate.objects.bulk_create(nodes)
        chains, causes = _names(IndustryChain, CHAINS), _names(LagCause, CAUSES)
        self.stdout.write(f"参考数据：新增节点模板 {len(nodes)} 条、产业链 {chains} 条、滞后原因 {causes} 条。")


def _names(model: type[Model], names: Sequence[str]) -> int:
    """Fill a dictionary that holds nothing; returns how many names it got."""
    if model.objects.exists():
        return 0
    return len(model.objects.bulk_create([model(name=name, order=order * 10) for order, name in enumerate(names, 1)]))
