"""Texts as far as they are known, so that paths put together from pieces can be followed."""

from __future__ import annotations

import re

from nb2pipe.analysis.arguments import Arguments
from nb2pipe.analysis.machine import Machine
from nb2pipe.analysis.paths import known_text, squeeze
from nb2pipe.analysis.tables.words import words
from nb2pipe.analysis.values import Value, is_text

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
    """The elements of a list or tuple of few texts, or of tuples with texts in them, such as names of files."""
    if value.kind == "list" and value.items is None:
        return m.heap.listed(value.own)
    items = value.items or ()
    is_short = value.kind in ("list", "tuple") and len(items) <= MOST_TEXTS
    return items if is_short and any(is_text(item) or any(map(is_text, item.items or ())) for item in items) else ()
