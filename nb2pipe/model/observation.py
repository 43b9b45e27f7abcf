"""What a step was seen to do."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Observation:
    """What the worker saw a step do, to hold against the plan.

    Args:
        reads: names it looked up and got from earlier steps.
        missed: names it looked up and did not get from any earlier step (builtins found are not in it).
        bound: names bound or rebound at the end of the step.
        changed: names read from earlier steps whose object changed, aliases included.
        deleted: names deleted.
        ambient_changed: ambient keys whose state changed.
        ambient_seen: ambient keys whose state it looked at, of those that matter only to who does.
        generators_set: ambient keys of random generators that were set, not only drawn from, setup cells included.
        files_read: absolute path to hex digest, as it was when it was read; empty text where it could not be read, or
            where others changed it while the step ran.
        files_written: absolute path to hex digest.
        local_modules: absolute path of imported files under the notebook's folder to hex digest.
        distributions: imported distribution to version.
        used_network: whether it connected to another machine.
        used_shell: whether it started a program.
        superseded: older versions of objects that it changed, as the artifacts name them.
        uncarried: name to reason, for names bound that could not or need not be saved.
        image: the image of its container, with the digest that names its content; empty for a process.
        python: implementation, version and machine of its Python, such as ``CPython 3.12.4 (Linux x86_64)``.
        sizes_read: bytes of the files of ``files_read``.
        sizes_written: bytes of the files of ``files_written``.
        places: where files of a container are on this machine, for those that are at another path here; ``image:PATH``
            for what is in its image alone.
        read_back: files of ``files_read`` that it read only after it had written them itself.
        urls_read: URLs that it asked for over HTTP, secrets masked.
        urls_written: URLs that it sent something to over HTTP, or had removed.
    """

    reads: tuple[str, ...] = ()
    missed: tuple[str, ...] = ()
    bound: tuple[str, ...] = ()
    changed: tuple[str, ...] = ()
    deleted: tuple[str, ...] = ()
    ambient_changed: tuple[str, ...] = ()
    ambient_seen: tuple[str, ...] = ()
    generators_set: tuple[str, ...] = ()
    files_read: Mapping[str, str] = field(default_factory=dict)
    files_written: Mapping[str, str] = field(default_factory=dict)
    local_modules: Mapping[str, str] = field(default_factory=dict)
    distributions: Mapping[str, str] = field(default_factory=dict)
    used_network: bool = False
    used_shell: bool = False
    superseded: tuple[str, ...] = ()
    uncarried: Mapping[str, str] = field(default_factory=dict)
    image: str = ""
    python: str = ""
    sizes_read: Mapping[str, int] = field(default_factory=dict)
    sizes_written: Mapping[str, int] = field(default_factory=dict)
    places: Mapping[str, str] = field(default_factory=dict)
    read_back: tuple[str, ...] = ()
    urls_read: tuple[str, ...] = ()
    urls_written: tuple[str, ...] = ()

    @property
    def files_lost(self) -> tuple[str, ...]:
        """Files that it wrote in its container where nothing of this machine is: they are gone with the container."""
        return tuple(path for path in self.files_written if self.places.get(path, "").startswith("image:"))
