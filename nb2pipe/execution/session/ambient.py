"""Ambient state of one step: put in place as it was, and saved when the step changed it."""

from __future__ import annotations

import sys
from collections.abc import Callable, Collection, Mapping
from contextlib import AbstractContextManager, nullcontext
from functools import partial
from typing import Any

from nb2pipe.errors import ArtifactError
from nb2pipe.execution.session.imports import ImportWatch
from nb2pipe.execution.session.open_figures import OpenFigures
from nb2pipe.execution.session.providers import Provider
from nb2pipe.execution.session.randomness import RandomWatch
from nb2pipe.execution.session.seeding import SeedWatch

ABSENT = object()
STATE, MODULES, LOST = "state", "modules", "lost"


class Ambient:
    """Ambient state of one step.

    What an import changes by itself (warning filters, environment variables) is not the step's doing: it does not count
    as changed, and where the carried state was taken after the same import, that import changes nothing.

    Args:
        providers: the kinds of state.
        carried: keys that earlier steps changed.
        load: gives the state carried for a key.
        known: files of modules of the user's own that steps before this one have imported.
        quietly: a stretch in which nothing is heard.
    """

    def __init__(
        self,
        providers: list[Provider],
        carried: Mapping[str, Any],
        load: Callable[[str], Any],
        known: Collection[str] = (),
        quietly: Callable[[], AbstractContextManager[None]] = nullcontext,
    ) -> None:
        self.seeds = SeedWatch(self._is_untouched)
        self._providers = {provider.key: provider for provider in providers}
        self._carried = set(carried)
        self._load = load
        self._starts: dict[str, Any] = {}
        self._known_modules: frozenset[str] = frozenset()
        watched = frozenset(provider.module for provider in providers if provider.module not in sys.modules)
        told = (self._snapshot, self._after_import, self._imported)
        self._watch = ImportWatch(watched, *told, frozenset(known), quietly)
        self._now: dict[str, Any] = {}
        self._lost: dict[str, str] = {}
        self.missed: ArtifactError | None = None

    def start(self) -> None:
        """Put carried state in place, that of modules not imported yet as soon as they are; watch from here.

        Loading carried state may import modules that have state themselves, so watching comes first.
        """
        self._watch.start()
        for key, provider in self._providers.items():
            if provider.module in sys.modules and key not in self._starts:
                self._begin(key)
        self.seeds.count()

    def _begin(self, key: str) -> None:
        provider = self._providers[key]
        if isinstance(provider, OpenFigures):
            provider.wait(partial(self._late, key) if key in self._carried else None)
        elif key in self._carried:
            carried = self._load(key)
            provider.restore(carried[STATE])
            self._known_modules |= frozenset(carried[MODULES])
        self._starts[key] = provider.capture()

    def _late(self, key: str) -> Any:
        """Carried state that is loaded only when it is asked for.

        Raises:
            ArtifactError: it could not be saved.
        """
        carried = self._load(key)
        if LOST in carried:
            what, _, way_out = carried[LOST].rpartition("; ")
            self.missed = ArtifactError(
                f"pyplot's open figures of an earlier step are asked for, but one cannot cross: {what}",
                hint=f"{way_out}, or close figures where they are made with `plt.close()`",
            )
            raise self.missed
        return carried[STATE]

    def _is_untouched(self, key: str) -> bool:
        return key in self._starts and _equal(self._providers[key].capture(), self._starts[key])

    def _imported(self, module: str) -> None:
        for key, provider in self._providers.items():
            if provider.module == module and key not in self._starts:
                self._begin(key)

    def _snapshot(self) -> dict[str, Any]:
        return {key: self._providers[key].capture() for key in self._starts}

    def _after_import(self, module: str, before: dict[str, Any]) -> None:
        top = module.partition(".")[0]
        if self._watch.is_known(getattr(sys.modules.get(module), "__file__", None)):
            before = {**{key: state for key, state in self._starts.items() if key in self._carried}, **before}
        for key, state in before.items():
            provider = self._providers[key]
            after = provider.capture()
            if _equal(after, state):
                continue
            if key in self._carried and top in self._known_modules:
                provider.restore(state)
            elif _equal(state, self._starts[key]):
                self._starts[key] = after

    def changed_keys(self) -> list[str]:
        """Keys whose state the step changed."""
        if not self._now:
            self._now = self._snapshot()
        set_keys = self.seeds.set_keys
        return [key for key, state in self._now.items() if key in set_keys or not _equal(state, self._starts[key])]

    def seen_keys(self) -> list[str]:
        """Keys whose state the step looked at, of those for which that is known."""
        return [key for key, each in self._providers.items() if isinstance(each, OpenFigures) and each.is_seen()]

    def set_generators(self, watch: RandomWatch) -> tuple[str, ...]:
        """Keys of random generators that setup cells or the step set, rather than only drew from."""
        return tuple(sorted({*watch.end(self._starts, self._now, self.changed_keys()), *self.seeds.set_keys}))

    def changed(self) -> dict[str, Any]:
        """State to save: ``@key`` to value."""
        modules = sorted({name.partition(".")[0] for name in sys.modules} | self._known_modules)
        return {
            f"@{key}": {LOST: self._lost[key]} if key in self._lost else {STATE: self._now[key], MODULES: [*modules]}
            for key in self.changed_keys()
        }

    def lose(self, reasons: Mapping[str, str]) -> bool:
        """Have what cannot be saved told to whoever asks for it later.

        Args:
            reasons: ``@key`` to why its state cannot cross; other names are of no matter.

        Returns:
            Whether any is new.
        """
        new = {name[1:]: reason for name, reason in reasons.items() if name[:1] == "@" and name[1:] not in self._lost}
        self._lost.update(new)
        return bool(new)

    def stop(self) -> None:
        """Stop watching."""
        self._watch.stop()
        self.seeds.stop()
        for provider in self._providers.values():
            if isinstance(provider, OpenFigures):
                provider.stop()


def _equal(left: Any, right: Any) -> bool:
    try:
        return bool(left == right)
    except Exception:  # foreign: options hold anything, and anything may refuse to be compared
        return left is right
