"""How pip in a build reaches what pip reaches here: lent to the build, and in no layer of the image."""

from __future__ import annotations

import ast
import os
import re
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

# fmt: off
LENT = frozenset({
    "index-url", "extra-index-url", "find-links", "no-index", "trusted-host", "proxy", "cert", "client-cert",
    "constraint", "timeout", "default-timeout", "retries", "only-binary", "no-binary", "prefer-binary", "pre",
})
# fmt: on
COMMAS = ("only-binary", "no-binary")
CERTIFICATES = ("SSL_CERT_FILE", "REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE")
CERTIFICATES_INSIDE = "/run/nb2pipe/ca.crt"
FOLDERS_INSIDE = "/run/nb2pipe/places"
LINE = re.compile(r"^(global|install|:env:)\.([\w-]+)=(.*)$", re.MULTILINE)


@dataclass(frozen=True)
class Access:
    """What a build is lent.

    Args:
        files: secrets of the build by id, each a file of this machine.
        folders: folders of this machine with where the build sees them.
    """

    files: Mapping[str, Path]
    folders: Mapping[Path, str]


def lend_access(folder: Path, options: Mapping[str, Sequence[str]]) -> Access:
    """Write a pip.conf for a build.

    Args:
        folder: where to write it; not part of the build context.
        options: of files beside the notebook; they come on top of this machine's.
    """
    found = {key: value.split() for key, value in _options().items()}
    for key, values in options.items():
        found[key] = [*found.get(key, []), *values] if key in ("extra-index-url", "find-links") else list(values)
    files = {"pip.conf": folder / "pip.conf"}
    named = [os.environ[name] for name in CERTIFICATES if os.environ.get(name)]
    certificates = Path([*found.pop("cert", []), *named, ""][0])
    if certificates.is_file():
        found["cert"] = [CERTIFICATES_INSIDE]
        files["ca.crt"] = certificates
    folders: dict[Path, str] = {}
    lines = [
        f"{key} = {(',' if key in COMMAS else ' ').join(_inside(word, folders) for word in words)}"
        for key, words in sorted(found.items())
    ]
    files["pip.conf"].touch(mode=0o600)
    files["pip.conf"].write_text("\n".join(["[global]", *lines, ""]), encoding="utf-8")
    return Access(files, folders)


def _options() -> dict[str, str]:
    """What pip is told here about places: by its files, then for the command install, then by the environment."""
    command = [sys.executable, "-m", "pip", "config", "list"]
    talkative = {**os.environ, "PIP_QUIET": "0", "PIP_VERBOSE": "0"}  # a quiet pip lists nothing
    listed = subprocess.run(command, env=talkative, capture_output=True, text=True, check=False).stdout
    found: dict[str, dict[str, str]] = {"global": {}, "install": {}, ":env:": {}}
    for section, key, value in LINE.findall(listed):
        if key in LENT:
            found[section][key] = str(ast.literal_eval(value))
    return {key: value for options in found.values() for key, value in options.items()}


def _inside(word: str, folders: dict[Path, str]) -> str:
    """A word with the folder or file of this machine that it names put where the build sees it."""
    start = "file://" if word.startswith("file://") else ""
    path = Path(word.removeprefix("file://"))
    if not path.is_absolute() or not path.exists():
        return word
    place = path.parent if start and path.parent != Path("/") else path  # an index has its files beside it
    inside = folders.setdefault(place, f"{FOLDERS_INSIDE}/{len(folders)}")
    return start + inside + str(path).removeprefix(str(place))
