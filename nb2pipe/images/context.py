"""The build context: a temporary folder with the few files that the Containerfile copies, and their digest."""

from __future__ import annotations

import hashlib
import os
import shutil
from collections.abc import Iterator
from pathlib import Path

from nb2pipe.images.containerfile import MADE
from nb2pipe.images.plan import ImagePlan

FORMAT = b"2"
PACKAGE = Path(__file__).resolve().parents[1]


def context_files(plan: ImagePlan) -> Iterator[tuple[str, Path | bytes]]:
    """Files of the context by their path in it, each a file of this machine or a text."""
    if plan.choice.hashed:
        yield f"{MADE}/requirements.txt", _text(plan.choice.hashed)
    if plan.choice.constraints:
        yield f"{MADE}/constraints.txt", _text(plan.choice.constraints)
    for project in plan.projects:
        for path, name in project.files():
            yield f"{MADE}/projects/{project.name}/{name}", path
    for file in plan.modules:
        beside = file.is_in(plan.notebook.folder)
        yield (file.target if beside else f"{MADE}/modules/{file.target}"), file.source
    for path in worker_files():
        yield f"{MADE}/worker/{path.relative_to(PACKAGE.parent).as_posix()}", path


def worker_files() -> Iterator[Path]:
    """The files of nb2pipe that run a step: all but the lab's."""
    for path in sorted(PACKAGE.rglob("*")):
        inside = path.relative_to(PACKAGE).parts
        if path.is_file() and inside[0] != "labextension" and "__pycache__" not in inside:
            yield path


def content_digest(plan: ImagePlan, text: str, base_id: str) -> str:
    """The digest of all that makes the image: Containerfile, files and base image.

    Args:
        plan: for the files.
        text: the Containerfile.
        base_id: id of the base image, which tells it from others of the same tag.
    """
    whole = hashlib.sha256()
    for part in (FORMAT, base_id.encode(), text.encode()):
        whole.update(hashlib.sha256(part).digest())
    for name, source in sorted(context_files(plan), key=lambda item: item[0]):
        data = source if isinstance(source, bytes) else source.read_bytes()
        runs = b"x" if isinstance(source, Path) and os.access(source, os.X_OK) else b"-"
        whole.update(hashlib.sha256(name.encode("utf-8", "surrogateescape") + runs).digest())
        whole.update(hashlib.sha256(data).digest())
    return whole.hexdigest()


def write_context(plan: ImagePlan, text: str, folder: Path) -> None:
    """Lay the context out in an empty folder; times are fixed, so that equal files make equal layers.

    Args:
        plan: for the files.
        text: the Containerfile.
        folder: where.
    """
    for name, source in (("Containerfile", text.encode()), *context_files(plan)):
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        if isinstance(source, bytes):
            path.write_bytes(source)
        else:
            shutil.copyfile(source, path)
        path.chmod(0o755 if isinstance(source, Path) and os.access(source, os.X_OK) else 0o644)
    for place, _, names in os.walk(folder, topdown=False):
        Path(place).chmod(0o755)
        for path in (*(Path(place) / name for name in names), Path(place)):
            os.utime(path, (0, 0))


def _text(lines: tuple[str, ...]) -> bytes:
    return "".join(f"{line}\n" for line in lines).encode()
