"""Executors by name, made when one is asked for, and which one a run takes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from types import TracebackType

from nb2pipe.containers.engine import Wanted
from nb2pipe.errors import Diagnostic
from nb2pipe.execution.containers.executor import ContainerExecutor
from nb2pipe.execution.options import Executor
from nb2pipe.execution.process import ProcessExecutor, ReadyKernels
from nb2pipe.images.record import built_image
from nb2pipe.model import Pipeline
from nb2pipe.plugins import load_plugin
from nb2pipe.settings import Settings

AUTO = "auto"
CONTAINER = "container"
PROCESS = "process"


@dataclass(frozen=True)
class Choice:
    """The executor that a run takes.

    Args:
        name: of the executor.
        reason: why this one, for the user.
    """

    name: str
    reason: str


def choose_executor(pipeline: Pipeline, settings: Settings) -> Choice:
    """The executor for a pipeline with its defaults: as the settings say, else containers where there is an image."""
    if settings.executor != AUTO:
        return Choice(settings.executor, settings.origins.get("executor", "the default"))
    if settings.image:
        return Choice(CONTAINER, f"image {settings.image} was chosen: {settings.origins.get('image', 'a setting')}")
    built = built_image(settings.home, pipeline.notebook.path)
    for step in pipeline.steps:
        if step.settings.image and built is not None and step.settings.image == built.tag:
            return Choice(CONTAINER, f"image {built.tag} was built for this notebook")
        if step.settings.image:
            return Choice(CONTAINER, f"step {step.name!r} names image {step.settings.image}")
    return Choice(PROCESS, "no image is named")


def wanted_engine(settings: Settings, name: str | None = None) -> Wanted:
    """The container engine that the settings ask for.

    Args:
        settings: the settings in force.
        name: goes before theirs.
    """
    return Wanted(name or settings.container_engine, settings.engine_timeout_s)


class Executors:
    """The executors of one command or thread, each made once.

    Args:
        settings: the settings in force.
        show: gets lines of long work, such as the pull of an image.
        kernels: that stand ready, for the process executor; closed as soon as another one is made, or with all.
    """

    def __init__(
        self,
        settings: Settings,
        show: Callable[[str], None] = lambda line: None,
        kernels: ReadyKernels | None = None,
    ) -> None:
        self._settings = settings
        self._show = show
        self._kernels = kernels
        self._made: dict[str, Executor] = {}

    def get(self, name: str) -> Executor:
        """The executor of this name.

        Raises:
            SettingsError: there is none.
        """
        if name not in self._made:
            self._made[name] = self._make(name)
        return self._made[name]

    def warm(self, name: str) -> None:
        """Let an executor of ours begin with what takes time, before it is known for certain that it is wanted."""
        if name in (PROCESS, CONTAINER):
            self.get(name).warm()

    def _make(self, name: str) -> Executor:
        # ours; spares the search for plug-ins, which reads the metadata of every distribution
        if name == PROCESS:
            kernels, self._kernels = self._kernels, None
            return ProcessExecutor(self._settings.home, self._show, wanted_engine(self._settings), kernels)
        self._let_go()
        if name == CONTAINER:
            return ContainerExecutor(self._settings.home, self._show, wanted_engine(self._settings))
        made: Executor = load_plugin("executors", name)()
        return made

    def close(self) -> None:
        """End everything that they started."""
        for executor in self._made.values():
            executor.close()
        self._let_go()

    def _let_go(self) -> None:
        kernels, self._kernels = self._kernels, None
        if kernels is not None:
            kernels.close()

    def __enter__(self) -> Executors:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def executor_findings(pipeline: Pipeline, settings: Settings) -> tuple[Diagnostic, ...]:
    """What the executor that a run would take makes of the settings of a pipeline's steps.

    Raises:
        SettingsError: there is none of that name.
    """
    with Executors(settings) as executors:
        return executors.get(choose_executor(pipeline, settings).name).findings(pipeline)
