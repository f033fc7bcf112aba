"""manage.py seed_reference: what every installation starts from. Rows that exist are never changed."""

from django.core.management.base import BaseCommand
from django.db import transaction

from projects.models import IndustryChain, MilestoneTemplate
from projects.node_templates import template_rows

CHAINS = ("新材料", "装备制造", "电子信息", "生物医药", "绿色食品", "现代物流", "文化旅游", "新能源")


class Command(BaseCommand):
    help = "写入参考数据：关键节点模板、产业链。已有的不改，可重复执行。"

    @transaction.atomic
    def handle(self, **options) -> None:
        known = set(MilestoneTemplate.objects.values_list("approval_type", "code"))
        nodes = [
            MilestoneTemplate(**row) for row in template_rows() if (row["approval_type"], row["code"]) not in known
        ]
        MilestoneTemplate.objects.bulk_create(nodes)
        chains = (
            []
            if IndustryChain.objects.exists()
            else [IndustryChain(name=name, order=order * 10) for order, name in enumerate(CHAINS, 1)]
        )
        IndustryChain.objects.bulk_create(chains)
        self.stdout.write(f"参考数据：新增节点模板 {len(nodes)} 条、产业链 {len(chains)} 条。")
