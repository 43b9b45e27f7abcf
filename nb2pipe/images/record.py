"""Which image was built for which notebook."""

from __future__ import annotations

import hashlib
import json
import os
from dataclasses import asdict, dataclass, fields
from datetime import UTC, datetime
from pathlib import Path
from typing import Any


@dataclass(frozen=True)
class BuiltImage:
    """An image that ``nb2pipe image build`` has built for a notebook.

    Args:
        tag: by which the engine of this machine knows it.
        image_id: the engine's id.
        digest: ``sha256:...`` in the registry after a push; empty before.
        content: digest of all that it was made from.
        pushed: name in the registry, ``REGISTRY/NAME:TAG``; empty before a push.
        engine: ``podman`` or ``docker``.
        base: image that it was built on.
        built_at: UTC time in ISO 8601.
        imports: top-level names that the notebook's cells imported; None in records that are older than this field.
    """

    tag: str
    image_id: str
    digest: str
    content: str
    pushed: str = ""
    engine: str = ""
    base: str = ""
    built_at: str = ""
    imports: tuple[str, ...] | None = None

    @property
    def reference(self) -> str:
        """``REGISTRY/NAME@sha256:...``, by which any machine gets exactly this image; empty before a push."""
        name = self.pushed.rpartition(":")[0] if ":" in self.pushed.rpartition("/")[2] else self.pushed
        return f"{name}@{self.digest}" if self.digest and name else ""


def built_image(home: Path, notebook_path: str) -> BuiltImage | None:
    """The image that was built for a notebook last.

    Args:
        home: folder of runs, artifacts and images (the setting ``home``).
        notebook_path: the notebook's path, relative to the working directory or absolute.

    Returns:
        None when none was built, or what was written of it is damaged. The image itself may be gone by now.
    """
    try:
        data: Any = json.loads(_path(home, notebook_path).read_text(encoding="utf-8"))
        texts = {item.name: data[item.name] for item in fields(BuiltImage) if item.name != "imports"}
        imports = data.get("imports")
    except (OSError, ValueError, KeyError, TypeError):
        return None
    names = [] if imports is None else imports
    if not isinstance(names, list) or not all(isinstance(text, str) for text in (*texts.values(), *names)):
        return None
    image = BuiltImage(**texts, imports=None if imports is None else tuple(names))
    return image if image.tag and image.image_id and image.content else None


def record_image(home: Path, notebook_path: str, image: BuiltImage) -> BuiltImage:
    """Write down which image was built for a notebook; returns it with the time.

    Raises:
        OSError: it cannot be written.
    """
    timed = BuiltImage(**{**asdict(image), "built_at": datetime.now(UTC).isoformat(timespec="seconds")})
    path = _path(home, notebook_path)
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_name(f".{path.name}.{os.getpid()}.part")
    text = json.dumps({"notebook": str(_resolved(notebook_path)), **asdict(timed)}, indent=1)
    temporary.write_text(text + "\n", encoding="utf-8")
    temporary.replace(path)
    return timed


def _path(home: Path, notebook_path: str) -> Path:
    key = hashlib.sha256(os.fsencode(_resolved(notebook_path))).hexdigest()[:32]
    return home / "images" / f"{key}.json"


def _resolved(notebook_path: str) -> Path:
    return Path(notebook_path).expanduser().resolve()
