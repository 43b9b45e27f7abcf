"""Carried values in one kernel: how names and groups hang together, what was loaded, and what changed since."""

from __future__ import annotations

import json
import weakref
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from nb2pipe.artifacts.canonical import same_content
from nb2pipe.artifacts.context import Context
from nb2pipe.artifacts.loading import Key, Loaded, Loader
from nb2pipe.artifacts.manifest import Group, Reference
from nb2pipe.artifacts.mapping import Mappings
from nb2pipe.artifacts.scan import Scan, fingerprint, scan
from nb2pipe.artifacts.store import ArtifactStore
from nb2pipe.execution.session.state import Place
from nb2pipe.execution.session.versions import SplitError, Versions

PARAMETER = "parameter"
SMALL_GROUP_BYTES = 2**20
REGISTERED = frozenset({"matplotlib.figure"})
MISSING = object()


@dataclass
class Watch:
    """A loaded group, and what it held when it was loaded.

    Args:
        names: carried names bound to its entries.
        baseline: fingerprint of all that it reached.
        held: its entries, kept because other names reach them too; None where the name's own binding is enough.
        identity: name to the object's id and, where it is not held but can be, a weak reference to it.
    """

    names: list[str]
    baseline: tuple[str, ...]
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
        superseded: what earlier steps changed, as :class:`Versions` has it.
        context: the kernel.
    """

    def __init__(
        self,
        store: ArtifactStore,
        places: Mapping[str, Place],
        parameters: Mapping[str, Any],
        superseded: Mapping[str, str],
        context: Context,
    ) -> None:
        self.store = store
        self.places = dict(places)
        self.parameters = {name: value for name, value in parameters.items() if name not in places}
        self.context = context
        self.loader = Loader(store, context, self.resolve, self._check_buffer)
        self.split: SplitError | None = None
        self._superseded = dict(superseded)
        self._versions: Versions | None = None
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
        except SplitError as error:
            self.split = error
            raise
        finally:
            self._depth -= 1
        if self._depth == 0:
            for key in [key for key in self.loader.loaded if key not in self.watches]:
                self._watch_group(self.loader.loaded[key])
        return value

    def reach(self) -> dict[str, list[Key]]:
        """For each carried name the groups that it reaches."""
        if self._reach is None:
            roots = {name: (place.digest, place.group) for name, place in self.places.items()}
            groups = {key: self.group(key) for root in roots.values() for key in self.closure(root)}
            self._versions = Versions(groups, self._superseded, self._step_of)
            self._reach = {name: list(self.closure(root)) for name, root in roots.items()}
            for key in {key for keys in self._reach.values() for key in keys}:
                for reference in self._references(key):
                    self.loader.wanted.setdefault((reference.bundle, reference.group), set()).add(reference.entry)
        return self._reach

    def group(self, key: Key) -> Group:
        """Manifest of a group."""
        return self.store.manifest(key[0]).groups[key[1]]

    def _step_of(self, digest: str) -> str:
        return next((place.step for place in self.places.values() if place.digest == digest), "")

    def _references(self, key: Key) -> Iterator[Reference]:
        """What a group refers to, as it stands now; as it was where that cannot be told."""
        for reference in self.group(key).references:
            whole = Reference(reference.bundle or key[0], reference.group, reference.entry)
            try:
                yield self.resolve(whole, key[0])
            except SplitError:
                yield whole

    def resolve(self, reference: Reference, by: str) -> Reference:
        """Where an object that bundle ``by`` refers to stands now.

        Raises:
            SplitError: there is no one version of it.
        """
        return reference if self._versions is None else self._versions.now(reference, by)

    def _check_buffer(self, bundle: str, index: int, by: str) -> None:
        if self._versions is not None:
            self._versions.check_buffer(bundle, index, by)

    def closure(self, first: Key) -> Iterator[Key]:
        """A group and all that it refers to; a parameter alone."""
        if first[0].startswith(PARAMETER):
            yield first
            return
        todo, seen = [first], {first}
        while todo:
            key = todo.pop()
            yield key
            for reference in self._references(key):
                target = (reference.bundle, reference.group)
                if target not in seen:
                    seen.add(target)
                    todo.append(target)

    def names_reaching(self, key: Key) -> list[str]:
        """Carried names that reach a group."""
        return [name for name, keys in self.reach().items() if key in keys]

    def _watch_group(self, loaded: Loaded) -> None:
        """Remember what a group holds; let go of big objects if only one name's own binding should keep them.

        Small ones are kept, so that a change shows although the name was given another value afterwards.
        """
        names = {name: loaded.entries[entry] for name, entry in loaded.group.names.items() if self._is_at(name, loaded)}
        is_small = not loaded.group.buffers and loaded.group.pickle.size <= SMALL_GROUP_BYTES
        if is_small or len(self.names_reaching(loaded.key)) > 1:
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
        watch.identity = {name: _identity(value, held is not None) for name, value in names.items()}
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
        if scanned.reason:
            return scanned, True
        before, now = self.watches[key].baseline, fingerprint(scanned, self.context.mappings)
        if before == now:
            return scanned, False
        return scanned, before[0] == now[0] or not self._reads_only(key, entries, scanned)

    def _reads_only(self, key: Key, entries: list[Any], scanned: Scan) -> bool:
        """Whether a group holds what it held, although its bytes differ: compared with a second copy, freshly loaded.

        Not asked of what loading again would touch: classes of the notebook, and figures, which join pyplot's own.
        """
        if key[0].startswith(PARAMETER) or any(
            type(each).__module__ in REGISTERED for each in scanned.objects.values()
        ):
            return False
        if any(self.group(each).classes for each in self.closure(key)):
            return False
        context = replace(self.context, mappings=Mappings(), codes=[], submodules=set())
        loader = Loader(self.store, context, self.resolve)
        loader.wanted = self.loader.wanted
        original = loader.load(*key)
        names = self.watches[key].names
        same = original.entries
        if self.watches[key].held is None:
            same = [original.entries[original.group.names[name]] for name in names[:1]]
        return same_content(entries, same, context)

    def origins(self, name: str) -> tuple[Reference, ...]:
        """Where the object that a name was bound to stands, and where it stood before that; nothing for a parameter."""
        if name not in self.places:
            return ()
        place = self.places[name]
        group = self.group((place.digest, place.group))
        entry = group.names[name]
        earlier = (moved.reference for moved in group.moved if moved.entry == entry)
        return (Reference(place.digest, place.group, entry), *earlier)

    def shared_buffers(self, key: Key) -> set[tuple[str, int]]:
        """Buffers of a group whose memory other groups may share."""
        if key[0].startswith(PARAMETER):
            return set()
        return {(use.bundle or key[0], use.index) for use in self.group(key).buffers if not use.private}


def _identity(value: Any, is_held: bool) -> tuple[int, weakref.ref[Any] | None]:
    """Id of an object, and what tells whether it is still that object; NumPy does not resize what is referred to."""
    try:
        return id(value), None if is_held else weakref.ref(value)
    except TypeError:
        return id(value), None
