"""From bundles back to live values: each group once in a kernel, big buffers mapped rather than read."""

from __future__ import annotations

import hashlib
import io
import os
import pickle
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from nb2pipe.artifacts import hooks
from nb2pipe.artifacts.context import Context
from nb2pipe.artifacts.manifest import Group, Reference
from nb2pipe.artifacts.referencing import ATOMS
from nb2pipe.artifacts.sets import KINDS
from nb2pipe.artifacts.store import AGAIN, ArtifactStore, check_span
from nb2pipe.errors import ArtifactError

Key = tuple[str, int]


@dataclass
class Loaded:
    """A group as loaded into this kernel.

    Args:
        key: digest of its bundle and its index there.
        group: its manifest.
        entries: its entries; dropped by :meth:`release`.
        ids: id of each of its objects to the entry that stands for it.
        kept: objects of its pickle's memo that other groups refer to.
    """

    key: Key
    group: Group
    entries: list[Any]
    ids: dict[int, int] = field(default_factory=dict)
    kept: dict[int, Any] = field(default_factory=dict)

    def entry(self, number: int) -> Any:
        """The object that a reference names.

        Raises:
            ArtifactError: it was not kept.
        """
        if number >= 0:
            return self.entries[number]
        if number not in self.kept:
            raise ArtifactError(
                f"object {number} of group {self.key[1]} in {self.key[0][:12]} was not kept", hint=AGAIN
            )
        return self.kept[number]


