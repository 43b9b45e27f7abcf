"""What is in an image, as far as a worker needs it: asked of the image itself, once for each."""

from __future__ import annotations

import hashlib
import json
import os
import re
import tempfile
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from nb2pipe.containers.engine import Engine
from nb2pipe.containers.faults import EngineError, fault_of
from nb2pipe.execution.containers.agreed import KIT, PRIVATE
from nb2pipe.execution.containers.places import Mount
from nb2pipe.execution.containers.spec import PYTHON, user_words, volume_words

LEAST_PYTHON = (3, 11)
NEEDED = ("papermill", "ipykernel")
# For any Python 3. Importing compiles the worker for this Python, for all containers to come.
ASK = """
import sys, json
found = {"python": list(sys.version_info[:3]), "missing": [], "problem": "", "kernels": []}
if sys.version_info >= (3, 11):
    import compileall, os
    from importlib.util import find_spec
    found["missing"] = [name for name in %(needed)r if find_spec(name) is None]
    sys.path[0] = %(kit)r
    if not found["missing"]:
        try:
            import nb2pipe
            import nb2pipe.execution.containers.inside as inside
            inside.load_shared()
            import nb2pipe.execution.session
            from nb2pipe.execution.lean import load_engine
            load_engine()
            from jupyter_client.kernelspec import KernelSpecManager
            found["kernels"] = sorted(KernelSpecManager().find_kernel_specs())
        except Exception as error:
            found["problem"] = type(error).__name__ + ": " + str(error)
        for part in ("artifacts", "execution", "model"):
            compileall.compile_dir(os.path.join(%(kit)r, "nb2pipe", part), quiet=2)
print(json.dumps(found))
"""


@dataclass(frozen=True)
class ImageFacts:
    """What was found.

    Args:
        id: the engine's id of the image.
        python: version of ``python3``; empty when there is none.
        missing: distributions that a worker needs and that are not there.
        problem: why the worker cannot be loaded there, empty when it can.
        kernels: names of the kernel specs.
    """

    id: str
    python: tuple[int, ...] = ()
    missing: tuple[str, ...] = ()
    problem: str = ""
    kernels: tuple[str, ...] = ()


STARTED = re.compile(r'exec: "([^"]+)"')
"""The program that an engine says could not be started, which may be its own init."""


def image_facts(engine: Engine, image_id: str, volumes: tuple[Mount, ...], kit: Path, folder: Path) -> ImageFacts:
    """What is in an image, with the volumes of the steps that run in it.

    Args:
        engine: runs a container to see.
        image_id: of the image.
        volumes: mounted as they will be.
        kit: folder with the worker, which is compiled for the image's Python on the way.
        folder: where answers are kept.

    Raises:
        EngineError: the container could not be run.
    """
    path = folder / f"{_key(image_id, volumes, kit)}.json"
    try:
        return _read(json.loads(path.read_text(encoding="utf-8")))
    except (OSError, ValueError, TypeError, KeyError):
        pass
    facts = _ask(engine, image_id, volumes, kit)
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.NamedTemporaryFile("w", dir=folder, delete=False, encoding="utf-8") as file:
        json.dump(asdict(facts), file)
    Path(file.name).replace(path)
    return facts


def _ask(engine: Engine, image_id: str, volumes: tuple[Mount, ...], kit: Path) -> ImageFacts:
    words = ["run", "--rm", "--init", "--pull=never", "--log-driver=none", "--network=none", "--entrypoint", PYTHON]
    words += [*user_words(engine), "--tmpfs", f"{PRIVATE}:rw,mode=1777", "--env", f"HOME={PRIVATE}"]
    words += ["--mount", Mount(str(kit), KIT).argument(), *volume_words(volumes)]
    done = engine.run(*words, image_id, "-c", ASK % {"needed": NEEDED, "kit": KIT}, patience_s=engine.patience_s)
    if done.returncode == 0:
        return _read({"id": image_id, **json.loads(done.stdout.splitlines()[-1])})
    fault = fault_of(engine.name, done.returncode, done.stderr, f"run {PYTHON} in image {image_id[:19]}")
    started = STARTED.search(done.stderr)
    if fault.kind == "program" and (started is None or started[1] == PYTHON):
        return ImageFacts(image_id)
    if fault.kind == "other":
        raise EngineError(fault.message, kind=fault.kind, hint="look whether the image starts at all")
    raise fault


def _read(data: Mapping[str, Any]) -> ImageFacts:
    return ImageFacts(
        id=str(data["id"]),
        python=tuple(data["python"]),
        missing=tuple(data["missing"]),
        problem=str(data["problem"]),
        kernels=tuple(data["kernels"]),
    )


def _key(image_id: str, volumes: tuple[Mount, ...], kit: Path) -> str:
    """Of what an answer depends on; what is mounted counts by when it was changed last."""
    facts: list[Any] = [image_id, kit.name, os.getuid()]
    for mount in volumes:
        source = Path(mount.source)
        changed = source.stat().st_mtime_ns if source.is_absolute() and source.exists() else 0
        facts.append([mount.source, mount.target, changed])
    return hashlib.sha256(json.dumps(facts).encode()).hexdigest()[:32]
