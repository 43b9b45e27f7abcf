"""The part of a pipeline that one step needs where it runs, as text that travels inside the spec.

It holds the step's own cells, and of all others only what the numbering of cells and the names that steps bind ask for:
an edit of another step leaves it as it is, so that the engine's cache goes on knowing the step.
"""

from __future__ import annotations

import base64
import contextlib
import dataclasses
import json
import zlib
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from nb2pipe.kubeflow.wiring import Wires
from nb2pipe.model import Cell, Notebook, Pipeline, Step, StepSettings, Tag
from nb2pipe.model.json import from_json, to_json

FORMAT = 1


@dataclass(frozen=True)
class Slice:
    """What one step needs.

    Args:
        pipeline: its notebook and steps, as far as they matter to the step.
        step: its name.
        wires: what it is given.
        tasks: names of the tasks of steps that it is given something from.
        texts: files beside the notebook that are text in UTF-8, by relative path.
        data: all others, in base64.
        format: of this text.
    """

    pipeline: Pipeline
    step: str
    wires: Wires
    tasks: Mapping[str, str] = field(default_factory=dict)
    texts: Mapping[str, str] = field(default_factory=dict)
    data: Mapping[str, str] = field(default_factory=dict)
    format: int = FORMAT

    def files(self) -> dict[str, bytes]:
        """Contents of files beside the notebook, by relative path."""
        texts = {path: text.encode() for path, text in self.texts.items()}
        return {**texts, **{path: base64.b64decode(text) for path, text in self.data.items()}}


def slice_of(
    pipeline: Pipeline, step: Step, wires: Wires, tasks: Mapping[str, str], files: Mapping[str, bytes]
) -> Slice:
    """The part of ``pipeline`` that ``step`` needs.

    Args:
        pipeline: a plan without errors.
        step: one of its steps.
        wires: what the step is given.
        tasks: names of all tasks by step.
        files: by path relative to the notebook's folder.
    """
    own = {*step.setup_cells, *step.cells}
    last = max(own)
    position = next(number for number, each in enumerate(pipeline.steps) if each.name == step.name)
    others = [
        replace(step, settings=_settings(step.settings))
        if number == position
        else _outline(each, named=number < position and each.name not in wires.ancestors, last=last)
        for number, each in enumerate(pipeline.steps)
    ]
    cells = tuple(_cell(cell, own=cell.index in own) for cell in pipeline.notebook.cells[: last + 1])
    notebook = pipeline.notebook
    small = Notebook("", "", cells, _metadata(notebook), notebook.kernel_name, notebook.language, "", "", {})
    parameters = tuple(each for each in pipeline.parameters if each.name in step.parameters)
    texts = _texts(files)
    kept = tuple(each for number, each in enumerate(others) if number <= position or each.cells)
    return Slice(
        Pipeline(pipeline.name, small, parameters, kept, ()),
        step.name,
        wires,
        _named(wires, tasks),
        texts,
        {path: base64.b64encode(data).decode("ascii") for path, data in sorted(files.items()) if path not in texts},
    )


def _texts(files: Mapping[str, bytes]) -> dict[str, str]:
    found = {}
    for path, data in sorted(files.items()):
        with contextlib.suppress(UnicodeDecodeError):
            found[path] = data.decode("utf-8")
    return found


def check_slice(pipeline: Pipeline, sinks: tuple[str, ...], tasks: Mapping[str, str]) -> Slice:
    """What the last task of a pipeline needs, which holds steps that ran side by side against each other.

    Args:
        pipeline: a plan without errors.
        sinks: steps that no other waits for.
        tasks: names of all tasks by step.
    """
    steps = tuple(Step(step.name, step.cells[:1], after=pipeline.ancestors(step.name)) for step in pipeline.steps)
    first = {step.cells[0] for step in steps}
    cells = tuple(
        Cell(cell.index, cell.id if cell.index in first else "", cell.kind, "")
        for cell in pipeline.notebook.cells[: max(first) + 1]
    )
    notebook = pipeline.notebook
    small = Notebook("", "", cells, {}, notebook.kernel_name, notebook.language, "", "", {})
    wires = Wires(states=sinks)
    return Slice(Pipeline(pipeline.name, small, (), steps, ()), "", wires, _named(wires, tasks))


def _named(wires: Wires, tasks: Mapping[str, str]) -> Mapping[str, str]:
    return {step: tasks[step] for step in sorted({*wires.states, *wires.values})}


def _metadata(notebook: Notebook) -> Mapping[str, Any]:
    return {key: notebook.metadata[key] for key in ("kernelspec", "language_info") if key in notebook.metadata}


def _settings(settings: StepSettings) -> StepSettings:
    """What the worker itself sees to; the rest stands in the spec."""
    return StepSettings(
        resources=replace(settings.resources, gpus=None, gpu_type=None),
        timeout_s=settings.timeout_s,
        env=settings.env,
    )


def _outline(step: Step, *, named: bool, last: int) -> Step:
    """Another step: which cells it shows, and the names that it binds where ours does not wait for it."""
    cells = tuple(index for index in step.cells if index <= last)
    setup = tuple(index for index in step.setup_cells if index <= last) if cells else ()
    return Step(step.name, cells, setup, binds=step.binds if named else ())


def _cell(cell: Cell, *, own: bool) -> Cell:
    if own:
        metadata = {"tags": list(cell.tags)} if cell.tags else {}
        return Cell(cell.index, cell.id, cell.kind, cell.source, (), metadata, Tag(cell.tag.role))
    return Cell(cell.index, "", cell.kind, "#" if cell.is_code else "", (), {}, Tag(cell.tag.role))


def pack(found: Slice) -> str:
    """The slice as one word of letters, digits, ``+``, ``/`` and ``=``; the same slice gives the same word.

    Keys keep their order: a parameter's default is where the order of its keys comes back from.
    """
    text = json.dumps(_lean(found), ensure_ascii=False, separators=(",", ":"))
    return base64.b64encode(zlib.compress(text.encode(), 9)).decode("ascii")


def unpack(text: str) -> Slice:
    """The slice that was packed.

    Raises:
        ValueError: the text is damaged, or of another version of nb2pipe.
    """
    try:
        data = json.loads(zlib.decompress(base64.b64decode(text, validate=True)))
    except (ValueError, zlib.error) as error:
        raise ValueError(f"the step's code in the pipeline's spec is damaged: {error}") from error
    found = data.get("format", FORMAT)
    if found != FORMAT:
        raise ValueError(f"the pipeline was compiled for format {found} of steps, and this image has {FORMAT}")
    return from_json(Slice, data)


def _lean(value: Any) -> Any:
    """A value of the model as JSON without what stands there by default."""
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return {
            each.name: _lean(getattr(value, each.name))
            for each in dataclasses.fields(value)
            if not _is_default(each, getattr(value, each.name))
        }
    if isinstance(value, Mapping):
        return {str(key): _lean(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [_lean(item) for item in value]
    return to_json(value)


def _is_default(each: dataclasses.Field[Any], value: Any) -> bool:
    if each.default is not dataclasses.MISSING:
        return bool(value == each.default)
    return each.default_factory is not dataclasses.MISSING and bool(value == each.default_factory())
