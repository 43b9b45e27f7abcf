"""Plug-ins: executors (where), engines (how) and serializers (as what), found by entry point when one is asked for."""

from __future__ import annotations

import difflib
from importlib.metadata import EntryPoint, entry_points
from typing import Any, Literal

from nb2pipe.errors import SettingsError

Kind = Literal["executors", "engines", "serializers"]


def plugin_names(kind: Kind) -> tuple[str, ...]:
    """Names of the plug-ins of one kind that are installed, sorted; nothing is imported."""
    return tuple(sorted({entry.name for entry in _entries(kind)}))


def load_plugin(kind: Kind, name: str) -> Any:
    """What the plug-in's entry point names, imported.

    Args:
        kind: the entry point group's last word, as in ``nb2pipe.executors``.
        name: the entry point's name.

    Raises:
        SettingsError: there is no such plug-in, there are two, or it cannot be imported.
    """
    found = sorted({(entry.value, _source(entry)): entry for entry in _entries(kind) if entry.name == name}.items())
    if not found:
        raise _unknown(kind, name)
    if len({value for (value, _), _ in found}) > 1:
        raise SettingsError(
            f"The {kind[:-1]} {name!r} is offered by {' and by '.join(source for (_, source), _ in found)}.",
            hint="Uninstall one of them.",
        )
    return _load(kind, found[0][1])


def _entries(kind: Kind) -> tuple[EntryPoint, ...]:
    return tuple(entry_points(group=f"nb2pipe.{kind}"))


def _source(entry: EntryPoint) -> str:
    return f"{entry.dist.name} {entry.dist.version}" if entry.dist else "an unknown distribution"


def _unknown(kind: Kind, name: str) -> SettingsError:
    known = plugin_names(kind)
    near = difflib.get_close_matches(name, known, n=1)
    listed = f"Installed: {', '.join(known)}." if known else "None is installed."
    return SettingsError(
        f"There is no {kind[:-1]} {name!r}.",
        hint=f"Did you mean {near[0]!r}? {listed}" if near else listed,
    )


def _load(kind: Kind, entry: EntryPoint) -> Any:
    try:
        return entry.load()
    except Exception as error:  # foreign code may raise anything while it is imported
        raise SettingsError(
            f"The {kind[:-1]} {entry.name!r} of {_source(entry)} cannot be loaded:"
            f" {type(error).__name__}: {error} ({entry.value}).",
            hint=f"Mend or uninstall {_source(entry)}.",
        ) from error
