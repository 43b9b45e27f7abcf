"""Container cells on a cluster: three tasks for a step, since a pod starts no other containers.

``x-in`` hands the cell's inputs over as files and writes how the program is started, ``x-run`` is the program in the
image that the cell names, and ``x`` executes the cell with what the program left in the place of the program.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from nb2pipe.model import ContainerCall, Exchange, Pipeline
from nb2pipe.notebook.container_cells import IN, OUT, fill_in

START, STDOUT, STDERR = "start", "stdout", "stderr"
PRELUDE, SCRIPT = "prelude", "script"
"""Files of the artifact ``start``: what the shell reads first, and the cell's script."""
BOOT = ("/bin/sh", "-e", "-c", 'start=$1; shift; . "$start/prelude"', "sh")
"""Starts a script: the prelude knows its names, paths and interpreter, the words behind are where artifacts are."""

PLACEHOLDER = re.compile(r"\{\{\$\.(inputs|outputs)\.artifacts\['(\w+)'\]\.path\}\}")
EXPANDED = ("$(", "$$", "{{", "}}")
"""What launcher, Argo or kubelet put something else in the place of."""


@dataclass(frozen=True)
class Program:
    """What a container of the user's own image runs.

    Args:
        image: as the user wrote it.
        command: its program, or the shell with ours.
        arguments: behind it.
    """

    image: str
    command: tuple[str, ...]
    arguments: tuple[str, ...]


def given_to(call: ContainerCall) -> tuple[str, ...]:
    """Names of the artifacts that a program gets."""
    return (*(f"in_{each.name}" for each in call.inputs), *(() if call.entrypoint else (START,)))


def left_by(call: ContainerCall) -> tuple[str, ...]:
    """Names of the artifacts that a program leaves."""
    return (*(f"out_{each.name}" for each in call.outputs), *(() if call.entrypoint else (STDOUT, STDERR)))


def program_of(call: ContainerCall) -> Program:
    """The words that start it."""
    if call.entrypoint:
        paths = {f"in_{each.name}": _input(each) for each in call.inputs}
        paths |= {f"out_{each.name}": _placeholder("outputs", f"out_{each.name}") for each in call.outputs}
        return Program(call.image, (call.entrypoint,), tuple(fill_in(each, paths) for each in call.arguments))
    places = [_placeholder("inputs", START), *(_placeholder("inputs", f"in_{each.name}") for each in call.inputs)]
    places += [_placeholder("outputs", name) for name in left_by(call)]
    return Program(call.image, BOOT, tuple(places))


def basename_of(call: ContainerCall, each: Exchange) -> str:
    """The name that an input has inside its artifact; empty where the artifact is the file itself."""
    return each.path.rpartition("/")[2] if call.entrypoint else ""


def _input(each: Exchange) -> str:
    place = _placeholder("inputs", f"in_{each.name}")
    return f"{place}/{each.path.rpartition('/')[2]}" if each.path else place


def _placeholder(side: str, name: str) -> str:
    return f"{{{{$.{side}.artifacts['{name}'].path}}}}"


def images_of_ours(pipeline: Pipeline) -> dict[str, str | None]:
    """The image in which the values of each container cell are handed over: its step's, or the nearest step's.

    Returns:
        Images by name of step; None where no step of the pipeline names one.
    """
    found: dict[str, str | None] = {}
    for number, step in enumerate(pipeline.steps):
        if step.containers:
            others = [(abs(number - at), at, each.settings.image) for at, each in enumerate(pipeline.steps)]
            found[step.name] = next((image for _, _, image in sorted(others, key=lambda it: it[:2]) if image), None)
    return found


Refusal = tuple[str, str]
"""Why a container cell cannot run on a cluster, and what to do."""


def program_refusals(call: ContainerCall) -> Iterator[Refusal]:
    """What a cluster cannot do for a program that no shell starts: put files where it looks for them.

    Args:
        call: what the cell asks for.
    """
    if not call.entrypoint:
        return
    for option, exchanges, folder in (("in", call.inputs, IN), ("out", call.outputs, OUT)):
        for each in exchanges:
            if each.path and not each.path.startswith(f"{folder}/"):
                yield (
                    f"nothing there puts a file at {each.path} for {call.entrypoint} (--{option} {each.name})",
                    f"call it from a script for the shell, or give it the path as {{{option}_{each.name}}}",
                )
            elif not any(f"{{{option}_{each.name}}}" in argument for argument in call.arguments):
                yield (
                    f"{call.entrypoint} is not told where --{option} {each.name} is",
                    f"name {{{option}_{each.name}}} in its arguments, or call it from a script for the shell",
                )
    for argument in call.arguments:
        sign = next((each for each in EXPANDED if each in argument), None)
        if sign is not None:
            yield (
                f"the cluster would put something else in the place of {sign!r} in its argument {argument!r}",
                f"call {call.entrypoint} from a script for the shell",
            )
