"""What a step changed: bindings by identity, objects by content, and whatever else reaches a changed object."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from nb2pipe.artifacts.loading import Key
from nb2pipe.artifacts.scan import Scan, fingerprint, scan
from nb2pipe.execution.session.carried import PARAMETER

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
        gone: loaded groups that no name holds any more.
        buffers: mapped buffers, by bundle and index, whose memory was written to and that groups may share.
    """

    bound: list[str] = field(default_factory=list)
    changed: list[str] = field(default_factory=list)
    deleted: list[str] = field(default_factory=list)
    groups: set[Key] = field(default_factory=set)
    unchanged: dict[Key, Scan] = field(default_factory=dict)
    gone: set[Key] = field(default_factory=set)
    buffers: set[tuple[str, int]] = field(default_factory=set)


def find_changes(session: Session) -> Changes:
    """Compare the namespace and the loaded groups with what they were."""
    changes = Changes(buffers=session.context.mappings.changed())
    spread_changes(session, changes)
    now = session.bindings()
    for name in session.names.taken:
        if name not in now:
            changes.deleted.append(name)
        elif not _is_as_loaded(session, name, now[name]):
            changes.bound.append(name)
    for name, value in now.items():
        if name not in session.names.taken and not _is_as_before(session, name, value):
            changes.bound.append(name)
    return changes


def spread_changes(session: Session, changes: Changes, again: Collection[int] = ()) -> None:
    """Find the groups that changed and all names that reach them, whether this step asked for those names or not.

    Names to be saved are loaded for that, which may bring in further groups.

    Args:
        session: the session.
        changes: gets what is found.
        again: ids of objects whose groups count as changed.
    """
    carried = session.carried
    while True:
        for key in [key for key in carried.watches if key not in changes.groups and key not in changes.unchanged]:
            scanned, changed = carried.look(key, session.user_ns)
            if changed:
                changes.groups.add(key)
            elif scanned is not None:
                changes.unchanged[key] = scanned
            else:
                changes.gone.add(key)
                changes.unchanged[key] = Scan(None)
        for key, scanned in list(changes.unchanged.items()):
            if not set(again).isdisjoint(scanned.objects) or is_touched(session, changes, key):
                del changes.unchanged[key]
                changes.groups.add(key)
        changes.changed = _names_touched(session, changes)
        more = [name for name in changes.changed if name not in session.names.taken and session.state.saves(name)]
        if not more:
            return
        for name in more:
            session.names.take(name)


def _names_touched(session: Session, changes: Changes) -> list[str]:
    carried = session.carried
    found = [name for name in carried.parameters if (f"{PARAMETER}:{name}", 0) in changes.groups]
    if changes.groups or changes.buffers:
        places = {name: (place.digest, place.group) for name, place in session.state.names.items()}
        found += [name for name, key in places.items() if is_touched(session, changes, key)]
    return found


def is_touched(session: Session, changes: Changes, key: Key) -> bool:
    """Whether a group reaches a changed one, or memory that was written to."""
    keys = list(session.carried.closure(key))
    return any(each in changes.groups or session.carried.shared_buffers(each) & changes.buffers for each in keys)


def _is_as_loaded(session: Session, name: str, value: Any) -> bool:
    return any(watch.is_same(name, value) for watch in session.carried.watches.values() if name in watch.names)


def _is_as_before(session: Session, name: str, value: Any) -> bool:
    """Whether a name is bound to what setup cells bound it to, and that still holds what it held."""
    if name not in session.before or session.before[name] is not value:
        return False
    baseline = session.setup_baselines.get(name)
    return baseline is None or baseline == fingerprint(scan([value], session.context), session.context.mappings)


def superseded_by(session: Session, changes: Changes, keys: Iterable[Key]) -> tuple[str, ...]:
    """What is out of date by the changes to some groups: groups as ``digest/group``, memory as ``digest#buffer``."""
    found: set[str] = set()
    for key in keys:
        if key in changes.groups and not key[0].startswith(PARAMETER):
            found.add(f"{key[0]}/{key[1]}")
            found.update(session.carried.group(key).supersedes)
            found.update(f"{bundle}#{index}" for bundle, index in session.carried.shared_buffers(key) & changes.buffers)
    return tuple(sorted(found))
