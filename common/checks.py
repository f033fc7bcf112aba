"""System checks: what an operator must know before people use the product. Register more with `@register`."""

import ctypes.util
import shutil
import subprocess

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


@register("fonts", deploy=True)
def chinese_fonts(app_configs, **kwargs) -> list[CheckMessage]:
    """Warns when no Chinese font is installed: documents drawn on this machine would show boxes (decisions §27)."""
    lister = shutil.which("fc-list")
    found = subprocess.run([lister, ":lang=zh"], capture_output=True, check=False).stdout if lister else b""
    if found.strip():
        return []
    return [
        Warning(
            "没有找到中文字体，生成的 PDF 会显示方框。",
            hint="Debian/Ubuntu：apt-get install fontconfig fonts-noto-cjk",
            id="common.W002",
        )
    ]


@register("pango", deploy=True)
def pango(app_configs, **kwargs) -> list[CheckMessage]:
    """Warns when pango is missing: reports cannot be drawn as PDF (decisions §27)."""
    if ctypes.util.find_library("pango-1.0"):
        return []
    return [
        Warning(
            "没有找到 pango，不能生成 PDF。",
            hint="Debian/Ubuntu：apt-get install libpango-1.0-0 libpangoft2-1.0-0",
            id="common.W003",
        )
    ]