class Loader:
    """Loads groups of bundles into one kernel, each at most once.

    Args:
        store: where bundles are.
        context: the kernel.
        resolve: gives the place that stands for a reference of a bundle now; an older object may have changed since.
        check_buffer: told the bundle and index of shared memory and the bundle that uses it; raises if it must not.
    """

    def __init__(
        self,
        store: ArtifactStore,
        context: Context,
        resolve: Callable[[Reference, str], Reference] = lambda reference, by: reference,
        check_buffer: Callable[[str, int, str], None] = lambda bundle, index, by: None,
    ) -> None:
        self.store = store
        self.context = context
        self.loaded: dict[Key, Loaded] = {}
        self.wanted: dict[Key, set[int]] = {}
        self._resolve = resolve
        self._check_buffer = check_buffer
        self._sound: set[tuple[str, int]] = set()
        self._targets: list[Any] = []

    def load(self, digest: str, group: int) -> Loaded:
        """A group, and before it all that it refers to.

        Raises:
            ArtifactError: it is missing or damaged, or cannot be loaded here.
        """
        key = (digest, group)
        if key not in self.loaded:
            try:
                manifest = self.store.manifest(digest).groups[group]
            except IndexError:
                raise ArtifactError(f"artifact {digest[:12]} has no group {group}", hint=AGAIN) from None
            self.loaded[key] = self._load(key, manifest)
        return self.loaded[key]

    def value(self, digest: str, group: int, name: str) -> Any:
        """The value of ``name`` in a group.

        Raises:
            ArtifactError: as :meth:`load`, or the group holds no such name.
        """
        loaded = self.load(digest, group)
        if name not in loaded.group.names:
            raise ArtifactError(f"artifact {digest[:12]} holds no {name!r} in group {group}", hint=AGAIN)
        return loaded.entries[loaded.group.names[name]]

    def _load(self, key: Key, group: Group) -> Loaded:
        path = self.store.bundle_path(key[0])
        data = self._pickle(path, group)
        unpickler = _Unpickler(data, self, key[0], group)
        try:
            entries = unpickler.load()
        except ArtifactError:
            raise
        except Exception as error:  # foreign: a module that is not installed here, a __setstate__ that raises
            names = ", ".join(repr(name) for name in group.names) or "what other names refer to"
            raise ArtifactError(f"{names} cannot be loaded: {type(error).__name__}: {error}", hint=AGAIN) from error
        memo = unpickler.memo.copy()
        loaded = Loaded(key, group, entries)
        loaded.ids = {id(obj): -1 - number for number, obj in memo.items() if type(obj) not in ATOMS}
        loaded.ids.update({id(entry): number for number, entry in reversed(list(enumerate(entries)))})
        loaded.kept = {number: memo[-1 - number] for number in self.wanted.get(key, ()) if number < 0}
        return loaded

    def _pickle(self, path: Path, group: Group) -> bytes:
        span = group.pickle
        try:
            with path.open("rb") as file:
                data = os.pread(file.fileno(), span.size, span.offset)
        except FileNotFoundError:
            raise ArtifactError(f"artifact {path} is missing", hint=AGAIN) from None
        except OSError as error:
            raise ArtifactError(f"artifact {path} cannot be read: {error}", hint=AGAIN) from error
        if len(data) != span.size or hashlib.sha256(data).hexdigest() != span.digest:
            raise ArtifactError(f"artifact {path} is damaged", hint=AGAIN)
        return data

    def reference(self, reference: Reference, by: str) -> Any:
        """The object that a reference of bundle ``by`` names, as it is now."""
        found = self._resolve(reference, by)
        return self.load(found.bundle, found.group).entry(found.entry)

    def buffers(self, digest: str, group: Group) -> Iterator[memoryview]:
        """The buffers of a group, mapped; their bytes are checked unless the file is the one that was sealed."""
        for use in group.buffers:
            bundle = use.bundle or digest
            if not use.private:
                self._check_buffer(bundle, use.index, digest)
            span = self.store.manifest(bundle).buffers[use.index]
            path = self.store.bundle_path(bundle)
            try:
                if (bundle, use.index) not in self._sound:
                    if not self.store.is_as_written(bundle):
                        with path.open("rb") as file:
                            check_span(path, file.fileno(), span)
                    self._sound.add((bundle, use.index))
                memory = self.context.mappings.map(path, bundle, use.index, span, private=use.private)
            except FileNotFoundError:
                raise ArtifactError(f"artifact {path} is missing", hint=AGAIN) from None
            except (OSError, ValueError) as error:
                raise ArtifactError(f"artifact {path} cannot be mapped: {error}", hint=AGAIN) from error
            yield memoryview(memory)[use.start : use.start + use.size]

    def find_hook(self, name: str) -> Any:
        """This kernel's own version of a function that pickles call, or None."""
        return {
            "namespace": lambda: self.context.namespace,
            "kernel_object": self._kernel_object,
            "cell_file": self.context.file_of,
            "import_modules": self._modules,
            "make_code": self._code,
            "make_reference": self._weak,
        }.get(name)

    def _kernel_object(self, key: str) -> Any:
        return self.context.objects.get(key)

    def _modules(self, name: str, submodules: tuple[str, ...]) -> Any:
        self.context.submodules.update(submodules)
        return hooks.import_modules(name, submodules)

    def _code(self, arguments: tuple[Any, ...], filename: str) -> Any:
        code = hooks.make_code(arguments, filename)
        self.context.codes.append(code)
        return code

    def _weak(self, target: Any) -> Any:
        self._targets.append(target)
        return hooks.make_reference(target)


class _Unpickler(pickle.Unpickler):
    """Loads one group."""

    def __init__(self, data: bytes, loader: Loader, digest: str, group: Group) -> None:
        super().__init__(io.BytesIO(data), buffers=loader.buffers(digest, group))
        self._loader = loader
        self._digest = digest
        self._group = group

    def find_class(self, module: str, name: str) -> Any:
        """The object of this name, a hook of the loader's in place of ours."""
        if module == hooks.__name__:
            hook = self._loader.find_hook(name)
            if hook is not None:
                return hook
        return super().find_class(module, name)

    def persistent_load(self, number: Any) -> Any:
        """An object of another group, a float that is no number, or a set, which is there already."""
        if isinstance(number, str):
            return self._loader.context.nan(number)
        if isinstance(number, KINDS):
            return number
        reference = self._group.references[number]
        whole = Reference(reference.bundle or self._digest, reference.group, reference.entry)
        return self._loader.reference(whole, self._digest)


def load_names(store: ArtifactStore, places: Mapping[str, Key], context: Context) -> dict[str, Any]:
    """Load names for someone outside a kernel session, such as a test or a person.

    Args:
        store: where bundles are.
        places: name to digest and group.
        context: what the values are to live in.

    Raises:
        ArtifactError: something is missing or damaged.
    """
    loader = Loader(store, context)
    return {name: loader.value(digest, group, name) for name, (digest, group) in places.items()}
