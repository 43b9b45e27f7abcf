"""Carried values in one kernel: how names and groups hang together, what was loaded, and what changed since."""

from __future__ import annotations

import json
import weakref
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from nb2pipe.artifacts.context import Context
from nb2pipe.artifacts.loading import Key, Loaded, Loader
from nb2pipe.artifacts.manifest import Group, Reference
from nb2pipe.artifacts.scan import Scan, fingerprint, scan
from nb2pipe.artifacts.store import ArtifactStore
from nb2pipe.execution.session.state import Place

PARAMETER = "parameter"
MISSING = object()


@dataclass
class Watch:
    """A loaded group, and what it held when it was loaded.

    Args:
        names: carried names bound to its entries.
        baseline: digest of all that it reached.
        held: its entries, kept because other names reach them too; None where the name's own binding is enough.
        identity: name to the object's id and, where possible, a weak reference to it.
    """

    names: list[str]
    baseline: str
    held: list[Any] | None
    identity: dict[str, tuple[int, weakref.ref[Any] | None]] = field(default_factory=dict)

    def is_same(self, name: str, value: Any) -> bool:
        """Whether ``value`` is the very object that ``name`` was bound to when loaded."""
        identity, reference = self.identity.get(name, (0, None))
        return id(value) == identity and (reference is None or reference() is value)


class Carried:
    """The carried values of one step.

    Args:
        store: where they stand.
        places: name (``@key`` for ambient state) to place.
        parameters: values of parameters.
        context: the kernel.
    """

    def __init__(
        self,
        store: ArtifactStore,
        places: Mapping[str, Place],
        parameters: Mapping[str, Any],
        context: Context,
    ) -> None:
        self.store = store
        self.places = dict(places)
        self.parameters = {name: value for name, value in parameters.items() if name not in places}
        self.context = context
        self.loader = Loader(store, context)
        self.watches: dict[Key, Watch] = {}
        self._reach: dict[str, list[Key]] | None = None
        self._depth = 0  # loading a value may import modules and so load others: groups are watched once all is there

    def load(self, name: str) -> Any:
        """The value of a carried name or parameter."""
        if name in self.parameters:
            value = json.loads(json.dumps(self.parameters[name]))
            self._watch((f"{PARAMETER}:{name}", 0), {name: value}, None)
            return value
        place = self.places[name]
        self.reach()
        self._depth += 1
        try:
            value = self.loader.value(place.digest, place.group, name)
        finally:
            self._depth -= 1
        if self._depth == 0:
            for key in [key for key in self.loader.loaded if key not in self.watches]:
                self._watch_group(self.loader.loaded[key])
        return value

    def reach(self) -> dict[str, list[Key]]:
        """For each carried name the groups that it reaches."""
        if self._reach is None:
            self._reach = {name: list(self.closure((place.digest, place.group))) for name, place in self.places.items()}
            for keys in self._reach.values():
                for key in keys:
                    for reference in self.group(key).references:
                        target = (reference.bundle or key[0], reference.group)
                        self.loader.wanted.setdefault(target, set()).add(reference.entry)
        return self._reach

    def group(self, key: Key) -> Group:
        """Manifest of a group."""
        return self.store.manifest(key[0]).groups[key[1]]

    def closure(self, first: Key) -> Iterator[Key]:
        """A group and all that it refers to; a parameter alone."""
        if first[0].startswith(PARAMETER):
            yield first
            return
        todo, seen = [first], {first}
        while todo:
            key = todo.pop()
            yield key
            for reference in self.group(key).references:
                target = (reference.bundle or key[0], reference.group)
                if target not in seen:
                    seen.add(target)
                    todo.append(target)

    def names_reaching(self, key: Key) -> list[str]:
        """Carried names that reach a group."""
        return [name for name, keys in self.reach().items() if key in keys]

    def _watch_group(self, loaded: Loaded) -> None:
        """Remember what a group holds; let go of its objects if only one name's own binding should keep them."""
        names = {name: loaded.entries[entry] for name, entry in loaded.group.names.items() if self._is_at(name, loaded)}
        if len(self.names_reaching(loaded.key)) > 1:
            self._watch(loaded.key, names, loaded.entries)
        else:
            self._watch(loaded.key, names, None)
            loaded.entries = []

    def _is_at(self, name: str, loaded: Loaded) -> bool:
        place = self.places.get(name)
        return place is not None and (place.digest, place.group) == loaded.key

    def _watch(self, key: Key, names: Mapping[str, Any], held: list[Any] | None) -> None:
        entries = list(names.values()) if held is None else held
        watch = Watch(list(names), fingerprint(scan(entries, self.context), self.context.mappings), held)
        watch.identity = {name: _identity(value) for name, value in names.items()}
        self.watches[key] = watch

    def entries_now(self, key: Key, user_ns: Mapping[str, Any]) -> list[Any] | None:
        """The entries of a loaded group as they are now, or None when no name holds them any more."""
        watch = self.watches[key]
        if watch.held is not None:
            return watch.held
        for name in watch.names:
            value = user_ns.get(name, MISSING)
            if value is not MISSING and watch.is_same(name, value):
                return [value]
        return None

    def look(self, key: Key, user_ns: Mapping[str, Any]) -> tuple[Scan | None, bool]:
        """A loaded group taken apart as it is now, and whether it changed since it was loaded."""
        entries = self.entries_now(key, user_ns)
        if entries is None:
            return None, False
        scanned = scan(entries, self.context)
        return scanned, bool(scanned.reason) or fingerprint(scanned, self.context.mappings) != self.watches[
            key
        ].baseline

    def reference(self, name: str) -> Reference | None:
        """Where the object that a loaded name was bound to stands; None for a parameter."""
        if name not in self.places:
            return None
        place = self.places[name]
        entry = self.group((place.digest, place.group)).names[name]
        return Reference(place.digest, place.group, entry)


def _identity(value: Any) -> tuple[int, weakref.ref[Any] | None]:
    try:
        return id(value), weakref.ref(value)
    except TypeError:
        return id(value), None
