"""scikit-learn's example scripts as notebooks, from its source distribution.

``python -m tests.law --sklearn`` runs all that are named in ``sklearn_examples.txt``: those that need no download and
end within 20 s on a small machine.
"""

from __future__ import annotations

import contextlib
import os
import subprocess
import sys
import tarfile
import tempfile
from collections.abc import Iterator
from importlib.metadata import version
from pathlib import Path

from tests.law.gallery import read_gallery
from tests.law.runs import CACHE
from tests.law.subject import Subject

CHOSEN = Path(__file__).with_name("sklearn_examples.txt")

# pip asks the build backend for metadata before it keeps a source distribution. This one answers without building.
_BACKEND = """
from pathlib import Path

def prepare_metadata_for_build_wheel(metadata_directory, config_settings=None):
    info = Path(metadata_directory, "scikit_learn-{version}.dist-info")
    info.mkdir()
    info.joinpath("METADATA").write_text("Metadata-Version: 2.1\\nName: scikit-learn\\nVersion: {version}\\n")
    return info.name
"""


def sklearn_names(*, sample: bool = False) -> list[str]:
    """Names of the chosen examples; with ``sample`` only the few quick ones that the suite runs (marked ``*``)."""
    lines = [line for line in CHOSEN.read_text(encoding="utf-8").splitlines() if not line.startswith("#")]
    return [line.removesuffix(" *") for line in lines if line.endswith(" *") or not sample]


def sklearn_subject(name: str) -> Subject:
    """One example as a notebook."""
    root = examples_folder()
    return read_gallery(root / f"{name}.py", root)


def sklearn_subjects() -> Iterator[Subject]:
    """All chosen examples as notebooks."""
    yield from map(sklearn_subject, sklearn_names())


def examples_folder() -> Path:
    """The folder ``examples`` of the installed version's source distribution, downloaded once.

    Raises:
        subprocess.CalledProcessError: pip cannot get it.
    """
    release = f"scikit_learn-{version('scikit-learn')}"
    folder = CACHE / release / "examples"
    if not folder.exists():
        CACHE.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=CACHE) as scratch, tarfile.open(_download(Path(scratch))) as archive:
            wanted = [member for member in archive if member.name.startswith(f"{release}/examples/")]
            archive.extractall(scratch, members=wanted, filter="data")
            folder.parent.mkdir(exist_ok=True)
            with contextlib.suppress(OSError):  # another process was faster
                Path(scratch, release, "examples").rename(folder)
    return folder


def _download(folder: Path) -> Path:
    release = version("scikit-learn")
    (folder / "mesonpy.py").write_text(_BACKEND.replace("{version}", release), encoding="utf-8")
    command = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--no-binary", ":all:"]
    command += ["--no-build-isolation", "--dest", str(folder), f"scikit-learn=={release}"]
    subprocess.run(command, check=True, env={**os.environ, "PYTHONPATH": str(folder)})
    return next(folder.glob("scikit_learn-*.tar.gz"))
