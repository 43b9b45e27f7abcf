"""File paths as far as they are known: ``*`` stands for the unknown parts."""

from __future__ import annotations

import posixpath

from nb2pipe.analysis.arguments import Arguments
from nb2pipe.analysis.effects import FileAccess, FileUse
from nb2pipe.analysis.machine import Machine
from nb2pipe.analysis.places import HERE, is_like_path, place_of
from nb2pipe.analysis.tables.words import words
from nb2pipe.analysis.values import NOTHING, Value
from nb2pipe.urls import mask_url

PATH_NAMES = (
    "path",
    "filepath_or_buffer",
    "path_or_buf",
    "path_or_buffer",
    "fname",
    "file",
    "filename",
    "io",
    "filepath",
    "excel_writer",
    "src",
    "filepath_or_buffer",
    "f",
    "fp",
    "name",
    "pathname",
    "path_or_stream",
    "files",
)
SECOND_NAMES = ("dst", "filename", "f", "value")
READS = words("read_text read_bytes exists is_file is_dir stat iterdir glob rglob open")
WRITES = words("write_text write_bytes touch unlink rmdir rename replace symlink_to")


def path_text(value: Value | None) -> str | None:
    """The path a value names: text with ``*`` for unknown parts, or None when nothing is known."""
    if value is None or not isinstance(value.const, str) or "://" in value.const:
        return None
    return posixpath.normpath(value.const) if value.const else None


def known_text(value: Value) -> str:
    """The text a value becomes in an f-string, ``*`` if unknown."""
    if isinstance(value.const, (str, int, float)) and not isinstance(value.const, bool):
        return str(value.const)
    return "*"


def join_paths(*values: Value) -> Value:
    """``os.path.join`` and ``/`` of paths."""
    texts = [known_text(value) for value in values]
    return Value("path", NOTHING, "", squeeze(posixpath.join(*texts)) if texts else None)


def go_to(m: Machine, before: str | None, folder: str | None) -> None:
    """The working directory becomes ``folder``, seen from ``before``; unknown when it cannot be told for certain."""
    known = folder is not None and "*" not in folder and m.certain
    m.where = None
    if known and folder is not None and (before is not None or folder.startswith("/")):
        m.where = posixpath.normpath(posixpath.join(before or "", folder)) if folder != "." else before
        m.where = HERE if m.where == "." else m.where


def add_root(m: Machine, folder: Value) -> None:
    """Modules are looked for in this folder, too."""
    text = path_text(folder)
    if text is not None and "*" not in text:
        root = place_of(text, m.where)
        if root != "." and root not in m.roots:
            m.roots.append(root)
            m.effects.roots.append(root)


def own_place(m: Machine, name: str) -> Value:
    """A file or folder that nothing else has the name of, such as a temporary one."""
    return Value("path", const=f"<{name} of cell {m.cell + 1}, line {m.line}>")


def squeeze(text: str) -> str:
    """Unknown parts side by side as one."""
    while "**" in text:
        text = text.replace("**", "*")
    return text


def note_files(m: Machine, words: frozenset[str], args: Arguments) -> None:
    """Notes the files that a library call reads and writes by its arguments."""
    for word in words:
        use = word[:-1]
        if use in ("reads", "writes", "ensures") and word[-1].isdigit():
            index = int(word[-1])
            value = args.get(index, *(PATH_NAMES if index == 0 else SECOND_NAMES))
            kind: FileUse = "read" if use == "reads" else "write" if use == "writes" else "ensure"
            m.access(path_text(value), kind)
            note_url(m, value, kind)


def note_paths(m: Machine, args: Arguments) -> None:
    """Notes files named by arguments of code that is out of sight."""
    for value in args.values:
        if value.kind in ("str", "path") and is_like_path(value.const):
            m.access(path_text(value), "share")


def note_url(m: Machine, value: Value | None, use: FileUse) -> None:
    """Notes a literal URL that is read or written."""
    if value is not None and isinstance(value.const, str) and "://" in value.const and "*" not in value.const:
        access = FileAccess(mask_url(value.const), use, m.line)
        if access not in m.effects.urls:
            m.effects.urls.append(access)


def open_file(m: Machine, path: Value | None, mode: Value | None) -> Value:
    """``open``: reads, writes or both, by its mode."""
    text = path_text(path)
    letters = "r" if mode is None else mode.const if isinstance(mode.const, str) else "rw"
    if "r" in letters or "+" in letters or "a" in letters:
        m.access(text, "read")
    if set(letters) & set("wax+"):
        m.access(text, "write")
    if letters[:1] in ("w", "x"):
        keep_text(m, text, Value("str", const=""))
    m.impure += 1
    return m.fresh("file")._replace(const=text)


def keep_text(m: Machine, path: str | None, text: Value | None, *, more: bool = False) -> None:
    """Keeps what a cell writes into the file of a module, as far as it is known.

    Args:
        more: whether it comes behind what was written before.
    """
    if path is None or not path.endswith(".py"):
        return
    place = place_of(path, m.where)
    before = m.texts.pop(place, None) if more else ""
    if before is not None and m.certain and text is not None and isinstance(text.const, str):
        m.keep_source(place, before + text.const)


def connect(m: Machine, args: Arguments) -> None:
    """A database in a file is read and written through its connection."""
    value = args.get(0, "database", "url", "filename", "file")
    text = value.const if value is not None else None
    if not isinstance(text, str) or ":memory:" in text:
        return
    if text.startswith("sqlite:///"):
        text = text.removeprefix("sqlite:///")
    if text and "://" not in text:
        m.access(posixpath.normpath(text), "share")


def paths_like(m: Machine, pattern: Value) -> Value:
    """The paths that a pattern finds."""
    text = squeeze(known_text(pattern).replace("?", "*").replace("*/*", "*"))
    return Value("list", m.heap.new(flat=True), "paths", text)


def path_method(m: Machine, me: Value, name: str, args: Arguments) -> Value | None:
    """A method of a path; None where the tables say enough."""
    if name == "open":
        return open_file(m, me, args.get(0, "mode"))
    if name == "joinpath":
        return join_paths(me, *args.values)
    if name in ("resolve", "absolute", "expanduser", "as_posix"):
        return me
    if name == "mkdir":
        m.access(path_text(me), "ensure")
        return Value("none")
    if name in WRITES:
        m.access(path_text(me), "write")
        if name == "write_text":
            keep_text(m, path_text(me), args.get(0, "data"))
        if name in ("rename", "replace"):
            m.access(path_text(args.get(0, "target")), "write")
        return Value("scalar")
    if name in READS:
        m.access(path_text(me), "read")
        if name in ("iterdir", "glob", "rglob"):
            pattern = args.get(0, "pattern") if name != "iterdir" else None
            text = known_text(pattern) if pattern is not None else "*"
            return paths_like(
                m, join_paths(me, Value("str", const="*" if name == "rglob" else ""), Value("str", const=text))
            )
        return Value("str" if name.startswith("read") else "scalar")
    return None
