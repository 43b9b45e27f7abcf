"""Push an image to a registry."""

from __future__ import annotations

import re
import tempfile
from collections.abc import Callable
from pathlib import Path

from nb2pipe.containers.engine import Engine
from nb2pipe.containers.faults import EngineError, fault_of
from nb2pipe.containers.registry import plain_http
from nb2pipe.errors import SettingsError

DIGEST = re.compile(r"digest: (sha256:[0-9a-f]{64})")
NAME = re.compile(r"(?P<registry>[^/\s]+)/(?P<name>[a-z0-9]+(?:[._/-]+[a-z0-9]+)*)(?::(?P<tag>\w[\w.-]{0,127}))?")


def full_name(text: str, content: str) -> str:
    """``REGISTRY/NAME:TAG``; without a tag, one made of the content.

    Raises:
        SettingsError: it is not such a name.
    """
    match = NAME.fullmatch(text)
    if match is None or not re.search(r"[.:]|^localhost$", match["registry"]):
        raise SettingsError(
            f"{text!r} is no name in a registry",
            hint="Write REGISTRY/NAME or REGISTRY/NAME:TAG, such as registry.example.org/team/churn:1 (lower case).",
        )
    return text if match["tag"] else f"{text}:{content[:12]}"


def push(engine: Engine, tag: str, name: str, show: Callable[[str], None]) -> str:
    """Push an image.

    Args:
        engine: that has it.
        tag: by which the engine knows it.
        name: ``REGISTRY/NAME:TAG``.
        show: gets each line that the engine prints.

    Returns:
        The digest in the registry, ``sha256:...``.

    Raises:
        EngineError: the registry is out of reach, or does not let us in.
    """
    engine.ask("tag", tag, name, what=f"name the image {name!r}")
    with tempfile.TemporaryDirectory(prefix="nb2pipe-push-") as folder:
        file = Path(folder) / "digest"
        options = [f"--digestfile={file}"] if engine.name == "podman" else []
        options += plain_http(engine, name)
        done = engine.run("push", *options, name, show=show)
        if done.returncode:
            fault = fault_of(engine.name, done.returncode, done.stdout, f"push the image to {name!r}")
            raise EngineError(fault.message, kind=fault.kind, hint=_hint(fault.hint, name)) from fault
        if file.is_file():
            return file.read_text(encoding="utf-8").strip()
    said = DIGEST.search(done.stdout)
    return said[1] if said else ""


def _hint(hint: str, name: str) -> str:
    """A fault's hint for this registry; nothing is built anew for another try."""
    own = hint.replace("REGISTRY", name.partition("/")[0])
    said = f"{own[0].upper()}{own[1:]}. " if own else ""
    return f"{said}The image itself is built, so that only the push is done again."
