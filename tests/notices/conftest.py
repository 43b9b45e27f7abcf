"""Stores, and servers that take notices in."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.notices.receivers import Web
from tests.notices.values import Settings
from tests.store.conftest import clock, postgresql, store, store_url

__all__ = ["clock", "postgresql", "store", "store_url"]


@pytest.fixture
def web(monkeypatch: pytest.MonkeyPatch) -> Iterator[Web]:
    """A web server on this machine, reached without a proxy."""
    monkeypatch.setenv("no_proxy", "*")
    with Web() as opened:
        yield opened


@pytest.fixture
def own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    """The user's settings file."""
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    return Settings(tmp_path / "config" / "nb2pipe" / "config.toml")
