"""Finds what a call does in the tables."""

from __future__ import annotations

from functools import cache
from typing import NamedTuple

from nb2pipe.analysis.tables import builtin, frames, learning, plotting, process, science, stdlib

TABLES = (builtin, stdlib, process, science, frames, learning, plotting)
KINDS = frozenset(
    [
        "frame",
        "series",
        "index",
        "array",
        "list",
        "dict",
        "set",
        "tuple",
        "scalar",
        "str",
        "none",
        "iterator",
        "file",
        "archive",
        "handler",
        "buffer",
        "path",
        "rng",
        "connection",
        "cursor",
        "engine",
        "lock",
        "thread",
        "pool",
        "socket",
        "session",
        "spark",
        "estimator",
        "axes",
        "groupby",
        "writer",
        "pattern",
        "match",
        "logger",
        "hasher",
        "exception",
        "class",
        "function",
        "module",
        "ipython",
        "view",
        "indexer",
        "optimizer",
        "graph",
        "image",
        "contextvar",
        "finalizer",
        "display",
        "task",
        "element",
        "any",
    ]
)


class Spec(NamedTuple):
    """What a call does: the kind of its result (a word of :mod:`nb2pipe.analysis.tables`) and the other words."""

    result: str
    words: frozenset[str]
    keys: tuple[tuple[str, str], ...] = ()


@cache
def parse_spec(text: str) -> Spec:
    """Reads a specification such as ``frame reads0``."""
    first, *rest = text.split()
    keys = tuple((key, value) for key, _, value in (word.partition("=") for word in rest) if value)
    return Spec(first, frozenset(word for word in rest if "=" not in word), keys)


@cache
def _functions() -> dict[str, dict[str, str]]:
    merged: dict[str, dict[str, str]] = {}
    for table in TABLES:
        for module, specs in table.FUNCTIONS.items():
            names = merged.setdefault(module, {})
            for spec, words in specs.items():
                names.update(dict.fromkeys(words.split(), spec))
    return merged


@cache
def _defaults() -> dict[str, str]:
    return {module: spec for table in TABLES for module, spec in table.DEFAULTS.items()}


@cache
def _methods() -> dict[str, dict[str, str]]:
    merged: dict[str, dict[str, str]] = {}
    for table in TABLES:
        for kind, specs in table.METHODS.items():
            names = merged.setdefault(kind, {})
            for spec, words in specs.items():
                names.update(dict.fromkeys(words.split(), spec))
    return merged


@cache
def _method_defaults() -> dict[str, str]:
    return {kind: spec for table in TABLES for kind, spec in table.METHOD_DEFAULTS.items()}


@cache
def function_spec(path: str) -> Spec | None:
    """What calling the member ``path`` (``numpy.random.seed``) does; None for code that no table knows."""
    functions, defaults = _functions(), _defaults()
    module, _, name = path.rpartition(".")
    while module:
        if name in functions.get(module, ()):
            return parse_spec(functions[module][name])
        if module in defaults or module in functions:
            return _default(module, name, defaults)
        module, _, last = module.rpartition(".")
        name = f"{last}.{name}"
    return None


@cache
def is_listed(path: str) -> bool:
    """Whether a table names this member itself, so that nothing needs to be guessed from its name."""
    functions = _functions()
    module, _, name = path.rpartition(".")
    while module:
        if name in functions.get(module, ()):
            return True
        module, _, last = module.rpartition(".")
        name = f"{last}.{name}"
    return False


def _default(module: str, name: str, defaults: dict[str, str]) -> Spec | None:
    last = name.rpartition(".")[2]
    top = module.partition(".")[0]
    if top == "sklearn" and last[:1].isupper() and "Display" not in last:
        return parse_spec("estimator holds flat")
    while module and module not in defaults:
        module = module.rpartition(".")[0]
    return parse_spec(defaults[module]) if module else None


@cache
def method_spec(kind: str, name: str) -> Spec | None:
    """What a method does on an object of a known kind; None where the tables do not say."""
    spec = _methods().get(kind, {}).get(name)
    if spec is None:
        spec = _method_defaults().get(kind)
    return parse_spec(spec) if spec else None


@cache
def any_method_spec(name: str) -> Spec | None:
    """What a method of this name does on whatever kind it may be: the words of all kinds that have it."""
    found = [parse_spec(names[name]) for kind, names in sorted(_methods().items()) if name in names]
    if not found:
        return None
    words = frozenset[str]().union(*(spec.words for spec in found))
    results = {spec.result for spec in found}
    keys = tuple({key: None for spec in found for key in spec.keys})
    return Spec(results.pop() if len(results) == 1 else _common(results), words, keys)


def _common(results: set[str]) -> str:
    if results & {"part", "self", "arg", "copy", "view", "iterator"}:
        return "part"
    return "any"
