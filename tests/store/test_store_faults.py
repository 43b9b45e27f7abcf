"""Stores that are damaged, out of reach or out of room: each a clear error, nothing overwritten."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest

from nb2pipe.errors import StoreError
from nb2pipe.store import open_store
from nb2pipe.store.database import Database
from nb2pipe.store.engine import make_engine
from nb2pipe.store.runs import add
from tests.store.values import NOON, TEXT, a_run

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def good_file(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """The bytes of an SQLite store of many pages."""
    home = tmp_path_factory.mktemp("good")
    with open_store(None, home) as store:
        for number in range(20):
            store.add_run(a_run(f"r{number}", text=f"{TEXT}{number}{'x' * 5000}"))
    return (home / "store.db").read_bytes()


@pytest.mark.parametrize(
    ("damage", "message"),
    [
        (lambda good: b"just some text\n" * 1000, "is no database of SQLite"),
        (lambda good: b"hi", "is no database of SQLite"),
        (lambda good: b"\0" * 8192, "is no database of SQLite"),
        (lambda good: good[:50], "is damaged|is no database"),
        (lambda good: good[:1000], "is damaged"),
        (lambda good: good[:4096], "is damaged"),
        (lambda good: good[: len(good) // 2], "is damaged"),
        (lambda good: good[:-4096], "is damaged"),
        (lambda good: good[:100] + b"\xff" * 4000 + good[4100:], "is damaged"),
    ],
    ids=["text", "two bytes", "zeros", "cut 50", "cut 1000", "one page", "half", "last page", "first page"],
)
def test_a_damaged_file(tmp_path: Path, good_file: bytes, damage: Callable[[bytes], bytes], message: str) -> None:
    """A file that is no database, or only a part of one, is refused and left as it is."""
    path = tmp_path / "store.db"
    path.write_bytes(damage(good_file))
    with pytest.raises(StoreError, match=message) as caught:
        open_store(None, tmp_path)
    assert str(path) in caught.value.message
    assert "left it as it is" in caught.value.hint
    assert damage(good_file) == path.read_bytes()
    assert ["store.db"] == [found.name for found in tmp_path.iterdir()]


def test_damage_found_later(tmp_path: Path, good_file: bytes) -> None:
    """Damage behind the first pages is an error of ours as soon as it is read."""
    marks = good_file.replace(b"x" * 5000, b"x" * 4000 + b"y" * 1000)
    broken = bytearray(marks)
    for start in range(4096 * 2, len(broken), 4096):
        broken[start : start + 100] = b"\xff" * 100
    (tmp_path / "store.db").write_bytes(bytes(broken))
    with pytest.raises(StoreError, match="is damaged"), open_store(None, tmp_path) as store:
        store.runs(with_text=True)


def damage(path: Path, good_file: bytes, change: str) -> None:
    """A store one of whose runs holds what no nb2pipe writes."""
    path.write_bytes(good_file)
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.execute(f"UPDATE runs SET {change} WHERE id = 'r3'")


def test_broken_json(tmp_path: Path, good_file: bytes) -> None:
    """A row whose JSON is broken is listed, with what is wrong; it is an error of ours when it is asked for."""
    damage(tmp_path / "store.db", good_file, "parameters = '{\"a\": '")
    with open_store(None, tmp_path) as store:
        whole = {run.id: run for run in store.runs()}
        assert "cannot be read" in whole["r3"].message and not any(whole[each].message for each in ("r1", "r2"))
        with pytest.raises(StoreError, match="is damaged"):
            store.run("r3")


def test_broken_text(tmp_path: Path, good_file: bytes) -> None:
    """A row whose text is broken is an error of ours."""
    damage(tmp_path / "store.db", good_file, "pipeline = CAST(x'ff' AS TEXT)")
    with pytest.raises(StoreError, match="is damaged"), open_store(None, tmp_path) as store:
        store.runs()


def test_an_empty_file_is_a_new_store(tmp_path: Path) -> None:
    """An empty file is what a kill at the very beginning leaves, so it becomes a store."""
    (tmp_path / "store.db").touch()
    with open_store(None, tmp_path) as store:
        assert [] == store.runs()


def test_a_folder_in_its_place(tmp_path: Path) -> None:
    """A folder named like the store is refused."""
    (tmp_path / "store.db").mkdir()
    with pytest.raises(StoreError, match="cannot be opened"):
        open_store(None, tmp_path)


def test_a_file_in_place_of_home(tmp_path: Path) -> None:
    """A home that cannot be a folder is refused."""
    (tmp_path / "home").touch()
    with pytest.raises(StoreError, match=r"The folder of the store, .*home', cannot be made"):
        open_store(None, tmp_path / "home")


# Imports all that it needs, gives up root's rights if it has them, then tries each home.
UNPRIVILEGED = """
import os, sys
from pathlib import Path
from nb2pipe.errors import StoreError
from nb2pipe.store import open_store
from tests.store.values import a_run

open_store(None, Path(sys.argv[1])).close()
if os.geteuid() == 0:
    os.setgroups([])
    os.setuid(65534)
for home in sys.argv[2:]:
    try:
        with open_store(None, Path(home)) as store:
            print("opened", len(store.runs()))
            store.add_run(a_run("new"))
    except StoreError as error:
        print(error.message)
