"""Which notebook a kernel belongs to, asked of the Jupyter servers whose runtime files stand beside the kernel's."""

from __future__ import annotations

import json
from collections.abc import Iterator
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

TIMEOUT_S = 3.0
SERVER_FILES = ("jpserver-*.json", "nbserver-*.json")
MOST_BYTES = 10_000_000


def notebook_of_kernel(connection_file: str) -> str:
    """The path of the notebook that a kernel runs for; empty where no server says so.

    Args:
        connection_file: of the kernel; its name holds the kernel's id.
    """
    file = Path(connection_file)
    kernel_id = file.stem.removeprefix("kernel-")
    for server in _servers(file.parent):
        root = server.get("root_dir") or server.get("notebook_dir")
        if not isinstance(root, str):
            continue
        for session in _sessions(server):
            path = _path_of(session, kernel_id)
            if path:
                return str(Path(root) / path)
    return ""


def _servers(folder: Path) -> Iterator[dict[str, Any]]:
    """What running servers wrote of themselves, the newest first."""
    files = [file for pattern in SERVER_FILES for file in folder.glob(pattern)]
    for file in sorted(files, key=_age, reverse=True):
        try:
            found = json.loads(file.read_text("utf-8"))
        except (OSError, ValueError):  # it ends just now
            continue
        if isinstance(found, dict) and isinstance(found.get("url"), str):
            yield found


def _age(file: Path) -> float:
    try:
        return file.stat().st_mtime
    except OSError:
        return 0.0


def _sessions(server: dict[str, Any]) -> list[Any]:
    """The sessions of a server; none where it does not answer.

    The token goes to the address that the server itself wrote down, and nowhere else: no proxy, no redirect.
    """
    url = urlsplit(server["url"])
    token = str(server.get("token") or "")
    make = HTTPSConnection if url.scheme == "https" else HTTPConnection
    try:
        connection = make(url.hostname or "localhost", url.port, timeout=TIMEOUT_S)
        headers = {"Authorization": f"token {token}"} if token else {}
        connection.request("GET", f"{url.path.rstrip('/')}/api/sessions", headers=headers)
        answer = connection.getresponse()
        found = json.loads(answer.read(MOST_BYTES)) if answer.status == 200 else []
        connection.close()
    except (OSError, HTTPException, ValueError):  # gone, or another program answers there
        return []
    return found if isinstance(found, list) else []


def _path_of(session: Any, kernel_id: str) -> str:
    if not isinstance(session, dict) or not isinstance(session.get("kernel"), dict):
        return ""
    path = session.get("path")
    if session["kernel"].get("id") != kernel_id or not isinstance(path, str) or not path.endswith(".ipynb"):
        return ""
    return path.rpartition(":")[2]  # a drive, such as that of shared editing, is a way to the same file
