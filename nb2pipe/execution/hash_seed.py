"""The seed of Python's hashes, on which the order of sets of texts hangs: one for a home, in all its steps and runs.

Run All hashes with one seed in all its cells; a step whose result is taken from an earlier run had the seed of then.
"""

from __future__ import annotations

import contextlib
import os
import secrets
import uuid
from collections.abc import Mapping
from pathlib import Path

HASH_SEED = "PYTHONHASHSEED"
HASH_SEED_IS_OURS = "_NB2P_HASH_SEED"
"""Set where the seed of Python's hashes is ours and not the user's, who must not see it."""

SEEDS = 2**32
POD_HASH_SEED = {HASH_SEED: "20259", HASH_SEED_IS_OURS: "1"}
"""The variables for pods, which have no home in common."""


def hash_seed(home: Path) -> str:
    """The seed for all kernels of a home: the user's own if there is one, else the one that the home keeps.

    Args:
        home: folder of runs, artifacts and cache; a seed that is missing there, or damaged, is made.
    """
    own = os.environ.get(HASH_SEED, "")
    if HASH_SEED_IS_OURS not in os.environ and _is_seed(own):
        return own
    place = home / "cache" / "hash-seed"
    kept = _read(place)
    return _make(place) if kept is None else kept


def hash_seed_environment(seed: str) -> Mapping[str, str]:
    """The variables that give a Python a seed; they are ours unless the user set the same one."""
    if HASH_SEED_IS_OURS not in os.environ and os.environ.get(HASH_SEED) == seed:
        return {HASH_SEED: seed}
    return {HASH_SEED: seed, HASH_SEED_IS_OURS: "1"}


def forget_hash_seed() -> None:
    """Take our seed out of the environment: it did its work when Python started."""
    if os.environ.pop(HASH_SEED_IS_OURS, None):
        os.environ.pop(HASH_SEED, None)


def _is_seed(text: str) -> bool:
    return text.isascii() and text.isdigit() and int(text) < SEEDS


def _read(place: Path) -> str | None:
    try:
        text = place.read_text(encoding="ascii", errors="replace").strip()
    except OSError:
        return None
    return text if _is_seed(text) else None


def _make(place: Path) -> str:
    """A new seed, kept if that is possible; whoever comes first is right."""
    seed = str(secrets.randbelow(SEEDS - 1) + 1)
    part = place.with_name(f"{place.name}.{uuid.uuid4().hex}.part")
    with contextlib.suppress(OSError):
        place.parent.mkdir(parents=True, exist_ok=True)
        part.write_text(seed + "\n", encoding="ascii")
        try:
            os.link(part, place)
        except FileExistsError:
            if _read(place) is None:
                part.replace(place)
    with contextlib.suppress(OSError):
        part.unlink()
    return _read(place) or seed
