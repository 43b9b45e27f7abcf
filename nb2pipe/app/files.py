"""Reading and writing where a user points: local files whole or not at all, elsewhere through papermill."""

from __future__ import annotations

import contextlib
import json
import os
import stat
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from nb2pipe.app.remote import check_remote, is_remote, write_remote
from nb2pipe.errors import ExecutionError, SettingsError


def notebook_json(document: Mapping[str, Any]) -> str:
    """A notebook as nbformat writes it."""
    return json.dumps(document, ensure_ascii=False, indent=1, sort_keys=True) + "\n"


def check_writable(path: str, what: str) -> None:
    """Refuse a place where a file cannot be written, before time is spent on a run.

    Raises:
        SettingsError: its folder is missing or closed to us, it is a folder itself, or a URL that nothing writes to.
    """
    if is_remote(path):
        check_remote(path, what)
        return
    if not path or path == "-":
        return
    folder = Path(path).absolute().parent
    if not folder.is_dir():
        raise SettingsError(
            f"cannot write {what} {path!r}: there is no folder {str(folder)!r}", hint="Create it first."
        )
    if Path(path).is_dir():
        raise SettingsError(f"cannot write {what} {path!r}: it is a folder", hint="Name a file.")
    if not os.access(folder, os.W_OK) and not os.access(path, os.W_OK):
        raise SettingsError(f"cannot write {what} {path!r}: no permission in {str(folder)!r}")


def check_apart(*places: tuple[str, str]) -> None:
    """Refuse to write a file over another one of the same command.

    Args:
        places: what each is, and its path; an empty one is none. What is no regular file, as ``/dev/null``, may repeat.

    Raises:
        SettingsError: two are the same file.
    """
    seen: dict[Path, str] = {}
    for what, path in places:
        if not path or path == "-" or is_remote(path) or (Path(path).exists() and not Path(path).is_file()):
            continue
        other = seen.setdefault(Path(path).resolve(), what)
        if other != what:
            raise SettingsError(f"{other} and {what} are the same file, {path!r}", hint=f"Name another for {what}.")


def write_text(path: str, text: str, what: str) -> None:
    """Write a text, whole or not at all.

    Args:
        path: a file, or a URL that papermill writes to.
        text: what to write.
        what: what it is, for the message.

    Raises:
        ExecutionError: it could not be written.
    """
    try:
        if is_remote(path):
            write_remote(path, text)
        else:
            _write_local(Path(path), text.encode("utf-8", "backslashreplace"))
    except Exception as error:  # foreign code: any storage client raises its own
        raise ExecutionError(f"{what} could not be written to {path!r}: {error}") from error


def _write_local(path: Path, data: bytes) -> None:
    if path.exists() and not stat.S_ISREG(path.stat().st_mode):  # /dev/stdout, a named pipe
        path.write_bytes(data)
        return
    path = path.resolve()  # a link stays a link
    temporary = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        temporary.write_bytes(data)
        with contextlib.suppress(FileNotFoundError):
            temporary.chmod(stat.S_IMODE(path.stat().st_mode))
        temporary.replace(path)
    finally:
        temporary.unlink(missing_ok=True)
