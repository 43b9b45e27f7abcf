"""Calls that open, pack and unpack files, where the tables do not say enough: modes, defaults, endings."""

from __future__ import annotations

import posixpath
from collections.abc import Callable

from nb2pipe.analysis.arguments import Arguments
from nb2pipe.analysis.logs import open_log
from nb2pipe.analysis.machine import Machine
from nb2pipe.analysis.paths import keep_text, known_text, open_file, path_text
from nb2pipe.analysis.values import NONE, Value

ENDINGS = {"zip": ".zip", "tar": ".tar", "gztar": ".tar.gz", "bztar": ".tar.bz2", "xztar": ".tar.xz"}
HERE = Value("path", const=".")


def opening_call(m: Machine, path: str, args: Arguments) -> Value | None:
    """A call that opens or lists files; None where the tables say enough."""
    handler = _CALLS.get(path)
    return handler(m, args) if handler is not None else None


def opened_method(m: Machine, opened: Value, name: str, args: Arguments) -> None:
    """Notes the files that a method of an open archive packs, or where it unpacks them; what goes into a file."""
    if opened.kind == "file":
        if name == "write" and isinstance(opened.const, str):
            keep_text(m, opened.const, args.get(0), more=True)
    elif name in ("write", "add"):
        m.access(path_text(args.get(0, "filename", "name")), "read")
    elif name in ("extractall", "extract"):
        m.access(path_text(args.get(name == "extract", "path") or HERE), "write")


def _opened(m: Machine, args: Arguments) -> Value:
    return open_file(m, args.get(0, "file", "filename"), args.get(1, "mode"))


def _mapped(m: Machine, args: Arguments) -> Value:
    mapped = open_file(m, args.get(0, "filename"), args.get(2, "mode") or Value("str", const="r+"))
    return Value("array", mapped.own, "memmap")


def _archive(m: Machine, args: Arguments) -> Value:
    mode = args.get(1, "mode")
    if mode is not None and isinstance(mode.const, str):
        mode = Value("str", const=mode.const.partition(":")[0].partition("|")[0] or "r")
    return open_file(m, args.get(0, "file", "name"), mode)._replace(kind="archive")


def _pack(m: Machine, args: Arguments) -> Value:
    base, form = args.get(0, "base_name"), args.get(1, "format")
    ending = ENDINGS.get(form.const, ".*") if form is not None and isinstance(form.const, str) else ".*"
    text = path_text(base)
    target = None if text is None else text + ending
    m.access(path_text(args.get(2, "root_dir") or HERE), "read")
    m.access(target, "write")
    return Value("str", const=target)


def _unpack(m: Machine, args: Arguments) -> Value:
    m.access(path_text(args.get(0, "filename")), "read")
    m.access(path_text(args.get(1, "extract_dir") or HERE), "write")
    return NONE


def _listing(m: Machine, args: Arguments) -> Value:
    place = args.get(0, "path", "top") or HERE
    m.access(path_text(place), "read")
    return Value("list", m.heap.new(flat=True))


def _log_file(m: Machine, args: Arguments) -> Value:
    made = m.fresh("handler")
    open_log(m, args.get(0, "filename"), args.get(1, "mode"), made)
    return made


def _saved_as(ending: str) -> Callable[[Machine, Arguments], Value]:
    """Writes a file whose name gets an ending if it has none."""

    def handler(m: Machine, args: Arguments) -> Value:
        place = args.get(0, "file")
        text = path_text(place)
        if text is not None and place is not None and place.kind != "file":
            m.access(text if posixpath.splitext(known_text(place))[1] == ending else text + ending, "write")
        elif place is not None:
            m.mutate(place.own)
        return NONE

    return handler


_CALLS: dict[str, Callable[[Machine, Arguments], Value]] = {
    "builtins.open": _opened,
    "io.open": _opened,
    "gzip.open": _opened,
    "bz2.open": _opened,
    "lzma.open": _opened,
    "gzip.GzipFile": _opened,
    "bz2.BZ2File": _opened,
    "lzma.LZMAFile": _opened,
    "numpy.memmap": _mapped,
    "numpy.save": _saved_as(".npy"),
    "numpy.savez": _saved_as(".npz"),
    "numpy.savez_compressed": _saved_as(".npz"),
    "zipfile.ZipFile": _archive,
    "tarfile.open": _archive,
    "tarfile.TarFile": _archive,
    "tarfile.TarFile.open": _archive,
    "shutil.make_archive": _pack,
    "shutil.unpack_archive": _unpack,
    "os.listdir": _listing,
    "os.scandir": _listing,
    "os.walk": _listing,
    "logging.FileHandler": _log_file,
    "logging.handlers.RotatingFileHandler": _log_file,
    "logging.handlers.TimedRotatingFileHandler": _log_file,
}
