"""The flags of ``nb2pipe run`` as a value."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

MUTED = ("WARNING", "ERROR", "CRITICAL")
NEVER_S = 1e9


@dataclass(frozen=True)
class RunFlags:
    """The words of the command line, as click read them; names as in ``nb2pipe run --help``."""

    notebook: str
    output: str
    values: dict[str, Any] = field(default_factory=dict)

    def identity(self) -> tuple[str, ...]:
        """What of them a step's result can depend on, as text."""
        names = ("parameters", "parameters_raw", "parameters_file", "parameters_yaml", "parameters_base64")
        return tuple(repr(self.values.get(name)) for name in (*names, "cwd", "kernel"))

    def __getattr__(self, name: str) -> Any:
        return self.values[name]


def autosave_seconds(flags: RunFlags) -> float:
    """Least seconds between two saves of a step's notebook while cells run."""
    if flags.request_save_on_cell_execute:
        return 0.0
    if flags.autosave_cell_every is not None:
        return float(flags.autosave_cell_every) or NEVER_S
    return 10.0 if flags.request_save_on_cell_execute is None else NEVER_S
