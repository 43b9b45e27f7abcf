"""What a step does outside its process, by Python's own audit events: files, programs, other machines."""

from __future__ import annotations

import ipaddress
import os
import stat
import sys
import sysconfig
import tempfile
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType
from typing import Any

from nb2pipe.execution.digests import LISTED, THERE, listing_digest, path_digest
from nb2pipe.execution.session.urls import request_url

WRITING = os.O_WRONLY | os.O_RDWR
SYSTEM = ("/proc/", "/sys/", "/dev/", "/etc/", "/usr/", "/lib", "/run/", "/bin/", "/sbin/", "/opt/")
BYTECODE = (".pyc", ".pyo")
INSPECTING = frozenset({"lscpu", "uname", "ldconfig", "nproc", "sysctl", "fc-list", "gcc", "cc", "ld", "objdump"})
IMPORTING = "<frozen importlib"
NO_FOLDER = -1
FINDERS = ("/importlib/", "importlib_metadata", "pkg_resources", "/pkgutil.py")
DEPTH = 200
MOST_BEFORE_BYTES = 256 * 2**20
"""Bigger files that a step reads and then changes are not read through for their digest before."""
MOST_URLS = 1000


@dataclass
class Outside:
    """What was seen.

    Args:
        ignored: folders whose files are not the notebook's business.
        memory: folder that remembers digests of big files.
        read: files to what tells their version (size, inode, time of change) when first opened, if they were there.
        before: digest and size of files that were read and then written, as they were before that.
        urls: URLs to whether something was sent there.
    """

    ignored: tuple[str, ...]
    memory: Path | None = None
    read: dict[str, tuple[int, ...] | None] = field(default_factory=dict)
    written: dict[str, bool] = field(default_factory=dict)
    listed: dict[str, None] = field(default_factory=dict)
    before: dict[str, tuple[str, int]] = field(default_factory=dict)
    urls: dict[str, bool] = field(default_factory=dict)
    used_network: bool = False
    used_shell: bool = False

    def opened(self, path: Any, mode: Any, flags: Any) -> None:
        """A file is about to be opened."""
        place = self._place(path)
        if place is None or _is_importing():
            return
        writes = bool(isinstance(flags, int) and flags & WRITING) or (isinstance(mode, str) and mode[:1] in "wax")
        both = (isinstance(mode, str) and "+" in mode) or bool(isinstance(flags, int) and flags & os.O_RDWR)
        if not writes or (both and not _begins_empty(mode, flags)):
            self._was_read(place)
        if writes:
            self._touched(place)

    def removed(self, path: Any, folder: Any = NO_FOLDER) -> None:
        """A file is about to be removed, renamed or cut; ``folder`` is open, and ``path`` stands in it."""
        place = self._place(path, folder)
        if place is not None:
            self._touched(place)

    def renamed(self, source: Any, target: Any, folder: Any = NO_FOLDER, target_folder: Any = NO_FOLDER) -> None:
        """A file is about to get another name."""
        self.removed(source, folder)
        self.removed(target, target_folder)

    def made_folder(self, path: Any, folder: Any = NO_FOLDER) -> None:
        """A folder is about to be made or removed: of interest is whether it is there."""
        place = self._place(path, folder)
        if place is not None and not _is_importing():
            self._touched(place + THERE)

    def looked_into(self, path: Any) -> None:
        """The names in a folder are about to be read."""
        place = self._place(path if path is not None else ".")
        if place is not None and not _is_importing():
            self.listed[place] = None

    def database(self, path: Any) -> None:
        """An SQLite database is about to be opened, to be read or written."""
        if path != ":memory:" and isinstance(path, (str, bytes, os.PathLike)) and os.fspath(path):
            place = self._place(path)
            if place is not None:
                self._was_read(place)
                self._touched(place)

    def connected(self, address: Any) -> None:
        """A socket is about to be connected or written to."""
        if isinstance(address, tuple) and address and isinstance(address[0], str) and not _is_loopback(address[0]):
            self.used_network = True

    def sent(self, connection: Any, data: Any) -> None:
        """Something is about to be sent over HTTP."""
        found = request_url(connection, data)
        if found is not None and (found[1] in self.urls or len(self.urls) < MOST_URLS):
            self.urls[found[1]] = self.urls.get(found[1], False) or found[0] == "written"

    def started(self, program: Any) -> None:
        """A program is about to be started."""
        name = os.fsdecode(program) if isinstance(program, (str, bytes, os.PathLike)) else ""
        if Path(name.split(" ")[0]).name not in INSPECTING and not _is_importing(deep=True):
            self.used_shell = True

    def _was_read(self, place: str) -> None:
        if place not in self.read:
            self.read[place] = _version(place)

    def _touched(self, place: str) -> None:
        if place in self.written:
            return
        self.written[place] = Path(place).exists()
        if place in self.read and self.written[place]:
            size = _size(place)
            if size is not None:
                digest = path_digest(place, self.memory) if size <= MOST_BEFORE_BYTES else ""
                self.before[place] = (digest, size)

    def _place(self, path: Any, folder: Any = NO_FOLDER) -> str | None:
        if not isinstance(path, (str, bytes, os.PathLike)):
            return None
        beside = _opened_folder(folder) if isinstance(folder, int) and folder != NO_FOLDER else ""
        place = os.path.abspath(os.path.join(beside, os.fsdecode(path)))  # noqa: PTH100, PTH118 as written, not resolved: links keep their names
        if place.startswith(self.ignored) or place.endswith(BYTECODE) or "__pycache__" in place:
            return None
        return place


