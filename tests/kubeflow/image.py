"""The image that compiled steps run in: all of its own, and nb2pipe's worker where ``nb2pipe image build`` has it."""

from __future__ import annotations

import hashlib
import shutil
import tempfile
from pathlib import Path

from nb2pipe.images.containerfile import PLACE, WORKER
from nb2pipe.images.context import PACKAGE, worker_files
from tests.containers.engine import Engine
from tests.containers.images import Image, honest_image

NAME = "localhost/nb2pipe-test-pod"
CONTAINERFILE = f"""\
FROM {{base}}
ENV HOME={PLACE}/home
RUN mkdir -p -m 755 {PLACE} && mkdir -m 1777 {PLACE}/home
COPY nb2pipe {WORKER}/nb2pipe
RUN python3 -m compileall -q {WORKER}
"""


def pod_image(engine: Engine) -> Image:
    """The image with the worker as it is now; images with the worker as it was are removed."""
    recipe = CONTAINERFILE.format(base=honest_image(engine).tag)
    tag = f"{NAME}:{_digest(recipe)}"
    with engine.alone("pod"):
        if not engine.has_image(tag):
            kept = engine.run("images", "--format", "{{.Repository}}:{{.Tag}}", "--filter", f"reference={NAME}").stdout
            engine.run("rmi", "--force", *kept.split()) if kept.split() else None
            with tempfile.TemporaryDirectory(prefix="nb2pipe-image-") as folder:
                _build(engine, tag, Path(folder), recipe)
    return Image(tag)


def _digest(recipe: str) -> str:
    whole = hashlib.sha256(recipe.encode())
    for path in worker_files():
        whole.update(path.relative_to(PACKAGE).as_posix().encode() + b"\0" + hashlib.sha256(path.read_bytes()).digest())
    return whole.hexdigest()[:12]


def _build(engine: Engine, tag: str, folder: Path, recipe: str) -> None:
    (folder / "Containerfile").write_text(recipe, "utf-8")
    for path in worker_files():
        target = folder / "nb2pipe" / path.relative_to(PACKAGE)
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(path, target)
    engine.run("build", "--quiet", "--network=none", "--pull=never", "--tag", tag, str(folder))
