"""Images built from the lab, with a program that answers as an engine does."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, expect

from tests.lab.browsing import Lab, run_lab
from tests.lab.conftest import lab_of
from tests.lab.running import open_view
from tests.notebook.building import code, document
from tests.server.calling import Server
from tests.server.engine import write_engine


@pytest.fixture(scope="module")
def engine(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of the engine."""
    return write_engine(tmp_path_factory.mktemp("engine")).parent


@pytest.fixture(scope="module")
def builder(extension: None, engine: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """JupyterLab that has this engine and no other."""
    env = {"PATH": f"{engine / 'bin'}{os.pathsep}{os.environ['PATH']}"}
    yield from run_lab(tmp_path_factory.mktemp("builder"), env=env)


@pytest.fixture
def lab(builder: Server, context: BrowserContext, request: pytest.FixtureRequest) -> Iterator[Lab]:
    """JupyterLab with the engine."""
    yield from lab_of(builder, context, request.node.name)


def test_an_image_is_built_and_looked_into(lab: Lab, engine: Path) -> None:
    """A build shows its log as it grows and what came of it, or why it failed; a check says what the image lacks."""
    lab.expected.append("/nb2pipe/api/images/check")
    page = lab.open(lab.put(document(code("import yaml", "step:load"))))
    open_view(lab, "nb2pipe:show-images")
    tab = page.locator(".nb2pipe-Images")
    expect(tab.get_by_text("No image was built yet")).to_be_visible()
    tab.get_by_role("button", name="Check its images").click()
    expect(tab.get_by_role("alert")).to_contain_text("names no image")
    tab.get_by_label("Build on").fill("two words")
    expect(tab.get_by_role("button", name="Build", exact=True)).to_be_disabled()
    tab.get_by_label("Build on").fill("example.org/base:1")
    os.mkfifo(engine / "hold")
    tab.get_by_role("button", name="Build", exact=True).click()
    expect(tab.get_by_label("Log of the build")).to_contain_text("STEP 1/2: FROM base")
    expect(tab.locator("header .nb2pipe-State")).to_have_text("running")
    with (engine / "hold").open("w"):
        (engine / "hold").unlink()
    expect(tab.locator("header .nb2pipe-State")).to_have_text("succeeded")
    expect(tab.get_by_label("Log of the build")).to_contain_text("COMMIT")
    expect(tab.locator(".nb2pipe-Images-result")).to_contain_text("pyyaml")
    tab.get_by_role("button", name="Check its images").click()
    expect(tab.get_by_role("region", name="What its images lack")).to_contain_text("It lacks nothing.")
    lab.picture("image-built")
    page.get_by_role("tab", name="n.ipynb").click()
    page.locator(".jp-Cell .cm-content").first.click()
    page.keyboard.press("Control+End")
    page.keyboard.type("\nimport numpy")
    (engine / "fail").touch()
    open_view(lab, "nb2pipe:show-images")
    tab.get_by_role("button", name="Build", exact=True).click()
    expect(tab.get_by_role("alert")).to_contain_text("No matching distribution found for nosuch==1")
    (engine / "fail").unlink()
    lab.picture("image-failed")
