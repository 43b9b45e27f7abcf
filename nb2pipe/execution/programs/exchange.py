"""Values as files for a container, and files from a container as values."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from pathlib import Path, PurePosixPath
from typing import Any

from nb2pipe.artifacts.typed import TypedError, form_at, form_of
from nb2pipe.execution.containers.places import Mount
from nb2pipe.execution.programs.request import OURS, SHELL, ContainerError, Request
from nb2pipe.model import ContainerCall, Exchange
from nb2pipe.notebook.container_cells import IN, OUT, fill_in

SCRIPT = "script"
PLACE = f"{OURS}/{SCRIPT}"
INTERPRETER = re.compile(r"#!\s*/")


def uses_shell(call: ContainerCall) -> bool:
    """Whether a shell runs the cell's script, not the program that its first line names, or one of the image."""
    return not call.entrypoint and INTERPRETER.match(call.script) is None


def prepare(call: ContainerCall, values: Mapping[str, Any], folder: Path) -> Request:
    """Write the inputs of a container cell into files.

    Args:
        call: what the cell asks for.
        values: of its inputs.
        folder: an empty folder for this call alone.

    Raises:
        ContainerError: a value has no form as a file, or names a file that is not there.
    """
    written, fetched = folder / "in", folder / "out"
    written.mkdir(parents=True)
    fetched.mkdir()
    inputs = {each.name: _write(each, values[each.name], written) for each in call.inputs}
    outputs = {each.name: each.path or f"{OUT}/{each.name}" for each in call.outputs}
    mounts = [Mount(str(fetched), OUT), *inputs.values()]
    for path in outputs.values():
        if path.startswith(f"{OUT}/"):
            (fetched / path.removeprefix(f"{OUT}/")).parent.mkdir(parents=True, exist_ok=True)
    paths = {f"in_{name}": mount.target for name, mount in inputs.items()}
    paths |= {f"out_{name}": path for name, path in outputs.items()}
    program, arguments = call.entrypoint, tuple(fill_in(each, paths) for each in call.arguments)
    if not program:
        program, arguments = (SHELL, ("-e", PLACE)) if uses_shell(call) else (PLACE, ())
        _write_script(call.script, folder / SCRIPT)
        mounts.append(Mount(str(folder / SCRIPT), PLACE, read_only=True))
    copies = {path: str(_fetched(each, fetched)) for each in call.outputs if (path := _elsewhere(each))}
    return Request(call.image, program, arguments, tuple(mounts), copies, str(folder), paths)


def collect(call: ContainerCall, folder: Path) -> dict[str, Any]:
    """The values of the outputs of a container cell; none is taken before all are there.

    Args:
        call: what the cell asked for.
        folder: as given to :func:`prepare`.

    Raises:
        ContainerError: a file is missing, or is not what its name says.
    """
    found = {}
    for each in call.outputs:
        path = _found(each, folder / "out")
        try:
            found[each.name] = form_at(path).read(path)
        except TypedError as error:
            raise ContainerError(f"--out {each.name}: {error.message}", hint=error.hint) from None
    return found


def _write(each: Exchange, value: Any, folder: Path) -> Mount:
    if isinstance(value, os.PathLike):
        source = Path(os.path.abspath(value))  # noqa: PTH100 - a link stays what it is, `..` does not
        if not source.exists():
            raise ContainerError(f"--in {each.name}: there is no {source}", hint="Write it before this cell.")
        return Mount(str(source), each.path or f"{IN}/{each.name}{source.suffix}", read_only=True)
    try:
        form = form_of(value, PurePosixPath(each.path).suffix)
        path = folder / f"{each.name}{form.suffixes[0]}"
        form.write(value, path)
    except TypedError as error:
        raise ContainerError(f"--in {each.name}: {error.message}", hint=error.hint) from None
    return Mount(str(path), each.path or f"{IN}/{path.name}", read_only=True)


def _write_script(text: str, path: Path) -> None:
    path.write_text(text, encoding="utf-8")
    path.chmod(0o755)


def _elsewhere(each: Exchange) -> str:
    """The path of an output that is not in the folder for outputs, empty for one that is."""
    return "" if not each.path or each.path.startswith(f"{OUT}/") else each.path


def _fetched(each: Exchange, folder: Path) -> Path:
    """Where an output that was fetched is."""
    return folder / f".fetched-{each.name}{PurePosixPath(each.path).suffix}"


def _found(each: Exchange, folder: Path) -> Path:
    if _elsewhere(each):
        path = _fetched(each, folder)
    elif each.path:
        path = folder / each.path.removeprefix(f"{OUT}/")
    else:
        named = sorted(other for other in folder.iterdir() if each.name in (other.name, other.name.partition(".")[0]))
        if len(named) > 1:
            raise ContainerError(
                f"--out {each.name}: the container wrote {' and '.join(other.name for other in named)}",
                hint=f"Say which is meant: --out {each.name}={named[0].name}",
            )
        path = named[0] if named else folder / each.name
    if path.is_file():
        return path
    place = each.path or f"{OUT}/{each.name}"
    if path.is_dir():
        raise ContainerError(f"--out {each.name}: {place} is a folder", hint="Write one file, such as an archive.")
    others = sorted(str(other.relative_to(folder)) for other in folder.rglob("*") if other.is_file())
    raise ContainerError(
        f"--out {each.name}: the container wrote no file {place}",
        hint=f"In {OUT} it wrote {', '.join(others)}." if others else f"It wrote nothing into {OUT}.",
    )
