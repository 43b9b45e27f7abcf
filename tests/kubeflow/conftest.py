"""The tests' own podman, for the images of pods."""

from __future__ import annotations

from tests.containers.conftest import bare, engine, vibration

__all__ = ["bare", "engine", "vibration"]
