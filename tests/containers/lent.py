"""The tests' podman and images, for benches that are no tests."""

from __future__ import annotations

import os
from typing import Any

from tests.containers.engine import open_engine
from tests.containers.images import fast_image, honest_image


def image_settings(name: str) -> dict[str, Any]:
    """Settings by which steps run in an image; from here on every podman that this process starts is the tests' own.

    Args:
        name: ``fast`` or ``honest``.
    """
    engine = open_engine()
    os.environ.update(engine.environment())
    image = (fast_image if name == "fast" else honest_image)(engine)
    return {"image": image.tag, "volumes": list(image.volumes)}
