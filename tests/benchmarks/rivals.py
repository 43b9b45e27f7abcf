"""Programs to compare with whose packages do not go with ours: each in a virtual environment of its own."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def rival_programs(name: str) -> Path:
    """Folder of a rival's programs, in a virtual environment made from its lock file when it is not there yet.

    Args:
        name: of the lock file in ``.ci/locks``.
    """
    lock, folder = ROOT / f".ci/locks/{name}.txt", ROOT / ".cache/benchmarks" / name
    programs, stamp = folder / "bin", folder / lock.name
    if not stamp.is_file() or stamp.read_bytes() != lock.read_bytes():
        print(f"Installing {name} for the comparison ...", file=sys.stderr)
        subprocess.run([sys.executable, "-m", "venv", "--clear", folder], check=True)
        pip = [str(programs / "python"), "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
        subprocess.run([*pip, "--require-hashes", "-r", str(lock)], check=True)
        stamp.write_bytes(lock.read_bytes())
    return programs
