"""From a notebook to its pipeline."""

from __future__ import annotations

from nb2pipe.analysis import Effects, analyse
from nb2pipe.analysis.names import BUILTINS, HISTORY
from nb2pipe.analysis.tables.magics import LINE_MAGICS
from nb2pipe.conversion.edges import Orders, find_orders
from nb2pipe.conversion.findings import find_findings
from nb2pipe.conversion.foreign import foreign_pipeline
from nb2pipe.conversion.layout import Layout, adopt, code_cells, read_layout
from nb2pipe.conversion.metrics import metric_names
from nb2pipe.conversion.order import arrange
from nb2pipe.conversion.summary import Origins, Summary, find_origins, summarize
from nb2pipe.errors import RefusedError
from nb2pipe.model import Notebook, Parameter, Pipeline, Port, Role, Step
from nb2pipe.notebook import notebook_diagnostics, pipeline_name, step_settings
from nb2pipe.notebook.parameters import read_parameters


def build_pipeline(notebook: Notebook) -> Pipeline:
    """The pipeline that a notebook makes, with all that is to be said about it.

    Args:
        notebook: as read by :func:`nb2pipe.notebook.read_notebook`.

    Returns:
        The pipeline; findings are in its ``diagnostics``, errors included.
    """
    if notebook.language not in ("python", "ipython"):
        return foreign_pipeline(notebook)
    parameters, _ = read_parameters(notebook)
    layout = read_layout(notebook)
    cells, _ = analyse(code_cells(notebook, layout), folder=notebook.folder)
    layout = adopt(layout, cells)
    layout, problems = arrange(notebook, layout, cells)
    origins = find_origins(cells, layout, parameters)
    summaries = [summarize(unit, origins) for unit in layout.units]
    orders = find_orders(summaries, origins, notebook.folder)
    steps = _steps(notebook, parameters, layout, summaries, orders, origins)
    found = find_findings(notebook, steps, orders.edges(), summaries, origins)
    diagnostics = sorted((*problems, *found), key=lambda item: -1 if item.cell_index is None else item.cell_index)
    return Pipeline(
        pipeline_name(notebook),
        notebook,
        parameters,
        steps,
        orders.edges(),
        (*notebook_diagnostics(notebook), *diagnostics),
    )


def refuse_errors(pipeline: Pipeline) -> None:
    """Refuses a pipeline that must not run.

    Raises:
        RefusedError: a diagnostic is an error; it carries all of them.
    """
    errors = [item for item in pipeline.diagnostics if item.severity == "error"]
    if errors:
        count = f"{len(errors)} errors" if len(errors) > 1 else "an error"
        raise RefusedError(
            f"The notebook {pipeline.notebook.path!r} is refused for {count}.",
            hint="Nothing was run; each error names its cell.",
            diagnostics=pipeline.diagnostics,
        )


def _steps(
    notebook: Notebook,
    parameters: tuple[Parameter, ...],
    layout: Layout,
    summaries: list[Summary],
    orders: Orders,
    origins: Origins,
) -> tuple[Step, ...]:
    outputs = _outputs(summaries, origins)
    steps = []
    for number, summary in enumerate(summaries):
        later = summaries[number + 1 :]
        saved, required = outputs[summary.name]
        if any(other.dynamic is not None for other in later):
            saved = {"*": None}
        elif any(summary.unit.step in other.unit.after for other in later):
            saved.update((name, None) for name in summary.binds if name in summary.made)
        steps.append(_step(notebook, parameters, layout, summary, origins, tuple(saved), tuple(required)))
    return tuple(steps)


def _outputs(summaries: list[Summary], origins: Origins) -> dict[str, tuple[dict[str, None], dict[str, None]]]:
    found: dict[str, tuple[dict[str, None], dict[str, None]]] = {summary.name: ({}, {}) for summary in summaries}
    for summary in summaries:
        for need in summary.needs.values():
            makers = {origins.maker(cell, need.name) for cell in need.makers}
            for maker in makers:
                if maker in found:
                    found[maker][0].setdefault(need.name)
                    if need.certain and len(makers) == 1:
                        found[maker][1].setdefault(need.name)
    return found


def _step(
    notebook: Notebook,
    parameters: tuple[Parameter, ...],
    layout: Layout,
    summary: Summary,
    origins: Origins,
    saved: tuple[str, ...],
    required: tuple[str, ...],
) -> Step:
    unit = summary.unit
    shared = _shared(layout, summary)
    used = [item.name for item in parameters if item.name in summary.parameters or summary.dynamic is not None]
    return Step(
        name=unit.name,
        cells=unit.cells,
        setup_cells=shared,
        after=unit.after,
        inputs=_ports(layout, summary, origins),
        outputs=saved,
        required=required,
        parameters=tuple(used),
        eager=_eager(summary),
        binds=tuple(summary.binds),
        ambient_writes=tuple(key for key, (use, _) in summary.ambient.items() if use.sets),
        metrics=_metrics(notebook, unit.cells),
        uses_shell=summary.shell is not None,
        imports=tuple(summary.imports),
        files_read=_paths(summary, "read"),
        files_written=_paths(summary, "write"),
        urls_read=tuple(dict.fromkeys(access.path for access in summary.urls if access.use == "read")),
        urls_written=tuple(dict.fromkeys(access.path for access in summary.urls if access.use == "write")),
        containers=tuple(call for cell in unit.cells for call in origins.cells[cell].containers),
        settings=step_settings(notebook, unit.tagged),
    )


def _shared(layout: Layout, summary: Summary) -> tuple[int, ...]:
    first = layout.units[0].name == summary.name
    parameters = layout.parameters if first or summary.dynamic is not None else tuple(summary.parameter_cells)
    return tuple(sorted({*parameters, *summary.shared}))


def _ports(layout: Layout, summary: Summary, origins: Origins) -> tuple[Port, ...]:
    order = {unit.name: number for number, unit in enumerate(layout.units)}
    ports = []
    for need in summary.needs.values():
        makers = {maker for maker in (origins.maker(cell, need.name) for cell in need.makers) if maker is not None}
        known = tuple(sorted((m for m in makers if order[m] < order[summary.name]), key=order.__getitem__))
        if known:
            ports.append(Port(need.name, known, need.cell, need.read.line))
    return tuple(ports)


def _eager(summary: Summary) -> tuple[str, ...]:
    if summary.dynamic is not None:
        return ("*",)
    names = {name: None for name in summary.needs if name in BUILTINS | LINE_MAGICS | HISTORY or name.startswith("__")}
    names.update({name: None for name in sorted(summary.parameters) if name in BUILTINS or name in LINE_MAGICS})
    names.update({name: None for name in summary.eager if name in summary.needs or name in summary.parameters})
    return tuple(names)


def _metrics(notebook: Notebook, cells: tuple[int, ...]) -> tuple[str, ...]:
    found: dict[str, None] = {}
    for index in cells:
        if notebook.cells[index].tag.role is Role.METRICS:
            found.update(dict.fromkeys(metric_names(notebook.cells[index].source)))
    return tuple(found)


def _paths(summary: Summary, use: str) -> tuple[str, ...]:
    """Paths of one use; of those that are read, patterns too, unless nothing of them is known."""
    found = dict.fromkeys(access.path for access, _ in summary.files if access.use == use and "<" not in access.path)
    return tuple(path for path in found if "*" not in path or (use == "read" and path.strip("*./")))


__all__ = ["Effects", "build_pipeline", "refuse_errors"]
