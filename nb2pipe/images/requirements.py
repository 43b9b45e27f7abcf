"""Files in pip's requirements format, read with what they include."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import unquote, urlsplit

from packaging.requirements import InvalidRequirement, Requirement
from packaging.utils import canonicalize_name, parse_wheel_filename

from nb2pipe.errors import SettingsError

PLACES = ("index-url", "extra-index-url", "find-links", "trusted-host", "no-index")
KINDS = ("pre", "prefer-binary", "only-binary", "no-binary")
SHORT = {"-i": "index-url", "-f": "find-links", "-e": "editable", "-r": "requirement", "-c": "constraint"}
IGNORED = ("require-hashes", "use-feature", "use-pep517", "no-build-isolation")
OPTION = re.compile(r"(--?[\w-]+)(?:[= ]\s*|$)(.*)", re.DOTALL)
HASH = re.compile(r"\s--hash[= ]\s*(\S+)")
VARIABLE = re.compile(r"\$\{([A-Z0-9_]+)\}")
COMMENT = re.compile(r"(^|\s)#.*$")


@dataclass(frozen=True)
class Asked:
    """A requirement that a file names.

    Args:
        text: as pip takes it, without hashes and comments.
        name: canonical name; empty where it only shows when it is installed.
        where: file and line, or the table it stands in.
        hashes: as ``sha256:...``.
        path: the folder or file on this machine that it is, None for others.
    """

    text: str
    name: str
    where: str
    hashes: tuple[str, ...] = ()
    path: Path | None = None

    @property
    def applies(self) -> bool:
        """Whether its marker, if it has one, holds on this machine."""
        requirement = self.requirement
        return requirement is None or requirement.marker is None or requirement.marker.evaluate()

    @property
    def requirement(self) -> Requirement | None:
        """The same, parsed; None for a bare URL or path."""
        try:
            return Requirement(self.text)
        except InvalidRequirement:
            return None


@dataclass
class Requirements:
    """What files beside the notebook ask for.

    Args:
        asked: to be installed.
        constraints: versions, for what is installed anyway.
        options: of pip, by name: where to look for packages, and which kinds to take.
    """

    asked: list[Asked] = field(default_factory=list)
    constraints: list[Asked] = field(default_factory=list)
    options: dict[str, list[str]] = field(default_factory=dict)

    @property
    def hashed(self) -> bool:
        """Whether pip is to check hashes."""
        return any(item.hashes for item in self.asked)

    @property
    def names(self) -> frozenset[str]:
        """Canonical names of what an index, a repository or a URL is asked for."""
        return frozenset(item.name for item in self.asked if item.name and item.path is None and item.applies)


def read_requirements(path: Path) -> Requirements:
    """Read a requirements file, ``-r`` and ``-c`` followed.

    Raises:
        SettingsError: a file cannot be read, or a line is not understood.
    """
    found = Requirements()
    _read(path, found, found.asked, ())
    return found


def parse_requirements(text: str, path: Path, found: Requirements) -> None:
    """Take in lines in pip's format that stand in another file.

    Args:
        text: the lines.
        path: the file, for messages and for what relative paths refer to.
        found: what they are added to.

    Raises:
        SettingsError: a line is not understood, or a file that it includes cannot be read.
    """
    for _, line in _lines(text):
        _take(line, f"{path.name}, pip", found, found.asked, (path,))


def _read(path: Path, found: Requirements, into: list[Asked], above: tuple[Path, ...]) -> None:
    if path in above:
        raise SettingsError(f"{path} includes itself", hint="Take out the line with -r or -c.")
    try:
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        by = f" (included by {above[-1].name})" if above else ""
        raise SettingsError(f"{path}{by} cannot be read: {error}", hint="Correct the path, or take it out.") from error
    for number, line in _lines(text):
        where = f"{_shown(path, (*above, path)[0].parent)}, line {number}"
        _take(line, where, found, into, (*above, path))


def _take(line: str, where: str, found: Requirements, into: list[Asked], files: tuple[Path, ...]) -> None:
    folder = files[-1].parent
    option = OPTION.match(line) if line.startswith("-") else None
    if option is None:
        into.append(_asked(line, where, folder))
        return
    name = SHORT.get(option[1], option[1].lstrip("-"))
    value = option[2].strip().strip("'\"")
    if name in ("requirement", "constraint"):
        _read((folder / value).resolve(), found, found.constraints if name == "constraint" else into, files)
    elif name == "editable":
        into.append(_asked(value, where, folder, editable=True))
    elif name in (*PLACES, *KINDS):
        value = VARIABLE.sub(lambda match: os.environ.get(match[1], match[0]), value) or "true"
        found.options.setdefault(name, []).append(_place(value, folder) if name == "find-links" else value)
    elif name not in IGNORED:
        raise SettingsError(f"{where}: {option[1]!r} is not understood", hint="Take the line out.")


def _lines(text: str) -> Iterator[tuple[int, str]]:
    """Logical lines with the number of their first: continued ones joined, comments and blank ones left out."""
    pending, start = "", 0
    for number, line in enumerate(text.splitlines(), 1):
        start = start or number
        if line.endswith("\\") and not line.lstrip().startswith("#"):
            pending += line[:-1] + " "
            continue
        whole = COMMENT.sub("", pending + line).strip()
        if whole:
            yield start, whole
        pending, start = "", 0
    if pending.strip():
        yield start, pending.strip()


def _asked(line: str, where: str, folder: Path, *, editable: bool = False) -> Asked:
    hashes = tuple(HASH.findall(f" {line}"))
    text = " ".join(HASH.sub("", f" {line}").split())
    if re.search(r"\s--[\w-]+", text):
        raise SettingsError(f"{where}: options behind a requirement are not taken in: {text!r}", hint="Leave them out.")
    if "${" in text or re.search(r"//[^/@\s]+@", text.replace("git@", "")):
        shown = re.sub(r"//[^/@\s]+@", "//***@", text)
        raise SettingsError(
            f"{where}: {shown!r} holds a secret or a variable, which would stay in the image",
            hint="Write it without; pip.conf and .netrc of this machine are used for the build only.",
        )
    return _unnamed(text, where, folder, "no folder") if editable else asked(text, where, folder, hashes)


def asked(text: str, where: str, folder: Path, hashes: tuple[str, ...] = ()) -> Asked:
    """A requirement as a value.

    Args:
        text: a name with versions, a URL, or a path.
        where: where it stands, for messages.
        folder: what relative paths refer to.
        hashes: of its files.

    Raises:
        SettingsError: it is none of these.
    """
    try:
        parsed = Requirement(text)
    except InvalidRequirement as error:
        return _unnamed(text, where, folder, str(error))
    path = _file(parsed.url) if parsed.url else None
    return Asked(text, canonicalize_name(parsed.name), where, hashes, path)


def _unnamed(text: str, where: str, folder: Path, reason: str) -> Asked:
    words, _, extras = text.partition("[")
    path = _file(words) or (folder / words).resolve()
    if "://" in text and not text.startswith("file:"):
        egg = re.search(r"#(?:.*&)?egg=([\w.-]+)", text)
        return Asked(text, canonicalize_name(egg[1]) if egg else "", where)
    if path.is_dir() and not extras.rstrip("]"):
        return Asked(text, "", where, path=path)
    if path.is_file() and path.suffix in (".whl", ".gz", ".zip"):
        name = str(parse_wheel_filename(path.name)[0]) if path.suffix == ".whl" else ""
        return Asked(text, name, where, path=path)
    raise SettingsError(f"{where}: {text!r} is no requirement: {reason.splitlines()[0]}", hint="Mend the line.")


def _file(url: str | None) -> Path | None:
    return Path(unquote(urlsplit(url).path)) if url and url.startswith("file:") else None


def _place(value: str, folder: Path) -> str:
    return value if "://" in value else str((folder / value).resolve())


def _shown(path: Path, base: Path) -> str:
    return str(path.relative_to(base)) if path.is_relative_to(base) else str(path)
