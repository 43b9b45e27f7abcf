"""The images that steps run in: on this machine, or fetched to it, and looked into."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from nb2pipe.containers.engine import Engine
from nb2pipe.containers.faults import EngineError
from nb2pipe.containers.registry import pull
from nb2pipe.execution.containers.places import Mount
from nb2pipe.execution.containers.probe import ImageFacts, image_facts

LOCAL = "localhost/"


class Images:
    """Images that are on this machine, or are fetched to it, each asked for once.

    Args:
        engine: who has them.
        show: gets the lines of a pull.
    """

    def __init__(self, engine: Engine, show: Callable[[str], None]) -> None:
        self._engine = engine
        self._show = show
        self._found: dict[str, Mapping[str, Any]] = {}

    def id(self, reference: str) -> str:
        """The id of an image.

        Args:
            reference: as the user wrote it.

        Raises:
            EngineError: it is not here and cannot be fetched.
        """
        found = str(self._find(reference)["Id"])
        return found if ":" in found else f"sha256:{found}"

    def described(self, reference: str) -> str:
        """An image for the record: as the user wrote it, with the digest by which it can be had again.

        Raises:
            EngineError: it is not here and cannot be fetched.
        """
        return self._digest(reference) or f"{reference} ({self.id(reference)})"

    def pinned(self, reference: str) -> str:
        """A name of an image that goes on meaning the one that is meant now: by digest, else the id on this machine.

        Raises:
            EngineError: it is not here and cannot be fetched.
        """
        return self._digest(reference) or self.id(reference)

    def _digest(self, reference: str) -> str:
        """``REPOSITORY@sha256:...``; empty for an image that no registry has."""
        digests = self._find(reference).get("RepoDigests") or ()
        name = reference.partition("@")[0]
        tagged = name.rpartition("/")[2].partition(":")[1] == ":"
        repository = name.rpartition(":")[0] if tagged else name
        return str(next((each for each in digests if str(each).startswith(f"{repository}@")), ""))

    def _find(self, reference: str) -> Mapping[str, Any]:
        if reference not in self._found:
            found = self._engine.image(reference)
            if found is None:
                self._fetch(reference)
                found = self._engine.image(reference)
            if found is None:
                raise EngineError(f"image {reference!r} is gone as soon as it came", kind="missing image")
            self._found[reference] = found
        return self._found[reference]

    def _fetch(self, reference: str) -> None:
        if reference.startswith(LOCAL):
            raise EngineError(
                f"image {reference!r} is not on this machine",
                kind="missing image",
                hint="Build it (`nb2pipe image build NOTEBOOK` for an image of ours), or mend its name.",
            )
        self._show(f"image {reference} is not on this machine: {self._engine.name} pull")
        pull(self._engine, reference, f"pull image {reference!r}", self._show)


class StepImages(Images):
    """Images that steps run in, and what is in them.

    Args:
        engine: who has them.
        kit: folder with the worker.
        folder: where it is kept what is in an image.
        show: gets the lines of a pull.
    """

    def __init__(self, engine: Engine, kit: Path, folder: Path, show: Callable[[str], None]) -> None:
        super().__init__(engine, show)
        self.kit = kit
        self._folder = folder
        self._facts: dict[tuple[str, tuple[Mount, ...]], ImageFacts] = {}

    def facts(self, reference: str, volumes: tuple[Mount, ...]) -> ImageFacts:
        """What is in an image, with these volumes.

        Args:
            reference: as the user wrote it.
            volumes: of the step.

        Raises:
            EngineError: it is not here and cannot be fetched, or does not run.
        """
        key = (reference, volumes)
        if key not in self._facts:
            self._facts[key] = image_facts(self._engine, self.id(reference), volumes, self.kit, self._folder)
        return self._facts[key]
