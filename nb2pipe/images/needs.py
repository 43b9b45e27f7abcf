"""Which distributions a notebook's imports, and what it does with them, need."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from importlib.machinery import PathFinder

from packaging.utils import canonicalize_name

from nb2pipe.errors import Diagnostic
from nb2pipe.images.codes import finding
from nb2pipe.images.found import Found, Import, Place, tops
from nb2pipe.images.installed import Environment, has_module
from nb2pipe.images.requirements import Requirements
from nb2pipe.images.tables import ALIASES, HINTS, RUNTIME, SCHEMES

OURS = "nb2pipe"


@dataclass(frozen=True)
class Need:
    """Something that an image must have.

    Args:
        module: what is imported, as far as it tells the distribution; empty where none is.
        distribution: canonical name; empty where a file beside the notebook names a folder that has it.
        version: as installed here; empty where it is not.
        why: in words, behind "because".
        place: where it is imported; None for what nothing in the notebook imports.
    """

    module: str
    distribution: str
    version: str
    why: str
    place: Place | None = None


def needs_of(
    found: Found, environment: Environment, declared: Requirements
) -> tuple[tuple[Need, ...], list[Diagnostic]]:
    """What an image must have for what was found in the code, and what is wrong with it.

    Args:
        found: in the notebook and the modules beside it.
        environment: what is installed here.
        declared: what a file beside the notebook asks for.
    """
    needs: dict[tuple[str, str], Need] = {}
    wrong: dict[str, Diagnostic] = {}
    for item in found.imports:
        if item.top in sys.stdlib_module_names or item.top == OURS:
            continue
        of_import = list(_of_import(item, environment, declared))
        for need in of_import:
            needs.setdefault((need.module, need.distribution), need)
        problem = None if of_import else _missing(item, environment)
        if problem is not None:
            wrong.setdefault(item.top, problem)
    for need in _used(found, environment):
        if need.distribution not in {other.distribution for other in needs.values()}:
            needs[need.module, need.distribution] = need
    return tuple(needs.values()), list(wrong.values())


def runtime_needs(environment: Environment) -> tuple[Need, ...]:
    """What nb2pipe itself needs in an image."""
    found = ((name, environment.get(name)) for name in RUNTIME)
    return tuple(Need(name, name, item.version if item else "", "nb2pipe runs steps by it") for name, item in found)


def _of_import(item: Import, environment: Environment, declared: Requirements) -> Iterator[Need]:
    why = f"{item.place} imports {item.module}"
    owners = environment.owners(item.module, item.names)
    for owner in owners:
        module = item.module if len(environment.sharers(item.top)) > 1 else item.top
        yield Need(module, owner, environment.installed[owner].version, why, item.place)
    names = {canonicalize_name(item.top), *ALIASES.get(item.top, ())}
    folders = (asked.path for asked in declared.asked if asked.path is not None)
    if not owners and (names & declared.names or any(has_module(folder, item.top) for folder in folders)):
        yield Need(item.top, next(iter(sorted(names & declared.names)), ""), "", why, item.place)


def _missing(item: Import, environment: Environment) -> Diagnostic | None:
    """What is to be said of a module that no distribution has."""
    if item.certainty == "optional" or environment.sharers(item.top):
        return None
    spec = PathFinder.find_spec(item.top)
    if spec is not None and spec.origin is not None:
        what = f"{item.place} imports `{item.module}`; it is in {spec.origin}, which no distribution that pip knows has"
        return finding("N2P603", item.place, what=what, advice="Put it beside the notebook, or install it with pip.")
    code = "N2P602" if item.certainty == "perhaps" else "N2P601"
    where = "This cell" if item.place.cell is not None else str(item.place)
    return finding(code, item.place, where=where, module=item.module)


def _used(found: Found, environment: Environment) -> Iterator[Need]:
    """What packages import by themselves when something of them is used; taken only where it is installed here."""
    imported = tops(found.imports)
    for hint in HINTS:
        used = [use for use in hint.uses if use in found.attributes]
        if hint.module in imported and (used or not hint.uses):
            why = f"{hint.module} uses it" + (f" for {used[0]}" if used else "")
            yield from _installed(hint.needs, why, environment)
    for text in sorted(found.texts):
        scheme = text.partition("://")[0]
        yield from _installed(SCHEMES.get(scheme, ()), f"{scheme}:// is read by it", environment)


def _installed(names: Iterable[str], why: str, environment: Environment) -> Iterator[Need]:
    for name in names:
        item = environment.get(name)
        if item is not None:
            yield Need("", item.name, item.version, why)
