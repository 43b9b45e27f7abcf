"""Images pushed from the lab: a real engine and real registries; what is built is small."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, expect

from tests.containers.engine import Engine
from tests.containers.images import Image
from tests.containers.registry import registry
from tests.lab.browsing import Lab, run_lab
from tests.lab.conftest import lab_of
from tests.lab.running import open_view
from tests.notebook.building import code, document

# Builds with all that a notebook needs are tested beside the images; here the engine only puts its label on the base.
PROGRAM = """#!{python}
import os, subprocess, sys
real, words = {real!r}, sys.argv[1:]
if words[0] == "run":
    sys.exit(subprocess.run([sys.executable, *words[words.index("python3") + 1 :]]).returncode)
if words[0] == "build":
    label, tag = words[words.index("--label") + 1], words[words.index("--tag") + 1]
    done = subprocess.run([real, "build", "--label", label, "--tag", tag, "-"], input=b"FROM {base}")
    sys.exit(done.returncode)
os.execv(real, [real, *words])
"""


@pytest.fixture
def lab(
    extension: None,
    engine: Engine,
    bare: Image,
    tmp_path: Path,
    context: BrowserContext,
    request: pytest.FixtureRequest,
) -> Iterator[Lab]:
    """JupyterLab with this engine."""
    program = tmp_path / "bin/podman"
    program.parent.mkdir()
    program.write_text(PROGRAM.format(python=sys.executable, real=shutil.which("podman"), base=bare.tag), "utf-8")
    program.chmod(0o755)
    env = {**engine.environment(), "PATH": f"{program.parent}{os.pathsep}{os.environ['PATH']}"}
    for server in run_lab(tmp_path / "lab", env=env):
        yield from lab_of(server, context, request.node.name)


@pytest.fixture
def locked(registry_host: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A registry that asks for a login."""
    with registry(tmp_path_factory.mktemp("locked"), is_locked=True) as host:
        yield host


def test_an_image_is_pushed(lab: Lab, bare: Image, registry_host: str, locked: str) -> None:
    """The form says what is no name, and what to do where a registry is away or asks for a login; else it has it."""
    page = lab.open(lab.put(document(code("x = 1", "step:one"))))
    open_view(lab, "nb2pipe:show-images")
    tab = page.locator(".nb2pipe-Images")
    tab.get_by_label("Build on").fill(bare.tag)
    push, button = tab.get_by_label("Push to"), tab.get_by_role("button", name="Build and push")
    for wrong in ("team/churn", "registry.example.org/Team/churn", "registry.example.org"):
        push.fill(wrong)
        expect(tab.get_by_text("A name in a registry is needed")).to_be_visible()
        expect(button).to_be_disabled()
    for host, said, way in (
        ("127.0.0.1:1", "the registry cannot be reached", "at the registry's name"),
        (locked, "the registry does not let us in", f"podman login {locked}"),
    ):
        push.fill(f"{host}/team/churn")
        button.click()
        alert = tab.get_by_role("alert")
        expect(alert).to_contain_text(f"'{host}/team/churn:")
        expect(alert).to_contain_text(said)
        expect(alert).to_contain_text(way)
        expect(alert).to_contain_text("only the push is done again")
        lab.picture(f"push-{said.split()[2]}")
    push.fill(f"{registry_host}/team/churn:1")
    button.click()
    result = tab.locator(".nb2pipe-Images-result")
    expect(result).to_contain_text(f"{registry_host}/team/churn:1")
    expect(result).to_contain_text("sha256:")
    expect(result).to_contain_text("it was up to date")
    lab.picture("push-done")
