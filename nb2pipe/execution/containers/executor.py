"""The container executor: each step in a container of its own, a spare one with a ready kernel always ahead of need."""

from __future__ import annotations

import os
import secrets
import shutil
import threading
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from nb2pipe.containers.engine import ANY, Engine, Wanted, find_engine
from nb2pipe.errors import Diagnostic, Nb2pipeError, SettingsError
from nb2pipe.execution.containers.container import Container
from nb2pipe.execution.containers.findings import about, engine_findings, image_findings, settings_findings
from nb2pipe.execution.containers.handle import ContainerHandle
from nb2pipe.execution.containers.images import StepImages
from nb2pipe.execution.containers.kit import cache_folder, make_kit
from nb2pipe.execution.containers.places import Places, repository_of
from nb2pipe.execution.containers.probe import ImageFacts
from nb2pipe.execution.containers.reap import Owner
from nb2pipe.execution.containers.spec import Spec, mount_of, run_arguments, spec_of
from nb2pipe.execution.hash_seed import hash_seed
from nb2pipe.execution.limits import KEPT_BY_ENGINE
from nb2pipe.execution.options import Handle, Surroundings
from nb2pipe.execution.programs.ready import get_images, identity, program_findings
from nb2pipe.execution.programs.runner import Conditions, Programs
from nb2pipe.execution.programs.served import StepPrograms
from nb2pipe.execution.secrets import resolve_secrets
from nb2pipe.execution.serving import RefusedHandle
from nb2pipe.execution.task import Task
from nb2pipe.model import Pipeline, Step

AHEAD = (os.cpu_count() or 1) + 1
"""Spare containers at most: one waits for the engine now and then, and the processors are to have work meanwhile."""


