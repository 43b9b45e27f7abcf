"""A private PostgreSQL server for the tests, from Debian's package."""

from __future__ import annotations

import itertools
import os
import pwd
import secrets
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote

import psycopg

USER = "nb2pipe"
_ROOTS = (Path("/usr/lib/postgresql"), Path("/usr/local/pgsql"))


class Server:
    """A server, reached by a socket in its own folder. It refuses to run as root, so root runs it as another user.

    Args:
        programs: folder of its programs.
        folder: where it lives.
    """

    def __init__(self, programs: Path, folder: Path) -> None:
        self._programs = programs
        self._folder = folder
        self._account = _account()
        self._password = f"p:@/{secrets.token_hex(4)}"  # signs that a URL must quote
        self._numbers = itertools.count(1)

    def make(self) -> None:
        """Make its files."""
        secret = self._folder / "password"
        secret.write_text(self._password)
        if self._account is not None:
            for path in (self._folder, secret):
                os.chown(path, self._account.pw_uid, self._account.pw_gid)
        options = f"-U {USER} --auth=scram-sha-256 --no-sync -E UTF8 --locale=C.UTF-8".split()
        self._run("initdb", "-D", str(self._folder / "data"), *options, f"--pwfile={secret}")

    def start(self) -> None:
        """Start it, and wait until it answers."""
        options = f"-c listen_addresses='' -c fsync=off -c max_connections=60 -c unix_socket_directories={self._folder}"
        self._run(
            "pg_ctl", "-D", str(self._folder / "data"), "-w", "-o", options, "-l", str(self._folder / "log"), "start"
        )

    def stop(self) -> None:
        """Stop it at once, as a power cut would."""
        self._run("pg_ctl", "-D", str(self._folder / "data"), "-w", "-m", "immediate", "stop")

    def _run(self, program: str, *arguments: str) -> None:
        switch = ["runuser", "-u", self._account.pw_name, "--"] if self._account else []
        done = subprocess.run(
            [*switch, str(self._programs / program), *arguments],
            cwd="/",
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
        )
        assert 0 == done.returncode, done.stdout

    def url(self, database: str, *, password: str | None = None) -> str:
        """URL of one of its databases, as a user would write it."""
        secret = quote(password or self._password, safe="")
        return f"postgresql://{USER}:{secret}@/{database}?host={quote(str(self._folder))}"

    def new_store(self) -> str:
        """URL of a fresh, empty schema: as good as a database, and made in no time."""
        name = f"store{next(self._numbers)}"
        self.execute("postgres", f"CREATE SCHEMA {name}")
        return f"{self.url('postgres')}&options={quote(f'-csearch_path={name}', safe='')}"

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
def running_server(programs: Path) -> Iterator[Server]:
    """A new server, stopped and removed at the end."""
    folder = Path(tempfile.mkdtemp(prefix="nb2pipe-pg-"))
    server = Server(programs, folder)
    try:
        server.make()
        server.start()
        try:
            yield server
        finally:
            server.stop()
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _account() -> pwd.struct_passwd | None:
    if os.geteuid() != 0:
        return None
    names = {entry.pw_name for entry in pwd.getpwall()}
    return pwd.getpwnam("postgres" if "postgres" in names else "nobody")
