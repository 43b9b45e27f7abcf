"""The folder of bundles: whole or not there, verified, pruned."""

from __future__ import annotations

import os
import threading
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from nb2pipe.artifacts.store import ArtifactStore
from nb2pipe.errors import ArtifactError
from tests.artifacts.making import load, namespace, save, store_in

BIG = 50_000


def _saved(folder: Path, **names: Any) -> tuple[ArtifactStore, Any]:
    store = store_in(folder)
    return store, save(store, {**namespace(), **names})


def test_same_values_make_the_same_bundle(tmp_path: Path) -> None:
    """What is equal is stored once, whoever writes it."""
    store, first = _saved(tmp_path, a=[1, 2], b=np.arange(BIG))
    _, second = _saved(tmp_path, a=[1, 2], b=np.arange(BIG))
    assert first.digests[0] == second.digests[0]
    assert [first.digests[0]] == list(store.digests())


def test_nothing_is_left_in_staging(tmp_path: Path) -> None:
    """A written bundle leaves no other file behind."""
    store, saved = _saved(tmp_path, a=np.arange(BIG))
    paths = {path.name for path in store.folder.rglob("*") if path.is_file()}
    assert {f"{saved.digests[0]}.{kind}" for kind in ("bundle", "json", "summaries")} == paths


def test_writers_of_one_content_do_not_disturb_each_other(tmp_path: Path) -> None:
    """Several writers of the same content at once leave one sound bundle."""
    done: list[str] = []
    threads = [
        threading.Thread(target=lambda: done.append(_saved(tmp_path, a=np.arange(BIG))[1].digests[0])) for _ in range(6)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert 1 == len(set(done))
    store_in(tmp_path).verify(done[0])


def test_pruning_keeps_what_is_referred_to(tmp_path: Path) -> None:
    """A bundle goes when nobody wants it, not while another refers to it."""
    store, old = _saved(tmp_path, a=np.arange(BIG))
    _, lone = _saved(tmp_path, z=np.ones(BIG))
    names = load(store, old)
    view = names["a"][10:20]
    from nb2pipe.artifacts.context import Context
    from nb2pipe.artifacts.loading import Loader
    from nb2pipe.artifacts.saving import Saver

    context = Context(namespace(), "two")
    names = {"a": Loader(store, context).value(old.digests[0], old.artifacts[0].group, "a")}
    view = names["a"][10:20]
    new = Saver(store, store.folder / "staging", context).save({"view": view})
    assert old.digests[0] in store.manifest(new.digests[0]).needs()
    freed = store.prune({new.digests[0]})
    assert freed > BIG * 8
    assert {old.digests[0], new.digests[0]} == set(store.digests())
    assert lone.digests[0] not in set(store.digests())
    store.prune(set())
    assert [] == list(store.digests())


def test_pruning_spares_what_is_young(tmp_path: Path) -> None:
    """Within the time of grace nothing goes."""
    store, saved = _saved(tmp_path, a=1)
    assert 0 == store.prune(set(), grace_s=3600)
    assert store.exists(saved.digests[0])


@pytest.mark.parametrize("offset", [0, -1])
def test_a_flipped_byte_is_found(tmp_path: Path, offset: int) -> None:
    """A single changed byte, in a buffer or in a pickle, is an error with a way out."""
    store, saved = _saved(tmp_path, a=np.arange(BIG), b="text")
    path = store.bundle_path(saved.digests[0])
    data = bytearray(path.read_bytes())
    data[offset] ^= 1
    path.write_bytes(data)
    with pytest.raises(ArtifactError, match="damaged") as caught:
        ArtifactStore(store.folder).verify(saved.digests[0])
    assert "--no-cache" in caught.value.hint
    with pytest.raises(ArtifactError, match="damaged"):
        load(ArtifactStore(store.folder), saved)


def test_a_cut_file_is_found(tmp_path: Path) -> None:
    """A bundle that ends too early is neither there nor loaded."""
    store, saved = _saved(tmp_path, a=np.arange(BIG))
    os.truncate(store.bundle_path(saved.digests[0]), 5000)
    fresh = ArtifactStore(store.folder)
    assert not fresh.exists(saved.digests[0])
    with pytest.raises(ArtifactError, match="damaged"):
        load(fresh, saved)


def test_a_missing_bundle_is_named(tmp_path: Path) -> None:
    """A bundle that is gone, or whose manifest is, is an error."""
    store, saved = _saved(tmp_path, a=np.arange(BIG))
    store.bundle_path(saved.digests[0]).unlink()
    with pytest.raises(ArtifactError, match="missing"):
        load(ArtifactStore(store.folder), saved)
    store.manifest_path(saved.digests[0]).unlink()
    assert not ArtifactStore(store.folder).exists(saved.digests[0])
    with pytest.raises(ArtifactError, match=saved.digests[0][:12]):
        load(ArtifactStore(store.folder), saved)


def test_a_damaged_manifest_is_found(tmp_path: Path) -> None:
    """A manifest that does not fit its digest is an error."""
    store, saved = _saved(tmp_path, a=1)
    path = store.manifest_path(saved.digests[0])
    path.write_text(path.read_text().replace("names", "nomes"))
    with pytest.raises(ArtifactError, match="damaged"):
        ArtifactStore(store.folder).manifest(saved.digests[0])


def test_a_damaged_bundle_is_mended_by_writing_it_again(tmp_path: Path) -> None:
    """Writing the same content again replaces a bundle that is not as it was written."""
    store, saved = _saved(tmp_path, a=np.arange(BIG))
    os.truncate(store.bundle_path(saved.digests[0]), 10)
    store, again = _saved(tmp_path, a=np.arange(BIG))
    assert saved.digests[0] == again.digests[0]
    store.verify(again.digests[0])


def test_a_bundle_without_manifest_does_not_exist(tmp_path: Path) -> None:
    """A writer killed before its last act leaves nothing that is taken for whole."""
    store, saved = _saved(tmp_path, a=1)
    store.manifest_path(saved.digests[0]).unlink()
    assert not ArtifactStore(store.folder).exists(saved.digests[0])
    assert [] == list(store.digests())