class ContainerExecutor:
    """Runs tasks in containers of podman or docker.

    Args:
        home: folder of runs, artifacts and what else is kept.
        show: gets lines of long work, such as the pull of an image.
        engine: which is wanted.
    """

    name = "container"

    def __init__(self, home: Path, show: Callable[[str], None] = lambda line: None, engine: Wanted = ANY) -> None:
        self._wanted = engine
        self._home = home.absolute()
        self._folder = self._home / "containers"
        self._id = secrets.token_hex(8)
        self._show = show
        self._engine: Engine | None = None
        self._looking: threading.Thread | None = None
        self._no_engine: SettingsError | None = None
        self._images: StepImages | None = None
        self._owner: Owner | None = None
        self._places: Places | None = None
        self._notebook_folder = ""
        self._cwd = ""
        self._spares: list[Container] = []
        self._given: list[Container] = []
        self._wishes: list[Mapping[str, object]] = []
        self._count = 0
        self._programs = Programs(self._folder, show, engine)

    @property
    def engine(self) -> Engine:
        """The engine, looked for once.

        Raises:
            SettingsError: there is none.
        """
        if self._looking is not None:
            self._looking.join()
        if self._no_engine is not None:
            raise self._no_engine
        if self._engine is None:
            self._engine = find_engine(self._wanted)
        return self._engine

    @property
    def images(self) -> StepImages:
        """What is known of images."""
        if self._images is None:
            cache = cache_folder(self._folder)
            self._images = StepImages(self.engine, make_kit(cache / "kits"), cache / "images", self._show)
        return self._images

    def findings(self, pipeline: Pipeline) -> tuple[Diagnostic, ...]:
        """What containers make of the settings of a pipeline's steps."""
        return (*settings_findings(pipeline), *program_findings(pipeline))

    def make_ready(self, pipeline: Pipeline, kernel_name: str) -> tuple[Diagnostic, ...]:
        """Find the engine, get the images, and look into them.

        Raises:
            SettingsError: there is no engine that works.
        """
        facts: dict[str, ImageFacts] = {}
        for step in pipeline.steps:
            try:
                facts[step.name] = self._facts(step, pipeline.notebook.folder)
            except Nb2pipeError as error:
                if isinstance(error, SettingsError):
                    raise
                return (about(pipeline, step, "N2P511", "error", f"step {step.name!r}: {error.message}", error.hint),)
        self._notebook_folder = pipeline.notebook.folder
        places = self._make_places((pipeline.notebook.folder,))
        return (
            *engine_findings(pipeline, pipeline.steps, self.engine.name),
            *image_findings(pipeline, facts, places, kernel_name),
            *get_images(pipeline, self._programs),
        )

    def pinned(self, pipeline: Pipeline) -> Mapping[str, str]:
        """The images of the steps, by digest, or by their id on this machine.

        Raises:
            EngineError: one is not here and cannot be fetched.
        """
        images = {step.name: step.settings.image for step in pipeline.steps if step.settings.image}
        return {name: self.images.pinned(image) for name, image in images.items()}

    def surroundings(self, step: Step) -> Surroundings:
        """The image, and the files that its container shares with this machine."""
        facts = self._facts(step, self._notebook_folder)
        volumes = tuple(mount_of(volume, self._notebook_folder) for volume in step.settings.volumes)
        places = self._places or self._make_places((self._notebook_folder,))
        words = [facts.id, *(mount.argument() for mount in volumes), identity(step.containers, self._programs)]
        words.append(hash_seed(self._home))
        return Surroundings(" ".join(words), version=lambda name: None, here=lambda path: places.here(path, volumes))

    def warm(self) -> None:
        """Look for the engine, in a thread; no container can be started before it is known which images are wanted."""
        if self._looking is None:
            self._looking = threading.Thread(target=self._look, daemon=True)
            self._looking.start()

    def _look(self) -> None:
        try:
            self._engine = find_engine(self._wanted)
        except SettingsError as error:  # said where the engine is asked for: one that hangs is not waited for twice
            self._no_engine = error

    def begin(self, steps: Sequence[Step], folder: Path, cwd: str) -> None:
        """Start containers for the first steps of a run."""
        folder.mkdir(parents=True, exist_ok=True)
        self._enter(cwd, self._notebook_folder, folder)
        self.expect(steps)

    def expect(self, steps: Sequence[Step]) -> None:
        """Have a spare container for each of the next steps, one more than there are processors to start them."""
        wanted = [self._spec(step) for step in steps[:AHEAD]]
        unwanted = list(self._spares)
        for spec in wanted:
            spare = next((each for each in unwanted if each.spec == spec), None)
            if spare is not None:
                unwanted.remove(spare)
            else:
                self._spares.append(self._start_container(spec))
        for spare in unwanted:
            self._spares.remove(spare)
            self._given.append(spare)
            spare.release()

    def prepare(self, modules: Sequence[str], cwd: str) -> None:
        """Load modules for kernels that wait, and for those to come."""
        wish = {"modules": list(modules), "cwd": cwd}
        self._wishes.append(wish)
        for spare in self._spares:
            spare.tell(wish)

    def rest(self) -> None:
        """Let all spare containers go."""
        self.expect(())

    def start(self, task: Task, task_path: str) -> Handle:
        """Give the task to a spare container that is like what the step asks for, or to a new one."""
        try:
            values = {name: ref for name, ref in task.settings.secrets.items() if not ref.startswith(KEPT_BY_ENGINE)}
            resolved = resolve_secrets(values)
            cwd = str(task.state["cwd"])
            self._enter(cwd, str(task.state.get("folder") or cwd), Path(task.folder).parent)
            spec = self._spec_for(task)
            image = self.images.described(task.settings.image or "")
        except Nb2pipeError as error:
            return RefusedHandle(error)
        container = next((each for each in self._spares if each.spec == spec and each.process.poll() is None), None)
        if container is None:
            container = self._start_container(spec)
        else:
            self._spares.remove(container)
        self._given.append(container)
        container.give(task_path, resolved)
        conditions = Conditions(task.settings, resolved, self._notebook_folder)
        places = self._places
        assert places is not None

        def here(path: str) -> str | None:
            return places.here(path, spec.volumes)

        return ContainerHandle(container, task, StepPrograms(self._programs, conditions, here), image, here)

    def close(self) -> None:
        """End all containers, and forget what they shared."""
        for container in (*self._spares, *self._given):
            container.release()
        for container in (*self._spares, *self._given):
            container.close()
        all_gone = all(container.is_gone for container in (*self._spares, *self._given))
        self._spares, self._given = [], []
        self._programs.close()
        if self._owner is not None:
            self._owner.close(all_gone=all_gone)
            self._owner = None
        if self._places is not None:
            shutil.rmtree(self._folder / self._id, ignore_errors=True)
            self._places = None

    def _facts(self, step: Step, folder: str) -> ImageFacts:
        volumes = tuple(mount_of(volume, folder) for volume in step.settings.volumes)
        return self.images.facts(step.settings.image or "", volumes)

    def _spec(self, step: Step) -> Spec:
        return spec_of(step.settings, self._facts(step, self._notebook_folder).id, self._notebook_folder)

    def _spec_for(self, task: Task) -> Spec:
        volumes = tuple(mount_of(volume, self._notebook_folder) for volume in task.settings.volumes)
        facts = self.images.facts(task.settings.image or "", volumes)
        return spec_of(task.settings, facts.id, self._notebook_folder)

    def _enter(self, cwd: str, notebook_folder: str, run_folder: Path) -> None:
        """Share the folders that steps of a run need; spares that do not share them are of no use."""
        self._notebook_folder = notebook_folder
        places = self._make_places((cwd, notebook_folder), (str(run_folder), str(self._home / "artifacts")))
        if places != self._places or cwd != self._cwd:
            for spare in self._spares:
                spare.release()
                self._given.append(spare)
            self._spares = []
        self._places, self._cwd = places, cwd

    def _make_places(self, work: tuple[str, ...], ours: tuple[str, ...] = ()) -> Places:
        shared = self._folder / self._id
        seen = {*work, *(each for folder in work for each in repository_of(folder)), *ours}
        return Places(tuple(sorted(seen)), str(shared), str(self.images.kit))

    def _start_container(self, spec: Spec) -> Container:
        assert self._places is not None
        if self._owner is None:
            for folder, mode in ((self._places.home, 0o700), (self._places.temporary, 0o1777)):
                Path(folder).mkdir(parents=True, exist_ok=True)
                Path(folder).chmod(mode)
            self._owner = Owner(self._folder, self._id, self.engine)
        self._count += 1
        name = f"nb2pipe-{self._id}-{self._count}"
        words = run_arguments(
            spec, self._places, self.engine, name=name, owner=self._id, cwd=self._cwd, hash_seed=hash_seed(self._home)
        )
        container = Container(self.engine, words, spec, name, self._folder / self._id)
        for wish in self._wishes:
            container.tell(wish)
        return container
