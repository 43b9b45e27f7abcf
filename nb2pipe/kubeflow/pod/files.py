"""Files that steps write below their working directory: each step gets them as all steps before it left them."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from nb2pipe.kubeflow.pod.told import Told
from nb2pipe.kubeflow.shown import MOST_BYTES, shown_files
from nb2pipe.model import Step

INDEX = "index.json"
TREE = "tree"

BESIDE = ""
"""In the place of a step that touched a file: it came with the pipeline, and nobody has touched it since."""

Kind = Literal["file", "folder", "removed"]


@dataclass(frozen=True)
class Entry:
    """What became of a path: the step that touched it last, and what is there since."""

    step: str
    kind: Kind


Index = Mapping[str, Entry]
"""Entries by path relative to the working directory."""

Stamp = tuple[int, ...]


def lay_files(folders: Iterable[Path], order: Sequence[str], work: Path) -> Index:
    """Lay what earlier steps left into the working directory.

    Where two of them say otherwise of a path, what the later step in the notebook did counts; least counts what was
    beside the notebook.

    Args:
        folders: the ``files`` artifacts of the steps that are waited for directly.
        order: all steps that are waited for, in notebook order.
        work: the working directory.
    """
    place = {step: number for number, step in enumerate((BESIDE, *order))}
    found: dict[str, tuple[Entry, Path]] = {}
    for folder in folders:
        for name, (step, kind) in json.loads((folder / INDEX).read_text(encoding="utf-8")).items():
            if name not in found or place[found[name][0].step] < place[step]:
                found[name] = (Entry(step, kind), folder / TREE / name)
    for name, (entry, source) in sorted(found.items()):
        _lay(entry.kind, source, work / name)
    return {name: entry for name, (entry, _) in found.items()}


def _lay(kind: Kind, source: Path, target: Path) -> None:
    if kind == "removed":
        if target.is_dir():
            shutil.rmtree(target)
        target.unlink(missing_ok=True)
    elif kind == "folder":
        target.mkdir(parents=True, exist_ok=True)
    else:
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(source, target)


def look(work: Path) -> dict[str, Stamp]:
    """Every path below the working directory, with what changes when it is written."""
    found: dict[str, Stamp] = {}
    for folder, folders, files in os.walk(work):
        for name in (*folders, *files):
            path = Path(folder, name)
            status = path.lstat()
            is_folder = path.is_dir() and not path.is_symlink()
            stamp = () if is_folder else (status.st_ino, status.st_size, status.st_mtime_ns, status.st_mode)
            found[path.relative_to(work).as_posix()] = stamp
    return found


def write_files(
    folder: Path, step: str, work: Path, before: Mapping[str, Stamp], earlier: Index, beside: Iterable[str]
) -> None:
    """Write a ``files`` artifact: what the step and all before it left.

    What came with the pipeline is in it too: a later step may need a module that it does not itself import, to load a
    value that was made by it.

    Args:
        folder: where.
        step: the step.
        work: its working directory.
        before: what was there when it began.
        earlier: what steps before it left.
        beside: files that came with the step.
    """
    after = look(work)
    index = {name: Entry(BESIDE, "file") for name in beside} | dict(earlier)
    index.update({name: Entry(step, "removed") for name in before if name not in after})
    index.update({name: Entry(step, _kind(work / name)) for name in after if after[name] != before.get(name)})
    for name, entry in index.items():
        if entry.kind == "file":
            (folder / TREE / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(work / name, folder / TREE / name)
    folder.mkdir(parents=True, exist_ok=True)
    text = json.dumps({name: [entry.step, entry.kind] for name, entry in sorted(index.items())}, ensure_ascii=False)
    (folder / INDEX).write_text(text, encoding="utf-8")


def show_files(step: Step, told: Told, work: Path) -> dict[str, dict[str, Any]]:
    """Leave the files that a step names as artifacts of their own, as far as it wrote them.

    Returns:
        What the engine is told of them, by name of the artifact.
    """
    found = {}
    for name, text in shown_files(step).items():
        source, place = work / text, told.place(name)
        if place is not None and source.is_file() and source.stat().st_size <= MOST_BYTES:
            place.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(source, place)
            found[name] = {"path": text, "bytes": source.stat().st_size}
    return found


def _kind(path: Path) -> Kind:
    if path.is_file():
        return "file"
    return "folder" if path.is_dir() else "removed"  # a link to nowhere, a pipe: nothing that could travel
