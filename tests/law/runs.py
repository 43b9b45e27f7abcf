"""The two sides: a notebook in one kernel, and the same notebook as a pipeline."""

from __future__ import annotations

import functools
import hashlib
import json
import os
import sys
import threading
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from importlib.metadata import distributions
from pathlib import Path
from typing import Any

from tests.law.compare import Normal, code_cells, failing_cell, outputs_by_id
from tests.law.plain import FAILED, OK
from tests.law.processes import TIMED_OUT, Finished, environment, left_behind, nb2pipe_command, run_program, stop
from tests.law.subject import NOT_COPIED, Subject, clean_document, tags_of
from tests.store.copying import copy_new_store

ROOT = Path(__file__).parents[2]
CACHE = ROOT / ".cache" / "law"
INJECTED = "injected-parameters"
PODS = "pods"
"""In the place of an executor: compiled for Kubeflow, each task's pod a process of this machine."""
KFP = "kfp"
"""The same by ``kfp.local``, each pod a container of the docker that ``DOCKER_HOST`` names."""
COMPILED: Mapping[str, list[str]] = {PODS: [], KFP: ["--docker"]}
"""These with what ``python -m tests.kubeflow`` is told of them."""


@dataclass(frozen=True)
class Result:
    """What one run of a notebook gave.

    Args:
        code: exit code.
        outputs: normalised outputs by cell id; empty when there is no executed notebook.
        counts: execution counts by cell id.
        failing: id of the first cell with an error.
        files: files written or changed beside the notebook, name to digest.
        messages: what the program said.
        left: number of processes that it left running.
    """

    code: int
    outputs: Mapping[str, Normal] = field(default_factory=dict)
    counts: Mapping[str, int | None] = field(default_factory=dict)
    failing: str | None = None
    files: Mapping[str, str] = field(default_factory=dict)
    messages: str = ""
    left: int = 0


def plain_document(subject: Subject) -> dict[str, Any]:
    """What Run All has to run: without skipped cells, with parameters injected as papermill does."""
    document = clean_document(subject.document)
    document["cells"] = [cell for cell in document["cells"] if "skip" not in tags_of(cell)]
    if subject.parameters:
        import nbformat
        from papermill.parameterize import parameterize_notebook

        document["metadata"]["papermill"] = {}  # papermill puts it there when it loads a notebook
        for cell in document["cells"]:
            cell["metadata"].setdefault("tags", [])
        notebook = parameterize_notebook(nbformat.from_dict(document), dict(subject.parameters))
        document = json.loads(nbformat.writes(notebook))
        for cell in document["cells"]:
            if INJECTED in tags_of(cell):
                cell["id"] = INJECTED  # papermill draws a new one each time
    return document


def run_plain(subject: Subject, scratch: Path, timeout_s: float, number: int, *, fresh: bool) -> Result:
    """Run All in a fresh copy of the folder; remembered between benches unless ``fresh``.

    Args:
        subject: the notebook.
        scratch: folder to work in.
        timeout_s: for the run.
        number: from 1; several runs tell what repeats itself.
        fresh: whether to run even where a result is remembered.
    """
    plain = Subject(subject.name, plain_document(subject), subject.folder, subject.files)
    path, out = plain.lay_out(scratch / "work"), scratch / "plain.ipynb"
    kept = CACHE / "plain" / f"{_key(path)}-{number}.json"
    if not fresh and kept.exists():
        return Result(**json.loads(kept.read_text(encoding="utf-8")))
    out.unlink(missing_ok=True)
    before = _files(path.parent)
    command = [sys.executable, "-m", "tests.law.plain", str(path), str(out), str(timeout_s)]
    finished = run_program(command, environment(), ROOT, timeout_s + 60)
    result = _result(finished, out, path.parent, before, 0)
    if result.code in (OK, FAILED):
        kept.parent.mkdir(parents=True, exist_ok=True)
        partial = kept.with_suffix(f".{os.getpid()}-{threading.get_ident()}")
        partial.write_text(json.dumps(asdict(result)), encoding="utf-8")
        partial.replace(kept)
    return result


def run_pipeline(
    subject: Subject, scratch: Path, timeout_s: float, jobs: int, executor: str, *, use_cache: bool = True
) -> Result:
    """One run through the command line, in a fresh copy of the folder, with the home ``scratch/home-<jobs>``."""
    path = subject.lay_out(scratch / "work")
    before, out = _files(path.parent), scratch / "out.ipynb"
    out.unlink(missing_ok=True)
    home = scratch / f"home-{jobs}"
    if not home.exists() and executor not in COMPILED:
        copy_new_store(home / "store.db")
    if executor in COMPILED:
        command = [sys.executable, "-m", "tests.kubeflow", str(path), str(out), *COMPILED[executor]]
    else:
        command = [*nb2pipe_command(), "run", str(path), str(out), "--jobs", str(jobs), "--executor", executor]
        command += [] if use_cache else ["--no-cache"]
    if subject.parameters:
        values = scratch / "parameters.yaml"
        values.write_text(json.dumps(dict(subject.parameters)), encoding="utf-8")
        command += ["-f", str(values)]
    around = (
        environment(NB2PIPE_HOME=str(home), PYTHONPATH=str(ROOT))
        if executor in COMPILED
        else environment(NB2PIPE_HOME=str(home))
    )
    finished = run_program(command, around, path.parent, timeout_s)
    left = left_behind(f"NB2PIPE_HOME={home}") if finished.code != TIMED_OUT else []
    stop(left or left_behind(f"NB2PIPE_HOME={home}"))
    return _result(finished, out, path.parent, before, len(left))


def _result(finished: Finished, out: Path, folder: Path, before: Mapping[str, str], left: int) -> Result:
    written = {name: digest for name, digest in _files(folder).items() if before.get(name) != digest}
    messages = finished.stderr + finished.stdout
    if not out.exists():
        return Result(finished.code, files=written, messages=messages, left=left)
    document = json.loads(out.read_text(encoding="utf-8"))
    return Result(
        code=finished.code,
        outputs=outputs_by_id(document, str(folder)),
        counts={cell_id: cell.get("execution_count") for cell_id, cell in code_cells(document).items()},
        failing=failing_cell(document),
        files=written,
        messages=messages,
        left=left,
    )


def _files(folder: Path) -> dict[str, str]:
    found = {}
    for path in sorted(folder.rglob("*")):
        name = path.relative_to(folder)
        if path.is_file() and not set(NOT_COPIED) & set(name.parts):
            found[name.as_posix()] = hashlib.sha256(path.read_bytes()).hexdigest()
    return found


def _key(path: Path) -> str:
    """Digest of all that a plain result depends on: files, Python, what is installed, and how it is compared."""
    facts = [_files(path.parent), path.name, _installed(), _comparing()]
    return hashlib.sha256(json.dumps(facts).encode()).hexdigest()


@functools.cache
def _comparing() -> str:
    return Path(__file__).with_name("compare.py").read_text("utf-8")


@functools.cache
def _installed() -> tuple[str, ...]:
    versions = {f"{found.metadata['Name']} {found.version}" for found in distributions()}
    return (sys.version, *sorted(versions - {name for name in versions if name.startswith("nb2pipe ")}))
