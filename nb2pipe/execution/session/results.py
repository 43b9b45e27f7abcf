"""What a step did and left: what it bound and changed is saved, and told."""

from __future__ import annotations

import types
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from nb2pipe.artifacts.loading import Key
from nb2pipe.artifacts.manifest import Reference
from nb2pipe.artifacts.saving import Older, Saved, Saver, Standing
from nb2pipe.artifacts.scan import Scan
from nb2pipe.execution.session.metrics import metrics_of
from nb2pipe.execution.session.modules import distributions, imported_since, local_modules
from nb2pipe.execution.session.outside import files_read, files_written
from nb2pipe.model import CellFailure, Observation
from nb2pipe.model.json import to_json

if TYPE_CHECKING:
    from nb2pipe.execution.session.session import Session


@dataclass
class Changes:
    """What became of names and loaded groups.

    Args:
        bound: names bound or rebound.
        changed: carried names whose object changed, or something that they reach.
        deleted: carried names that are gone.
        groups: loaded groups that changed.
        unchanged: loaded groups that did not, as they are now.
    """

    bound: list[str] = field(default_factory=list)
    changed: list[str] = field(default_factory=list)
    deleted: list[str] = field(default_factory=list)
    groups: set[Key] = field(default_factory=set)
    unchanged: dict[Key, Scan] = field(default_factory=dict)


def gather(session: Session) -> Mapping[str, Any]:
    """Save what the step leaves, and report."""
    session.context.mappings.refresh()
    changes = find_changes(session)
    saved = save(session, changes)
    failure = uncarriable(session, saved)
    observation = observe(session, changes, saved)
    return {
        "observation": to_json(observation),
        "artifacts": to_json(saved.artifacts),
        "bundle": saved.digest,
        "lineages": {name: {"content": content} for name, content in sorted(saved.contents.items())},
        "metrics": metrics_of(session.state.metrics, session.user_ns),
        "failure": None if failure is None else to_json(failure),
        "error": session.cells.error,
        "parameters_read": [name for name in session.names.reads if name in session.carried.parameters],
    }


def find_changes(session: Session) -> Changes:
    """Compare the namespace and the loaded groups with what they were."""
    changes = Changes()
    carried, now = session.carried, session.bindings()
    for key in list(carried.watches):
        scanned, changed = carried.look(key, session.user_ns)
        if changed:
            changes.groups.add(key)
        elif scanned is not None:
            changes.unchanged[key] = scanned
    _propagate(session, changes)
    for name in session.names.taken:
        if name not in now:
            changes.deleted.append(name)
        elif not _is_as_loaded(session, name, now[name]):
            changes.bound.append(name)
    for name, value in now.items():
        if name not in session.names.taken and (name not in session.before or session.before[name] is not value):
            changes.bound.append(name)
    _spread(session, changes)
    return changes


def _propagate(session: Session, changes: Changes) -> None:
    """A group that refers to a changed one has changed with it, although it may have been loaded after the change."""
    carried = session.carried
    for key in list(changes.unchanged):
        if any(other in changes.groups for other in carried.closure(key)):
            del changes.unchanged[key]
            changes.groups.add(key)


def _is_as_loaded(session: Session, name: str, value: Any) -> bool:
    return any(watch.is_same(name, value) for watch in session.carried.watches.values() if name in watch.names)


def _spread(session: Session, changes: Changes) -> None:
    """Names that reach what changed have changed, whether this step asked for them or not."""
    carried = session.carried
    for name in carried.parameters:
        if any(name in carried.watches[key].names for key in changes.groups):
            changes.changed.append(name)
    if not changes.groups:
        return
    for name, keys in carried.reach().items():
        if any(key in changes.groups for key in keys):
            changes.changed.append(name)


def save(session: Session, changes: Changes) -> Saved:
    """Save what later steps may read of what is new or changed."""
    state, names = session.state, session.names
    gone = {*changes.bound, *changes.deleted}
    for name in changes.changed:
        if name not in names.taken and state.saves(name):
            names.take(name)
    wanted = [*changes.bound, *(name for name in changes.changed if name not in gone)]
    values = {name: session.user_ns[name] for name in wanted if state.saves(name) and name in session.user_ns}
    values.update(session.ambient.changed())
    older = {}
    for name in changes.changed:
        reference = session.carried.reference(name) if name not in gone else None
        if reference is not None and name in values:
            older[name] = Older(reference, _superseded(session, name, changes))
    saver = Saver(session.store, session.staging, session.context)
    saved = saver.save(values, standing=_standing(session, changes), older=older)
    if not saved.again:
        return saved
    for key in [key for key, scanned in changes.unchanged.items() if not saved.again.isdisjoint(scanned.objects)]:
        del changes.unchanged[key]
        changes.groups.add(key)
    _propagate(session, changes)
    _spread(session, changes)
    return save(session, changes)


def _superseded(session: Session, name: str, changes: Changes) -> tuple[str, ...]:
    found: set[str] = set()
    for key in session.carried.reach()[name]:
        if key in changes.groups:
            found.add(f"{key[0]}/{key[1]}")
            found.update(session.carried.group(key).supersedes)
    return tuple(sorted(found))


def _standing(session: Session, changes: Changes) -> Standing:
    """Objects of loaded groups that did not change: they are referred to, not written again."""
    known: dict[int, Reference] = {}
    arrays: dict[int, Any] = {}
    everything: set[int] = set()
    for key, scanned in changes.unchanged.items():
        loaded = session.carried.loader.loaded.get(key)
        if loaded is not None:
            ids = loaded.ids
            known.update({each: Reference(*key, ids[each]) for each in scanned.objects if each in ids})
            arrays.update({id(array): array for array in scanned.arrays if id(array) in ids})
            everything.update(scanned.objects)
    return Standing(known, everything.difference(known), arrays)


def uncarriable(session: Session, saved: Saved) -> CellFailure | None:
    """The failure of a step that leaves something which a later step certainly reads but which cannot cross."""
    if session.cells.error is not None:
        return None
    for name in session.state.required:
        if name in saved.reasons:
            what, _, way_out = saved.reasons[name].rpartition("; ")
            step = f" of step {session.state.step!r}" if session.state.step else ""
            return CellFailure(
                "uncarriable", "N2P403", f"variable {name!r}{step} is read by a later step, but {what}", hint=way_out
            )
    return None


def observe(session: Session, changes: Changes, saved: Saved) -> Observation:
    """What the step was seen to do."""
    uncarried = dict(saved.reasons)
    for name in (*changes.bound, *changes.changed):
        if not session.state.saves(name):
            uncarried[name] = "no later step reads it"
    bound = [value.__name__ for value in session.bindings().values() if isinstance(value, types.ModuleType)]
    modules = imported_since(session.modules_before, bound)
    seen = session.outside
    return Observation(
        reads=tuple(name for name in session.names.reads if name not in session.carried.parameters),
        missed=tuple(session.names.missed),
        bound=_ordered(changes.bound),
        changed=_ordered(changes.changed),
        deleted=_ordered(changes.deleted),
        ambient_changed=tuple(session.ambient.changed_keys()),
        files_read=files_read(seen),
        files_written=files_written(seen),
        local_modules=local_modules(modules),
        distributions=distributions(modules, session.store.folder),
        used_network=seen.used_network,
        used_shell=seen.used_shell,
        uncarried={name: reason for name, reason in uncarried.items() if not name.startswith("@")},
    )


def _ordered(names: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(names))
