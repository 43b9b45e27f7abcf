"""The errors that nb2pipe raises, and the diagnostics that it reports.

Nb2pipeError
├── RefusedError             refused before running; exit code 2; carries diagnostics
│   ├── NotebookError        the notebook cannot be read or is not what it claims to be
│   ├── SettingsError        a setting, option or parameter value that is wrong
│   │   ├── NotFoundError    nothing has the name that was given
│   │   └── ConflictError    the name is taken, or what is there stands against it
│   ├── StoreError           the store is damaged, newer than this nb2pipe, or out of reach
│   └── RemoteError          a service elsewhere refused, failed or did not answer
├── ArtifactError            an artifact is missing, damaged or not ours
└── ExecutionError           a step could not be run, or ran and failed; exit code 1
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

Severity = Literal["error", "warning", "info"]


@dataclass(frozen=True)
class Diagnostic:
    """One finding about a notebook, located as its reader sees it.

    Args:
        code: stable code such as ``N2P101``; ``nb2pipe/catalogue.py`` lists all of them.
        severity: ``error`` refuses the run, ``warning`` and ``info`` do not.
        message: what is the matter with what.
        hint: what to do about it; empty when there is nothing to do.
        cell_index: position of the cell in the notebook from 0, or None for the whole notebook.
        cell_id: the cell's nbformat id, or None.
        line: line within the cell from 1, or None.
        step: name of the step concerned, or None.
    """

    code: str
    severity: Severity
    message: str
    hint: str = ""
    cell_index: int | None = None
    cell_id: str | None = None
    line: int | None = None
    step: str | None = None

    @property
    def location(self) -> str:
        """Where, for a reader: ``cell 3 (id a1b2), line 2``; cells count from 1."""
        if self.cell_index is None:
            return "notebook"
        text = f"cell {self.cell_index + 1}"
        if self.cell_id:
            text += f" (id {self.cell_id})"
        return f"{text}, line {self.line}" if self.line else text

    def __str__(self) -> str:
        text = f"{self.code} {self.severity}: {self.location}: {self.message}"
        return f"{text}\n    {self.hint}" if self.hint else text


class Nb2pipeError(Exception):
    """Base of all errors of nb2pipe; ``hint`` says what to do."""

    exit_code = 1

    def __init__(self, message: str, *, hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint

    def __str__(self) -> str:
        return f"{self.message}\n    {self.hint}" if self.hint else self.message


class RefusedError(Nb2pipeError):
    """Refused before anything ran; the diagnostics name the cells."""

    exit_code = 2

    def __init__(self, message: str, *, hint: str = "", diagnostics: Sequence[Diagnostic] = ()) -> None:
        super().__init__(message, hint=hint)
        self.diagnostics = tuple(diagnostics)


class NotebookError(RefusedError):
    """The notebook cannot be read."""


class SettingsError(RefusedError):
    """A setting, an option or a parameter value is wrong."""


class NotFoundError(SettingsError):
    """Nothing has the name that was given: no run, step, schedule or file."""


class ConflictError(SettingsError):
    """What was asked for stands against what is there, such as a name that is taken."""


class StoreError(RefusedError):
    """The store is damaged, newer than this nb2pipe, or out of reach."""


class RemoteError(RefusedError):
    """A service elsewhere refused, failed or did not answer; its one diagnostic says how."""

    @property
    def code(self) -> str:
        """The code of its diagnostic."""
        return self.diagnostics[0].code


class ArtifactError(Nb2pipeError):
    """An artifact is missing, damaged or not ours."""


class ExecutionError(Nb2pipeError):
    """A step could not be run, or ran and failed."""
