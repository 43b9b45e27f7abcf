"""What pickling and loading in one kernel share: its namespace, its classes, the sources of its cells."""

from __future__ import annotations

import contextlib
import importlib
import linecache
import math
import sys
import types
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from cloudpickle import cloudpickle

from nb2pipe.artifacts.mapping import Mappings

MAIN = "__main__"


@dataclass
class CellSource:
    """The source of one cell, so that functions keep their source and their place in tracebacks.

    Args:
        text: the code as compiled.
        number: its ``In [n]``.
        name: last part of its file name.
    """

    text: str
    number: int
    name: str


@dataclass
class Context:
    """One kernel, as far as values know about it.

    Args:
        namespace: the live namespace of the notebook.
        step: name of the running step, part of the identity of classes that it defines.
        shell: IPython's shell, or None outside a kernel.
        objects: objects that every kernel has its own of, by key; they cross by key.
        sources: cells that code came from, by file name.
        class_counts: how many classes of a name this step has defined.
        codes: code objects of the notebook that were loaded and not looked at yet.
        mappings: buffers of bundles that this process has mapped.
        submodules: modules inside packages that the notebook imported by their full name.
        nans: floats that are no number, by name: containers find such a float by what it is, not by what it equals.
        nan_names: id of each of those floats to its name.
    """

    namespace: dict[str, Any]
    step: str = ""
    shell: Any = None
    objects: Mapping[str, Any] = field(default_factory=dict)
    sources: dict[str, CellSource] = field(default_factory=dict)
    class_counts: dict[str, int] = field(default_factory=dict)
    codes: list[types.CodeType] = field(default_factory=list)
    mappings: Mappings = field(default_factory=Mappings)
    submodules: set[str] = field(default_factory=set)
    nans: dict[str, float] = field(default_factory=dict)
    nan_names: dict[int, str] = field(default_factory=dict)

    def key_of(self, value: Any) -> str | None:
        """Key of an object that every kernel has its own of, or None."""
        return next((key for key, each in self.objects.items() if each is value), None)

    def source_of(self, filename: str) -> CellSource | None:
        """The cell that a code object came from, or None when it came from a file."""
        found = self.sources.get(filename)
        if found is None:
            number = getattr(getattr(self.shell, "compile", None), "_filename_map", {}).get(filename)
            entry = linecache.cache.get(filename)
            if number is None or entry is None or len(entry) != 4:
                return None
            found = CellSource("".join(entry[2]), number, filename.replace("\\", "/").rpartition("/")[2])
            self.sources[filename] = found
        return found

    def file_of(self, text: str, number: int, name: str) -> str:
        """Make the source of a cell of another kernel known here; returns its file name here."""
        compiler = getattr(self.shell, "compile", None)
        filename = f"<cell {name}>"
        if compiler is not None:
            filename = compiler.get_code_name("", "", number).replace("\\", "/").rpartition("/")[0] + "/" + name
            compiler._filename_map.setdefault(filename, number)
        if filename not in linecache.cache:
            linecache.cache[filename] = (len(text), None, text.splitlines(keepends=True), filename)
        self.sources.setdefault(filename, CellSource(text, number, name))
        return filename

    def identify(self, cls: Any) -> str:
        """Id of a class or type variable of the notebook, the same in every kernel that it comes to."""
        with cloudpickle._DYNAMIC_CLASS_TRACKER_LOCK:
            known: str | None = cloudpickle._DYNAMIC_CLASS_TRACKER_BY_CLASS.get(cls)
            if known is None:
                place = f"{self.step}:{cls.__module__}.{getattr(cls, '__qualname__', cls.__name__)}"
                count = self.class_counts[place] = self.class_counts.get(place, 0) + 1
                known = f"{place}:{count}"
                self._track(cls, known)
            return known

    def identify_setup(self, classes: Iterator[type]) -> dict[str, type]:
        """Give classes of setup cells ids that are the same in every step; returns them by id."""
        found: dict[str, type] = {}
        with cloudpickle._DYNAMIC_CLASS_TRACKER_LOCK:
            for cls in classes:
                if cls not in cloudpickle._DYNAMIC_CLASS_TRACKER_BY_CLASS:
                    key = f"setup:{cls.__module__}.{cls.__qualname__}"
                    if key not in found:
                        self._track(cls, key)
                        found[key] = cls
        return found

    def name_of_nan(self, value: float) -> str:
        """Name of a float that is no number, the same in every kernel that it comes to."""
        if value is math.nan:
            return "math"
        if value is getattr(sys.modules.get("numpy"), "nan", None):
            return "numpy"
        known = self.nan_names.get(id(value))
        return known if known is not None else self._name_nan(f"{self.step}:{len(self.nans)}", value)

    def nan(self, name: str) -> float:
        """The float that has this name here."""
        if name == "math":
            return math.nan
        if name == "numpy":
            return float(getattr(sys.modules.get("numpy"), "nan", math.nan))
        if name not in self.nans:
            self._name_nan(name, float("nan"))
        return self.nans[name]

    def _name_nan(self, name: str, value: float) -> str:
        self.nans[name] = value
        self.nan_names[id(value)] = name
        return name

    @staticmethod
    def _track(cls: Any, key: str) -> None:
        cloudpickle._DYNAMIC_CLASS_TRACKER_BY_CLASS[cls] = key
        cloudpickle._DYNAMIC_CLASS_TRACKER_BY_ID[key] = cls


def notebook_classes(values: Mapping[str, Any]) -> Iterator[type]:
    """Classes of the notebook that are bound to names, and the classes nested in them."""
    todo = [value for value in values.values() if isinstance(value, type)]
    seen: set[type] = set()
    while todo:
        cls = todo.pop()
        if cls.__module__ == MAIN and cls not in seen:
            seen.add(cls)
            yield cls
            todo.extend(each for each in vars(cls).values() if isinstance(each, type))


def kernel_objects(shell: Any) -> dict[str, Any]:
    """Objects that every kernel has its own of."""
    found: dict[str, Any] = {"stdout": sys.stdout, "stderr": sys.stderr, "stdin": sys.stdin}
    found.update({"__stdout__": sys.__stdout__, "__stderr__": sys.__stderr__, "main": sys.modules.get(MAIN)})
    if shell is not None:
        found.update({"shell": shell, "kernel": getattr(shell, "kernel", None), "namespace": shell.user_ns})
        found["display_pub"] = getattr(shell, "display_pub", None)
    return {key: value for key, value in found.items() if value is not None}


def is_from_notebook(value: Any) -> bool:
    """Whether a function or class is pickled by value because no module can be imported to find it."""
    if not isinstance(value, (type, types.FunctionType)):
        return False
    import_module_of(value)
    return not cloudpickle._should_pickle_by_reference(value)


def import_module_of(value: Any) -> None:
    """Import the module that a class or function says it is from, where its package has not done so yet.

    NumPy's ``recarray`` is from ``numpy.rec``, which is imported when it is first asked for.
    """
    name = value.__module__
    if isinstance(name, str) and name not in sys.modules and name.partition(".")[0] in sys.modules:
        with contextlib.suppress(ImportError):
            importlib.import_module(name)


def module_of(kind: type) -> str:
    """The module that a type says it is from; compiled types may say something else than a text."""
    module: Any = kind.__module__
    return module if isinstance(module, str) else ""
