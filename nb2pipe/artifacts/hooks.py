"""Functions that pickles of ours call when they are loaded.

Some need to know which kernel they load into: the loader puts its own in their place.
"""

from __future__ import annotations

import contextlib
import functools
import importlib
import sys
import types
import weakref
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from nb2pipe.artifacts.memory import Region, extent
from nb2pipe.errors import ArtifactError

NAMES = frozenset({"__module__", "__qualname__"})  # Python has one text for each, which pickles of the notebook show


def namespace() -> dict[str, Any]:
    """The live namespace of the notebook; put in by the unpickler."""
    raise ArtifactError("a bundle was loaded without its loader")


def kernel_object(key: str) -> Any:
    """An object that every kernel has one of, such as the shell; put in by the unpickler."""
    raise ArtifactError(f"a bundle was loaded without its loader: {key}")


def cell_file(text: str, number: int, name: str) -> str:
    """File name under which this kernel knows the source of a cell; put in by the unpickler."""
    raise ArtifactError("a bundle was loaded without its loader")


def import_modules(name: str, submodules: tuple[str, ...]) -> types.ModuleType:
    """A package, with the modules inside it that the notebook had imported; noted by the loader for later steps."""
    for each in submodules:
        importlib.import_module(each)
    return importlib.import_module(name)


def make_shown_figure(kind: type) -> Any:
    """A matplotlib figure, in a kernel that shows figures as pictures, as the one did that it comes from."""
    pyplot = importlib.import_module("matplotlib.pyplot")
    pyplot._get_backend_mod()
    return object.__new__(kind)


def make_exception(cls: type[BaseException], arguments: tuple[Any, ...]) -> BaseException:
    """An exception as it is, whatever its class wants to be called with."""
    error = cls.__new__(cls, *arguments)
    built_in: Any = next(each for each in cls.__mro__ if each.__module__ == "builtins")
    with contextlib.suppress(TypeError):  # its class calls it with something else: what that leaves comes as state
        built_in.__init__(error, *arguments)
    error.args = arguments
    return error


def set_exception(error: BaseException, state: tuple[Any, ...]) -> None:
    """Give an exception its attributes, what it was raised from, and where."""
    attributes, members, *raised = state
    error.__dict__.update(attributes)
    for name, value in members.items():
        with contextlib.suppress(AttributeError, TypeError):
            setattr(error, name, value)
    set_raised(error, (None, raised))


def set_raised(error: BaseException, state: tuple[Any, Sequence[Any]]) -> None:
    """Give an exception its state, as its class does, and what it was raised from, and where."""
    own, (error.__cause__, error.__context__, error.__suppress_context__, error.__traceback__) = state
    if own is not None:
        error.__setstate__(own)


def make_cached_property(function: Any, attributes: Mapping[str, Any]) -> Any:
    """A ``functools.cached_property``, with a lock of its own where it has one."""
    made = functools.cached_property(function)
    made.__dict__.update(attributes)
    return made


def make_code(arguments: tuple[Any, ...], filename: str) -> types.CodeType:
    """A code object of the notebook."""
    return types.CodeType(*arguments).replace(co_filename=filename)


def make_function(
    code: types.CodeType, globals_: dict[str, Any], name: str, closure: tuple[types.CellType, ...] | None
) -> types.FunctionType:
    """A function of the notebook, bound to the live namespace, without its state."""
    return types.FunctionType(code, globals_, name, None, closure)


def set_function(function: types.FunctionType, state: tuple[dict[str, Any], dict[str, Any]]) -> None:
    """Give a function its state: attributes, defaults and the like."""
    attributes, slots = state
    function.__dict__.update(attributes)
    for name, value in slots.items():
        setattr(function, name, sys.intern(value) if type(value) is str and name in NAMES else value)


def make_cell() -> types.CellType:
    """An empty closure cell."""
    return types.CellType()


def set_cell(cell: types.CellType, state: tuple[Any, ...]) -> None:
    """Fill a closure cell."""
    cell.cell_contents = state[0]


def make_cached(function: Callable[..., Any], parameters: Mapping[str, Any]) -> Any:
    """A function under ``functools.lru_cache``, its cache empty."""
    return functools.lru_cache(**parameters)(function)


def make_array(buffer: Any, dtype: Any, shape: tuple[int, ...], strides: tuple[int, ...], writable: bool = True) -> Any:
    """A NumPy array on a buffer of its own: on its own memory where it came with the pickle, else on mapped memory."""
    array = importlib.import_module("numpy").ndarray(shape, dtype, buffer, strides=strides)
    if isinstance(buffer, (bytes, bytearray)):
        array = (
            array.copy(order="K")
            if array.flags.forc
            else make_view(make_memory(buffer), dtype, shape, strides, 0, True)
        )
    array.flags.writeable = writable
    return array


