"""What is installed here: which distribution a module is of, where it came from, and what it needs."""

from __future__ import annotations

import inspect
import json
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from importlib.metadata import Distribution, distributions
from pathlib import Path
from typing import Any, Literal
from urllib.parse import unquote, urlsplit

from packaging.markers import default_environment
from packaging.requirements import InvalidRequirement, Requirement
from packaging.utils import canonicalize_name

Origin = Literal["index", "folder", "file", "url", "repository"]
SITE_FOLDERS = ("site-packages", "dist-packages")


@dataclass(frozen=True)
class Installed:
    """A distribution that is installed here.

    Args:
        name: in canonical form.
        version: as installed.
        origin: what it was installed from. Distributions whose folder or file is gone count as from an index:
            conda leaves such traces.
        source: the folder or file on this machine, or the URL; empty for an index.
        revision: commit, for a repository.
        requires: what it says it needs.
        foreign: metadata as ``importlib`` has it.
    """

    name: str
    version: str
    origin: Origin = "index"
    source: str = ""
    revision: str = ""
    requires: tuple[str, ...] = ()
    foreign: Distribution | None = field(default=None, compare=False, repr=False)

    @property
    def pin(self) -> str:
        """``name==version`` without the local label of a build: which build it is, is for the index to say."""
        return f"{self.name}=={self.version.partition('+')[0]}"

    def needs(self, extras: frozenset[str] = frozenset()) -> Iterator[tuple[str, frozenset[str]]]:
        """Names, each with its extras, of what it needs on this machine."""
        environment: dict[str, str] = {key: str(value) for key, value in default_environment().items()}
        for text in self.requires:
            try:
                needed = Requirement(text)
            except InvalidRequirement:
                continue  # of a distribution from before there was a standard; pip finds it again by itself
            wanted = ({**environment, "extra": extra} for extra in ("", *extras))
            if needed.marker is None or any(needed.marker.evaluate(item) for item in wanted):
                yield canonicalize_name(needed.name), frozenset(needed.extras)


@dataclass(frozen=True)
class Environment:
    """All distributions of a Python environment.

    Args:
        installed: by canonical name.
    """

    installed: Mapping[str, Installed]

    def get(self, name: str) -> Installed | None:
        """The distribution of a name in any spelling; None if it is not installed."""
        return self.installed.get(canonicalize_name(name))

    def owners(self, module: str, names: Iterable[str] = ()) -> tuple[str, ...]:
        """Names of the distributions that ``from module import names`` needs; several share a namespace package.

        Args:
            module: dotted name.
            names: what is taken from it; a name that is a module of its own is looked for as one.
        """
        candidates = self.sharers(module.partition(".")[0])
        if len(candidates) < 2:
            return candidates or self._editable_owner(module)
        wanted = [f"{module}.{name}" for name in names if name != "*"] or [module]
        found = [owner for path in wanted for owner in self._holders(path, candidates)]
        return tuple(dict.fromkeys(found))

    def sharers(self, top: str) -> tuple[str, ...]:
        """Names of the distributions that have something below a top-level name."""
        return tuple(self._by_top.get(top, ()))

    def closure(self, names: Mapping[str, frozenset[str]], without: Collection[str] = ()) -> dict[str, Installed]:
        """Everything that distributions need, themselves included, as far as it is installed here.

        Args:
            names: canonical names, each with the extras that are wanted.
            without: names that are left out, with what they alone need.
        """
        found: dict[str, Installed] = {}
        todo: list[tuple[str, frozenset[str]]] = [(canonicalize_name(name), wanted) for name, wanted in names.items()]
        seen = set(todo)
        while todo:
            name, extras = todo.pop()
            if (item := self.installed.get(name)) is None or name in without:
                continue
            found[name] = item
            fresh = [needed for needed in item.needs(extras) if needed not in seen]
            seen.update(fresh)
            todo += fresh
        return found

    @cached_property
    def _by_top(self) -> Mapping[str, list[str]]:
        found: dict[str, list[str]] = {}
        for name, item in self.installed.items():
            for top in _tops(item.foreign):
                found.setdefault(top, []).append(name)
        return found

    def _holders(self, module: str, candidates: Iterable[str]) -> list[str]:
        """Those whose files hold the module, or the innermost package around it that one alone holds."""
        path = module.replace(".", "/")
        held = [name for name in candidates if self._holds(name, path)]
        if held:
            whole = [name for name in held if self._holds(name, f"{path}/__init__")]
            return whole or held
        return self._holders(module.rpartition(".")[0], candidates) if module.count(".") > 1 else []

    def _holds(self, name: str, path: str) -> bool:
        foreign = self.installed[name].foreign
        files = (str(file) for file in foreign.files or ()) if foreign is not None else ()
        return any(file.startswith((f"{path}/", f"{path}.")) for file in files)

    def _editable_owner(self, module: str) -> tuple[str, ...]:
        """The distribution installed for editing in whose folder the module is: its files are listed nowhere."""
        top = module.partition(".")[0]
        for name, item in self.installed.items():
            if item.origin == "folder" and has_module(Path(item.source), top):
                return (name,)
        return ()


def has_module(folder: Path, top: str) -> bool:
    """Whether a project's folder holds the source of a top-level module."""
    places = (folder / part / top for part in ("", "src", "lib", "python"))
    return any(place.is_dir() or place.with_name(f"{top}.py").is_file() for place in places)


def installed_here(paths: list[str] | None = None) -> Environment:
    """The environment that this Python is of.

    Args:
        paths: where to look; None for ``sys.path``.
    """
    found: dict[str, Installed] = {}
    for item in distributions(path=paths) if paths is not None else distributions():
        name = item.metadata["Name"] if item.metadata is not None else None
        if name:  # a half removed distribution has a folder and no name
            found.setdefault(canonicalize_name(name), _read(canonicalize_name(name), item))
    return Environment(found)


def _read(name: str, item: Distribution) -> Installed:
    origin, source, revision = _origin(item)
    return Installed(name, item.version, origin, source, revision, tuple(item.requires or ()), item)


def _origin(item: Distribution) -> tuple[Origin, str, str]:
    try:
        said: Any = json.loads(item.read_text("direct_url.json") or "null")
        url = str(said["url"])
    except (ValueError, KeyError, TypeError):
        return _developed(item)
    if "vcs_info" in said:
        return "repository", f"{said['vcs_info'].get('vcs', 'git')}+{url}", said["vcs_info"].get("commit_id", "")
    if not url.startswith("file:"):
        return "url", url, ""
    path = Path(unquote(urlsplit(url).path))
    if path.is_dir():
        return "folder", str(path), ""
    return ("file", str(path), "") if path.is_file() else ("index", "", "")


def _developed(item: Distribution) -> tuple[Origin, str, str]:
    """``setup.py develop`` leaves the metadata in the project's own folder."""
    folder = Path(str(item.locate_file("")))
    developed = not any(part in SITE_FOLDERS for part in folder.parts) and item.read_text("PKG-INFO") is not None
    return ("folder", str(folder), "") if developed else ("index", "", "")


def _tops(item: Distribution | None) -> frozenset[str]:
    """Top-level names that a distribution brings."""
    if item is None:
        return frozenset()
    found = set((item.read_text("top_level.txt") or "").split())
    for file in item.files or ():
        top = file.parts[0]
        found.add(top if len(file.parts) > 1 else inspect.getmodulename(top) or "")
    return frozenset(name for name in found if name.isidentifier() and name != "__pycache__")
