"""A real JupyterLab, and a page of a real browser that looks at it."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, ConsoleMessage, Page, sync_playwright

from jupyter_extension.build_hook import BUILT
from tests.server.calling import Api, Server, run_server

CHROMIUM = "/usr/bin/chromium"
TOKEN = "lab-under-test"
FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
WAIT_MS = 60_000
QUIET = {
    "@jupyterlab/apputils-extension:notification": {"fetchNews": "false", "checkForUpdates": False},
    "@jupyterlab/docmanager-extension:plugin": {"autosave": False},
}
"""JupyterLab asks nobody outside, and writes notebooks only when it is told to."""
# The browser's words for an answer that is no success; what the page makes of it is tested.
NOT_OURS = ("favicon",)


def chromium() -> str:
    """The browser; empty if there is none."""
    return CHROMIUM if Path(CHROMIUM).is_file() else shutil.which("chromium") or shutil.which("chromium-browser") or ""


@contextmanager
def open_browser() -> Iterator[Browser]:
    """The browser, without a window."""
    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=chromium(), args=list(FLAGS), headless=True)
        yield browser
        browser.close()


def run_lab(
    folder: Path, *options: str, env: Mapping[str, str] | None = None, port: int = 0, module: str = "jupyterlab"
) -> Iterator[Server]:
    """A JupyterLab with folders of its own, on a free port, or on that of one before it in the same folder.

    Args:
        module: ``notebook`` for Notebook 7 in its place.
    """
    config = folder / "config/labconfig"
    config.mkdir(parents=True, exist_ok=port != 0)
    (config / "default_setting_overrides.json").write_text(json.dumps(QUIET), "utf-8")
    spaces = {name: str(folder / name.lower()) for name in ("JUPYTERLAB_WORKSPACES_DIR", "JUPYTERLAB_SETTINGS_DIR")}
    extensions = folder / "path/labextensions"
    if port == 0:
        extensions.mkdir(parents=True)
        (extensions / "nb2pipe").symlink_to(BUILT)  # as it is now, whatever is installed
    yield from run_server(
        folder,
        f"--IdentityProvider.token={TOKEN}",
        f"--{'LabApp' if module == 'jupyterlab' else 'JupyterNotebookApp'}.expose_app_in_browser=True",
        *options,
        env={**spaces, "IPYTHONDIR": str(folder / "ipython"), "JUPYTER_PATH": str(folder / "path"), **(env or {})},
        module=module,
        patience_s=5.0,  # where a kernel is just starting, Jupyter ends only when that has given up
        port=port,
    )


@dataclass
class Lab:
    """JupyterLab as one test has it.

    Args:
        page: of the browser.
        server: where it runs.
        folder: below the server's root, for the files of this test.
        errors: what the page complained of; empty at the end of a good test.
        expected: parts of complaints that the test is about.
        workspace: of JupyterLab; empty for that of the test.
    """

    page: Page
    server: Server
    folder: Path
    errors: list[str] = field(default_factory=list)
    expected: list[str] = field(default_factory=list)
    workspace: str = ""

    def __post_init__(self) -> None:
        self.page.set_default_timeout(WAIT_MS)
        self.page.on("console", self._on_console)
        self.page.on("pageerror", lambda error: self.errors.append(str(error)))

    @property
    def api(self) -> Api:
        """The service, called directly."""
        return Api(self.server.port, {"Authorization": f"token {TOKEN}"})

    def put(self, notebook: Mapping[str, Any] | Path, name: str = "") -> str:
        """Write a notebook into the test's folder, or copy one; its path as Jupyter has it."""
        if isinstance(notebook, Path):
            target = self.folder / (name or notebook.name)
            target.write_bytes(notebook.read_bytes())
        else:
            target = self.folder / (name or "n.ipynb")
            target.write_text(json.dumps(notebook), "utf-8")
        return target.relative_to(self.server.root).as_posix()

    def open(self, path: str = "") -> Page:
        """A fresh workspace, with a notebook open if one is named, once it is all there."""
        address = f"http://127.0.0.1:{self.server.port}/lab/workspaces/{self.workspace or self.folder.name}"
        tree = f"/tree/{path}" if path else ""
        self.page.goto(f"{address}{tree}?reset&token={TOKEN}")
        self.page.locator("#jupyterlab-splash").wait_for(state="detached")
        if path:
            self.page.locator(".jp-NotebookPanel:visible .jp-Cell").first.wait_for()
        return self.page

    def beside(self) -> Lab:
        """The same in a second tab of the browser; what it complains of counts as well."""
        page, workspace = self.page.context.new_page(), f"{self.folder.name}-beside"
        return Lab(page, self.server, self.folder, self.errors, self.expected, workspace)

    def run(self, command: str, **args: Any) -> None:
        """Run a command of JupyterLab, as its palette does."""
        self.page.evaluate("([id, args]) => window.jupyterapp.commands.execute(id, args)", [command, args])

    def show_pipeline(self) -> None:
        """Open the side panel."""
        self.page.get_by_role("tab", name="Pipeline", exact=True).click()
        self.page.locator("#nb2pipe-pipeline").wait_for()

    def picture(self, name: str) -> Path:
        """A screenshot, kept where whoever runs the tests can look at it."""
        folder = Path(os.environ.get("SCREENSHOTS") or self.server.root.parent / "screenshots")
        folder.mkdir(parents=True, exist_ok=True)
        path = folder / f"{name}.png"
        self.page.screenshot(path=path)
        return path

    def complaints(self) -> list[str]:
        """Errors that the test did not expect."""
        return [text for text in self.errors if not any(part in text for part in (*self.expected, *NOT_OURS))]

    def _on_console(self, message: ConsoleMessage) -> None:
        if message.type == "error":
            self.errors.append(f"{message.text} ({message.location.get('url', '')})")
