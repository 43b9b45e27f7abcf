"""What an image lacks for a notebook, asked of the image itself: nothing of it is imported."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from nb2pipe.containers.engine import Engine
from nb2pipe.containers.faults import fault_of
from nb2pipe.errors import SettingsError
from nb2pipe.images.needs import Need
from nb2pipe.model.step_settings import Volume

PROBE = """
import json, sys
from importlib import metadata
from importlib.machinery import PathFinder
def has(name):
    path = None
    parts = name.split(".")
    for part in range(1, len(parts) + 1):
        spec = PathFinder.find_spec(".".join(parts[:part]), path)
        if spec is None:
            return name in sys.builtin_module_names
        path = spec.submodule_search_locations or []
    return True
def version(name):
    try:
        return metadata.version(name)
    except metadata.PackageNotFoundError:
        return None
asked = json.loads(sys.argv[1])
print(json.dumps({
    "python": "%d.%d" % sys.version_info[:2],
    "versions": {name: version(name) for name in asked["distributions"]},
    "modules": {name: has(name) for name in asked["modules"]},
}))
"""
"""Run by the image's Python, which may be another than ours."""


@dataclass(frozen=True)
class Lack:
    """Something that an image lacks, or has otherwise than here.

    Args:
        severity: ``error`` if steps will fail for it.
        what: a distribution or module, or ``Python``.
        here: version here; empty if it is not installed here.
        inside: version in the image; empty if it is not there.
        why: who needs it.
        line: what to add to the image's Containerfile; empty where nothing need be added.
    """

    severity: Literal["error", "warning"]
    what: str
    here: str
    inside: str
    why: str
    line: str


def check_image(
    engine: Engine, image: str, needs: Iterable[Need], python: str, volumes: Sequence[Volume] = ()
) -> tuple[Lack, ...]:
    """What an image lacks.

    Args:
        engine: that has the image.
        image: its reference.
        needs: what steps that run in it need.
        python: minor version of Python here.
        volumes: what is mounted when steps run in it.

    Raises:
        SettingsError: the image is not on this machine.
        EngineError: no container of it could be run.
    """
    if engine.image(image) is None:
        raise SettingsError(
            f"there is no image {image!r} on this machine",
            hint=f"Pull it (`{engine.name} pull {image}`), or build one: nb2pipe image build NOTEBOOK",
        )
    wanted = tuple(needs)
    inside = _ask(engine, image, wanted, volumes)
    if inside is None:
        line = "RUN apt-get update && apt-get install -y --no-install-recommends python3 python3-venv"
        return (Lack("error", "Python", python, "", "every step is run by it", line),)
    lacks = [_lack(need, inside["versions"], inside["modules"]) for need in wanted]
    found = [lack for lack in lacks if lack is not None]
    if inside["python"] != python:
        found.insert(0, Lack("warning", "Python", python, inside["python"], "the notebook was written with it", ""))
    return tuple(dict.fromkeys(found))


def _ask(engine: Engine, image: str, needs: Sequence[Need], volumes: Sequence[Volume]) -> Any:
    """What the image's Python answers; None when it has none."""
    asked = {
        "distributions": sorted({need.distribution for need in needs if need.distribution}),
        "modules": sorted({need.module for need in needs if need.module}),
    }
    mounted = [f"--volume={item.source}:{item.target}{':ro' if item.read_only else ''}" for item in volumes]
    done = engine.run(
        *("run", "--rm", "--init", "--network=none", "--entrypoint=", *mounted, image),
        *("python3", "-c", PROBE, json.dumps(asked)),
    )
    if done.returncode == 0:
        return json.loads(done.stdout.splitlines()[-1])
    fault = fault_of(engine.name, done.returncode, done.stderr, f"look into image {image!r}")
    if fault.kind == "program":
        return None
    raise fault


def _lack(need: Need, versions: Mapping[str, str | None], modules: Mapping[str, bool]) -> Lack | None:
    name = need.distribution or need.module
    inside = versions.get(need.distribution) or ""
    line = f"RUN python3 -m pip install {name}{f'=={need.version}' if need.version else ''}"
    if need.module and not modules.get(need.module):
        return Lack("error", name, need.version, inside, need.why, line)
    if need.module and (not need.distribution or not inside):
        return None  # some other distribution brings the module, as conda's do
    if not inside:
        return Lack("warning", name, need.version, "", need.why, line)
    if need.version and inside.partition("+")[0] != need.version.partition("+")[0]:
        return Lack("warning", name, need.version, inside, need.why, line)
    return None
