"""A task that runs in a container."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace

from nb2pipe.execution.containers.container import Container
from nb2pipe.execution.programs.served import StepPrograms
from nb2pipe.execution.serving import ServedHandle
from nb2pipe.execution.task import Outcome, Task

Here = Callable[[str], str | None]
UNSEEN = (
    "the step runs in a container: it sees the notebook's folder and git repository, /tmp shared by the steps of the"
    " run, and what its setting `volumes` names"
)
NOT_INSTALLED = "the step runs in a container: `nb2pipe image check NOTEBOOK` says what its image lacks"
HINTS = {
    "FileNotFoundError": UNSEEN,
    "NotADirectoryError": UNSEEN,
    "PermissionError": UNSEEN,
    "ModuleNotFoundError": NOT_INSTALLED,
}


class ContainerHandle(ServedHandle):
    """A task in a container.

    What is not found there may well be on this machine, which the failure then says.

    Args:
        container: runs it.
        task: what runs.
        programs: runs what its container cells ask for.
        image: its image, for the record.
        here: the path on this machine of a path in the container; None for what is in the image.
    """

    def __init__(self, container: Container, task: Task, programs: StepPrograms, image: str, here: Here) -> None:
        super().__init__(container, task, programs)
        self._image = image
        self._here = here

    def outcome(self) -> Outcome | None:
        """The outcome, None while the task runs."""
        found = super().outcome()
        if found is None:
            return None
        if found.report.get("observation"):
            seen = found.report["observation"]
            images = ", ".join([self._image, *([seen["image"]] if seen.get("image") else [])])
            seen = {**seen, "image": images, "places": self._places((*seen["files_read"], *seen["files_written"]))}
            found = replace(found, report={**found.report, "observation": seen})
        failure = found.failure
        if failure is None or failure.kind != "exception" or failure.hint or failure.name not in HINTS:
            return found
        return replace(found, failure=replace(failure, hint=HINTS[failure.name]))

    def _places(self, paths: Iterable[str]) -> dict[str, str]:
        """Where files are on this machine, for those that are not at the same path here."""
        found = {path: self._here(path) or f"image:{path}" for path in paths}
        return {path: here for path, here in found.items() if here != path}