"""


def test_without_the_right_to_write(tmp_path: Path) -> None:
    """A folder or file that may only be read, or not even that, says so."""
    homes = [tmp_path / name for name in ("file", "folder", "empty", "closed")]
    for home in homes[:2]:
        with open_store(None, home) as store:
            store.add_run(a_run())
    for home, mode in zip(homes, (0o777, 0o555, 0o555, 0o000), strict=True):
        home.mkdir(exist_ok=True)
        home.chmod(mode)
    (homes[0] / "store.db").chmod(0o444)
    everyones = Path(tempfile.gettempdir())
    for folder in (
        each for each in (tmp_path, *tmp_path.parents) if each.is_relative_to(everyones) and each != everyones
    ):
        folder.chmod(folder.stat().st_mode | 0o111)
    command = [sys.executable, "-c", UNPRIVILEGED, str(tmp_path / "own"), *map(str, [*homes, homes[2] / "sub"])]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    opened, read_only, shut, empty, closed, below = done.stdout.splitlines()
    assert "opened 1" == opened
    for line in (read_only, shut):
        assert "cannot be written to (attempt to write a readonly database)" in line
    for line in (empty, closed):
        assert "cannot be opened (unable to open database file)" in line
    assert "cannot be made (Permission denied)" in below


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Callable[[str], Path]]:
    """Mounts a file system of a given size, or changes its size."""
    folder = tmp_path / "small"
    folder.mkdir()
    sized: list[str] = []

    def size(text: str) -> Path:
        options = f"remount,size={text}" if sized else f"size={text}"
        done = subprocess.run(
            ["mount", "-t", "tmpfs", "-o", options, "tmpfs", str(folder)], capture_output=True, text=True, check=False
        )
        if done.returncode:
            pytest.skip(f"needs tmpfs: {done.stderr.strip()}")
        sized.append(text)
        return folder

    yield size
    if sized:
        subprocess.run(["umount", str(folder)], check=True)


@pytest.mark.parametrize("size", ["4k", "16k", "40k", "100k"])
def test_no_room_to_begin(small_disk: Callable[[str], Path], size: str) -> None:
    """A store that finds no room for its tables says so, and is made once there is room."""
    home = small_disk(size)
    with pytest.raises(StoreError, match="the disk is full"):
        open_store(None, home)
    small_disk("5m")
    with open_store(None, home) as store:
        assert [] == store.runs()


def test_a_disk_that_fills_up(small_disk: Callable[[str], Path]) -> None:
    """When the disk is full, what was recorded can still be read, and it goes on once there is room."""
    home = small_disk("1m")
    store = open_store(None, home)
    kept = 0
    with pytest.raises(StoreError, match="the disk is full") as caught:
        while True:
            store.add_run(a_run(f"r{kept}", minutes=kept, text=f"{TEXT}{kept}{'x' * 5000}"))
            kept += 1
    assert "nb2pipe runs prune" in caught.value.hint
    assert kept == len(store.runs()) > 3
    store.close()
    with open_store(None, home) as again:
        assert kept == len(again.runs())
        small_disk("5m")
        again.add_run(a_run("more", minutes=kept))
        assert "more" == again.run("latest").id


def test_locked_by_another_program(tmp_path: Path) -> None:
    """A file that another program keeps locked is an error after a while, not a wait for ever."""
    open_store(None, tmp_path).close()
    database = Database(make_engine(f"sqlite:///{tmp_path / 'store.db'}", busy_timeout_s=0))
    with closing(sqlite3.connect(tmp_path / "store.db", isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(StoreError, match="is locked by another program"):
            database.write(lambda connection: add(connection, a_run(), NOON))
        other.execute("ROLLBACK")
    database.write(lambda connection: add(connection, a_run(), NOON))
    database.engine.dispose()


@pytest.mark.parametrize(
    ("url", "message"),
    [
        ("churn.db", "'churn.db' is not the URL of a store"),
        ("mysql://ann:hidden@host/db", "cannot be a 'mysql' database"),
        ("postgresql+psycopg2://ann:hidden@host/db", "cannot be a 'postgresql.psycopg2' database"),
        ("sqlite://", "cannot be a 'sqlite' database"),
        ("sqlite:///:memory:", "A store in memory would be forgotten"),
        ("postgresql://ann:hidden@host:port/db", r"'postgresql://ann:\*\*\*@host:port/db' is not the URL"),
        ("postgresql://ann:hidden@/db?host=/nonexistent", r"postgresql://ann:\*\*\*@/db cannot be reached"),
    ],
)
def test_urls(tmp_path: Path, url: str, message: str) -> None:
    """A URL that is wrong, or leads nowhere, is refused without telling its password."""
    with pytest.raises(StoreError, match=message) as caught:
        open_store(url, tmp_path)
    assert "hidden" not in str(caught.value)
    assert caught.value.hint


def test_a_path_is_taken_as_it_stands(tmp_path: Path) -> None:
    """Signs that mean something in URLs may stand in the path of an SQLite store."""
    folder = tmp_path / "a b?c#d%20e&f@g"
    with open_store(None, folder) as store:
        store.add_run(a_run())
    assert (folder / "store.db").is_file()


def test_a_missing_driver(tmp_path: Path) -> None:
    """Without psycopg a PostgreSQL store says what to install."""
    code = (
        "import sys; sys.modules['psycopg'] = None\n"
        "from pathlib import Path; from nb2pipe.store import open_store\n"
        "try: open_store('postgresql://host/db', Path('.'))\n"
        "except Exception as error: print(type(error).__name__, error)"
    )
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    done = subprocess.run([sys.executable, "-c", code], cwd=tmp_path, env=environment, capture_output=True, text=True)
    assert "StoreError A store on PostgreSQL needs the driver psycopg" in done.stdout, done.stderr
    assert "pip install 'nb2pipe[postgresql]'" in done.stdout
