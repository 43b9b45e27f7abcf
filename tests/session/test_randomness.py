"""Whether a generator was set or only drawn from is seen from its states."""

from __future__ import annotations

import random

import numpy as np
import numpy.random  # NumPy loads it only when asked
import pytest

from nb2pipe.execution.session.providers import NumpyRandomState
from nb2pipe.execution.session.randomness import only_drawn


@pytest.mark.parametrize("draws", [0, 1, 311, 624, 100_000])
def test_drawing_is_only_drawing(draws: int) -> None:
    """However many numbers are drawn, the new state is found from the old one."""
    generator = random.Random(7)
    before = generator.getstate()
    for _ in range(draws):
        generator.random()

    assert only_drawn(before, generator.getstate())


def test_seeding_is_not_drawing() -> None:
    """A seed, the same seed again included, is seen as setting unless it changes nothing at all."""
    generator = random.Random(7)
    generator.random()
    before = generator.getstate()
    generator.seed(8)

    assert not only_drawn(before, generator.getstate())
    generator.seed(7)
    assert not only_drawn(before, generator.getstate())


def test_numpy_s_generator_is_followed_too() -> None:
    """Draws of NumPy's global generator are followed, a seed is seen."""
    provider = NumpyRandomState()
    before = provider.capture()
    np.random.normal(size=10_001)

    assert only_drawn(before, provider.capture())
    np.random.seed(3)
    assert not only_drawn(before, provider.capture())
