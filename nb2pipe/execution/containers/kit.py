"""The worker as containers get it: a copy of nb2pipe, whatever the image has, compiled for the Pythons that need it."""

from __future__ import annotations

import hashlib
import os
import shutil
import tempfile
from importlib.util import find_spec
from pathlib import Path

KEPT = 4
PACKAGE = Path(__file__).resolve().parents[2]


def cache_folder(otherwise: Path) -> Path:
    """Where kits and what is known of images are kept: the user's folder for what can be made again.

    Args:
        otherwise: taken where that cannot be written.
    """
    folder = Path(os.environ.get("XDG_CACHE_HOME") or Path("~/.cache").expanduser()) / "nb2pipe" / "containers"
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError:
        return otherwise
    return folder if os.access(folder, os.W_OK) else otherwise


def make_kit(folder: Path) -> Path:
    """The folder with the worker, made if need be.

    Args:
        folder: where such folders are kept, by what is in them.

    Returns:
        A folder that holds ``nb2pipe``, and ``extra`` with what an image may lack.
    """
    kit = folder / _digest()
    if not kit.is_dir():
        folder.mkdir(parents=True, exist_ok=True)
        made = Path(tempfile.mkdtemp(prefix="making-", dir=folder))
        made.chmod(0o755)
        _copy(PACKAGE, made / "nb2pipe")
        spec = find_spec("cloudpickle")
        if spec is not None and spec.origin is not None:
            _copy(Path(spec.origin).parent, made / "extra" / "cloudpickle")
        try:
            made.rename(kit)
        except OSError:  # another process was faster
            shutil.rmtree(made, ignore_errors=True)
        _remove_old(folder)
    return kit


def _copy(source: Path, target: Path) -> None:
    shutil.copytree(source, target, ignore=shutil.ignore_patterns("__pycache__"))


def _digest() -> str:
    digest = hashlib.sha256()
    for path in sorted(PACKAGE.rglob("*.py")):
        status = path.stat()
        digest.update(f"{path.relative_to(PACKAGE)} {status.st_size} {status.st_mtime_ns}\n".encode())
    return digest.hexdigest()[:16]


def _remove_old(folder: Path) -> None:
    """Remove all but the newest: those of versions that were installed before."""
    kits = sorted(folder.iterdir(), key=os.path.getmtime, reverse=True)
    for old in kits[KEPT:]:
        shutil.rmtree(old, ignore_errors=True)
