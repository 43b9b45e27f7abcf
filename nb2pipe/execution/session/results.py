"""What a step did and left: what it bound and changed is saved, and told."""

from __future__ import annotations

import os
import sys
import types
from collections.abc import Collection, Iterable, Mapping
from typing import TYPE_CHECKING, Any

from nb2pipe.artifacts.manifest import Reference
from nb2pipe.artifacts.saving import Older, Saved, Saver
from nb2pipe.artifacts.scan import pieces
from nb2pipe.artifacts.sharing import Piece
from nb2pipe.artifacts.sorting import Standing
from nb2pipe.execution.session.changes import Changes, find_changes, spread_changes, superseded_by
from nb2pipe.execution.session.metrics import metrics_of
from nb2pipe.execution.session.modules import distributions, imported_since, local_modules
from nb2pipe.execution.session.outside import files_read, files_written, sizes
from nb2pipe.execution.session.running import Left
from nb2pipe.model import CellFailure, Observation
from nb2pipe.model.json import to_json

if TYPE_CHECKING:
    from nb2pipe.execution.session.session import Session

LEFT = "N2P404"


def gather(session: Session) -> Mapping[str, Any]:
    """Save what the step leaves, and report."""
    left = None if session.state.is_last else session.running.left()
    session.context.mappings.refresh()
    changes = find_changes(session)
    saved = save(session, changes)
    failure = failure_of(session, saved, left)
    observation = observe(session, changes, saved)
    return {
        "observation": to_json(observation),
        "artifacts": to_json(saved.artifacts),
        "lineages": {name: {"content": content} for name, content in sorted(saved.contents.items())},
        "metrics": metrics_of(session.state.metrics, session.user_ns),
        "failure": None if failure is None else to_json(failure),
        "failure_count": None if left is None or failure is None or failure.name != LEFT else left.count,
        "error": session.cells.error,
        "parameters_read": [name for name in session.names.reads if name in session.carried.parameters],
    }


def save(session: Session, changes: Changes) -> Saved:
    """Save what later steps may read of what is new or changed."""
    state = session.state
    gone = {*changes.bound, *changes.deleted}
    wanted = [*changes.bound, *(name for name in changes.changed if name not in gone)]
    values = {name: session.user_ns[name] for name in wanted if state.saves(name) and name in session.user_ns}
    values.update(_handed_on(session, gone))
    ambient = session.ambient.changed()
    values.update(ambient)
    older = {}
    for name in changes.changed:
        references = session.carried.origins(name) if name not in gone else ()
        if references and name in values:
            older[name] = Older(references, superseded_by(session, changes, session.carried.reach()[name]))
    saver = Saver(session.store, session.staging, session.context)
    saved = saver.save(values, standing=_standing(session, changes), older=older, apart=ambient)
    if session.ambient.lose(saved.reasons):
        return save(session, changes)
    if not saved.again:
        return saved
    spread_changes(session, changes, saved.again)
    return save(session, changes)


def _handed_on(session: Session, gone: Collection[str]) -> dict[str, Any]:
    """Parameters that this step hands on as they are, because later steps share their object with other names."""
    planned = {*session.state.save, *session.state.required}
    names = [name for name in session.carried.parameters if name in planned and name not in gone]
    for name in names:
        session.names.take(name, counts=False)
    return {name: session.user_ns[name] for name in names if name in session.user_ns}


def _standing(session: Session, changes: Changes) -> Standing:
    """Objects of loaded groups that did not change: they are referred to, not written again."""
    known: dict[int, Reference] = {}
    arrays: dict[int, Piece] = {}
    everything: set[int] = set()
    for key, scanned in changes.unchanged.items():
        loaded = session.carried.loader.loaded.get(key)
        if loaded is not None:
            ids = loaded.ids
            known.update({each: Reference(*key, ids[each]) for each in scanned.objects if each in ids})
            arrays.update({at: piece for at, piece in pieces(scanned, is_older=True).items() if at in ids})
            everything.update(scanned.objects.keys() - scanned.private.keys())
    return Standing(known, everything.difference(known), arrays)


def failure_of(session: Session, saved: Saved, left: Left | None) -> CellFailure | None:
    """Why the step cannot count: objects of no one version, what cannot cross but is read, or what still runs."""
    split = session.carried.split
    if split is not None:
        return CellFailure("unplanned", "N2P401", split.message, hint=split.hint)
    missed = session.ambient.missed
    if missed is not None:
        return CellFailure("uncarriable", "N2P403", missed.message, hint=missed.hint)
    if session.cells.error is not None:
        return None
    for name in session.state.required:
        if name in saved.reasons:
            what, _, way_out = saved.reasons[name].rpartition("; ")
            step = f" of step {session.state.step!r}" if session.state.step else ""
            return CellFailure(
                "uncarriable", "N2P403", f"variable {name!r}{step} is read by a later step, but {what}", hint=way_out
            )
    return None if left is None else _still_runs(session.state.step, left)


def _still_runs(step: str, left: Left) -> CellFailure:
    cell = "" if left.count is None else f", begun in cell [{left.count}],"
    return CellFailure(
        "uncarriable",
        LEFT,
        f"step {step!r} ends while {left.what}{cell} still runs; later steps would not see what it does from then on",
        hint="wait for it before the step ends (`join()`, `shutdown()`, `await`), or keep the cells in one step",
    )


def observe(session: Session, changes: Changes, saved: Saved) -> Observation:
    """What the step was seen to do."""
    uncarried = dict(saved.reasons)
    for name in (*changes.bound, *changes.changed):
        if not session.state.saves(name):
            uncarried[name] = "no later step reads it"
    bound = [value.__name__ for value in session.bindings().values() if isinstance(value, types.ModuleType)]
    modules = imported_since(session.modules_before, bound)
    seen = session.outside
    read, written = files_read(seen), files_written(seen)
    return Observation(
        reads=tuple(name for name in session.names.reads if name not in session.carried.parameters),
        missed=tuple(session.names.missed),
        bound=_ordered(changes.bound),
        changed=_ordered(changes.changed),
        deleted=_ordered(changes.deleted),
        ambient_changed=tuple(session.ambient.changed_keys()),
        ambient_seen=tuple(session.ambient.seen_keys()),
        generators_set=session.ambient.set_generators(session.randomness),
        generators_anew=tuple(sorted(session.ambient.seeds.anew)),
        files_read=read,
        files_written=written,
        local_modules=local_modules(modules),
        distributions=distributions(modules, session.store.folder),
        used_network=seen.used_network,
        used_shell=seen.used_shell,
        superseded=superseded_by(session, changes, changes.groups),
        uncarried={name: reason for name, reason in uncarried.items() if not name.startswith("@")},
        python=python_text(),
        sizes_read={**sizes(read), **{path: size for path, (_, size) in seen.before.items()}},
        sizes_written=sizes(written),
        read_back=tuple(path for path in read if path in seen.written and path not in seen.before),
        urls_read=tuple(url for url, is_sent in seen.urls.items() if not is_sent),
        urls_written=tuple(url for url, is_sent in seen.urls.items() if is_sent),
    )


def python_text() -> str:
    """Which Python this is: ``CPython 3.12.4 (Linux x86_64)``."""
    system = os.uname()
    version = sys.version.split()[0]
    return f"{sys.implementation.name.replace('cpython', 'CPython')} {version} ({system.sysname} {system.machine})"


def _ordered(names: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(names))
