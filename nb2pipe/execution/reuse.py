"""What one run takes from earlier runs, and what it leaves to later ones."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from nb2pipe.artifacts.store import ArtifactStore
from nb2pipe.execution import cache
from nb2pipe.execution.namespace import Namespace, content_digests
from nb2pipe.execution.options import Executor, RunOptions
from nb2pipe.execution.outcome import cached_run, fits
from nb2pipe.execution.plan import attempt_folder, task_cells
from nb2pipe.model import Pipeline, Step, StepRun


@dataclass
class Reuse:
    """Looks steps of one run up in the cache, and keeps what they gave. It does not decide which steps run.

    Args:
        pipeline: the plan.
        parameters: values of all parameters.
        options: of the run.
        executor: where its steps run.
        kernel_name: kernel spec of the steps.
        cwd: their working directory.
    """

    pipeline: Pipeline
    parameters: Mapping[str, Any]
    options: RunOptions
    executor: Executor
    kernel_name: str
    cwd: str
    _unkept: dict[str, Namespace] = field(default_factory=dict)
    _missed: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        self._bundles = ArtifactStore(self.options.artifacts)  # reads each manifest once, however many steps name it

    def taken(self, step: Step, queued: StepRun, namespace: Namespace) -> StepRun | None:
        """The step taken from an earlier run; None when it has to run.

        Args:
            step: the step.
            queued: its run so far.
            namespace: what it would start from.
        """
        if step.name in self._missed or step.name in self.options.anew:
            return None
        if not self.options.use_cache or step.settings.cache is False:
            return None
        key, contents = self._place(step, namespace)
        around = self.executor.surroundings(step)
        folder = self.options.home / "cache"
        entry = cache.look_up(folder, key, namespace, self.parameters, contents, around, self.options.artifacts)
        cells = [cell for cell in task_cells(self.pipeline, step, self.options.given) if cell.role != "injected"]
        if entry is None or not fits(entry, cells) or not cache.bundles_are_sound(entry, self.options.artifacts):
            self._missed.add(step.name)
            return None
        return cached_run(queued, entry, attempt_folder(self.options, step.name, 1), cells, namespace, step)

    def ended(self, step: Step, run: StepRun, namespace: Namespace) -> StepRun:
        """Note a good end, to be kept once it can no longer turn out wrong; the run, with the reason if it cannot."""
        self._unkept[step.name] = namespace
        reason = cache.why_not(step, run)
        return replace(run, reason=f"not kept for later runs: {reason}") if reason else run

    def keep_verified(self, done: Mapping[str, StepRun]) -> None:
        """Keep for later runs what can no longer turn out wrong: all before it has ended.

        Args:
            done: step runs that have ended.
        """
        for number, step in enumerate(self.pipeline.steps):
            if step.name not in self._unkept or not all(each.name in done for each in self.pipeline.steps[:number]):
                continue
            namespace, run = self._unkept.pop(step.name), done[step.name]
            if not run.state.is_good or step.settings.cache is False or cache.why_not(step, run):
                continue
            key, contents = self._place(step, namespace)
            cache.keep(self.options.home / "cache", key, run, namespace, contents)

    def _place(self, step: Step, namespace: Namespace) -> tuple[str, Mapping[str, str]]:
        """Key of a step, and the content digests of what it starts from."""
        identity = self.executor.surroundings(step).identity
        key = cache.step_key(self.pipeline, step, self.kernel_name, self.cwd, identity)
        return key, content_digests(namespace, self._bundles)
