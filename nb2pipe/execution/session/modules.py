"""Which code a step imported: files of its own, and installed distributions with their versions."""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import sys
import sysconfig
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path
from typing import Any

from nb2pipe.execution.session.outside import digests

MAP_VERSION = 1


def imported_since(before: frozenset[str], bound: Iterable[str]) -> set[str]:
    """Names of the modules imported since, those bound to names included.

    Args:
        before: modules that the kernel itself had imported.
        bound: modules that names are bound to.
    """
    own = {name.partition(".")[0] for name in before}
    wanted = {name.partition(".")[0] for name in bound}
    return {name for name in sys.modules if name.partition(".")[0] not in own or name.partition(".")[0] in wanted}


def local_modules(names: Iterable[str]) -> dict[str, str]:
    """Files of imported modules that belong to no installed distribution, to the digest of their content."""
    paths = set()
    for name in names:
        module = sys.modules.get(name)
        path = getattr(module, "__file__", None) if name != "__main__" else None
        if isinstance(path, str) and is_of_user(path):
            paths.add(path)
    return digests(sorted(paths))


def is_of_user(path: Any) -> bool:
    """Whether this is the path of a module's file that belongs to no installed distribution."""
    if not isinstance(path, str) or not Path(path).is_absolute():
        return False
    return not path.startswith(_installed_folders()) and f"{os.sep}site-packages{os.sep}" not in path


@cache
def _installed_folders() -> tuple[str, ...]:
    return tuple(sorted({*sysconfig.get_paths().values(), str(Path(__file__).parents[2])}))


def distributions(names: Iterable[str], cache_folder: Path) -> dict[str, str]:
    """Distributions that the modules of these names come from, to their versions.

    Args:
        names: module names.
        cache_folder: folder for the map from modules to distributions, made once for each state of the environment.
    """
    tops = {name.partition(".")[0] for name in names} - sys.stdlib_module_names
    if not tops:
        return {}
    known = _distribution_map(cache_folder)
    return {name: version for top in sorted(tops) for name, version in known.get(top, ())}


def _distribution_map(cache_folder: Path) -> dict[str, list[list[str]]]:
    folders = [path for path in dict.fromkeys(sys.path) if path.endswith(("site-packages", "dist-packages"))]
    stamps: list[tuple[str, int]] = []
    for folder in folders:
        with contextlib.suppress(OSError):
            stamps.append((folder, Path(folder).stat().st_mtime_ns))
    key = hashlib.sha256(json.dumps([MAP_VERSION, stamps]).encode()).hexdigest()[:24]
    path = cache_folder / f"modules-{key}.json"
    with contextlib.suppress(OSError, ValueError):
        found: dict[str, list[list[str]]] = json.loads(path.read_text(encoding="utf-8"))
        return found
    found = {}
    for folder, _ in stamps:
        for name, version, modules in _installed(Path(folder)):
            for module in modules:
                found.setdefault(module, []).append([name, version])
    part = path.with_name(f"{path.name}.{os.getpid()}.part")
    with contextlib.suppress(OSError):
        cache_folder.mkdir(parents=True, exist_ok=True)
        part.write_text(json.dumps(found), encoding="utf-8")
        part.replace(path)
    return found


def _installed(folder: Path) -> Iterator[tuple[str, str, set[str]]]:
    for info in sorted(folder.glob("*.dist-info")):
        with contextlib.suppress(OSError, UnicodeDecodeError):
            head = (info / "METADATA").read_text(encoding="utf-8")[:4000].splitlines()
            fields = dict(line.split(": ", 1) for line in head if ": " in line[:40])
            yield fields.get("Name", info.name.partition("-")[0]), fields.get("Version", ""), _modules(info)


def _modules(info: Path) -> set[str]:
    found = set()
    for line in (info / "RECORD").read_text(encoding="utf-8").splitlines():
        path = line.partition(",")[0].strip('"')
        top, _, rest = path.partition("/")
        if rest and top.isidentifier():
            found.add(top)
        elif not rest and path.endswith((".py", ".so", ".pyd", ".pth")):
            found.add(path.partition(".")[0])
    return found
