"""A registry of the tests' own: Debian's docker-registry on a free port of this machine, its files in a folder."""

from __future__ import annotations

import os
import select
import shutil
import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

PROGRAM = "docker-registry"
CONFIG = """\
version: 0.1
log: {{level: info, accesslog: {{disabled: true}}}}
storage:
  filesystem: {{rootdirectory: {folder}/images}}
http: {{addr: "127.0.0.1:0"}}
"""
LOGIN = """\
auth:
  htpasswd: {{realm: tests, path: {folder}/users}}
"""
PATIENCE_S = 20.0


def why_no_registry() -> str | None:
    """Why there can be no registry here; None if there can."""
    return None if shutil.which(PROGRAM) else f"not installed: {PROGRAM} (.ci/system-packages installs it)"


@contextmanager
def registry(folder: Path, *, is_locked: bool = False) -> Iterator[str]:
    """A registry that listens while the block lasts; ``127.0.0.1:PORT``.

    Args:
        folder: for its files.
        is_locked: whether it asks for a login, which nobody has.
    """
    config = folder / "config.yml"
    config.write_text((CONFIG + LOGIN * is_locked).format(folder=folder), encoding="utf-8")
    (folder / "users").touch()
    command = [PROGRAM, "serve", str(config)]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, env={**os.environ}) as process:
        try:
            assert process.stderr is not None
            port = _port(process.stderr.fileno())
            threading.Thread(target=process.stderr.read, daemon=True).start()  # a full pipe would stop it
            yield f"127.0.0.1:{port}"
        finally:
            process.terminate()


def _port(log: int) -> int:
    """The port that it says it listens on."""
    said = b""
    while b"listening on" not in said:
        ready, _, _ = select.select([log], [], [], PATIENCE_S)
        more = os.read(log, 65536) if ready else b""
        assert more, f"{PROGRAM} does not listen: {said.decode(errors='replace')}"
        said += more
    return int(said.partition(b"listening on 127.0.0.1:")[2].split(b'"')[0].split()[0])
