"""Orders between steps, each with its reason."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from nb2pipe.analysis import Effects
from nb2pipe.analysis.local import IMPORT
from nb2pipe.conversion.files import file_orders
from nb2pipe.conversion.summary import RANDOM, Origins, Summary
from nb2pipe.model import Edge, Link

WORDS = {
    "random": "the state of `random`",
    "numpy.random": "the state of NumPy's random numbers",
    "torch": "the state of torch's random numbers",
    "environ": "environment variables",
    "cwd": "the working directory",
    "pandas.options": "pandas options",
    "matplotlib.rcParams": "matplotlib's settings",
    "warnings": "warnings filters",
    "sys.path": "the module search path",
    "extensions": "IPython extensions",
    "locale": "the locale",
    "decimal": "the decimal context",
    "numpy.printoptions": "NumPy's print options",
    "numpy.errstate": "NumPy's handling of floating-point errors",
    "sklearn": "scikit-learn's configuration",
    "recursion": "how deep calls may go",
    "switches": "switches of the interpreter",
    "gc": "when garbage is collected",
    "umask": "the rights of new files",
    "annotations": "how annotations are read",
    "calendar": "the day that weeks begin with",
    "csv": "how long fields of CSV files may be",
    "socket": "how long connections wait",
    "sys.argv": "the arguments of the program",
}


class Orders:
    """Collects links between steps; each pair and reason once."""

    def __init__(self, names: Iterable[str]) -> None:
        self.position = {name: number for number, name in enumerate(names)}
        self.links: dict[tuple[str, str], dict[tuple[str, str], Link]] = {}
        self.has_later: set[str] = set()

    def add(self, source: str, target: str, link: Link) -> None:
        """Notes that ``target`` waits for ``source``."""
        if source != target and self.position[source] < self.position[target]:
            self.links.setdefault((source, target), {}).setdefault((link.kind, link.name), link)
            self.has_later.add(source)

    def edges(self) -> tuple[Edge, ...]:
        """All orders, by target and source in notebook order."""
        keys = sorted(self.links, key=lambda key: (self.position[key[1]], self.position[key[0]]))
        return tuple(Edge(source, target, tuple(self.links[source, target].values())) for source, target in keys)


def find_orders(summaries: list[Summary], origins: Origins, folder: str) -> Orders:
    """All orders that data, ambient state, files, declarations and unknown code make.

    Args:
        summaries: of the steps, in notebook order.
        origins: of names.
        folder: the notebook's.
    """
    orders = Orders(summary.name for summary in summaries)
    parts: dict[str, list[str]] = {}
    for summary in summaries:
        parts.setdefault(summary.unit.step, []).append(summary.name)
    for summary in summaries:
        _variables(orders, summary, origins)
        _aliases(orders, summary, origins)
        _declared(orders, summary, parts)
    _ambient(orders, summaries)
    for source, target, path, reason in file_orders(summaries, folder):
        orders.add(source, target, Link("file", path, reason))
    _unknown(orders, summaries)
    return orders


def _variables(orders: Orders, summary: Summary, origins: Origins) -> None:
    for need in summary.needs.values():
        for cell in sorted(need.makers):
            maker = origins.maker(cell, need.name)
            assert maker is not None
            verb = _verb(origins.cells[cell], need.name)
            reason = f"Cell {need.cell + 1} uses `{need.name}`, which cell {cell + 1} {verb}."
            orders.add(maker, summary.name, Link("variable", need.name, reason))
    for name, cells in summary.live.items():
        for cell in sorted(cells):
            maker = origins.layout.owner.get(cell)
            if maker is not None:
                reason = f"Both use `{name}`; what goes through it is out of sight, so they keep the notebook's order."
                orders.add(maker, summary.name, Link("conservative", name, reason))


def _aliases(orders: Orders, summary: Summary, origins: Origins) -> None:
    """Who changes an object comes behind those who bound other names to it, or put it into something."""
    for cell in summary.unit.cells:
        for name, bound in origins.cells[cell].behind.items():
            for source in sorted(bound):
                maker = origins.layout.owner.get(source)
                if maker is not None:
                    reason = f"Cell {cell + 1} may change what `{name}` of cell {source + 1} is or holds."
                    orders.add(maker, summary.name, Link("variable", name, reason))


def _verb(effects: Effects, name: str) -> str:
    if name in effects.deletes:
        return "deletes"
    if name in effects.binds:
        return "binds" if name in effects.sure else "may bind"
    return "may change" if name in effects.changes else "may bind or change"


def _declared(orders: Orders, summary: Summary, parts: Mapping[str, list[str]]) -> None:
    for name in summary.unit.after:
        for part in parts.get(name, ()):
            reason = f"The tags of step {summary.unit.step} say so."
            orders.add(part, summary.name, Link("declared", f"after:{name}", reason))


def _ambient(orders: Orders, summaries: list[Summary]) -> None:
    changed: dict[str, tuple[str, int]] = {}
    for summary in summaries:
        for key, (source, cell) in changed.items():
            if key in RANDOM or key.startswith(IMPORT):
                use = summary.ambient.get(key)
                if use is None or not use[0].sees:
                    continue
                reason = f"Cell {use[1] + 1} uses {WORDS.get(key, _words(key))}, which cell {cell + 1} changes."
            else:
                reason = f"Cell {cell + 1} changes {WORDS.get(key, key)}, which holds for all cells after it."
            orders.add(source, summary.name, Link("ambient", key, reason))
        for key, (found, cell) in summary.ambient.items():
            if found.sets:
                changed[key] = (summary.name, cell)


def _words(key: str) -> str:
    return f"what the import of `{key.removeprefix(IMPORT)}` shows" if key.startswith(IMPORT) else key


def _unknown(orders: Orders, summaries: list[Summary]) -> None:
    binder: Summary | None = None
    installer: Summary | None = None
    for number, summary in enumerate(summaries):
        if binder is not None:
            assert binder.dynamic is not None
            reason = f"What cell {binder.dynamic + 1} binds or changes is only known when it runs."
            orders.add(binder.name, summary.name, Link("conservative", "*", reason))
        if installer is not None:
            assert installer.installs is not None
            reason = f"Cell {installer.installs + 1} installs packages."
            orders.add(installer.name, summary.name, Link("conservative", "packages", reason))
        if summary.dynamic is not None:
            reason = f"Which names cell {summary.dynamic + 1} uses is only known when it runs."
            for earlier in summaries[:number]:
                if not _is_followed(orders, earlier.name, number, summaries):
                    orders.add(earlier.name, summary.name, Link("conservative", "*", reason))
        if summary.dynamic is not None and summary.dynamic_binds:
            binder = summary
        if summary.installs is not None:
            installer = summary


def _is_followed(orders: Orders, name: str, end: int, summaries: list[Summary]) -> bool:
    """Whether a step before position ``end`` already waits for this one."""
    return any((name, summaries[n].name) in orders.links for n in range(orders.position[name] + 1, end))
