"""One seed of Python's hashes for a home."""

from __future__ import annotations

from pathlib import Path

import pytest

from nb2pipe.execution.hash_seed import (
    HASH_SEED,
    HASH_SEED_IS_OURS,
    forget_hash_seed,
    hash_seed,
    hash_seed_environment,
)


@pytest.fixture(autouse=True)
def _no_seed(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in (HASH_SEED, HASH_SEED_IS_OURS):
        monkeypatch.delenv(name, raising=False)


def test_a_home_keeps_its_seed(tmp_path: Path) -> None:
    """It is drawn once."""
    seed = hash_seed(tmp_path)
    assert seed == hash_seed(tmp_path)
    assert {HASH_SEED: seed, HASH_SEED_IS_OURS: "1"} == hash_seed_environment(seed)


@pytest.mark.parametrize("text", ["", "abc", "-1", "4294967296", "\x00\xff"])
def test_a_damaged_seed_is_replaced(text: str, tmp_path: Path) -> None:
    """What Python would not start with is drawn anew, and kept."""
    place = tmp_path / "cache" / "hash-seed"
    place.parent.mkdir()
    place.write_text(text, encoding="utf-8")
    seed = hash_seed(tmp_path)
    assert 0 < int(seed) < 2**32
    assert (seed, [place]) == (hash_seed(tmp_path), list(place.parent.iterdir()))


def test_a_home_that_cannot_be_written_to_has_a_seed_for_now(tmp_path: Path) -> None:
    """A file in the place of the folder is no reason to fail here."""
    (tmp_path / "cache").write_text("")
    assert hash_seed(tmp_path).isdigit()


def test_the_user_s_own_seed_goes_before(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """It stays in sight, ours does not."""
    monkeypatch.setenv(HASH_SEED, "0")
    assert ("0", {HASH_SEED: "0"}) == (hash_seed(tmp_path), hash_seed_environment("0"))
    forget_hash_seed()
    assert "0" == hash_seed(tmp_path)
    monkeypatch.setenv(HASH_SEED_IS_OURS, "1")
    forget_hash_seed()
    assert "0" != hash_seed(tmp_path)


def test_random_is_no_seed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Python's word for drawing one is not taken for one."""
    monkeypatch.setenv(HASH_SEED, "random")
    assert hash_seed(tmp_path).isdigit()
