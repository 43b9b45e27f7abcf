"""A private PostgreSQL server for the tests, from Debian's package."""

from __future__ import annotations

import itertools
import os
import pwd
import secrets
import shutil
import subprocess
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote

import psycopg

USER = "nb2pipe"
_ROOTS = (Path("/usr/lib/postgresql"), Path("/usr/local/pgsql"))
_OPTIONS = "-c listen_addresses='' -c fsync=off -c max_connections=60 -c unix_socket_directories={folder}"


class Server:
    """A running server, reached by a socket in its own folder.

    Args:
        folder: where it lives.
        password: of its only user; has signs that a URL must quote.
    """

    def __init__(self, folder: Path, password: str) -> None:
        self._folder = folder
        self._password = password
        self._numbers = itertools.count(1)

    def url(self, database: str, *, password: str | None = None) -> str:
        """URL of one of its databases, as a user would write it."""
        secret = quote(password or self._password, safe="")
        return f"postgresql://{USER}:{secret}@/{database}?host={quote(str(self._folder))}"

    def new_database(self) -> str:
        """Name of a fresh, empty database."""
        name = f"store{next(self._numbers)}"
        self.execute("postgres", f"CREATE DATABASE {name}")
        return name

    def execute(self, database: str, statement: str) -> list[tuple[object, ...]]:
        """Run a statement as the user; its rows."""
        with psycopg.connect(self.url(database), autocommit=True) as connection:
            cursor = connection.execute(statement.encode())
            return cursor.fetchall() if cursor.description else []


def programs() -> Path | None:
    """Folder of the newest installed server's programs; None where there is none."""
    if found := shutil.which("initdb"):
        return Path(found).parent
    folders = [path.parent for root in _ROOTS for path in root.glob("**/bin/initdb")]
    return max(
        folders,
        key=lambda folder: [int(part) for part in folder.parent.name.split(".") if part.isdigit()],
        default=None,
    )


@contextmanager
def running_server(bin_folder: Path) -> Iterator[Server]:
    """A new server, stopped and removed at the end. It refuses to run as root, so root starts it as another user."""
    folder = Path(tempfile.mkdtemp(prefix="nb2pipe-pg-"))
    password = f"p:@/{secrets.token_hex(4)}"
    account = _account()
    data = folder / "data"
    try:
        (folder / "password").write_text(password)
        if account is not None:
            for path in (folder, folder / "password"):
                os.chown(path, account.pw_uid, account.pw_gid)
        initdb: list[str | Path] = [
            bin_folder / "initdb",
            "-D",
            data,
            "-U",
            USER,
            "--auth=scram-sha-256",
            "--no-sync",
            "-E",
            "UTF8",
        ]
        _run([*initdb, "--locale=C.UTF-8", f"--pwfile={folder / 'password'}"], account)
        options: list[str | Path] = ["-o", _OPTIONS.format(folder=folder), "-l", folder / "log"]
        _run([bin_folder / "pg_ctl", "-D", data, "-w", *options, "start"], account)
        try:
            yield Server(folder, password)
        finally:
            _run([bin_folder / "pg_ctl", "-D", data, "-w", "-m", "immediate", "stop"], account)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _account() -> pwd.struct_passwd | None:
    if os.geteuid() != 0:
        return None
    names = {entry.pw_name for entry in pwd.getpwall()}
    return pwd.getpwnam("postgres" if "postgres" in names else "nobody")


def _run(command: Sequence[str | Path], account: pwd.struct_passwd | None) -> None:
    switch = ["runuser", "-u", account.pw_name, "--"] if account else []
    done = subprocess.run(
        [*switch, *map(str, command)], cwd="/", stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False
    )
    assert 0 == done.returncode, done.stdout + done.stderr
