"""A cell that runs a program in a container: ``%%container IMAGE [--in NAME[=PATH]]... [--out NAME[=PATH]]...``."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Exchange:
    """A variable, and the file that it is in the container.

    Args:
        name: the variable.
        path: absolute path in the container; empty where the user gave none: a file of the variable's name in ``/in``
            or ``/out``, with a suffix that says what is in it.
    """

    name: str
    path: str = ""


@dataclass(frozen=True)
class ContainerCall:
    """What a container cell asks for.

    Args:
        image: as the user wrote it.
        inputs: variables that arrive as files.
        outputs: variables that files become again.
        entrypoint: program of the image that runs; empty for a script.
        arguments: of that program, with ``{in_NAME}`` and ``{out_NAME}`` where paths stand.
        script: what a shell, or the interpreter in its first line ``#!``, runs; empty for a program of the image.
    """

    image: str
    inputs: tuple[Exchange, ...] = ()
    outputs: tuple[Exchange, ...] = ()
    entrypoint: str = ""
    arguments: tuple[str, ...] = ()
    script: str = ""