class _Hook:
    """The process's one audit hook: Python has no way to take one away."""

    def __init__(self) -> None:
        self.seen: Outside | None = None
        self.added = False

    def __call__(self, event: str, arguments: tuple[Any, ...]) -> None:
        if self.seen is not None:
            handler = HANDLERS.get(event)
            if handler is not None:
                handler(self.seen, arguments)


HANDLERS: Mapping[str, Callable[[Outside, tuple[Any, ...]], None]] = {
    "open": lambda seen, arguments: seen.opened(*arguments[:3]),
    "os.remove": lambda seen, arguments: seen.removed(*arguments[:2]),
    "os.mkdir": lambda seen, arguments: seen.made_folder(arguments[0], arguments[2]),
    "os.rmdir": lambda seen, arguments: seen.made_folder(*arguments[:2]),
    "os.truncate": lambda seen, arguments: seen.removed(arguments[0]),
    "os.rename": lambda seen, arguments: seen.renamed(*arguments[:4]),
    "os.link": lambda seen, arguments: seen.removed(arguments[1], arguments[3]),
    "os.symlink": lambda seen, arguments: seen.removed(*arguments[1:3]),
    "os.listdir": lambda seen, arguments: seen.looked_into(arguments[0]),
    "os.scandir": lambda seen, arguments: seen.looked_into(arguments[0]),
    "sqlite3.connect": lambda seen, arguments: seen.database(arguments[0]),
    "http.client.send": lambda seen, arguments: seen.sent(*arguments[:2]),
    "socket.connect": lambda seen, arguments: seen.connected(arguments[1]),
    "socket.sendto": lambda seen, arguments: seen.connected(arguments[1]),
    "subprocess.Popen": lambda seen, arguments: seen.started(arguments[0]),
    "os.posix_spawn": lambda seen, arguments: seen.started(arguments[0]),
    "os.exec": lambda seen, arguments: seen.started(arguments[0]),
    "os.system": lambda seen, arguments: seen.started(arguments[0]),
    "os.forkpty": lambda seen, arguments: seen.started(""),
    "pty.spawn": lambda seen, arguments: seen.started(""),
}
_hook = _Hook()


def watch_outside(ignored: Iterable[str], memory: Path | None = None) -> Outside:
    """Begin to see; files in ``ignored`` folders, of the system and of Python itself are left out.

    Args:
        ignored: folders.
        memory: folder that remembers digests of big files.
    """
    folders = {str(Path(folder).absolute()) for folder in [*ignored, *_own_folders()] if folder}
    seen = Outside((*SYSTEM, *(f"{folder}{os.sep}" for folder in sorted(folders) if folder != os.sep)), memory)
    if not _hook.added:
        sys.addaudithook(_hook)
        _hook.added = True
    _hook.seen = seen
    return seen


