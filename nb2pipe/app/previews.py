"""What a step saved, as far as it can be shown without loading it: a bundle is code to whoever loads it."""

from __future__ import annotations

from dataclasses import dataclass

from nb2pipe.app.logs import step_run_of
from nb2pipe.artifacts.store import ArtifactStore
from nb2pipe.artifacts.summary import Summary
from nb2pipe.errors import NotFoundError
from nb2pipe.model import Artifact
from nb2pipe.settings import Settings


@dataclass(frozen=True)
class ArtifactPreview:
    """A saved value as a person is shown it.

    Args:
        artifact: where it is, how big, its type, and a text about it.
        is_there: whether its bytes are still there.
        summary: its head, as it was kept when it was saved; None if nothing was kept.
    """

    artifact: Artifact
    is_there: bool
    summary: Summary | None


def preview_of(settings: Settings, word: str, step: str, name: str) -> ArtifactPreview:
    """The preview of a value that a step saved.

    Args:
        settings: the settings in force.
        word: which run.
        step: the step's name.
        name: the variable.

    Raises:
        NotFoundError: there is no such run, step or value.
    """
    found = step_run_of(settings, word, step)
    named = {each.name: each for each in found.artifacts}
    artifact = named.get(name)
    if artifact is None:
        names = ", ".join(sorted(each for each in named if not each.startswith("@"))) or "nothing"
        raise NotFoundError(f"Step {step!r} of run {found.run_id} saved no {name!r}.", hint=f"It saved: {names}.")
    store = ArtifactStore(settings.home / "artifacts")
    return ArtifactPreview(artifact, store.exists(artifact.digest), store.summary(artifact.digest, name))
