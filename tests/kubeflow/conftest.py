"""The tests' own podman, for the images of pods."""

from __future__ import annotations

from tests.containers.conftest import engine

__all__ = ["engine"]
