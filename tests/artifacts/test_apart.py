"""Values that are to be apart go into a bundle of their own, unless they hang together with others."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from nb2pipe.artifacts.context import Context
from nb2pipe.artifacts.saving import Saved, Saver
from nb2pipe.artifacts.store import ArtifactStore
from tests.artifacts.making import load, namespace, store_in

BIG = np.arange(100_000)


def saved_apart(store: ArtifactStore, values: Mapping[str, Any]) -> Saved:
    """Save values, those whose names begin with an ``@`` apart."""
    saver = Saver(store, store.folder / "staging", Context(namespace(), "one"))
    return saver.save(values, apart=[name for name in values if name.startswith("@")])


def digests(saved: Saved) -> dict[str, str]:
    """Bundle by name."""
    return {artifact.name: artifact.digest for artifact in saved.artifacts}


def test_what_shares_nothing_stands_apart(tmp_path: Path) -> None:
    """Two bundles, each whole by itself, and both give back what they hold."""
    store, shared = store_in(tmp_path), [1]
    saved = saved_apart(store, {"big": BIG, "a": shared, "b": [shared], "@random": {"state": [3]}, "@env": {"A": "b"}})

    found = digests(saved)
    assert 2 == len(saved.digests) and set(saved.digests) == set(found.values())
    assert found["@random"] == found["@env"] and found["big"] == found["a"] == found["b"] == saved.digests[0]
    assert store.bundle_path(found["@random"]).stat().st_size < 10_000
    assert not store.manifest(found["@random"]).needs()
    names = load(store, saved)
    assert ({"state": [3]}, {"A": "b"}, True) == (names["@random"], names["@env"], names["b"][0] is names["a"])
    assert np.array_equal(BIG, names["big"])


@pytest.mark.parametrize("view", [BIG, BIG[10:50], BIG[::2]], ids=["same", "part", "stride"])
def test_what_shares_memory_stays_together(tmp_path: Path, view: Any) -> None:
    """An array that another looks into is written once, in the bundle of both."""
    saved = saved_apart(store_in(tmp_path), {"big": BIG, "@figures": {"state": [view]}, "@env": {"A": "b"}})

    found = digests(saved)
    assert found["@figures"] == found["big"] != found["@env"]


def test_what_shares_objects_stays_together(tmp_path: Path) -> None:
    """An object that a variable and the state hold stays one object."""
    store, one = store_in(tmp_path), ["one"]
    saved = saved_apart(store, {"mine": one, "@options": {"state": one}})

    assert 1 == len(saved.digests)
    names = load(store, saved)
    assert names["mine"] is names["@options"]["state"]


def test_nothing_else_to_write(tmp_path: Path) -> None:
    """State alone is one bundle, and nothing is none."""
    assert 1 == len(saved_apart(store_in(tmp_path), {"@random": {"state": [1]}}).digests)
    assert [] == saved_apart(store_in(tmp_path), {}).digests
