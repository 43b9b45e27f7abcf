"""What is to be said about a pipeline before it runs."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from nb2pipe.analysis import Effects
from nb2pipe.analysis.live import keeps_place, live_words
from nb2pipe.analysis.modules import is_missing
from nb2pipe.conversion.approvals import approval_findings
from nb2pipe.conversion.containers import container_findings, part_findings
from nb2pipe.conversion.diagnose import diagnostic
from nb2pipe.conversion.identities import identity_findings
from nb2pipe.conversion.kale import kale_findings
from nb2pipe.conversion.modules import module_findings
from nb2pipe.conversion.summary import Origins, Summary
from nb2pipe.errors import Diagnostic
from nb2pipe.model import Cell, Edge, Notebook, Step
from nb2pipe.notebook.nearest import nearest, suggest


def find_findings(
    notebook: Notebook, steps: Sequence[Step], edges: Sequence[Edge], summaries: list[Summary], origins: Origins
) -> list[Diagnostic]:
    """All findings of the analysis and of the conversion."""
    found = [item for effects in origins.cells.values() for item in _cell_findings(notebook, effects, origins)]
    found.extend(_declarations(notebook, summaries))
    found.extend(part_findings(notebook, origins.layout.units))
    found.extend(container_findings(notebook, origins))
    found.extend(approval_findings(notebook))
    found.extend(_live(notebook, summaries, origins))
    found.extend(_history(notebook, origins))
    found.extend(module_findings(notebook, origins))
    found.extend(_caches(notebook, origins))
    found.extend(_told(notebook, origins))
    found.extend(identity_findings(notebook, summaries, origins))
    found.extend(_adopted(notebook, origins))
    found.extend(kale_findings(notebook, edges, summaries, origins))
    return found


def _step_of(origins: Origins, cell: int) -> str | None:
    return origins.layout.owner.get(cell)


def _cell_findings(notebook: Notebook, effects: Effects, origins: Origins) -> Iterator[Diagnostic]:
    cell = notebook.cells[effects.cell]
    step = _step_of(origins, effects.cell)
    for finding in effects.findings:
        yield diagnostic(finding.code, cell, finding.line, step, **finding.words)
    for name, (line, certain) in effects.undefined.items():
        yield _undefined(cell, name, line, certain, step, origins)
    if effects.wild is not None and not any(finding.code == "N2P221" for finding in effects.findings):
        yield diagnostic("N2P204", cell, effects.wild, step, words=effects.wild_words)
    for name, line in effects.imports.items():
        if name not in effects.beside and is_missing(name, notebook.folder) and not _is_written(name, origins):
            yield diagnostic("N2P210", cell, line, step, name=name)


def _is_written(name: str, origins: Origins) -> bool:
    paths = {access.path for effects in origins.cells.values() for access in effects.files if access.use != "read"}
    return name in paths or f"{name}.py" in paths or any(effects.installs for effects in origins.cells.values())


def _undefined(cell: Cell, name: str, line: int, certain: bool, step: str | None, origins: Origins) -> Diagnostic:
    later = [c for c, e in origins.cells.items() if name in e.binds and c > cell.index]
    gone = [c for c, e in origins.cells.items() if name in e.deletes and c <= cell.index]
    if gone:
        where, advice = f"cell {gone[-1] + 1} deletes it", "Keep the name, or bind it again before this cell."
    elif later:
        where, advice = f"only cell {later[0] + 1} binds it, later", "Move that cell before this one."
    else:
        where = "no cell binds it"
        known = {bound for effects in origins.cells.values() for bound in effects.binds}
        close = nearest(name, known)
        advice = f"Did you mean `{close}`?" if close else "Bind it in a cell before, or correct its spelling."
    return diagnostic("N2P202" if certain else "N2P203", cell, line, step, name=name, where=where, advice=advice)


def _declarations(notebook: Notebook, summaries: list[Summary]) -> Iterator[Diagnostic]:
    position = {summary.name: number for number, summary in enumerate(summaries)}
    first = {summary.name: min(summary.unit.tagged, default=0) for summary in summaries}
    for summary in summaries:
        if summary.name != summary.unit.step:
            continue  # said of the first part
        for name in summary.unit.after:
            tagged = next(index for index in summary.unit.tagged if name in notebook.cells[index].tag.after)
            cell = notebook.cells[tagged]
            if name == summary.name:
                yield diagnostic("N2P303", cell, None, summary.name)
            elif name not in position:
                earlier = [other for other, place in position.items() if place < position[summary.name]]
                advice = suggest(name, earlier, what=f"steps before {summary.name}")
                yield diagnostic("N2P301", cell, None, summary.name, name=name, advice=advice)
            elif position[name] > position[summary.name]:
                yield diagnostic("N2P302", cell, None, summary.name, name=name, cell=str(first[name] + 1))


def _live(notebook: Notebook, summaries: list[Summary], origins: Origins) -> Iterator[Diagnostic]:
    for summary in summaries:
        for need in summary.needs.values():
            what = live_words(need.read.value)
            if what is None:
                continue
            made = min(need.makers)
            source = origins.maker(made, need.name) or ""
            advice = (
                f"Make `{need.name}` in a cell tagged `setup`, put cells {made + 1} and {need.cell + 1} into one step, "
                "or turn it into data such as a list."
            )
            yield diagnostic(
                "N2P205",
                notebook.cells[need.cell],
                need.read.line,
                summary.name,
                name=need.name,
                what=what,
                made=str(made + 1),
                source=source,
                advice=advice,
            )
        yield from _shared_state(notebook, summary, origins)
        yield from _let_go(notebook, summary, origins)


def _let_go(notebook: Notebook, summary: Summary, origins: Origins) -> Iterator[Diagnostic]:
    """Objects that go in one step, while weak references of another refer to them."""
    for cell in summary.unit.cells:
        for name, (line, makers) in origins.cells[cell].let_go.items():
            for made in sorted(makers):
                source = origins.layout.owner.get(made, summary.name)
                if source != summary.name:
                    words = {"name": name, "what": "what a weak reference refers to,", "made": str(made + 1)}
                    advice = f"Put cells {made + 1} and {cell + 1} into one step, or keep the object."
                    words.update(source=source, advice=advice)
                    yield diagnostic("N2P205", notebook.cells[cell], line, summary.name, **words)


def _shared_state(notebook: Notebook, summary: Summary, origins: Origins) -> Iterator[Diagnostic]:
    for name, cells in summary.live.items():
        read, cell = next(
            (origins.cells[c].reads[name], c)
            for c in summary.unit.cells + summary.shared
            if name in origins.cells[c].reads
        )
        makers = [c for c in sorted(cells) if origins.layout.owner.get(c) not in (None, summary.name)]
        if makers and keeps_place(read.value):
            yield diagnostic(
                "N2P206",
                notebook.cells[cell],
                read.line,
                summary.name,
                name=name,
                what=live_words(read.value) or "live",
                made=str(makers[0] + 1),
                source=origins.layout.owner[makers[0]],
            )


def _history(notebook: Notebook, origins: Origins) -> Iterator[Diagnostic]:
    order = sorted(origins.cells)
    for number, cell in enumerate(order):
        effects = origins.cells[cell]
        for name, line in effects.history.items():
            step = _step_of(origins, cell)
            meant = _meant_cells(name, number, order, origins)
            if any(_step_of(origins, other) != step for other in meant):
                yield diagnostic("N2P207", notebook.cells[cell], line, step, name=name)


def _meant_cells(name: str, number: int, order: list[int], origins: Origins) -> list[int]:
    count = name.strip("_i")
    if count.isdigit():
        return [order[int(count) - 1]] if 0 < int(count) <= len(order) else []
    if name in ("_", "__", "___"):
        shown = [cell for cell in order[:number] if origins.cells[cell].displays]
        return shown[-len(name) :][:1]
    return order[:number]


def _caches(notebook: Notebook, origins: Origins) -> Iterator[Diagnostic]:
    owner = origins.layout.owner
    users: dict[str, list[int]] = {}
    for cell in owner:
        for name in origins.cells[cell].cached:
            users.setdefault(name, []).append(cell)
    for name, cells in users.items():
        first = min(cells)
        other = next((cell for cell in sorted(cells) if owner[cell] != owner[first]), None)
        if other is not None and any(origins.cells[cell].cached[name][1] for cell in cells):
            words = {
                "name": name,
                "what": "a function that keeps a cache",
                "made": str(first + 1),
                "source": owner[first],
            }
            line = origins.cells[other].cached[name][0]
            yield diagnostic("N2P206", notebook.cells[other], line, owner[other], **words)


def _told(notebook: Notebook, origins: Origins) -> Iterator[Diagnostic]:
    """Handlers of logging that keep what several steps tell them, each of which has its own."""
    owner = origins.layout.owner
    cells = [cell for cell in sorted(owner) if origins.cells[cell].told is not None]
    other = next((cell for cell in cells if owner[cell] != owner[cells[0]]), None)
    if other is not None:
        words = {"what": "set up with a handler that keeps what it is told", "name": "logging"}
        words |= {"made": str(cells[0] + 1), "source": owner[cells[0]]}
        yield diagnostic("N2P206", notebook.cells[other], origins.cells[other].told, owner[other], **words)


def _adopted(notebook: Notebook, origins: Origins) -> Iterator[Diagnostic]:
    for cell, step in origins.layout.owner.items():
        if notebook.cells[cell].tag.role == "setup":
            yield diagnostic("N2P305", notebook.cells[cell], None, step)
