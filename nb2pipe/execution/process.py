"""The process executor: workers and kernels as processes on this machine, ready before they are needed."""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from nb2pipe.containers.engine import ANY, Wanted
from nb2pipe.errors import Diagnostic, Nb2pipeError
from nb2pipe.execution.containers.findings import engine_findings
from nb2pipe.execution.hash_seed import hash_seed, hash_seed_environment
from nb2pipe.execution.kernelspec import check_kernel
from nb2pipe.execution.limits import KEPT_BY_ENGINE, process_findings
from nb2pipe.execution.options import Handle, Surroundings
from nb2pipe.execution.programs.ready import get_images, identity, program_findings
from nb2pipe.execution.programs.runner import Conditions, Programs
from nb2pipe.execution.programs.served import StepPrograms
from nb2pipe.execution.secrets import resolve_secrets
from nb2pipe.execution.serving import RefusedHandle, Served, ServedHandle
from nb2pipe.execution.surroundings import here
from nb2pipe.execution.task import Task
from nb2pipe.model import Pipeline, Step


class ReadyKernels:
    """A process that kernels are forked from, with the workers that use it.

    Both load while the caller still reads the notebook, or before there is anything to run.

    Args:
        home: folder of runs, artifacts and what else is kept.
    """

    def __init__(self, home: Path) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="nb2p-"))
        self._environment = {name: value for name, value in os.environ.items() if name != "PYTEST_CURRENT_TEST"}
        self._environment |= hash_seed_environment(hash_seed(home))
        with (self.folder / "zygote.log").open("ab") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "nb2pipe.execution.zygote", str(self.folder)],
                stdin=subprocess.PIPE,
                stdout=log,
                stderr=log,
                env=self._environment,
                start_new_session=True,
            )
        self.workers: list[Served] = []
        self.add_worker()

    def add_worker(self) -> Served:
        """Start one more worker."""
        log_path = self.folder / f"worker-{len(self.workers) + 1}.log"
        with log_path.open("ab") as log:
            process = subprocess.Popen(
                [sys.executable, "-m", "nb2pipe.execution.worker", "--serve"],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=log,
                env={**self._environment, "NB2PIPE_ZYGOTE": str(self.folder)},
                start_new_session=True,
            )
        self.workers.append(Served(process, log_path))
        return self.workers[-1]

    def tell(self, wish: dict[str, object]) -> None:
        """Send it a line."""
        assert self.process.stdin is not None
        with contextlib.suppress(BrokenPipeError):  # its end shows when the next kernel is asked for
            self.process.stdin.write(json.dumps(wish).encode() + b"\n")
            self.process.stdin.flush()

    def close(self) -> None:
        """End workers, kernels and whatever their cells left running."""
        for worker in self.workers:
            worker.close()
        assert self.process.stdin is not None
        with contextlib.suppress(BrokenPipeError):  # what was still to be written finds nobody
            self.process.stdin.close()
        try:
            self.process.wait(5)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        shutil.rmtree(self.folder, ignore_errors=True)


class ProcessExecutor:
    """Runs tasks in worker processes on this machine.

    Args:
        home: folder of runs, artifacts and what else is kept.
        show: gets lines of long work, such as the pull of an image for a container cell.
        engine: which is wanted for container cells.
        kernels: that stand ready already, closed with this; None to start them when they are needed.
    """

    name = "process"

    def __init__(
        self,
        home: Path,
        show: Callable[[str], None] = lambda line: None,
        engine: Wanted = ANY,
        kernels: ReadyKernels | None = None,
    ) -> None:
        self._home = home
        self._programs = Programs(home / "containers", show, engine)
        self._zygote = kernels
        self._left: list[ReadyKernels] = []

    def findings(self, pipeline: Pipeline) -> tuple[Diagnostic, ...]:
        """What processes on this machine make of the settings of a pipeline's steps."""
        return (*process_findings(pipeline), *program_findings(pipeline))

    def make_ready(self, pipeline: Pipeline, kernel_name: str) -> tuple[Diagnostic, ...]:
        """Look for the kernel, and for the images of container cells.

        Raises:
            SettingsError: the kernel is not installed, or there is no container engine and a cell needs one.
        """
        check_kernel(kernel_name)
        findings = tuple(get_images(pipeline, self._programs))
        steps = [step for step in pipeline.steps if step.containers]
        return (*findings, *engine_findings(pipeline, steps, self._programs.engine.name)) if steps else findings

    def pinned(self, pipeline: Pipeline) -> Mapping[str, str]:
        """Processes have no images."""
        return {}

    def surroundings(self, step: Step) -> Surroundings:
        """This interpreter, and what is installed for it."""
        around = here()
        words = (around.identity, hash_seed(self._home), identity(step.containers, self._programs))
        return replace(around, identity=" ".join(words))

    def warm(self) -> None:
        """Start a zygote and a first worker."""
        if self._zygote is None:
            self._zygote = ReadyKernels(self._home)

    def begin(self, steps: Sequence[Step], folder: Path, cwd: str) -> None:
        """Any kernel will do for any run; :meth:`warm` has started one."""

    def expect(self, steps: Sequence[Step]) -> None:
        """Any kernel will do for any step, and one is always ready."""

    def prepare(self, modules: Sequence[str], cwd: str) -> None:
        """Load modules for kernels to come."""
        if self._zygote is not None:
            self._zygote.tell({"modules": list(modules), "cwd": cwd})

    def rest(self) -> None:
        """Let the spare kernel go."""
        if self._zygote is not None:
            self._zygote.tell({"rest": True})

    def start(self, task: Task, task_path: str) -> Handle:
        """Give the task to a free worker, or to a new one."""
        try:
            references = task.settings.secrets.items()
            secrets = resolve_secrets({name: ref for name, ref in references if not ref.startswith(KEPT_BY_ENGINE)})
        except Nb2pipeError as error:
            return RefusedHandle(error)
        zygote = self._living()
        worker = next((each for each in zygote.workers if not each.busy and each.process.poll() is None), None)
        worker = worker or zygote.add_worker()
        worker.give(task_path, secrets)
        conditions = Conditions(task.settings, secrets, str(task.state.get("folder") or task.state["cwd"]))
        return ServedHandle(worker, task, StepPrograms(self._programs, conditions))

    def _living(self) -> ReadyKernels:
        """The zygote; another after one was killed, its kernels with it, for the steps that are still to run."""
        self.warm()
        assert self._zygote is not None
        if self._zygote.process.poll() is not None:
            self._left.append(self._zygote)
            self._zygote = ReadyKernels(self._home)
        return self._zygote

    def close(self) -> None:
        """End workers, kernels and whatever their cells left running."""
        for zygote in (*self._left, *([self._zygote] if self._zygote else [])):
            zygote.close()
        self._programs.close()
        self._zygote, self._left = None, []
