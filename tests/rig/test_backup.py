"""Backup and restore as the container does it, on a database of its own."""

import os
import subprocess
from pathlib import Path
from urllib.parse import urlsplit

import psycopg2
import pytest
from psycopg2 import sql

from tests.rig.world import ROOT, server_url

pytestmark = pytest.mark.rig


class Place:
    """Two databases, a folder of files and a folder of backups."""

    def __init__(self, folder: Path) -> None:
        parts = urlsplit(server_url())
        self.files, self.backups = folder / "files", folder / "backup"
        self.names = [f"dongliang_backup_{os.getpid()}_{end}" for end in ("from", "to")]
        self.env = os.environ | {
            "PGHOST": parts.hostname or "127.0.0.1",
            "PGPORT": str(parts.port or 5432),
            "PGUSER": parts.username or "root",
            "BACKUP_DIR": str(self.backups),
            "FILES_DIR": str(self.files),
            "KEEP_DAYS": "30",
        }
        if parts.password:
            self.env["PGPASSWORD"] = parts.password

    def script(self, database: str, *argv: str) -> subprocess.CompletedProcess:
        env = self.env | {"PGDATABASE": database}
        return subprocess.run(
            ["bash", "ops/backup.sh", *argv], cwd=ROOT, env=env, capture_output=True, text=True, timeout=120
        )

    def connect(self, database: str):
        connection = psycopg2.connect(urlsplit(server_url())._replace(path=f"/{database}").geturl())
        connection.autocommit = True
        return connection

    def on_server(self, statement: str) -> None:
        server = psycopg2.connect(server_url())
        server.autocommit = True
        with server.cursor() as cursor:
            for name in self.names:
                cursor.execute(sql.SQL(statement).format(sql.Identifier(name)))
        server.close()


@pytest.fixture
def place(tmp_path):
    """A database with a thousand rows and a stored file, and an empty one beside it."""
    place = Place(tmp_path)
    place.files.mkdir()
    place.backups.mkdir()
    (place.files / "2026").mkdir()
    (place.files / "2026" / "照片.png").write_bytes(os.urandom(5000))
    place.on_server("CREATE DATABASE {}")
    connection = place.connect(place.names[0])
    with connection.cursor() as cursor:
        cursor.execute("CREATE TABLE kept (id int PRIMARY KEY, word text)")
        cursor.execute("INSERT INTO kept SELECT n, '第' || n || '行' FROM generate_series(1, 1000) n")
    connection.close()
    yield place
    place.on_server("DROP DATABASE IF EXISTS {} WITH (FORCE)")


def backed_up(place: Place) -> str:
    done = place.script(place.names[0], "once")
    assert done.returncode == 0, done.stderr
    [dump] = place.backups.glob("*.dump")
    return dump.stem


def test_what_was_backed_up_comes_back_whole(place, tmp_path):
    stamp = backed_up(place)
    content = (place.files / "2026" / "照片.png").read_bytes()
    place.env["FILES_DIR"] = str(tmp_path / "fresh")
    (tmp_path / "fresh").mkdir()
    done = place.script(place.names[1], "restore", stamp)
    assert done.returncode == 0, done.stdout + done.stderr
    checksum = "SELECT count(*), md5(string_agg(word, ',' ORDER BY id)) FROM kept"
    rows = []
    for name in place.names:
        connection = place.connect(name)
        with connection.cursor() as cursor:
            cursor.execute(checksum)
            rows.append(cursor.fetchone())
        connection.close()
    assert rows[0] == rows[1]
    assert rows[0][0] == 1000
    assert (tmp_path / "fresh" / "2026" / "照片.png").read_bytes() == content


def test_nothing_is_restored_over_what_is_there(place):
    stamp = backed_up(place)
    done = place.script(place.names[0], "restore", stamp)
    assert done.returncode == 1
    assert "not empty" in done.stdout


@pytest.mark.parametrize("kind", ["dump", "files.tar.gz"])
def test_a_damaged_backup_is_noticed_before_anything_is_restored(place, tmp_path, kind):
    stamp = backed_up(place)
    damaged = place.backups / f"{stamp}.{kind}"
    content = bytearray(damaged.read_bytes())
    content[len(content) // 2] ^= 1
    damaged.write_bytes(content)
    place.env["FILES_DIR"] = str(tmp_path / "fresh")
    (tmp_path / "fresh").mkdir()
    assert place.script(place.names[1], "restore", stamp).returncode != 0
    connection = place.connect(place.names[1])
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_tables WHERE schemaname = 'public'")
        assert cursor.fetchone() == (0,)
    connection.close()
    assert not list((tmp_path / "fresh").iterdir())


def test_a_backup_that_fails_leaves_nothing_that_looks_like_one(place):
    done = place.script("no_such_database", "once")
    assert done.returncode != 0
    assert not list(place.backups.iterdir())


def test_old_backups_go_and_recent_ones_stay(place):
    old = place.backups / "20200101-020000.dump"
    old.touch()
    os.utime(old, (0, 0))
    stamp = backed_up(place)
    assert not old.exists()
    assert (place.backups / f"{stamp}.sha256").exists()
