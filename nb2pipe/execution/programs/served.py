"""The programs that one running step asked for."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from nb2pipe.errors import Nb2pipeError, SettingsError
from nb2pipe.execution.programs.request import Answer, Request
from nb2pipe.execution.programs.runner import Conditions, Program, Programs
from nb2pipe.execution.task import Outcome
from nb2pipe.model.json import from_json, to_json

Tell = Callable[[Mapping[str, Any]], None]


class StepPrograms:
    """Runs what the container cells of a step ask for.

    Args:
        programs: runs programs.
        conditions: of the step.
        here: the path on this machine of a path where the kernel runs; None for one that is not on this machine.
    """

    def __init__(
        self, programs: Programs, conditions: Conditions, here: Callable[[str], str | None] = lambda path: path
    ) -> None:
        self._programs = programs
        self._conditions = conditions
        self._here = here
        self._running: dict[int, Program] = {}
        self._images: dict[str, None] = {}

    def start(self, event: Mapping[str, Any], tell: Tell) -> None:
        """Start what an event of the worker asks for.

        Args:
            event: with a number and a request.
            tell: gets what the program prints, and its end.
        """
        number = int(event["program"])

        def printed(stream: str, text: str) -> None:
            tell({"program": number, "stream": stream, "text": text})

        def ended(answer: Answer) -> None:
            tell({"program": number, "answer": to_json(answer)})

        try:
            request = self._mapped(from_json(Request, event["request"]))
            program = self._programs.start(request, self._conditions, printed, ended)
            self._images[self._programs.images.described(request.image)] = None
        except Nb2pipeError as error:
            ended(Answer(1, error.message, error.hint))
            return
        if program is not None:
            self._running[number] = program

    def leave(self, event: Mapping[str, Any]) -> None:
        """The kernel hung up: nobody waits for the program any more."""
        program = self._running.pop(int(event["program"]), None)
        if program is not None:
            threading.Thread(target=program.stop).start()

    def close(self) -> None:
        """End all that still run."""
        while self._running:
            self._running.popitem()[1].stop()

    def recorded(self, outcome: Outcome) -> Outcome:
        """The outcome with the images of the programs in what was observed."""
        seen = outcome.report.get("observation")
        if not self._images or not seen:
            return outcome
        images = ", ".join([*([seen["image"]] if seen.get("image") else []), *self._images])
        return replace(outcome, report={**outcome.report, "observation": {**seen, "image": images}})

    def _mapped(self, request: Request) -> Request:
        """The request with its paths as they are on this machine.

        Raises:
            SettingsError: one is not on this machine.
        """
        mounts = []
        for mount in request.mounts:
            source = self._here(mount.source)
            if source is None:
                message = f"{mount.source} is in the image of this step, where no other container sees it"
                raise SettingsError(message, hint="Write the file into the notebook's folder or into /tmp.")
            mounts.append(replace(mount, source=source))
        return replace(request, mounts=tuple(mounts))
