"""Kinds of objects that pickle does not take apart, or not as they are: how, and the functions that make them again."""

from __future__ import annotations

import contextlib
import functools
import gc
import inspect
import random
import re
import struct
import sys
import types
import typing
import weakref
from collections import OrderedDict
from collections.abc import Mapping
from typing import Any

from nb2pipe.artifacts import hooks
from nb2pipe.artifacts.arrays import BUFFERS
from nb2pipe.artifacts.context import MAIN, is_from_notebook
from nb2pipe.artifacts.memory import address_of
from nb2pipe.artifacts.tracebacks import reduce_traceback

PLAIN_REDUCE: Any = BaseException.__reduce__
NOT_KEPT = ("obj",)  # what an AttributeError was raised on
Reduced = tuple[Any, ...]
DICT_VIEWS: dict[type, str] = {
    type(getattr(kind(), name)()): name for kind in (dict, OrderedDict) for name in ("keys", "values", "items")
}


def reduce_dict_view(pickler: Any, view: Any) -> Reduced:
    """The keys, values or items of a dictionary, which go on showing what it holds."""
    return make_dict_view, (_behind(view.mapping), DICT_VIEWS[type(view)])


def make_dict_view(mapping: Any, name: str) -> Any:
    """``mapping.keys()`` and its like."""
    return getattr(mapping, name)()


def reduce_proxy(pickler: Any, proxy: types.MappingProxyType[Any, Any]) -> Any:
    """A read-only view of a mapping; that of a class is left to cloudpickle."""
    mapping = _behind(proxy)
    if isinstance(mapping, dict) and {"__module__", "__dict__", "__weakref__", "__doc__"} & mapping.keys():
        return NotImplemented
    return types.MappingProxyType, (mapping,)


def _behind(proxy: Any) -> Any:
    return gc.get_referents(proxy)[0]


def reduce_memoryview(pickler: Any, view: memoryview) -> Any:
    """A view of memory that another object owns."""
    owner: Any = view.obj
    numpy = sys.modules.get("numpy")
    is_array = numpy is not None and type(owner) is numpy.ndarray and owner.flags.c_contiguous
    if not view.c_contiguous or not (type(owner) in BUFFERS or is_array):
        return NotImplemented
    start = address_of(view) - address_of(memoryview(owner))
    return make_memoryview, (owner, start, view.nbytes, view.format, view.shape, view.readonly)


def make_memoryview(owner: Any, start: int, size: int, format_: str, shape: tuple[int, ...], readonly: bool) -> Any:
    """A part of an object's memory."""
    view = memoryview(owner).cast("B")[start : start + size]
    if format_ != "B" or len(shape) != 1:
        view = view.cast(format_, shape)  # type: ignore[call-overload]
    return view.toreadonly() if readonly else view


def reduce_match(pickler: Any, match: re.Match[Any]) -> Any:
    """A match, found again in its text; where that does not find the same, it cannot cross."""
    for way in ("match", "search", "fullmatch"):
        for start in dict.fromkeys((match.pos, match.start())):
            arguments = (match.re, way, match.string, start, match.endpos)
            if match.regs == getattr(make_match(*arguments), "regs", None):
                return make_match, arguments
    return NotImplemented


def make_match(pattern: re.Pattern[Any], way: str, text: Any, start: int, end: int) -> Any:
    """What a pattern finds in a part of a text."""
    return getattr(pattern, way)(text, start, end)


def reduce_new_type(pickler: Any, made: Any) -> Any:
    """A ``typing.NewType`` of the notebook."""
    if made.__module__ != MAIN:
        return NotImplemented
    return make_new_type, (made.__qualname__, made.__supertype__)


def make_new_type(name: str, supertype: Any) -> Any:
    """A ``typing.NewType`` as the notebook makes it."""
    kind: Any = typing.NewType
    made = kind(name, supertype)
    made.__module__ = MAIN
    return made


def reduce_parameter(pickler: Any, made: Any) -> Any:
    """A ``typing.ParamSpec`` or ``typing.TypeVarTuple`` of the notebook."""
    if made.__module__ != MAIN:
        return NotImplemented
    options = {"bound": made.__bound__} if isinstance(made, typing.ParamSpec) else {}
    return make_parameter, (type(made), made.__name__, options)


def make_parameter(kind: Any, name: str, options: Mapping[str, Any]) -> Any:
    """A ``typing.ParamSpec`` or ``typing.TypeVarTuple`` as the notebook makes it."""
    made = kind(name, **options)
    made.__module__ = MAIN
    return made


def reduce_type_variable(pickler: Any, variable: typing.TypeVar) -> Any:
    """A type variable of the notebook: cloudpickle's way, under an id that is the same in every kernel."""
    pickler.context.identify(variable)
    return NotImplemented


def reduce_cell(pickler: Any, cell: types.CellType) -> Reduced:
    """A variable that functions share."""
    try:
        return hooks.make_cell, (), (cell.cell_contents,), None, None, hooks.set_cell
    except ValueError:  # an empty cell
        return hooks.make_cell, ()


