"""What is to be said about modules beside the notebook whose variables are not the same in every step."""

from __future__ import annotations

from collections.abc import Iterator

from nb2pipe.analysis import Effects
from nb2pipe.analysis.effects import FileAccess
from nb2pipe.analysis.local import WHOLE, Origin, Place
from nb2pipe.conversion.accesses import accesses_clash
from nb2pipe.conversion.diagnose import diagnostic
from nb2pipe.conversion.summary import Origins
from nb2pipe.errors import Diagnostic
from nb2pipe.model import Notebook


def local_findings(notebook: Notebook, origins: Origins) -> Iterator[Diagnostic]:
    """Variables that differ at each import, and objects that a step changes behind the module's back."""
    yield from _made_anew(notebook, origins)
    yield from _changed(notebook, origins)
    yield from _compared(notebook, origins)


def _made_anew(notebook: Notebook, origins: Origins) -> Iterator[Diagnostic]:
    said = set()
    for cell, effects in origins.cells.items():
        for place, origin in effects.origins.items():
            found = _first_other(origins, cell, place, origin)
            if found is None or (place[0], found[1]) in said:
                continue
            source, user, words = found
            said.add((place[0], user))
            words |= {"name": place[0], "at": str(origin.line), "source": source}
            line = _line(origins.cells[user], place)
            yield diagnostic("N2P212", notebook.cells[user], line, origins.layout.owner.get(user), **words)


def _first_other(
    origins: Origins, imported: int, place: Place, origin: Origin
) -> tuple[str, int, dict[str, str]] | None:
    """The step that has the value first, a cell of another step that uses it, and the words for it."""
    layout = origins.layout
    users = [cell for cell in sorted(origins.cells) if _uses(origins.cells[cell], place)]
    steps = {cell: layout.owner.get(cell) or layout.first_runner(cell) for cell in users}
    first = layout.owner.get(imported) or next((steps[cell] for cell in users), None)
    for cell in users if first is not None else ():
        words = _words(origins, imported, cell, place, origin) if steps[cell] != first else None
        if first is not None and words is not None:
            return first, cell, words
    return None


def _words(origins: Origins, imported: int, user: int, place: Place, origin: Origin) -> dict[str, str] | None:
    module, variable = place
    if origin.writes:
        path = sorted(origin.writes)[0]
        advice = "Write the file in a function of the module that a cell calls, or put the cells into one step."
        return {"what": f"writes the file {path!r}", "used": "it", "advice": advice}
    source = "a clock, random numbers or the like" if origin.chance else _rewritten(origins, imported, user, origin)
    name = variable.lower() if variable.lower() != variable else f"{variable}_now"
    advice = f"Bind the value in the first of these steps (`{name} = {module}.{variable}`), and use that in later ones."
    return {"what": f"makes `{variable}` of {source}", "used": f"`{variable}`", "advice": advice} if source else None


def _rewritten(origins: Origins, imported: int, user: int, origin: Origin) -> str:
    """What of a value's origin cells change after the import and before a use; empty if nothing."""
    is_setup = origins.is_shared(imported)
    for cell in (each for each in origins.layout.owner if imported <= each <= user):
        effects = origins.cells[cell]
        environ = effects.ambient.get("environ")
        if origin.environ and environ is not None and environ.sets and not is_setup:
            return f"environment variables, which cell {cell + 1} changes,"
        for path in origin.files:
            read = FileAccess(path, "read", 1)
            if any(access.use != "read" and accesses_clash(access, read) for access in effects.files):
                return f"the file {path!r}, which cell {cell + 1} changes,"
    return ""


def _changed(notebook: Notebook, origins: Origins) -> Iterator[Diagnostic]:
    for cell in origins.layout.owner:
        for place, line in origins.cells[cell].module_changes.items():
            user = next(_behind(origins, cell, place), None)
            if user is not None:
                words = {"name": place[0], "variable": place[1], "cell": str(user + 1)}
                yield diagnostic("N2P213", notebook.cells[cell], line, origins.layout.owner[user], **words)


def _behind(origins: Origins, changing: int, place: Place) -> Iterator[int]:
    """Cells of later steps that use what a cell has changed; of its own step, if it has changed a copy."""
    owner = origins.layout.owner
    position = {unit.name: number for number, unit in enumerate(origins.layout.units)}
    is_copy = _is_copy(origins, changing, place)
    for cell, step in owner.items():
        is_later = position[step] > position[owner[changing]] or (is_copy and step == owner[changing])
        if is_later and _uses(origins.cells[cell], place):
            yield cell


def _is_copy(origins: Origins, cell: int, place: Place) -> bool:
    """Whether a cell looks at a module's object under a name whose value comes from another step."""
    makers = {origins.maker(*bound) for bound in origins.cells[cell].copies.get(place, ())}
    return bool(makers - {None, origins.layout.owner.get(cell)})


def _compared(notebook: Notebook, origins: Origins) -> Iterator[Diagnostic]:
    for cell, step in origins.layout.owner.items():
        for place, line in origins.cells[cell].compared.items():
            if _is_copy(origins, cell, place):
                words = {"name": place[0], "variable": place[1]}
                yield diagnostic("N2P214", notebook.cells[cell], line, step, **words)


def _uses(effects: Effects, place: Place) -> bool:
    if place[1] == WHOLE:
        return any(module == place[0] for module, _ in effects.module_reads)
    return place in effects.module_reads or (place[0], WHOLE) in effects.module_reads


def _line(effects: Effects, place: Place) -> int | None:
    return effects.module_reads.get(place) or effects.module_reads.get((place[0], WHOLE))
