"""Kernels that the session's tests share: three that are cleaned between notebooks, and fresh ones."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from tests.session.stepping import Kernel, Steps, kernel


@pytest.fixture(scope="session")
def kernels(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Kernel, Kernel, Kernel]]:
    """Three kernels that live as long as the tests do: clean them before use."""
    folder = tmp_path_factory.mktemp("kernels")
    with ExitStack() as stack:
        yield (
            stack.enter_context(kernel(folder)),
            stack.enter_context(kernel(folder)),
            stack.enter_context(kernel(folder)),
        )


@pytest.fixture
def fresh(tmp_path: Path) -> Iterator[Callable[[], Kernel]]:
    """Starts a fresh kernel."""
    with ExitStack() as stack:
        yield lambda: stack.enter_context(kernel(tmp_path))


@pytest.fixture
def steps(tmp_path: Path) -> Steps:
    """Steps of one notebook."""
    return Steps(tmp_path)
