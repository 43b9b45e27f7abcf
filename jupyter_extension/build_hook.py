"""Bundles the lab extension while the Python package is built, editable or not.

It is bundled anew only where its sources have changed since. Where that cannot be done, for lack of npm, the package
is built without it, and says so. As a program, ``python jupyter_extension/build_hook.py``, it does so too;
with the word ``packages`` it only installs what the sources need.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

SOURCES = Path(__file__).resolve().parent
BUILT = SOURCES.parent / "nb2pipe/labextension"
SHARED = "share/jupyter/labextensions/nb2pipe"
STAMP = "sources.sha256"
_BUILT_FROM = ("package.json", "package-lock.json", "tsconfig.json", "schema", "src", "style")
_OF_A_MACHINE = ("build_log.json",)


def sources_digest() -> str:
    """SHA-256 of all that the bundle is made from."""
    digest = hashlib.sha256()
    for path in _sources():
        digest.update(f"{path.relative_to(SOURCES).as_posix()}\0{path.stat().st_size}\0".encode())
        digest.update(path.read_bytes())
    return digest.hexdigest()


def is_current() -> bool:
    """Whether the bundle that is there is made from the sources as they are now."""
    stamp = BUILT / STAMP
    return stamp.is_file() and stamp.read_text("utf-8").strip() == sources_digest()


def obstacle() -> str:
    """What stands against a build here; empty if nothing does."""
    if not SOURCES.joinpath("package-lock.json").is_file():
        return "its sources are not here"
    missing = [name for name in ("npm", "node") if shutil.which(name) is None]
    if missing:
        return f"{' and '.join(missing)} (Node.js 20 or newer) not found"
    found = shutil.which("jupyter-builder", path=_path())
    return "" if found else "the Python package jupyter-builder is not installed"


def build() -> None:
    """Bundle the extension, after installing what its lock file pins if that is not there.

    Raises:
        CalledProcessError: npm, the compiler or the bundler failed; what they said is on stderr.
    """
    with (SOURCES / ".build.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if is_current():
            return
        digest = sources_digest()
        install_packages()
        _npm("run", "--silent", "build")
        for name in _OF_A_MACHINE:
            (BUILT / name).unlink(missing_ok=True)
        (BUILT / STAMP).write_text(digest + "\n", "utf-8")


def install_packages() -> None:
    """Install what the lock file pins, if that is not what is installed."""
    pinned = hashlib.sha256((SOURCES / "package-lock.json").read_bytes()).hexdigest()
    stamp = SOURCES / "node_modules/.nb2pipe-lock"
    if not stamp.is_file() or stamp.read_text("utf-8") != pinned:
        _npm("ci", "--silent", "--no-audit", "--no-fund")
        stamp.write_text(pinned, "utf-8")


def _sources() -> Iterator[Path]:
    for name in _BUILT_FROM:
        path = SOURCES / name
        if path.is_dir():
            yield from sorted(each for each in path.rglob("*") if each.is_file())
        elif path.is_file():
            yield path


def _npm(*arguments: str) -> None:
    subprocess.run(["npm", *arguments], cwd=SOURCES, env={**os.environ, "PATH": _path()}, stdout=sys.stderr, check=True)


def _path() -> str:
    """PATH with the programs of this very Python first."""
    return os.pathsep.join([str(Path(sys.executable).parent), os.environ.get("PATH", os.defpath)])


class LabExtensionHook(BuildHookInterface):  # type: ignore[type-arg]
    """Called by hatchling for each wheel and sdist."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Build what is stale, and put what is built where JupyterLab looks for it."""
        against = "" if is_current() else obstacle()
        if against:
            kept = "an older build of it goes in" if BUILT.joinpath(STAMP).is_file() else "it is left out"
            self.app.display_warning(f"nb2pipe's lab extension cannot be built, so {kept}: {against}.")
        else:
            build()
        if self.target_name == "wheel" and BUILT.joinpath(STAMP).is_file():
            build_data["shared_data"][str(BUILT)] = SHARED


if __name__ == "__main__":
    if problem := "" if is_current() else obstacle():
        sys.exit(f"nb2pipe's lab extension cannot be built: {problem}.")
    if sys.argv[1:] == ["packages"]:
        install_packages()
    else:
        build()
