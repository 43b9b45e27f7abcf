"""What of this machine the fast image borrows, and what it must not see."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path

# Where programs and libraries are; links among them are in the image. Those of /etc lead to further files.
_ROOT = ("/usr", "/bin", "/sbin", "/lib", "/lib32", "/lib64", "/libx32")
_SYSTEM = (*_ROOT, "/etc/alternatives", "/etc/fonts", "/etc/ld.so.cache")


@dataclass(frozen=True)
class Folders:
    """Folders to mount at their own paths.

    Args:
        programs: where the interpreter of the virtual environment is, as it is called here.
        all: none of them within another.
    """

    programs: Path
    all: tuple[Path, ...]


def interpreter_folders() -> Folders:
    """What this interpreter needs: the system, its own installation, and its virtual environment."""
    wanted = {Path(path) for path in _SYSTEM if Path(path).exists() and not Path(path).is_symlink()}
    for prefix in (sys.prefix, sys.exec_prefix, sys.base_prefix, sys.base_exec_prefix):
        wanted |= {Path(prefix), Path(prefix).resolve()}
    wanted |= {hop.parent.parent for hop in _links(Path(sys.executable))}
    wanted -= {Path("/")}
    outer = (path for path in wanted if not any(path.is_relative_to(other) for other in wanted - {path}))
    return Folders(Path(sys.executable).parent, tuple(sorted(outer)))


def _links(path: Path) -> Iterator[Path]:
    """A file, and each file that it is a link to, with folders as they really are."""
    while True:
        path = path.parent.resolve() / path.name
        yield path
        if not path.is_symlink():
            return
        path = path.parent / path.readlink()


def hidden(name: str, folder: Path) -> tuple[str, ...]:
    """Volumes that hide an installed distribution: whatever it has in site-packages is empty.

    Args:
        name: of the distribution.
        folder: where to put an empty file and an empty folder.
    """
    try:
        installed = distribution(name)
    except PackageNotFoundError:
        return ()
    (folder / "folder").mkdir(parents=True, exist_ok=True)
    (folder / "file").touch()
    site = Path(str(installed.locate_file("")))
    tops = {file.parts[0] for file in installed.files or () if file.parts[0] not in (os.pardir, "__pycache__")}
    paths = sorted(site / top for top in tops)
    return tuple(f"{folder / ('folder' if path.is_dir() else 'file')}:{path}:ro" for path in paths if path.exists())
