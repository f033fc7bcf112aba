"""manage.py vendor: provide the third-party front-end files in build/vendor/."""

from pathlib import Path

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from common import assets


class Command(BaseCommand):
    help = "按 package-lock.json 安装前端第三方文件，并按 assets.toml 复制到 build/vendor/。"
    requires_system_checks = []

    def add_arguments(self, parser):
        parser.add_argument("--force", action="store_true", help="即使已是最新也重新安装")
        parser.add_argument("--archive", type=Path, metavar="文件", help="另存为 .tar.gz，供不能上网的机器使用")
        parser.add_argument("--from-archive", type=Path, metavar="文件", help="从 --archive 制作的文件恢复，不使用网络")

    def handle(self, *, force: bool, archive: Path | None, from_archive: Path | None, **options) -> None:
        root, vendor = settings.BASE_DIR, settings.VENDOR_DIR
        try:
            if from_archive:
                assets.unpack(root, from_archive, vendor)
            elif force or not assets.is_current(vendor, assets.digest_of(root)):
                assets.install(root, vendor)
            if archive:
                assets.pack(vendor, archive)
        except assets.AssetError as error:
            raise CommandError(str(error)) from None
        self.stdout.write(f"前端文件已就绪：{vendor}" + (f"，归档：{archive}" if archive else ""))
