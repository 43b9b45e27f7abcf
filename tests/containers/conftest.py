"""Containers to test with: a podman of the tests' own, for every podman that is started while the tests run."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.containers.docker import Docker, open_docker, why_no_docker
from tests.containers.engine import Engine, open_engine, why_not
from tests.containers.images import Image, bare_image, debian_image, fast_image, honest_image, vibration_image
from tests.containers.registry import registry, why_no_registry


@pytest.fixture(scope="session")
def engine() -> Iterator[Engine]:
    """The tests' own podman; what is under test finds it through the environment."""
    reason = why_not()
    if reason is not None:
        pytest.skip(f"needs container: {reason}")
    opened = open_engine()
    with pytest.MonkeyPatch.context() as patch:
        for name, value in opened.environment().items():
            patch.setenv(name, value)
        yield opened


@pytest.fixture(scope="session")
def fast(engine: Engine) -> Image:
    """The image that borrows this machine's files: for nearly all tests."""
    return fast_image(engine)


@pytest.fixture
def docker(engine: Engine, fast: Image, bare: Image, monkeypatch: pytest.MonkeyPatch) -> Iterator[Docker]:
    """A Docker that has the images of the tests, for every command that the test starts."""
    reason = why_no_docker()
    if reason is not None:
        pytest.skip(f"needs docker: {reason}")
    with open_docker() as opened:
        for image in (fast, bare):
            opened.take(engine, image)
        for name, value in opened.environment().items():
            monkeypatch.setenv(name, value)
        yield opened


@pytest.fixture(scope="session")
def bare(engine: Engine) -> Image:
    """The image without Python: for container cells."""
    return bare_image(engine)


@pytest.fixture(scope="session")
def vibration(engine: Engine, bare: Image) -> Image:
    """The images of the example whose steps are in other languages."""
    return vibration_image(engine)


@pytest.fixture(scope="session")
def debian(engine: Engine) -> Image:
    """Debian with Python: a base for builds."""
    return debian_image(engine)


@pytest.fixture(scope="session")
def registry_host(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A registry on this machine, ``127.0.0.1:PORT``."""
    reason = why_no_registry()
    if reason is not None:
        pytest.skip(f"needs container: {reason}")
    with registry(tmp_path_factory.mktemp("registry")) as host:
        yield host


@pytest.fixture(scope="session")
def honest(engine: Engine) -> Image:
    """The image that has all of its own: for tests from end to end."""
    return honest_image(engine)