def make_memory(buffer: Any) -> Any:
    """Memory that several arrays are views of."""
    memory = importlib.import_module("numpy").frombuffer(buffer, "uint8")
    return memory.copy() if isinstance(buffer, (bytes, bytearray)) else memory


def make_view(
    memory: Any, dtype: Any, shape: tuple[int, ...], strides: tuple[int, ...], offset: int, writable: bool
) -> Any:
    """A NumPy array that is a view of ``memory``, which may be an array that was made read-only after it."""
    numpy = importlib.import_module("numpy")
    is_closed = writable and isinstance(memory, numpy.ndarray) and not memory.flags.writeable
    if is_closed:
        memory.flags.writeable = True
    array = numpy.ndarray(shape, dtype, memory, offset=offset, strides=strides)
    if is_closed:
        memory.flags.writeable = False
    if not writable:
        array.flags.writeable = False
    return array


def make_row(array: Any, index: tuple[int, ...]) -> Any:
    """An element of a structured array, which is a view of it."""
    return array[index]


def make_past_new(base: Any, kind: type, *arguments: Any) -> Any:
    """An instance of a class of the notebook, made by what the class is derived from."""
    return base.__new__(kind, *arguments)


def set_state(obj: Any, state: Any) -> None:
    """Give an instance its attributes: the very dictionary, so that who else holds it holds it still."""
    attributes, slots = state if isinstance(state, tuple) else (state, {})
    if attributes is not None:
        object.__setattr__(obj, "__dict__", attributes)
    for name, value in slots.items():
        object.__setattr__(obj, name, value)


class Window:
    """NumPy's own protocol for a view of an array of objects.

    Args:
        owner: the array.
        shape: of the view.
        strides: of the view, in bytes.
        offset: of its first element from that of ``owner``, in bytes.
    """

    def __init__(self, owner: Any, shape: tuple[int, ...], strides: tuple[int, ...], offset: int) -> None:
        self.owner = owner
        self.__array_interface__ = {
            "data": (owner.__array_interface__["data"][0] + offset, False),
            "shape": shape,
            "strides": strides,
            "typestr": "|O",
            "version": 3,
        }


def make_object_view(owner: Any, shape: tuple[int, ...], strides: tuple[int, ...], offset: int, writable: bool) -> Any:
    """A NumPy array that is a view of an array of objects."""
    array = importlib.import_module("numpy").asarray(Window(owner, shape, strides, offset))
    if not writable:
        array.flags.writeable = False
    return array


def make_subclass(kind: type, plain: Any, dtype: Any) -> Any:
    """An array of a class made from NumPy's, without its attributes."""
    numpy = importlib.import_module("numpy")
    array = numpy.ndarray.view(plain, type=kind)
    if array.dtype != dtype:
        array.dtype = dtype
    return array


def set_attributes(value: Any, attributes: Mapping[str, Any]) -> None:
    """Put attributes where they were, whatever the class makes of setting them."""
    value.__dict__.update(attributes)


def make_memory_map(kind: Any, place: tuple[Any, ...], stamp: tuple[int, int]) -> Any:
    """A file mapped read-only as an array; ``stamp`` is there to tell one state of the file from another."""
    numpy = importlib.import_module("numpy")
    name, low, size, first, dtype, shape, strides, offset = place
    raw = numpy.memmap(name, "uint8", "r", offset=low, shape=(size,))
    array = numpy.ndarray.__new__(kind, shape, dtype, raw, offset=first, strides=strides)
    array._mmap, array.filename, array.offset, array.mode = raw._mmap, raw.filename, offset, "r"
    return array


def make_archive(name: str, stamp: tuple[int, int], kept: Mapping[str, Any]) -> Any:
    """An ``.npz`` file, open; ``stamp`` tells the state of the file in which it was opened."""
    state = Path(name).stat()
    if (state.st_size, state.st_mtime_ns) != stamp:
        raise ValueError(f"{name} was written anew since it was opened")
    archive = importlib.import_module("numpy").load(name, allow_pickle=kept["allow_pickle"])
    vars(archive).update(kept)
    return archive


def make_reference(target: Any) -> weakref.ref[Any]:
    """A weak reference; whoever loads it keeps the target alive if nothing else does."""
    return weakref.ref(target)


def make_weak_values(items: list[tuple[Any, Any]]) -> weakref.WeakValueDictionary[Any, Any]:
    """A dictionary that refers to its values weakly."""
    return weakref.WeakValueDictionary(items)


def make_weak_keys(items: list[tuple[Any, Any]]) -> weakref.WeakKeyDictionary[Any, Any]:
    """A dictionary that refers to its keys weakly."""
    return weakref.WeakKeyDictionary(items)


def array_memory(array: Any) -> Any:
    """The memory of an array that stands in another group, as bytes."""
    low, high = extent(array)
    return Region(low, high - low, array).bytes_()


class _Gone:
    """What dead weak references once referred to."""


def make_dead_reference() -> weakref.ref[Any]:
    """A weak reference whose target is gone."""
    return weakref.ref(_Gone())
