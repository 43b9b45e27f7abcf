"""How pip inside a build reaches what pip reaches here: read when it is needed, written to no file of the project."""

from __future__ import annotations

import ast
import os
import re
import subprocess
import sys
from pathlib import Path

LOCK = Path(__file__).resolve().parents[2] / ".ci" / "locks" / "dev.txt"

# fmt: off
_PLACES = frozenset({
    "index-url", "extra-index-url", "find-links", "no-index", "trusted-host", "proxy", "cert", "client-cert",
    "constraint", "timeout", "default-timeout", "retries", "only-binary", "no-binary", "prefer-binary", "pre",
})
# fmt: on
_CERTIFICATES = ("SSL_CERT_FILE", "REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE")


def pip_access(conf: Path) -> tuple[str, ...]:
    """Write a configuration for pip that says what the one here says of places; the volumes that it speaks of.

    Args:
        conf: file to write.
    """
    options = _options()
    certificates = next((os.environ[name] for name in _CERTIFICATES if os.environ.get(name)), None)
    if certificates is not None:
        options.setdefault("cert", certificates)
    lines = [f"{key} = {' '.join(value.split())}" for key, value in sorted(options.items())]
    conf.write_text("\n".join(["[global]", *lines, ""]), "utf-8")
    places = {place for value in options.values() for word in value.split() if (place := _place(word)) is not None}
    return tuple(f"{place}:{place}:ro" for place in sorted(places))


def pinned() -> str:
    """Constraints for pip: every version of the lock, without the hashes."""
    found = re.findall(r"^([\w.-]+==[^\\\n]+)", LOCK.read_text("utf-8"), re.MULTILINE)
    return "".join(f"{line.strip()}\n" for line in found)


def _options() -> dict[str, str]:
    """What pip is told here about places: by its files, then for the command install, then by the environment."""
    listed = subprocess.run(
        [sys.executable, "-m", "pip", "config", "list"], capture_output=True, text=True, check=True
    ).stdout
    found: dict[str, dict[str, str]] = {"global": {}, "install": {}, ":env:": {}}
    for section, key, value in re.findall(r"^(global|install|:env:)\.([\w-]+)=(.*)$", listed, re.MULTILINE):
        if key in _PLACES:
            found[section][key] = str(ast.literal_eval(value))
    return {key: value for options in found.values() for key, value in options.items()}


def _place(word: str) -> Path | None:
    """The folder or file on this machine that a word names; an index keeps its files beside it, so its parent."""
    is_url = word.startswith("file://")
    path = Path(word.removeprefix("file://"))
    if not path.is_absolute() or not path.exists():
        return None
    return path.parent if is_url and path.parent != Path("/") else path
