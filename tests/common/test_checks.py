"""What `check --deploy` tells an operator about the machine."""

from types import SimpleNamespace

import pytest

from common import checks


@pytest.mark.parametrize(("listed", "ids"), [(b"NotoSansCJK.ttc: Noto Sans CJK SC\n", []), (b"", ["common.W002"])])
def test_missing_chinese_fonts_are_told(monkeypatch, listed, ids):
    monkeypatch.setattr(checks.shutil, "which", lambda name: "/usr/bin/fc-list")
    monkeypatch.setattr(checks.subprocess, "run", lambda *args, **kwargs: SimpleNamespace(stdout=listed))
    assert [message.id for message in checks.chinese_fonts(None)] == ids


def test_a_machine_without_fontconfig_is_told_too(monkeypatch):
    monkeypatch.setattr(checks.shutil, "which", lambda name: None)
    assert [message.id for message in checks.chinese_fonts(None)] == ["common.W002"]


@pytest.mark.parametrize(("library", "ids"), [("libpango-1.0.so.0", []), (None, ["common.W003"])])
def test_missing_pango_is_told(monkeypatch, library, ids):
    monkeypatch.setattr(checks.ctypes.util, "find_library", lambda name: library)
    assert [message.id for message in checks.pango(None)] == ids