def unwatch_outside() -> None:
    """Stop seeing."""
    _hook.seen = None


def digests(paths: Iterable[str], memory: Path | None = None) -> dict[str, str]:
    """Path to digest, for regular files and for folders that count as such; empty text where there is none."""
    return {path: path_digest(path, memory) for path in paths if path.endswith(THERE) or not Path(path).is_dir()}


def sizes(paths: Iterable[str]) -> dict[str, int]:
    """Path to bytes, for the files that are there."""
    found = {path: _size(path) for path in paths if not path.endswith((LISTED, THERE))}
    return {path: size for path, size in found.items() if size is not None}


def _version(path: str) -> tuple[int, ...] | None:
    try:
        status = os.stat(path)  # noqa: PTH116 the quickest way, for every file that is opened
    except (OSError, ValueError):
        return None
    return (status.st_size, status.st_ino, status.st_mtime_ns) if stat.S_ISREG(status.st_mode) else None


def _size(path: str) -> int | None:
    try:
        status = Path(path).stat()
    except OSError:
        return None
    return status.st_size if stat.S_ISREG(status.st_mode) else None


def files_read(seen: Outside) -> dict[str, str]:
    """What was read: files by content, folders (their path ends in a separator) by the names in them."""
    own = [path for path in seen.read if path not in seen.before and seen.written.get(path, True)]
    files = {**digests(own, seen.memory), **{path: digest for path, (digest, _) in seen.before.items()}}
    for path, version in seen.read.items():
        if version and path in files and path not in seen.written and version != _version(path):
            files[path] = ""  # others changed it meanwhile, such as a program that the step started
    return {**files, **{path + LISTED: listing_digest(path) for path in seen.listed}}


def files_written(seen: Outside) -> dict[str, str]:
    """What was written or removed; files that came and went again within the step are left out."""
    found = digests(seen.written, seen.memory)
    return {path: digest for path, digest in found.items() if digest or seen.written[path]}


def _opened_folder(number: int) -> str:
    try:
        return os.readlink(f"/proc/self/fd/{number}")  # noqa: PTH115 a path as text is wanted
    except OSError:
        return ""


def _begins_empty(mode: Any, flags: Any) -> bool:
    return (isinstance(mode, str) and mode[:1] in "wx") or bool(isinstance(flags, int) and flags & os.O_TRUNC)


def _is_importing(*, deep: bool = False) -> bool:
    """Whether the import system caused the event: directly, or anywhere up the stack."""
    frame: FrameType | None = sys._getframe(4)
    for _ in range(DEPTH if deep else 1):
        if frame is None:
            break
        if frame.f_code.co_filename.startswith(IMPORTING) or any(part in frame.f_code.co_filename for part in FINDERS):
            return True
        frame = frame.f_back
    return False


def _is_loopback(host: str) -> bool:
    try:
        address = ipaddress.ip_address(host.partition("%")[0])
    except ValueError:
        return host in ("localhost", "")
    return address.is_loopback or address.is_unspecified


def _own_folders() -> list[str]:
    home = Path.home()
    caches = [
        os.environ.get(name, "") for name in ("MPLCONFIGDIR", "XDG_CACHE_HOME", "IPYTHONDIR", "JUPYTER_CONFIG_DIR")
    ]
    kernel = Path(tempfile.gettempdir()) / f"ipykernel_{os.getpid()}"
    return [
        *(sysconfig.get_paths()[name] for name in ("stdlib", "platstdlib", "purelib", "platlib")),
        *(sys.prefix, sys.base_prefix, str(Path(__file__).parents[2])),
        *(str(home / name) for name in (".cache", ".config", ".ipython", ".jupyter", ".local/share/jupyter")),
        *caches,
        str(kernel),
    ]
