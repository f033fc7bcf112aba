"""System checks: what an operator must know before people use the product. Register more with `@register`."""

from django.conf import settings
from django.core.checks import CheckMessage, Warning, register

from common import assets


@register("assets")
def vendor_files(app_configs, **kwargs) -> list[CheckMessage]:
    """Warns when the third-party files are absent or do not belong to the lock file: pages work, but plainly."""
    if assets.is_current(settings.VENDOR_DIR, assets.digest_of(settings.BASE_DIR)):
        return []
    return [
        Warning(
            "前端第三方文件缺失或不是当前版本，页面以基础样式显示，图表只显示数据表。",
            hint="执行 python manage.py vendor（不能上网时用 --from-archive）。",
            id="common.W001",
        )
    ]
