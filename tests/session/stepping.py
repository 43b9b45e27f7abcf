"""Steps of a notebook in real kernels: one after the other, each with a session, or all cells in one kernel."""

from __future__ import annotations

import json
import re
import subprocess
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from jupyter_client.manager import KernelManager

SESSION = "__import__('nb2pipe.execution.session', fromlist=['session'])"
ANSI = re.compile(r"\x1b\[[0-9;]*m")
PLACE = re.compile(r"/tmp/ipykernel_\d+/")
TIMEOUT_S = 60.0


class Kernel:
    """A running kernel.

    Args:
        client: a client of its own.
        interrupt: interrupts it, as a button in a notebook does.
    """

    def __init__(self, client: Any, interrupt: Callable[[], None]) -> None:
        self.client = client
        self.interrupt = interrupt

    def run(
        self, code: str, *, silent: bool = False, hear: Callable[[Any], None] = lambda message: None
    ) -> tuple[str, str]:
        """Execute code; returns the reply's status and everything that was put out.

        Args:
            code: of a cell.
            silent: whether it is none of the user's cells.
            hear: gets every message that is put out, when it comes.
        """
        parts: list[str] = []

        def hook(message: Any) -> None:
            parts.append(_text(message))
            hear(message)

        reply = self.client.execute_interactive(
            code,
            silent=silent,
            store_history=not silent,
            allow_stdin=False,
            timeout=TIMEOUT_S,
            output_hook=hook,
        )
        if silent and reply["content"]["status"] != "ok":
            raise AssertionError("\n".join(reply["content"]["traceback"]))
        return reply["content"]["status"], PLACE.sub("", ANSI.sub("", "".join(parts)))


def _text(message: Any) -> str:
    content, kind = message["content"], message["msg_type"]
    if kind == "stream":
        return str(content["text"])
    if kind in ("execute_result", "display_data"):
        return str(content["data"].get("text/plain", "")) + "\n"
    return f"{content['ename']}: {content['evalue']}\n" if kind == "error" else ""


@contextmanager
def kernel(folder: Path) -> Iterator[Kernel]:
    """A fresh kernel."""
    with TemporaryDirectory(prefix="n2p") as short:  # the names of sockets have few characters
        manager = KernelManager(transport="ipc", ip=f"{short}/s", connection_file=f"{short}/c.json")
        manager.start_kernel(cwd=str(folder), stderr=subprocess.DEVNULL)
        client = manager.client()
        client.start_channels()
        try:
            client.wait_for_ready(timeout=TIMEOUT_S)
            yield Kernel(client, manager.interrupt_kernel)
        finally:
            client.stop_channels()
            manager.shutdown_kernel(now=True)


@dataclass
class StepResult:
    """What a step put out, and its session's report."""

    outputs: list[str]
    report: dict[str, Any]

    @property
    def seen(self) -> dict[str, Any]:
        """The observation."""
        seen: dict[str, Any] = self.report["observation"]
        return seen

    def artifact(self, name: str) -> dict[str, Any]:
        """The artifact of this name."""
        return next(each for each in self.report["artifacts"] if each["name"] == name)


@dataclass
class Steps:
    """The steps of one notebook, run in turn.

    Args:
        folder: folder for everything.
        prefix: makes step names unique among notebooks that share a kernel.
    """

    folder: Path
    prefix: str = "step"
    done: list[tuple[str, StepResult]] = field(default_factory=list)

    def run(
        self,
        kernel: Kernel,
        cells: Sequence[str],
        *,
        setup: Sequence[str] = (),
        after: Sequence[int] | None = None,
        **state: Any,
    ) -> StepResult:
        """Run a step in a kernel.

        Args:
            kernel: the kernel.
            cells: its own cells.
            setup: its setup cells.
            after: earlier steps that it waits for, by number; all by default.
            state: further parts of the session's state.
        """
        name = f"{self.prefix}-{len(self.done) + 1}"
        path = self.folder / f"{name}.state.json"
        path.write_text(json.dumps({**self._state(name, after), **state}))
        kernel.run(f"{SESSION}.begin({str(path)!r})", silent=True)
        for cell in setup:
            kernel.run(cell)
        kernel.run(f"{SESSION}.setup_done()", silent=True)
        outputs = [kernel.run(cell)[1] for cell in cells]
        kernel.run(f"{SESSION}.finish()", silent=True)
        result = StepResult(outputs, json.loads((self.folder / f"{name}.report.json").read_text()))
        self.done.append((name, result))
        return result

    def _state(self, name: str, after: Sequence[int] | None) -> dict[str, Any]:
        names: dict[str, Any] = {}
        ambient: dict[str, Any] = {}
        for number, (step, result) in enumerate(self.done):
            if after is None or number in after:
                seen = result.seen
                for gone in (*seen["bound"], *seen["changed"], *seen["deleted"]):
                    names.pop(gone, None)
                for artifact in result.report["artifacts"]:
                    place = {"digest": artifact["digest"], "group": artifact["group"], "step": step}
                    kind = ambient if artifact["name"].startswith("@") else names
                    kind[artifact["name"].removeprefix("@")] = place
        return {
            "store": str(self.folder / "artifacts"),
            "staging": str(self.folder / "artifacts" / "staging"),
            "report": str(self.folder / f"{name}.report.json"),
            "run_folder": str(self.folder / "runs"),
            "step": name,
            "cwd": str(self.folder),
            "folder": str(self.folder),
            "names": names,
            "ambient": ambient,
        }


def clean(kernel: Kernel) -> None:
    """Make a used kernel's namespace empty."""
    kernel.run("get_ipython().reset(new_session=True)", silent=True)
