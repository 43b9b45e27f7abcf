"""What of this machine a container sees, and where."""

from __future__ import annotations

import os
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from nb2pipe.execution.containers.agreed import KIT

TEMPORARY = "/tmp"  # noqa: S108 - of the containers
LOCAL_TIME = "/etc/localtime"
SYSTEM = frozenset({"/", "/bin", "/dev", "/etc", "/lib", "/lib64", "/proc", "/run", "/sbin", "/sys", "/usr", "/var"})


@dataclass(frozen=True)
class Mount:
    """A path of this machine that is seen at a path in the container."""

    source: str
    target: str
    read_only: bool = False

    def argument(self) -> str:
        """For ``--mount``: comma-separated, quoted as in CSV files where need be."""
        fields = ["type=bind", f"source={self.source}", f"target={self.target}", *(["readonly"] * self.read_only)]
        return ",".join('"' + text.replace('"', '""') + '"' if set(text) & set(',"') else text for text in fields)


@dataclass(frozen=True)
class Places:
    """The folders that all steps of a run share with this machine.

    Args:
        folders: seen at the same paths: the notebook's with its repository, the working directory, those of run and
            artifacts.
        shared: a folder of the executor: what all its containers have as their folder for temporary files, and as home.
        kit: folder with the worker.
    """

    folders: tuple[str, ...]
    shared: str
    kit: str

    @property
    def home(self) -> str:
        """The user's home in containers, a path here."""
        return str(Path(self.shared) / "home")

    @property
    def temporary(self) -> str:
        """What containers have as ``/tmp``, a path here."""
        return str(Path(self.shared) / "tmp")

    def mounts(self, volumes: Iterable[Mount] = ()) -> list[Mount]:
        """All mounts beside the volumes of a step, outer folders first.

        Args:
            volumes: of the step; what they put at a path goes before what is there otherwise, and what they show of the
                user's home is in the container's home too.
        """
        volumes = tuple(volumes)
        taken = {volume.target for volume in volumes}
        found = [Mount(folder, folder) for folder in outermost(each for each in self.folders if each not in taken)]
        if TEMPORARY not in self.folders:
            found.append(Mount(self.temporary, TEMPORARY))
        found += [Mount(self.home, self.home), Mount(self.kit, KIT, read_only=True)]
        if Path(LOCAL_TIME).exists():
            found.append(Mount(os.path.realpath(LOCAL_TIME), LOCAL_TIME, read_only=True))
        found += [Mount(each.source, self._in_home(each.target), each.read_only) for each in _of_home(volumes)]
        by_target = {mount.target: mount for mount in found if mount.target not in taken}
        return sorted(by_target.values(), key=lambda mount: len(PurePosixPath(mount.target).parts))

    def _in_home(self, path: str) -> str:
        """Where a path in the user's home is in the container's."""
        return str(Path(self.home) / Path(path).relative_to(Path.home()))

    def here(self, path: str, volumes: Iterable[Mount]) -> str | None:
        """The path on this machine of a path in a container; None for what is in the image."""
        volumes = tuple(volumes)
        known = sorted([*volumes, *self.mounts(volumes)], key=lambda mount: -len(mount.target))
        for mount in known:
            if is_within(path, mount.target):
                return mount.source + path[len(mount.target) :]
        return None


def _of_home(volumes: Iterable[Mount]) -> list[Mount]:
    """The volumes that are parts of the user's home, or all of it, at their own paths."""
    home = str(Path.home())
    return [each for each in volumes if each.source == each.target and is_within(each.target, home)]


def repository_of(folder: str) -> tuple[str, ...]:
    """The folders of the git repository that a folder is part of: programs look upwards for it and for what is there.

    Args:
        folder: absolute path.

    Returns:
        Its top folder, and where git keeps its data if that is elsewhere; nothing for a folder in no repository, and
        for a repository that holds the user's home or belongs to the system, which is more than one notebook's work.
    """
    home = os.path.realpath(Path.home())
    for top in (Path(folder), *Path(folder).parents):
        if os.path.lexists(top / ".git"):
            is_ours = not is_within(home, str(top)) and str(top) not in SYSTEM
            return (str(top), *_data_of(top)) if is_ours else ()
    return ()


def _data_of(top: Path) -> tuple[str, ...]:
    """The data of a work tree or submodule, whose ``.git`` is a file that names it."""
    try:
        words = (top / ".git").read_text("utf-8")
        data = (top / words.removeprefix("gitdir:").strip()).resolve()
    except (OSError, ValueError):  # a folder, as nearly always, or nothing of git's
        return ()
    shared = next((each for each in (data, *data.parents) if each.name == ".git"), data)
    return (str(shared),) if words.startswith("gitdir:") and shared.is_dir() else ()


def outermost(folders: Iterable[str]) -> list[str]:
    """The folders that are in none of the others."""
    found = sorted(set(folders))
    return [each for each in found if not any(each != other and is_within(each, other) for other in found)]


def is_within(path: str, folder: str) -> bool:
    """Whether a path is a folder or something in it."""
    return path == folder or path.startswith(folder.rstrip("/") + "/")
