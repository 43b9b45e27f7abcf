"""Imports point one way, form no cycle, and are lazy only where that saves the user time."""

from __future__ import annotations

import sys

from tests.house.source import Import, Module, imports, modules, own_targets

# A rung may import the rungs above it in this list; within a rung, what stands right may import what stands left.
RUNGS = (
    ("errors", "urls", "rules"),
    ("plugins", "settings", "model"),
    ("notebook",),
    ("analysis",),
    ("conversion",),
    ("artifacts", "store", "containers"),
    ("images", "execution", "lineage", "report", "kubeflow", "scheduling", "notices"),
    ("app",),
    ("server",),
    ("catalogue",),
    ("cli",),
    ("widgets",),
    ("__init__",),
    ("__main__",),
)
POSITION = {name: (rung, place) for rung, names in enumerate(RUNGS) for place, name in enumerate(names)}
FORBIDDEN = {
    ("execution", "store"): "run_pipeline knows no database: the app stores what it yields",
    ("images", "store"): "an image is of a notebook, whatever runs there were",
    ("images", "artifacts"): "the same",
    ("kubeflow", "store"): "what runs elsewhere is stored by the app",
    ("cli", "server"): "the command line needs no server",
    ("widgets", "server"): "the panel needs none either",
}

# Slow to load or optional: only these, and modules of ours that load them, may be imported inside a function.
# fmt: off
HEAVY = frozenset({
    "IPython", "alembic", "asyncio", "cloudpickle", "ipykernel", "ipywidgets", "jupyter_client", "matplotlib",
    "multiprocessing", "nbclient", "nbconvert", "nbformat", "numpy", "pandas", "papermill", "psycopg", "pyarrow",
    "rich", "sklearn", "sqlalchemy", "sqlite3", "torch", "yaml", "zmq",
})
# fmt: on

KNOWN = frozenset(module.name for module in modules("nb2pipe"))


def layer(module: str) -> str:
    """The top-level part of nb2pipe that a module belongs to."""
    parts = module.split(".")
    return parts[1] if len(parts) > 1 else "__init__"


def test_every_part_has_a_rung() -> None:
    """Each module of nb2pipe belongs to a rung of the ladder, so that none escapes the test below."""
    assert set() == {layer(name) for name in KNOWN} - set(POSITION)


def test_imports_point_one_way() -> None:
    """No module imports what stands right of it, in a function or under TYPE_CHECKING either."""
    wrong = [
        f"{module.path}:{item.line} imports {target}"
        for module in modules("nb2pipe")
        for item in imports(module)
        for target in own_targets(item, KNOWN)
        if not _may_import(module, item, target)
    ]
    assert [] == wrong


def _may_import(module: Module, item: Import, target: str) -> bool:
    if target == "nb2pipe" and item.names == ("__version__",):
        return True
    source, wanted = layer(module.name), layer(target)
    return source == wanted or (POSITION[wanted] < POSITION[source] and (source, wanted) not in FORBIDDEN)


def test_no_cycles() -> None:
    """Modules form no cycle, imports written lazily included; names for type checkers and the version do not count."""
    graph = {
        module.name: {
            target
            for item in imports(module)
            if not item.typing_only and item.names != ("__version__",)
            for target in own_targets(item, KNOWN)
            if target in KNOWN
        }
        for module in modules("nb2pipe")
    }
    while loose := [name for name in graph if not graph[name] & graph.keys() or not _is_target(name, graph)]:
        for name in loose:
            del graph[name]
    assert {} == {name: sorted(targets & graph.keys()) for name, targets in graph.items()}


def _is_target(name: str, graph: dict[str, set[str]]) -> bool:
    return any(name in targets for targets in graph.values())


def test_lazy_imports_have_a_reason() -> None:
    """An import inside a function is of a slow or optional package, or of a module of ours that loads one.

    The analysis is slow enough itself: kernels and containers are started before it is loaded.

    A package's ``__getattr__`` may load its own modules, so that importing a neighbour in a kernel stays light.
    """
    wrong = [
        f"{module.path}:{item.line} imports {item.target} in a function"
        for module in modules("nb2pipe")
        for item in imports(module)
        if item.lazy and not item.typing_only and not _is_slow(item) and not _is_reexport(module, item)
    ]
    assert [] == wrong


def _is_reexport(module: Module, item: Import) -> bool:
    return module.is_package and item.target.startswith(f"{module.name}.")


def _is_slow(item: Import) -> bool:
    top = item.target.split(".")[0]
    if top != "nb2pipe":
        return top in HEAVY or (top not in sys.stdlib_module_names and item.target not in KNOWN)
    return any(_loads_heavy(target, set()) for target in own_targets(item, KNOWN))


def _loads_heavy(name: str, seen: set[str]) -> bool:
    if name in seen or name not in KNOWN:
        return False
    seen.add(name)
    module = next(module for module in modules("nb2pipe") if module.name == name)
    at_load = [item for item in imports(module) if not item.lazy and not item.typing_only]
    return any(item.target.split(".")[0] in HEAVY or item.target == "nb2pipe.analysis" for item in at_load) or any(
        _loads_heavy(target, seen) for item in at_load for target in own_targets(item, KNOWN)
    )
