"""The pickler: cloudpickle, with what notebooks need besides."""

from __future__ import annotations

import abc
import io
import logging
import pickle
import sys
import types
from collections.abc import Callable
from typing import Any

from cloudpickle import cloudpickle

from nb2pipe.artifacts import arrays, classes, figures, frames, hooks, kinds, members, sets
from nb2pipe.artifacts.context import MAIN, CellSource, Context, import_module_of, is_from_notebook, module_of
from nb2pipe.artifacts.deep import on_deep_stack
from nb2pipe.artifacts.instances import Instances
from nb2pipe.artifacts.memory import Region, Regions
from nb2pipe.artifacts.objects import needs_care, reduce_instance

SMALL_BUFFER_BYTES = 64 * 1024
REFUSED = (io.TextIOWrapper, io.BufferedIOBase, io.RawIOBase)
KEPT_STREAMS = (io.BytesIO, io.StringIO)
CACHED_ON_CLASSES = ("__slotnames__", "__annotations_cache__")
NO_REGIONS = Regions()


class UncarriableError(pickle.PicklingError):
    """A value that must not cross although a pickler could take it apart."""


class NotebookPickler(cloudpickle.Pickler):  # type: ignore[misc]
    """Pickles values of one kernel.

    Functions of the notebook keep their live globals, buffers of 64 KiB and more stay out of band, arrays keep their
    strides and what they share, objects that every kernel has its own of cross by key.

    Args:
        file: gets the in-band bytes.
        context: the kernel.
        regions: the memory that arrays share.
    """

    def __init__(self, file: io.BytesIO, context: Context, regions: Regions = NO_REGIONS) -> None:
        super().__init__(file, protocol=5, buffer_callback=self._buffer)
        self.context = context
        self.regions = regions
        self.buffers: list[memoryview] = []
        self.private_buffers: set[int] = set()
        self.arrays: list[Any] = []
        self.private: dict[int, Any] = {}
        self.lone: set[int] = set()
        self.class_ids: list[str] = []
        self._care: dict[int, bool] = {}
        self.instances = Instances(self._can_pickle)
        self._pending_private = False
        self._file = file

    def start_again(self) -> None:
        """Forget what was pickled so far."""
        self.clear_memo()
        self._file.seek(0)
        self._file.truncate()
        self._pending_private = False
        for kept in (self.buffers, self.private_buffers, self.arrays, self.private, self.lone, self.class_ids):
            kept.clear()

    def dump_deep(self, value: Any) -> None:
        """Pickle ``value``, on a big stack of its own if it is nested too deeply for this one."""
        try:
            self.dump(value)
        except Exception as error:
            if not isinstance(error, RecursionError) and not isinstance(error.__cause__, RecursionError):
                raise
            self.start_again()
            on_deep_stack(lambda: self.dump(value))

    def _can_pickle(self, state: Any) -> bool:
        trial = NotebookPickler(io.BytesIO(), self.context, self.regions)
        trial.instances = self.instances
        try:
            trial.dump(state)
        except Exception:  # foreign: any __reduce__ may raise anything, all of it means no
            return False
        return True

    def _buffer(self, buffer: pickle.PickleBuffer) -> bool:
        raw = buffer.raw()
        private, self._pending_private = self._pending_private, False
        if raw.nbytes < SMALL_BUFFER_BYTES:
            mapped = None if private else self.context.mappings.find_clean(raw)
            if mapped is None or mapped.private:
                return True
        if private:
            self.private_buffers.add(len(self.buffers))
        self.buffers.append(raw)
        return False

    def reducer_override(self, obj: Any) -> Any:
        """How an object is taken apart, or NotImplemented for pickle's own way."""
        kind = type(obj)
        reducer = REDUCERS.get(kind)
        if reducer is not None:
            return reducer(self, obj)
        if issubclass(kind, type):
            return self._reduce_class(obj)
        if issubclass(kind, sets.KINDS):
            return sets.reduce_subclass(obj)
        module = module_of(kind)
        place = members.member_of(obj, module)
        if place is not None:
            return members.load_member, place
        if module == "argparse":
            return members.reduce_of_argparse(obj)
        if module == "decimal" and members.is_current_context(obj):
            return members.current_context, ()
        if hasattr(kind, "__del__") and module == MAIN and is_from_notebook(kind):
            raise UncarriableError("its class has a `__del__`, which would run in each step that has the object")
        if self.instances.has_own_ways(kind):
            return self.instances.reduce(obj)
        if isinstance(obj, BaseException):
            return kinds.reduce_exception(obj)
        if arrays.is_array(obj):
            return self._reduce_array(obj) if module == "numpy" else arrays.reduce_subclass(obj)
        if module.startswith("numpy.lib") and kind.__name__ == "NpzFile":
            return arrays.reduce_archive(obj)
        if module == "numpy" and issubclass(kind, sys.modules["numpy"].void):
            return arrays.reduce_row(obj)
        if frames.is_of_pandas(obj, module):
            return self._reduce_of_pandas(obj)
        if module.startswith("matplotlib."):
            part = figures.reduce_part(obj, module)
            if part is not NotImplemented:
                return part
        if isinstance(obj, logging.Handler):
            return kinds.reduce_handler(obj)
        if isinstance(obj, REFUSED) or module.startswith(("IPython", "ipykernel")):
            return self._reduce_kernel_object(obj)
        care = self._care.get(id(kind))
        if care is None:
            care = self._care[id(kind)] = needs_care(kind)
        return reduce_instance(obj) if care else NotImplemented

    def _reduce_class(self, cls: type) -> Any:
        """A class; what pickling itself caches on it is no part of it."""
        if not is_from_notebook(cls):
            return super().reducer_override(cls)
        self.class_ids.append(self.context.identify(cls))
        reduced = super().reducer_override(cls)
        if isinstance(reduced, tuple) and len(reduced) > 2 and isinstance(reduced[2], tuple):
            for name in CACHED_ON_CLASSES:
                reduced[2][0].pop(name, None)
            if reduced[5:] == (cloudpickle._class_setstate,):
                reduced = (*reduced[:5], classes.set_class)
            if reduced[0] is cloudpickle._make_skeleton_class:
                if "." in cls.__qualname__:
                    reduced[1][3]["__qualname__"] = cls.__qualname__
                return (classes.make_class, *reduced[1:])
        return reduced

    def _reduce_of_pandas(self, obj: Any) -> Any:
        for array, is_lone in frames.private_arrays(obj):
            self.private[id(array)] = array
            if is_lone:
                self.lone.add(id(array))
        return frames.reduce_frame(obj)

    def _reduce_array(self, array: Any) -> Any:
        if type(array) is not sys.modules["numpy"].ndarray:
            return arrays.reduce_subclass(array)
        if array.nbytes == 0:
            return NotImplemented
        region = self.regions.find(array)
        if region is not None and region.holder is array:
            region = None
        if id(array) in self.private and not (region is not None and region.with_frame):
            self._pending_private = not array.dtype.hasobject
            return NotImplemented if array.dtype.hasobject else arrays.reduce_array(array)
        self.arrays.append(array)
        if array.dtype.hasobject:
            return self._reduce_array_of_objects(array, region)
        buffer = arrays.buffer_under(array)
        if buffer is not None:
            return arrays.reduce_on_buffer(array, buffer)
        return arrays.reduce_array(array) if region is None else arrays.reduce_view(array, region)

    def _reduce_array_of_objects(self, array: Any, region: Region | None) -> Any:
        if region is None or region.holder is None or array.dtype.kind != "O":
            return NotImplemented
        return arrays.reduce_object_view(array, region.holder)

    def _reduce_kernel_object(self, obj: Any) -> Any:
        key = self.context.key_of(obj)
        if key is not None:
            return hooks.kernel_object, (key,)
        if isinstance(obj, REFUSED) and not isinstance(obj, KEPT_STREAMS) and module_of(type(obj)) in ("_io", "io"):
            raise UncarriableError(f"cannot pickle {type(obj).__name__!r} object")
        return NotImplemented

    def _reduce_function(self, function: types.FunctionType) -> Any:
        own = function.__globals__
        if own is not self.context.namespace and not kinds.is_loose(function):
            import_module_of(function)
            return super().reducer_override(function)
        slots = {
            "__qualname__": "".join(function.__qualname__),
            "__annotations__": function.__annotations__,
            "__kwdefaults__": function.__kwdefaults__,
            "__defaults__": function.__defaults__,
            "__module__": function.__module__,
            "__doc__": function.__doc__,
        }
        space = LIVE if own is self.context.namespace else own
        arguments = (function.__code__, space, "".join(function.__name__), function.__closure__)
        return hooks.make_function, arguments, (dict(function.__dict__), slots), None, None, hooks.set_function

    def _reduce_code(self, code: types.CodeType) -> Any:
        source = self.context.source_of(code.co_filename)
        if source is None:
            return NotImplemented
        return hooks.make_code, (cloudpickle._code_reduce(code.replace(co_filename=""))[1], source)

    def _reduce_module(self, module: types.ModuleType) -> Any:
        key = self.context.key_of(module)
        if key is not None:
            return hooks.kernel_object, (key,)
        prefix = f"{module.__name__}."
        inside = tuple(
            sorted(name for name in self.context.submodules if name.startswith(prefix) and name in sys.modules)
        )
        return (hooks.import_modules, (module.__name__, inside)) if inside else NotImplemented


class Live:
    """Stands in a pickle for the live namespace."""


LIVE = Live()


def _reduce_source(pickler: NotebookPickler, source: CellSource) -> kinds.Reduced:
    return hooks.cell_file, (source.text, source.number, source.name)


REDUCERS: dict[type, Callable[[Any, Any], Any]] = {
    types.FunctionType: NotebookPickler._reduce_function,
    types.CodeType: NotebookPickler._reduce_code,
    types.ModuleType: NotebookPickler._reduce_module,
    type: NotebookPickler._reduce_class,
    abc.ABCMeta: NotebookPickler._reduce_class,
    Live: lambda pickler, obj: (hooks.namespace, ()),
    CellSource: _reduce_source,
    Region: lambda pickler, obj: arrays.reduce_region(obj),
    sets.Ordered: lambda pickler, obj: sets.reduce_set(obj.of),
    **kinds.KINDS,
}
