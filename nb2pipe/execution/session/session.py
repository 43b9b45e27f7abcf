"""One step in one kernel, from its first cell to its report."""

from __future__ import annotations

import os
import sys
import types
from collections.abc import Mapping
from functools import partial
from pathlib import Path
from typing import Any

from nb2pipe.artifacts.context import Context, kernel_objects, notebook_classes
from nb2pipe.artifacts.scan import fingerprint, scan
from nb2pipe.artifacts.store import ArtifactStore
from nb2pipe.execution.digests import digest_memory
from nb2pipe.execution.session.ambient import Ambient
from nb2pipe.execution.session.carried import Carried
from nb2pipe.execution.session.cells import Cells
from nb2pipe.execution.session.handing import Handing
from nb2pipe.execution.session.library_providers import library_providers
from nb2pipe.execution.session.muting import muted
from nb2pipe.execution.session.namespace import Names, is_user_name
from nb2pipe.execution.session.outside import Outside, unwatch_outside, watch_outside
from nb2pipe.execution.session.preload import Needs, needs_of_cell, needs_of_code
from nb2pipe.execution.session.providers import base_providers
from nb2pipe.execution.session.randomness import GENERATORS, RandomWatch
from nb2pipe.execution.session.running import Running
from nb2pipe.execution.session.state import State
from nb2pipe.execution.session.switches import switches

PACKAGES = "site-packages"
SHOWN = ("_", "__", "___")  # what the last cells showed, unless the notebook binds them


class Session:
    """What the kernel of a step carries beside the user's own things.

    Args:
        state: what to start from.
        shell: IPython's shell.
    """

    def __init__(self, state: State, shell: Any) -> None:
        self.state = state
        self.shell = shell
        self.user_ns: dict[str, Any] = shell.user_ns
        self.hidden = dict(getattr(shell, "user_ns_hidden", {}))
        self.context = Context(self.user_ns, state.step, shell, kernel_objects(shell))
        self.store = ArtifactStore(state.store)
        places = {**state.names, **{f"@{key}": place for key, place in state.ambient.items()}}
        self.carried = Carried(self.store, places, state.parameters, state.superseded, self.context)
        ready = {*state.names, *self.carried.parameters}
        refused = {
            name: f"step {other.step!r} binds it; {other.reason}"
            for name, other in state.others.items()
            if name not in ready
        }
        self.names = Names(self.user_ns, self._load, ready, refused)
        self.handing = Handing(self.names)
        providers = [*base_providers(state.env), *switches(), *library_providers(shell)]
        self.ambient = Ambient(
            providers,
            state.ambient,
            lambda key: self.carried.load(f"@{key}"),
            known=state.imported,
            quietly=partial(muted, shell),
        )
        self.randomness = RandomWatch({each.key: each.capture for each in providers if each.key in GENERATORS})
        self.cells = Cells(shell, state.execution_counts, self._before_cell, self._after_cell)
        self.running = Running(self._is_own_code)
        self.own = False
        self.before: dict[str, Any] = {}
        self.setup_baselines: dict[str, tuple[str, ...]] = {}
        self.modules_before: frozenset[str] = frozenset()
        self.outside = Outside(())
        self._laid: set[str] = set()

    def _load(self, name: str) -> Any:
        """Load a carried name, and with it what functions in it need beforehand."""
        value = self.carried.load(name)
        while self.context.codes:
            self._provide(needs_of_code(self.context.codes.pop()))
        return value

    def begin(self) -> None:
        """Prepare the kernel before its first cell."""
        os.environ.update(self.state.env)
        if self.state.cwd:
            os.chdir(self.state.cwd)
        if self.state.folder and "" not in sys.path and self.state.folder not in sys.path:
            sys.path.insert(0, self.state.folder)
        if self.names.ready or self.state.others:
            self.names.install()
            self.handing.start()
        self.before = self.bindings()
        self.modules_before = frozenset(sys.modules)
        self.outside = watch_outside(
            [self.state.store, self.state.run_folder, self.state.staging], digest_memory(self.store.folder)
        )
        self.running.begin()
        self.randomness.begin()
        self.ambient.seeds.begin()
        self.cells.watch()

    def _is_own_code(self, code: types.CodeType) -> bool:
        """Whether code is of a cell, or of a module beside the notebook."""
        name, folder = code.co_filename, self.state.folder
        is_beside = bool(folder) and name.startswith(f"{folder}{os.sep}") and PACKAGES not in name
        return is_beside or self.context.source_of(name) is not None

    def bindings(self) -> dict[str, Any]:
        """The user's names and what they are bound to."""
        shown = {name: getattr(self.shell.displayhook, name, None) for name in SHOWN}
        hidden = {**self.hidden, **shown}
        return {name: value for name, value in list(self.user_ns.items()) if is_user_name(name, hidden, value)}

    def parameters_done(self) -> None:
        """Let the given values of parameters stand in place of the defaults that were bound just now.

        What setup cells bind to a parameter's name after that, or after they read it, stands.
        """
        for name in self.carried.parameters:
            if name not in self._laid and name not in self.names.taken and name in self.user_ns:
                del self.user_ns[name]
                self._laid.add(name)

    def setup_done(self) -> None:
        """Lay the carried state over what the setup cells left."""
        for name in self.state.names:
            if name not in self.names.taken:
                self.user_ns.pop(name, None)
        self._adopt_classes()
        self.randomness.setup_done()
        self.ambient.start()
        for name in self.state.names if "*" in self.state.eager else self.state.eager:
            self.names.take(name)
        if not self.state.setup_counts:
            self.before = self.bindings()
            self.setup_baselines = self._baselines()
        self.own = True

    def _baselines(self) -> dict[str, tuple[str, ...]]:
        """What the values that setup cells left hold, for those that later steps may read."""
        found = {}
        for name, value in self.before.items():
            if self.state.saves(name) and name not in self.names.taken and not isinstance(value, types.ModuleType):
                scanned = scan([value], self.context)
                if not scanned.reason:
                    found[name] = fingerprint(scanned, self.context.mappings)
        return found

    def _adopt_classes(self) -> None:
        """Make classes of setup cells one with those that carried values are instances of."""
        classes = self.context.identify_setup(notebook_classes(self.user_ns))
        if not classes:
            return
        for keys in self.carried.reach().values():
            for key in keys:
                if any(each in classes for each in self.carried.group(key).classes):
                    self.carried.loader.load(*key)

    def _before_cell(self, source: str) -> None:
        """Put names in that this cell needs beforehand."""
        needs = needs_of_cell(source, self.shell.transform_cell)
        self.context.submodules |= needs.submodules
        self._provide(needs)

    def _provide(self, needs: Needs) -> None:
        for name in list(self.names.ready) if needs.everything else self.names.ready & needs.names:
            self.names.take(name)

    def _after_cell(self, source: str, count: int | None) -> None:
        """Lay parameters over their defaults, if this was the cell that binds them; see what it began."""
        self.running.after_cell(count)
        if not self.own and (not self.state.parameters_cells or source in self.state.parameters_cells):
            self.parameters_done()

    def finish(self) -> Mapping[str, Any]:
        """What the step did and left; the kernel is as if no session had been."""
        from nb2pipe.execution.session.results import gather

        unwatch_outside()
        self.handing.stop()
        self.cells.unwatch()
        try:
            with self.names.quietly():
                return gather(self)
        finally:
            self.names.remove()
            self.ambient.stop()

    @property
    def staging(self) -> Path:
        """Folder for files being written."""
        return Path(self.state.staging)
