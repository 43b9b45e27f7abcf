"""Namespaces to save from and to load into."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from nb2pipe.artifacts.context import Context
from nb2pipe.artifacts.loading import Loader
from nb2pipe.artifacts.saving import Saved, Saver
from nb2pipe.artifacts.store import ArtifactStore


def namespace(code: str = "") -> dict[str, Any]:
    """What a notebook's namespace is after ``code``."""
    names: dict[str, Any] = {"__name__": "__main__"}
    exec(code, names)
    return names


def save(store: ArtifactStore, names: dict[str, Any], step: str = "one") -> Saved:
    """Save all names of a namespace."""
    values = {name: value for name, value in names.items() if not name.startswith("__")}
    return Saver(store, store.folder / "staging", Context(names, step)).save(values)


def load(store: ArtifactStore, saved: Saved, *wanted: str) -> dict[str, Any]:
    """Load names into a new namespace; all of them by default."""
    names = namespace()
    loader = Loader(store, Context(names, "two"))
    for artifact in saved.artifacts:
        if not wanted or artifact.name in wanted:
            names[artifact.name] = loader.value(artifact.digest, artifact.group, artifact.name)
    return names


def store_in(folder: Path) -> ArtifactStore:
    """A store."""
    return ArtifactStore(folder / "artifacts")
