"""Build an image by an engine, unless there is one of the same content; push it to a registry."""

from __future__ import annotations

import re
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from nb2pipe.containers.engine import Engine
from nb2pipe.containers.faults import EngineError, fault_of
from nb2pipe.containers.registry import pull
from nb2pipe.errors import SettingsError
from nb2pipe.images.access import Access, lend_access
from nb2pipe.images.containerfile import containerfile
from nb2pipe.images.context import content_digest, write_context
from nb2pipe.images.plan import ImagePlan

Show = Callable[[str], None]
LABEL = "nb2pipe-image"
PIP_SAID = {
    "podman": re.compile(r"^ERROR: (.*)$", re.MULTILINE),
    "docker": re.compile(r"^#\d+ \d+\.\d+ ERROR: (.*)$", re.MULTILINE),
}
PIP_HINT = (
    "The build reaches the index that pip reaches here. A version that is installed here, but is not in that index or "
    "not for the base's Python, can be given another in requirements.txt beside the notebook."
)
PIP_LOST = re.compile(r"WARNING: Retrying \(Retry\(total=0", re.MULTILINE)
OTHER_BASE = "Another image to build on: --base IMAGE, or the setting image_base."
TAIL_LINES = 6
HAS_PYTHON = "import sys, venv, ensurepip; print('%d.%d' % sys.version_info[:2])"


@dataclass(frozen=True)
class Recipe:
    """What to build.

    Args:
        plan: what it must hold.
        base: the base image.
        text: the Containerfile.
        content: digest of all of it.
    """

    plan: ImagePlan
    base: str
    text: str
    content: str

    @property
    def tag(self) -> str:
        """The image's own tag, made of its content."""
        name = re.sub(r"[^a-z0-9]+", "-", Path(self.plan.notebook.path).stem.lower()).strip("-")
        return f"localhost/nb2pipe/{name or 'notebook'}:{self.content[:12]}"


def recipe_for(plan: ImagePlan, base: str, engine: Engine, show: Show) -> Recipe:
    """The recipe of an image; the base is pulled if it is not here.

    Args:
        plan: what it must hold.
        base: the base image.
        engine: by which it will be built.
        show: gets the engine's lines.

    Raises:
        SettingsError: there is no such base on this machine, and it is in no registry by its name.
        EngineError: the base cannot be pulled, or the engine does not work.
    """
    known = engine.image(base)
    if known is None:
        if base.startswith("localhost/"):
            raise SettingsError(
                f"there is no base image {base!r} on this machine", hint=f"Look at the name. {OTHER_BASE}"
            )
        try:
            pull(engine, base, f"pull the base image {base!r}", show)
        except EngineError as fault:
            hint = f"{fault.hint}\n    {OTHER_BASE}".strip()
            raise EngineError(fault.message, kind=fault.kind, hint=hint) from fault
        known = engine.image(base) or {}
    text = containerfile(plan, base)
    return Recipe(plan, base, text, content_digest(plan, text, str(known.get("Id", base))))


def is_built(recipe: Recipe, engine: Engine) -> str | None:
    """The id of an image of exactly this content; None if there is none."""
    known = engine.image(recipe.tag)
    if known is None:
        return None
    labels = known.get("Labels") or known.get("Config", {}).get("Labels") or {}
    return str(known["Id"]) if labels.get(LABEL) == recipe.content else None


def build(recipe: Recipe, engine: Engine, show: Show) -> str:
    """Build an image.

    Args:
        recipe: what to build.
        engine: by which.
        show: gets each line that the engine prints.

    Returns:
        The image's id.

    Raises:
        EngineError: it could not be built; the message has what pip or the engine said.
        SettingsError: the base image has no Python of its own.
    """
    _check_base(recipe, engine, show)
    with tempfile.TemporaryDirectory(prefix="nb2pipe-image-") as scratch:
        context, lent = Path(scratch) / "context", Path(scratch) / "lent"
        for folder in (context, lent):
            folder.mkdir(mode=0o700)
        write_context(recipe.plan, recipe.text, context)
        access = lend_access(lent, recipe.plan.choice.options)
        done = engine.run(
            "build",
            "--network=host",
            *(["--pull=never"] if engine.name == "podman" else []),
            *_lent(access, engine),
            *("--label", f"{LABEL}={recipe.content}", "--tag", recipe.tag),
            *("--file", str(context / "Containerfile"), str(context)),
            show=show,
            env={"DOCKER_BUILDKIT": "1"},  # docker before 23 has it, and does not use it unasked
        )
    if done.returncode:
        raise _failure(engine, done.returncode, done.stdout, f"build the image for {recipe.plan.notebook.path!r}")
    built = engine.image(recipe.tag)
    assert built is not None, recipe.tag
    return str(built["Id"])


def _failure(engine: Engine, code: int, said: str, what: str) -> EngineError:
    """What pip said, else what the engine said at its end: the lines before it name many things."""
    pip = [line for line in PIP_SAID[engine.name].findall(said) if not line.startswith("Could not find a version")]
    if not pip or "No space left on device" in pip[0]:
        return fault_of(engine.name, code, "\n".join(said.splitlines()[-TAIL_LINES:]), what)
    message = f"{engine.name} could not {what}: pip says: {pip[0]}"
    if PIP_LOST.search(said):
        return EngineError(
            message, kind="packages", hint="The index cannot be reached from the build: is the network up?"
        )
    return EngineError(message, kind="packages", hint=PIP_HINT)


def _lent(access: Access, engine: Engine) -> Iterator[str]:
    for name, path in access.files.items():
        yield from ("--secret", f"id={name},src={path}")
    for path, inside in access.folders.items():
        if engine.name != "podman":
            raise SettingsError(
                f"pip here reads {str(path)!r}, which docker cannot lend to a build",
                hint="Build with --engine podman, or let pip's configuration name an index by its URL.",
            )
        yield from ("--volume", f"{path}:{inside}:ro")


def _check_base(recipe: Recipe, engine: Engine, show: Show) -> None:
    """Refuse a base without Python before anything is built; say so when its Python is another than here."""
    command = ("run", "--rm", "--network=none", "--entrypoint=", recipe.base, "python3", "-c", HAS_PYTHON)
    done = engine.run(*command)
    if done.returncode == 0:
        inside = done.stdout.strip()
        if inside != recipe.plan.python:
            show(
                f"The base has Python {inside}, here is {recipe.plan.python}: versions that are installed here may lack"
            )
        return
    fault = fault_of(engine.name, done.returncode, done.stderr, f"look into the base image {recipe.base!r}")
    if fault.kind == "program" or "ModuleNotFoundError" in done.stderr:
        raise SettingsError(
            f"the base image {recipe.base!r} has no python3 with venv",
            hint="Take one that has, such as docker.io/library/python:"
            f"{recipe.plan.python}-slim, or add to its Containerfile: "
            "RUN apt-get update && apt-get install -y python3-venv",
        )
    raise fault
