"""``%run``: a script or notebook beside the notebook is read and followed as if it stood in the cell."""

from __future__ import annotations

import json
from pathlib import Path

from nb2pipe.analysis.commands import run_text, split_options
from nb2pipe.analysis.machine import Machine
from nb2pipe.analysis.places import place_of
from nb2pipe.analysis.source import parse_source

VALUED = "N"
FOLLOWED = frozenset({"i", "n", "t", "e", "N"})


def run_file(m: Machine, line: str) -> bool:
    """Follows what ``%run line`` runs; False when that is not known before it runs.

    Names that a script defines go into the notebook's namespace when it ends. That its functions keep seeing the
    script's own is left out: it makes an order too many at the most.
    """
    options = split_options(line, VALUED)
    name = options.rest.partition(" ")[0].strip("'\"")
    if not name or "*" in name or not options.given.keys() <= FOLLOWED:
        return False
    for place in (name, f"{name}.py", f"{name}.ipynb"):
        path = place_of(place, m.where)
        code = _code_of(Path(m.folder) / path) if "*" not in path and path not in m.written else None
        if code is not None:
            m.access(place, "read")
            m.impure += 1
            with m.guard():
                return run_text(m, code)
    return False


def _code_of(path: Path) -> str | None:
    """The Python code of a script or notebook; None where there is none that can be read."""
    try:
        text = path.read_text(encoding="utf-8")
        if path.suffix != ".ipynb":
            return text if parse_source(text)[0] is not None else None
        cells = [cell for cell in json.loads(text)["cells"] if cell["cell_type"] == "code"]
        sources = ["".join(cell["source"]) for cell in cells]
    except (OSError, ValueError, KeyError, TypeError):
        return None
    if any(source.lstrip().startswith("%%") or parse_source(source)[0] is None for source in sources):
        return None
    return "\n".join(sources)
