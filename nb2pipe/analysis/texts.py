"""Texts as far as they are known, so that paths put together from pieces can be followed."""

from __future__ import annotations

import re

from nb2pipe.analysis.arguments import Arguments
from nb2pipe.analysis.machine import Machine
from nb2pipe.analysis.paths import known_text, squeeze
from nb2pipe.analysis.tables.words import words
from nb2pipe.analysis.values import ANY, Value, is_text

EXACT = words("strip lstrip rstrip lower upper title replace removeprefix removesuffix zfill")
MOST_TEXTS = 12
FIELD = re.compile(r"\{[^{}]*\}")


def text_method(me: Value, name: str, args: Arguments) -> Value | None:
    """A method of a known text: the text it gives, ``*`` for unknown parts; None where nothing is known."""
    if not isinstance(me.const, str):
        return None
    if name == "join" and args.positional and args.positional[0].items is not None:
        return Value("str", const=squeeze(me.const.join(known_text(item) for item in args.positional[0].items)))
    if name == "format":
        return Value("str", const=squeeze(_format(me.const, args)))
    if name in EXACT and "*" not in me.const:
        given = [item.const for item in args.positional]
        if all(isinstance(item, (str, int)) for item in given) and not args.named and not args.extra:
            return Value("str", const=_apply(me.const, name, given))
    return None


def _format(text: str, args: Arguments) -> str:
    plain = iter(args.positional)

    def fill(found: re.Match[str]) -> str:
        name = found[0][1:-1]
        if not name:
            value = next(plain, None)
        elif name.isdigit():
            value = args.get(int(name))
        else:
            value = args.named.get(name)
        return known_text(value) if value is not None else "*"

    return FIELD.sub(fill, text)


def _apply(text: str, name: str, given: list[object]) -> str | None:
    try:
        result = getattr(text, name)(*given)
    except TypeError:
        return None
    return result if isinstance(result, str) else None


def texts_in(m: Machine, value: Value) -> tuple[Value, ...]:
    """The elements that hold texts, such as names of files, of what was written out; there may be others."""
    if value.kind == "view" or value.kind == "dict":
        return _entries(m, value)[:MOST_TEXTS]
    if value.kind == "iterator" and value.items:
        return _rows(m, value)
    if value.kind == "list" and value.items is None:
        return m.heap.listed(value.own)
    items = value.items or ()
    is_short = value.kind in ("list", "tuple") and len(items) <= MOST_TEXTS
    return items if is_short and any(is_text(item) or any(map(is_text, item.items or ())) for item in items) else ()


def _entries(m: Machine, value: Value) -> tuple[Value, ...]:
    """What a loop over a dict, its keys, values or items sees of the entries that are known."""
    known = [(Value("str", const=key), each) for (_, key), each in m.heap.texts_of(value.own).items()]
    owner, _, name = value.detail.partition(".")
    if len(value.own) != 1 or (value.kind == "view" and owner != "dict"):
        return ()
    if name == "items":
        return tuple(Value("tuple", each.own, items=(key, each)) for key, each in known)
    return tuple(each if name == "values" else key for key, each in known)


def _rows(m: Machine, value: Value) -> tuple[Value, ...]:
    """What ``zip`` and ``enumerate`` make of texts written out."""
    columns = [texts_in(m, item) for item in value.items or ()]
    height = min((len(column) for column in columns if column), default=0)
    others = (Value(ANY, value.own),) * height
    rows = zip(*(column or others for column in columns), strict=False)
    first = (Value("scalar"),) if value.detail == "enumerate" else ()
    return tuple(Value("tuple", value.own, items=(*first, *row)) for row in rows)
