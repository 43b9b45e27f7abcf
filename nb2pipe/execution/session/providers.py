"""What a kernel carries besides variables, one small object for each kind of it.

Random generators are asked themselves, not by the functions of their modules: calls of those are told of.

A provider says whether its state exists yet (its module is imported), takes it as plain comparable data, and puts such
data back. To carry something more, add a provider to ``providers``.
"""

from __future__ import annotations

import locale
import os
import random
import re
import sys
import warnings
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol

from nb2pipe.errors import ArtifactError

DECIMAL_FIELDS = ("prec", "rounding", "Emin", "Emax", "capitals", "clamp")


class Provider(Protocol):
    """One kind of ambient state."""

    key: str
    module: str

    def capture(self) -> Any:
        """The state now, as data that can be compared and pickled; called only when the module is imported."""

    def restore(self, state: Any) -> None:
        """Put a captured state in place."""


class RandomState:
    """Python's own random numbers."""

    key: str = "random"
    module: str = "random"

    def capture(self) -> Any:
        """The generator's state."""
        return _generator().getstate()

    def restore(self, state: Any) -> None:
        """Go on from there."""
        _generator().setstate(state)


def _generator() -> random.Random:
    generator: random.Random = vars(random)["_inst"]
    return generator


class NumpyRandomState:
    """NumPy's global random numbers."""

    key: str = "numpy.random"
    module: str = "numpy.random"

    def capture(self) -> Any:
        """The generator's state."""
        name, keys, *rest = sys.modules["numpy.random"].mtrand._rand.get_state()
        return (name, keys.tobytes(), *rest)

    def restore(self, state: Any) -> None:
        """Go on from there."""
        name, keys, *rest = state
        keys = sys.modules["numpy"].frombuffer(keys, "uint32")
        sys.modules["numpy.random"].mtrand._rand.set_state((name, keys, *rest))


class TorchRandomState:
    """PyTorch's random numbers, of the processor and of the GPUs in use."""

    key: str = "torch"
    module: str = "torch"

    def capture(self) -> Any:
        """The generators' states."""
        torch = sys.modules["torch"]
        states = [torch.random.get_rng_state()]
        if torch.cuda.is_available() and torch.cuda.is_initialized():
            states += torch.cuda.get_rng_state_all()
        return [bytes(state.tolist()) for state in states]

    def restore(self, state: Any) -> None:
        """Go on from there."""
        torch = sys.modules["torch"]
        first, *others = (torch.tensor(list(each), dtype=torch.uint8) for each in state)
        torch.random.set_rng_state(first)
        if others and torch.cuda.is_available():
            torch.cuda.set_rng_state_all(others[: torch.cuda.device_count()])


@dataclass
class Environ:
    """Environment variables that the notebook set or removed.

    Args:
        fixed: variables of the step's own settings, which stay as they are.
    """

    fixed: Mapping[str, str] = field(default_factory=dict)
    key: str = "environ"
    module: str = "os"
    start: dict[str, str] = field(default_factory=lambda: dict(os.environ))

    def capture(self) -> Any:
        """What differs from the kernel's start; None stands for removed."""
        changed = {name: value for name, value in os.environ.items() if self.start.get(name) != value}
        return {**changed, **{name: None for name in self.start if name not in os.environ}}

    def restore(self, state: Any) -> None:
        """Set and remove them again."""
        for name in [name for name in os.environ if name not in self.start and name not in state]:
            del os.environ[name]
        for name, value in {**self.start, **state, **self.fixed}.items():
            if value is None:
                os.environ.pop(name, None)
            elif os.environ.get(name) != value:
                os.environ[name] = value


class WorkingDirectory:
    """The working directory."""

    key: str = "cwd"
    module: str = "os"

    def capture(self) -> Any:
        """Its path."""
        try:
            return str(Path.cwd())
        except FileNotFoundError:
            return ""

    def restore(self, state: Any) -> None:
        """Go there."""
        if not Path(state).is_dir():
            raise ArtifactError(
                f"an earlier step changed the working directory to {state!r}, which is not there",
                hint="keep the cells that use it in one step, or make the folder in each",
            )
        os.chdir(state)


@dataclass
class SysPath:
    """Where modules are imported from."""

    key: str = "sys.path"
    module: str = "sys"
    start: tuple[str, ...] = field(default_factory=lambda: tuple(sys.path))

    def capture(self) -> Any:
        """Entries put before and behind those of the kernel's start, and those removed."""
        now = list(sys.path)
        places = [index for index, entry in enumerate(now) if entry in self.start]
        first = places[0] if places else len(now)
        return {
            "before": now[:first],
            "behind": [entry for entry in now[first:] if entry not in self.start],
            "removed": [entry for entry in self.start if entry not in now],
        }

    def restore(self, state: Any) -> None:
        """Put them there again."""
        kept = [entry for entry in self.start if entry not in state["removed"]]
        sys.path[:] = [*state["before"], *kept, *state["behind"]]


class WarningFilters:
    """Which warnings are shown."""

    key: str = "warnings"
    module: str = "warnings"

    def capture(self) -> Any:
        """The filters in order.

        Python's own first filters name modules by text, where those that a program puts in again have patterns.
        """
        rules: list[Any] = list(warnings.filters)
        return [(*rule[:3], re.compile(rule[3]) if isinstance(rule[3], str) else rule[3], rule[4]) for rule in rules]

    def restore(self, state: Any) -> None:
        """Put them in place at once: one put in by a function takes away another that is like it."""
        warnings.resetwarnings()
        warnings.filters.extend(state)  # type: ignore[attr-defined]


class Locale:
    """How numbers, dates and texts are written here."""

    key: str = "locale"
    module: str = "locale"

    def capture(self) -> Any:
        """The settings of all categories."""
        return locale.setlocale(locale.LC_ALL)

    def restore(self, state: Any) -> None:
        """Set them."""
        locale.setlocale(locale.LC_ALL, state)


class Decimal:
    """Precision and rounding of decimal numbers."""

    key: str = "decimal"
    module: str = "decimal"

    def capture(self) -> Any:
        """The context's settings."""
        context = sys.modules["decimal"].getcontext()
        traps = sorted(signal.__name__ for signal, on in context.traps.items() if on)
        return {**{name: getattr(context, name) for name in DECIMAL_FIELDS}, "traps": traps}

    def restore(self, state: Any) -> None:
        """Set them."""
        decimal = sys.modules["decimal"]
        traps = [getattr(decimal, name) for name in state["traps"]]
        decimal.setcontext(decimal.Context(**{**state, "traps": traps}))


class RecursionLimit:
    """How deep calls may go."""

    key: str = "recursion"
    module: str = "sys"

    def capture(self) -> Any:
        """The limit."""
        return sys.getrecursionlimit()

    def restore(self, state: Any) -> None:
        """Set it."""
        sys.setrecursionlimit(state)


def base_providers(fixed_env: Mapping[str, str]) -> list[Provider]:
    """Ambient state of Python itself and of random numbers."""
    return [
        Environ(fixed_env),
        WorkingDirectory(),
        SysPath(),
        Locale(),
        Decimal(),
        RecursionLimit(),
        RandomState(),
        NumpyRandomState(),
        TorchRandomState(),
        WarningFilters(),
    ]
