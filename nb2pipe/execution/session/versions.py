"""Which version of an object counts, when steps that did not wait for each other held and changed it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

from nb2pipe.artifacts.loading import Key
from nb2pipe.artifacts.manifest import Group, Reference
from nb2pipe.errors import ArtifactError


class SplitError(ArtifactError):
    """Two steps that did not wait for each other changed what one of them shares with a third.

    Args:
        message: what happened, both steps by name.
        steps: the steps, in the order of the notebook.
    """

    def __init__(self, message: str, *, hint: str, steps: tuple[str, ...]) -> None:
        super().__init__(message, hint=hint)
        self.steps = steps


class Versions:
    """The groups that a step's names reach, and which of them took the place of which.

    Args:
        groups: all of them.
        superseded: ``digest/group`` (``digest#buffer`` for memory) to the step that changed it, for all that earlier
            steps changed.
        step_of: the step that wrote a bundle.
    """

    def __init__(
        self, groups: Mapping[Key, Group], superseded: Mapping[str, str], step_of: Callable[[str], str]
    ) -> None:
        self._superseded = dict(superseded)
        self._step_of = step_of
        self._holders: dict[str, set[Key]] = {}
        self._moved: dict[tuple[str, int, int], set[tuple[Key, int]]] = {}
        for key, group in groups.items():
            for old in group.supersedes:
                self._holders.setdefault(old, set()).add(key)
            for moved in group.moved:
                old_place = (moved.reference.bundle, moved.reference.group, moved.reference.entry)
                self._moved.setdefault(old_place, set()).add((key, moved.entry))

    def now(self, reference: Reference, by: str) -> Reference:
        """Where the object of a reference stands now.

        Args:
            reference: the object as it was when the reference was written.
            by: digest of the bundle that refers to it.

        Raises:
            SplitError: there is no one version of it.
        """
        name = f"{reference.bundle}/{reference.group}"
        holders = self._latest(name)
        bundles = {key[0] for key in holders}
        if len(bundles) > 1:
            raise self._split(sorted(self._step_of(each) for each in bundles), by)
        if not bundles:
            if name in self._superseded and self._step_of(by) != self._superseded[name]:
                raise self._split([self._superseded[name]], by)
            return reference
        places = self._moved.get((reference.bundle, reference.group, reference.entry), set())
        found = [place for place in places if place[0][0] in bundles]
        if not found:
            raise self._split([self._step_of(next(iter(bundles)))], by)
        (digest, group), entry = min(found)
        return Reference(digest, group, entry)

    def check_buffer(self, bundle: str, index: int, by: str) -> None:
        """Make sure that memory which a group shares with others was not changed by a step that its own did not see.

        Raises:
            SplitError: it was.
        """
        name = f"{bundle}#{index}"
        changers = {self._step_of(key[0]) for key in self._latest(name) if key[0] != by}
        if name in self._superseded:
            changers.add(self._superseded[name])
        changers.discard(self._step_of(by))
        if changers:
            raise self._split(sorted(changers), by)

    def _latest(self, name: str) -> set[Key]:
        holders = self._holders.get(name, set())
        return {key for key in holders if not self._holders.get(f"{key[0]}/{key[1]}", set()) - {key}}

    def _split(self, changers: Iterable[str], by: str) -> SplitError:
        holder = self._step_of(by)
        steps = tuple(dict.fromkeys([holder, *changers]))
        others = " and ".join(repr(step) for step in steps[1:]) or repr(holder)
        return SplitError(
            f"step {holder!r} keeps a part of an object that step {others} changes, and neither waits for the other",
            hint=f"add the tag `after:{steps[0]}` to the first cell of the later of the two, or put both into one step",
            steps=steps,
        )
