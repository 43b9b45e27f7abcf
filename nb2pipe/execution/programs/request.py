"""What a container cell asks for, as the kernel hands it to whoever has a container engine, and the answer."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from nb2pipe.errors import ExecutionError
from nb2pipe.execution.containers.places import Mount

SHELL = "/bin/sh"
OURS = "/nb2pipe"
"""Folder in the container for what is ours: the script, and the secrets of a step."""


@dataclass(frozen=True)
class Request:
    """A container to run to its end.

    Args:
        image: as the user wrote it.
        program: path or name in the image.
        arguments: of the program.
        mounts: files and folders that the container sees, by their paths where the kernel runs.
        copies: path in the container to path outside, for what is fetched when it has ended.
        folder: where the files of this request are, a path where the kernel runs.
        environment: variables that hold the paths of inputs and outputs.
    """

    image: str
    program: str
    arguments: tuple[str, ...]
    mounts: tuple[Mount, ...]
    copies: Mapping[str, str]
    folder: str
    environment: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Answer:
    """How it ended.

    Args:
        code: exit code of the program.
        message: why it failed; empty when it succeeded.
        hint: what to do about it.
    """

    code: int
    message: str = ""
    hint: str = ""


class ContainerError(ExecutionError):
    """A container cell failed."""

    def _render_traceback_(self) -> list[str]:
        """What IPython shows: the frames are all ours, and of no use."""
        return [f"{type(self).__name__}: {self}"]
