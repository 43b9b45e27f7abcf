"""One JupyterLab and one browser for all tests of a worker; a fresh page, folder and workspace for each."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, expect

from jupyter_extension.build_hook import build, is_current, obstacle
from tests.containers.conftest import bare, engine, registry_host
from tests.lab.browsing import WAIT_MS, Lab, chromium, open_browser, run_lab
from tests.server.calling import Server

__all__ = ["bare", "engine", "registry_host"]

SIZE = {"width": 1400, "height": 900}

expect.set_options(timeout=WAIT_MS)  # a run takes as long as the machine is busy


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """The browser."""
    if not chromium():
        pytest.skip("needs chromium: it is not installed")
    with open_browser() as found:
        yield found


@pytest.fixture(scope="session")
def extension() -> None:
    """The lab extension, built from the sources as they are."""
    against = "" if is_current() else obstacle()
    if against:
        pytest.skip(f"needs chromium and the lab extension, which cannot be built: {against}")
    build()


@pytest.fixture(scope="session")
def lab_server(extension: None, browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """JupyterLab with nb2pipe."""
    yield from run_lab(tmp_path_factory.mktemp("lab"))


@pytest.fixture
def context(browser: Browser) -> Iterator[BrowserContext]:
    """A browser that remembers nothing."""
    with browser.new_context(viewport=SIZE, locale="en-US", timezone_id="Europe/Berlin") as found:  # type: ignore[arg-type]
        yield found


@pytest.fixture
def lab(lab_server: Server, context: BrowserContext, request: pytest.FixtureRequest) -> Iterator[Lab]:
    """JupyterLab for one test, which fails if the page complains of anything."""
    yield from lab_of(lab_server, context, request.node.name)


def lab_of(server: Server, context: BrowserContext, name: str) -> Iterator[Lab]:
    """JupyterLab for one test on any server."""
    folder = server.root / "".join(sign if sign.isalnum() else "-" for sign in name)[:60]
    folder.mkdir(exist_ok=True)
    found = Lab(context.new_page(), server, folder)
    yield found
    assert [] == found.complaints()
