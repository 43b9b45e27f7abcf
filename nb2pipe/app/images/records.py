"""Records of image builds: a folder each below home, for an image is on the machine that built it."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from nb2pipe.errors import NotFoundError
from nb2pipe.model import State
from nb2pipe.model.build import ImageBuild
from nb2pipe.model.json import from_json, to_json
from nb2pipe.store.processes import is_alive, this_machine, this_process

RECORD = "build.json"
LOG = "build.log"
CANCEL = "cancel"
MOST_KEPT = 100
"""So many builds are kept; older ones go when a new one begins."""
_ID = re.compile(r"[0-9a-z-]{10,40}")


def builds_folder(home: Path) -> Path:
    """Where the folders of builds are."""
    return home / "builds"


def write_build(home: Path, build: ImageBuild) -> ImageBuild:
    """Keep what a build has become, whole or not at all.

    Raises:
        OSError: it cannot be written.
    """
    folder = builds_folder(home) / build.id
    folder.mkdir(parents=True, exist_ok=True)
    part = folder / f".{RECORD}.{os.getpid()}.part"
    part.write_text(json.dumps(to_json(build)), encoding="utf-8")
    part.replace(folder / RECORD)
    return build


def read_build(home: Path, build_id: str) -> ImageBuild:
    """A build as of now; one whose process is gone has been interrupted, or cancelled where somebody asked for it.

    Raises:
        NotFoundError: there is none of this id.
    """
    build = _read(home, build_id)
    if build is not None and not build.state.is_final and _is_gone(build):
        build = _read(home, build_id)  # its process may have written its end before it went
        if build is not None and not build.state.is_final:
            return _lost(home, build)
    if build is None:
        raise NotFoundError(f"There is no image build {build_id!r}.", hint="The list of builds has their ids.")
    return build


def list_builds(home: Path, known: Mapping[str, ImageBuild] | None = None) -> Iterator[ImageBuild]:
    """All builds that are kept, newest first.

    Args:
        home: below which they are.
        known: builds by id as they were; those that had ended are not read again.
    """
    for name in _ids(home):
        last = (known or {}).get(name)
        if last is not None and last.state.is_final:
            yield last
            continue
        try:
            yield read_build(home, name)
        except NotFoundError:  # removed meanwhile
            continue


def request_stop(home: Path, build: ImageBuild, user: str) -> None:
    """Note who asks a build to stop; the first who does is kept."""
    path = builds_folder(home) / build.id / CANCEL
    try:
        with path.open("x", encoding="utf-8") as file:
            file.write(user)
    except FileExistsError:
        return


def asked_to_stop(home: Path, build_id: str) -> str:
    """Who asked a build to stop; empty where nobody did."""
    try:
        return (builds_folder(home) / build_id / CANCEL).read_text("utf-8")
    except OSError:
        return ""


def old_builds(home: Path) -> list[Path]:
    """Folders of builds that are kept no longer."""
    return [builds_folder(home) / build.id for build in [*list_builds(home)][MOST_KEPT:] if build.state.is_final]


def _ids(home: Path) -> list[str]:
    try:
        found = [path.parent.name for path in builds_folder(home).glob(f"*/{RECORD}")]
    except OSError:
        return []
    return sorted(found, reverse=True)


def _read(home: Path, build_id: str) -> ImageBuild | None:
    if not _ID.fullmatch(build_id):
        return None
    path = builds_folder(home) / build_id / RECORD
    try:
        return from_json(ImageBuild, json.loads(path.read_bytes()))
    except FileNotFoundError:
        return None
    except (OSError, ValueError, TypeError, KeyError, AttributeError) as error:
        return _unreadable(path, error)


def _unreadable(path: Path, error: Exception) -> ImageBuild:
    """Stands for a build whose record cannot be read: it is listed with what is wrong, and goes as old ones do."""
    return ImageBuild(
        path.parent.name,
        "",
        State.INTERRUPTED,
        datetime.fromtimestamp(path.parent.stat().st_mtime, UTC),
        message=f"Its record cannot be read: {getattr(error, 'strerror', None) or error}.",
        hint=f"Build the image again; {path.parent} can be removed.",
    )


def _is_gone(build: ImageBuild) -> bool:
    """Whether its process is no more; of one of another machine that is not known."""
    if build.host != this_process().host:
        return False
    return build.machine != this_machine() or not is_alive(build.pid, build.process_started_at)


def _lost(home: Path, build: ImageBuild) -> ImageBuild:
    who = asked_to_stop(home, build.id)
    state, message = State.INTERRUPTED, f"Its process {build.pid} on {build.host} ended without finishing it."
    if who:
        state, message = State.CANCELLED, f"cancelled by {who}"
    return write_build(home, replace(build, state=state, message=message, ended_at=datetime.now(UTC)))