def reduce_cached(pickler: Any, function: Any) -> Any:
    """A function of the notebook that keeps a cache, without what is in it."""
    if not isinstance(function.__wrapped__, types.FunctionType) or not is_from_notebook(function.__wrapped__):
        return NotImplemented
    attributes = {key: value for key, value in vars(function).items() if key != "cache_parameters"}
    return hooks.make_cached, (function.__wrapped__, function.cache_parameters()), attributes


def reduce_weak(pickler: Any, reference: weakref.ref[Any]) -> Reduced:
    """A weak reference."""
    target = reference()
    return (hooks.make_dead_reference, ()) if target is None else (hooks.make_reference, (target,))


def reduce_exception(error: BaseException) -> Any:
    """An exception as it is, what it was raised from and where included."""
    raised = (error.__cause__, error.__context__, error.__suppress_context__, error.__traceback__)
    if type(error).__reduce__ is not PLAIN_REDUCE:
        return _reduce_in_its_way(error, raised)
    state = (dict(vars(error)), members(error), *raised)
    return hooks.make_exception, (type(error), error.args), state, None, None, hooks.set_exception


def _reduce_in_its_way(error: BaseException, raised: Reduced) -> Any:
    reduced = error.__reduce_ex__(5)
    if not any(raised) or not isinstance(reduced, tuple) or len(reduced) > 3:
        return reduced
    state = reduced[2] if len(reduced) > 2 else None
    return (*reduced[:2], (state, raised), None, None, hooks.set_raised)


def members(error: BaseException) -> dict[str, Any]:
    """What the built-in class of an exception keeps beside its arguments, such as ``UnicodeDecodeError.start``."""
    found = {}
    for cls in type(error).__mro__:
        if cls.__module__ == "builtins" and cls not in (BaseException, Exception, object):
            kept = {name: value for name, value in vars(cls).items() if name not in NOT_KEPT}
            names = [name for name, value in kept.items() if isinstance(value, types.MemberDescriptorType)]
            found.update({name: getattr(error, name, None) for name in names})
    return found


def is_loose(function: types.FunctionType) -> bool:
    """Whether a function was made by ``exec`` with a dictionary of the notebook's own, where its globals are."""
    return "__name__" not in function.__globals__ and "__builtins__" in function.__globals__


def reduce_context_manager(pickler: Any, manager: Any) -> Any:
    """What a function under ``contextlib.contextmanager`` gave, where no ``with`` has entered it yet."""
    if inspect.getgeneratorstate(manager.gen) != inspect.GEN_CREATED:
        return NotImplemented
    function: Any = sys.modules.get(manager.func.__module__)
    for name in manager.func.__qualname__.split("."):
        function = getattr(function, name, None)
    if getattr(function, "__wrapped__", None) is manager.func:
        return make_context_manager, (function, manager.args, manager.kwds)
    return type(manager), (manager.func, manager.args, manager.kwds)


def make_context_manager(function: Any, arguments: tuple[Any, ...], named: Mapping[str, Any]) -> Any:
    """Call a function under ``contextlib.contextmanager`` again."""
    return function(*arguments, **named)


def reduce_cached_property(pickler: Any, made: Any) -> Reduced:
    """A ``functools.cached_property``, without its lock."""
    return hooks.make_cached_property, (made.func, {"attrname": made.attrname, "__doc__": made.__doc__})


def reduce_handler(handler: Any) -> Reduced:
    """A handler of logging: its lock is made anew, its file opened again where it writes on."""
    state = {key: value for key, value in vars(handler).items() if key != "lock"}
    if "baseFilename" in state:
        state.update(stream=None, mode="a")
    return make_handler, (type(handler),), state, None, None, set_handler


def make_handler(kind: Any) -> Any:
    """An empty handler of logging."""
    return object.__new__(kind)


def set_handler(handler: Any, state: Mapping[str, Any]) -> None:
    """Fill a handler of logging, and make it known to logging."""
    logging = sys.modules["logging"]
    handler.__dict__.update(state)
    handler.createLock()
    logging._addHandlerRef(handler)


KINDS: dict[type, Any] = {
    **dict.fromkeys(DICT_VIEWS, reduce_dict_view),
    types.MappingProxyType: reduce_proxy,
    types.TracebackType: reduce_traceback,
    memoryview: reduce_memoryview,
    re.Match: reduce_match,
    typing.NewType: reduce_new_type,
    typing.ParamSpec: reduce_parameter,
    typing.TypeVarTuple: reduce_parameter,
    functools.cached_property: reduce_cached_property,
    contextlib._GeneratorContextManager: reduce_context_manager,
    type(functools.lru_cache(lambda: None)): reduce_cached,
    types.CellType: reduce_cell,
    typing.TypeVar: reduce_type_variable,
    weakref.ref: reduce_weak,
    weakref.WeakValueDictionary: lambda pickler, obj: (hooks.make_weak_values, (list(obj.items()),)),
    weakref.WeakKeyDictionary: lambda pickler, obj: (hooks.make_weak_keys, (list(obj.items()),)),
    struct.Struct: lambda pickler, obj: (struct.Struct, (obj.format,)),
    random.SystemRandom: lambda pickler, obj: (random.SystemRandom, ()),
}
