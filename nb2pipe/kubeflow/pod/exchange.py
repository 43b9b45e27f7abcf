"""The two ends of a container cell on a cluster: its inputs go out as files, and what its program left comes back.

Both execute the cell by the one worker, so that values, setup cells, plug-ins and observations are as in any step.
Where the cell asks for a container, it is ended before the program, once the files are taken, and hears behind the
program what that left.
"""

from __future__ import annotations

import shlex
import shutil
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from nb2pipe.execution.programs.exchange import INTERPRETER
from nb2pipe.execution.programs.request import SHELL, Answer, Request
from nb2pipe.execution.worker import Worker
from nb2pipe.kubeflow.pod.told import Told
from nb2pipe.kubeflow.programs import PRELUDE, SCRIPT, START, STDERR, STDOUT, basename_of
from nb2pipe.model import ContainerCall, Exchange
from nb2pipe.model.json import from_json, to_json
from nb2pipe.notebook.container_cells import OUT

TAKEN = "its inputs are files now, and its program runs in the task behind this one"
Words = Iterator[Mapping[str, Any]]


class HandOver:
    """Takes the files that a cell prepared for its program.

    Args:
        call: what the cell asks for.
        told: where they go.
        cell: number of the cell, from 1.
    """

    def __init__(self, call: ContainerCall, told: Told, cell: int) -> None:
        self._call, self._told, self._cell = call, told, cell
        self.is_done = False

    def __call__(self, request: Request) -> Words:
        """Copy them, and end the cell."""
        source = {mount.target: Path(mount.source) for mount in request.mounts}
        for each in self._call.inputs:
            name = f"in_{each.name}"
            place = _place(self._told, name)
            inner = basename_of(self._call, each)
            copy_whole(source[request.environment[name]], place / inner if inner else place)
        if not self._call.entrypoint:
            start = _place(self._told, START)
            start.mkdir(parents=True, exist_ok=True)
            folders = {name for name, path in request.environment.items() if path in source and source[path].is_dir()}
            text = prelude(self._call, request.environment, folders, self._cell)
            (start / PRELUDE).write_text(text, encoding="utf-8")
            (start / SCRIPT).write_text(self._call.script, encoding="utf-8")
        self.is_done = True
        yield {"answer": to_json(Answer(0, TAKEN))}


class TakeBack:
    """Lays what a program left where its cell looks for it.

    Args:
        call: what the cell asks for.
        told: where that is.
    """

    def __init__(self, call: ContainerCall, told: Told) -> None:
        self._call, self._told = call, told

    def __call__(self, request: Request) -> Words:
        """What it printed, and that it ended well: a program that did not has ended the pipeline."""
        if not self._call.entrypoint:
            for stream in (STDOUT, STDERR):
                text = self._told.given(stream).read_text(encoding="utf-8", errors="replace")
                if text:
                    yield {"stream": stream, "text": text}
        for each in self._call.outputs:
            self._take(each, request)
        yield {"answer": to_json(Answer(0))}

    def _take(self, each: Exchange, request: Request) -> None:
        source, folder = self._told.given(f"out_{each.name}"), Path(request.folder, "out")
        if not source.exists():
            return  # the cell says so, and what there is
        if each.path in request.copies:
            copy_whole(source, Path(request.copies[each.path]))
        elif each.path:
            copy_whole(source, folder / each.path.removeprefix(f"{OUT}/"))
        else:
            copy_whole(source, folder if source.is_dir() else folder / each.name)


class ProgramWorker(Worker):
    """A worker whose kernel asks for a container, and is answered here.

    Args:
        answer: gives the words that the kernel hears.
        events: descriptor for event lines.
        zygote_folder: of the process that forks kernels.
        in_container: as for any worker.
    """

    def __init__(
        self, answer: HandOver | TakeBack, events: int, zygote_folder: str | None, *, in_container: bool
    ) -> None:
        super().__init__(events, zygote_folder, in_container=in_container)
        self._answer = answer

    def tell(self, **event: Any) -> None:
        """Answer a request for a program; pass all else on."""
        if event["event"] != "program":
            super().tell(**event)
            return
        try:
            for word in self._answer(from_json(Request, event["request"])):
                self.hear({"program": event["program"], **word})
        except (OSError, ValueError, KeyError) as error:  # the kernel waits for an answer, whatever happens
            answer = Answer(1, f"the files of the container could not be taken over: {error}")
            self.hear({"program": event["program"], "answer": to_json(answer)})


def copy_whole(source: Path, target: Path) -> None:
    """Copy a file, or a folder with all that is in it."""
    target.parent.mkdir(parents=True, exist_ok=True)
    if source.is_dir():
        shutil.copytree(source, target, dirs_exist_ok=True)
    else:
        shutil.copyfile(source, target)


def _place(told: Told, name: str) -> Path:
    place = told.place(name)
    if place is None:
        raise ValueError(f"the engine has no place for {name!r}")
    return place


def prelude(call: ContainerCall, paths: Mapping[str, str], folders: set[str], cell: int) -> str:
    """What a shell reads before the script: puts inputs where the cell says, runs it, keeps outputs and prints.

    The words that it gets are the artifacts: inputs, outputs, and one file each for what is printed. It asks for
    nothing beside the shell but ``cp``, ``mkdir`` and ``cat``; with ``tee`` the log is live.

    Args:
        call: what the cell asks for.
        paths: in the container, by ``in_NAME`` and ``out_NAME``.
        folders: those of them that are folders.
        cell: its number, from 1, for messages.
    """
    lines = [ROOM]
    for name, path in paths.items():
        place = f'"$nb2pipe_root"{shlex.quote(path)}' if path.startswith(("/in/", "/out/")) else shlex.quote(path)
        lines.append(f"{name}={place}; export {name}")
    for each in call.inputs:
        name = f"in_{each.name}"
        lines.append(f'nb2pipe_lay {"folder" if name in folders else "file"} "$1" "${name}"; shift')
    for each in call.outputs:
        lines.append(f'nb2pipe_to_{each.name}=$1; shift; mkdir -p "${{nb2pipe_to_{each.name}%/*}}"')
        if not each.path or each.path.startswith(f"{OUT}/"):
            lines.append(f'mkdir -p "${{out_{each.name}%/*}}"')
    words = " ".join(shlex.quote(word) for word in _interpreter(call.script))
    failed = shlex.quote(f"nb2pipe: cell {cell}: the program in image {call.image!r} ended with exit code ")
    lines.append(RUN.format(words=words, failed=failed))
    lines += [_keep(each) for each in call.outputs]
    return "\n".join(lines) + "\n"


def _interpreter(script: str) -> tuple[str, ...]:
    """The program of a script's first line with the one argument that it may have, else the shell."""
    first = script.partition("\n")[0]
    if INTERPRETER.match(first) is None:
        return (SHELL, "-e")
    return tuple(first[2:].strip().split(None, 1))


def _keep(each: Exchange) -> str:
    """Copies an output; without a PATH its suffix is the program's to choose, so that all of its name are taken."""
    name, place = each.name, each.path or f"{OUT}/{each.name}"
    if each.path:
        return (
            f'[ -f "$out_{name}" ] || nb2pipe_none {name} "$out_{name}" {shlex.quote(place)}\n'
            f'cp "$out_{name}" "$nb2pipe_to_{name}"'
        )
    return (
        f'mkdir -p "$nb2pipe_to_{name}"; nb2pipe_any=\n'
        f'for nb2pipe_file in "$out_{name}" "$out_{name}".*; do\n'
        f'  if [ -f "$nb2pipe_file" ]; then cp "$nb2pipe_file" "$nb2pipe_to_{name}/"; nb2pipe_any=1; fi\n'
        f'done\n[ -n "$nb2pipe_any" ] || nb2pipe_none {name} "$out_{name}" {shlex.quote(place)}'
    )


ROOM = """\
if mkdir -p /in /out 2>/dev/null && [ -w /in ] && [ -w /out ]; then
  nb2pipe_root=
else
  nb2pipe_root=${TMPDIR:-/tmp}/nb2pipe
  mkdir -p "$nb2pipe_root/in" "$nb2pipe_root/out"
fi
nb2pipe_lay() {
  mkdir -p "${3%/*}/"
  if [ "$1" = folder ]; then mkdir -p "$3"; cp -R "$2/." "$3/"; else cp "$2" "$3"; fi
}
nb2pipe_none() {
  what="wrote no file $3"
  if [ -d "$2" ]; then what="made $3 a folder: write one file, such as an archive"; fi
  echo "nb2pipe: --out $1: the program $what" >&2
  exit 1
}"""

RUN = """\
mkdir -p "${{1%/*}}" "${{2%/*}}"
: > "$1"; : > "$2"
set +e
if command -v tee >/dev/null 2>&1; then
  exec 4>&1
  nb2pipe_code=$( {{
    {{
      {{ {words} "$start/script" </dev/null 2>&5 3>&- 4>&- 5>&-; echo $? >&3; }} | tee "$1" >&4
    }} 5>&1 | tee "$2" >&2
  }} 3>&1 )
  exec 4>&-
else
  {words} "$start/script" </dev/null >"$1" 2>"$2"; nb2pipe_code=$?
  cat "$1"; cat "$2" >&2
fi
set -e
if [ "$nb2pipe_code" != 0 ]; then
  echo {failed}"$nb2pipe_code" >&2
  exit "$nb2pipe_code"
fi"""
