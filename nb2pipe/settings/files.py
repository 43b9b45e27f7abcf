"""Settings files: the user's own, and the project's."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import platformdirs

from nb2pipe.errors import SettingsError

CHANNELS = "notices"
"""The table of channels that notices go by, which is no setting like the others."""
_PYPROJECT = "pyproject.toml"


@dataclass(frozen=True)
class FileSettings:
    """What one file says.

    Args:
        path: the file.
        values: its settings as TOML has them.
        lines: line of each key, from 1, where it was found.
    """

    path: Path
    values: Mapping[str, Any]
    lines: Mapping[str, int]

    def origin(self, key: str) -> str:
        """Where a key stands: ``.../nb2pipe.toml, line 3``."""
        return f"{self.path}, line {self.lines[key]}" if key in self.lines else str(self.path)


def user_folder(env: Mapping[str, str]) -> Path:
    """``nb2pipe`` in the user's folder for settings."""
    folder = env.get("XDG_CONFIG_HOME", "")
    own = Path(folder) / "nb2pipe" if Path(folder).is_absolute() else None
    return own or Path(platformdirs.user_config_dir("nb2pipe", appauthor=False))


def user_file(env: Mapping[str, str]) -> FileSettings | None:
    """``nb2pipe/config.toml`` in the user's folder for settings; None if there is none."""
    path = user_folder(env) / "config.toml"
    text = text_of(path)
    return None if text is None else FileSettings(path, parse_toml(path, text), _lines(text, in_table=None))


def project_file(folder: Path) -> FileSettings | None:
    """The first ``nb2pipe.toml``, or ``pyproject.toml`` with a table ``[tool.nb2pipe]``, from a folder upward."""
    start = folder.absolute()
    for place in (start, *start.parents):
        own = place / "nb2pipe.toml"
        text = text_of(own)
        if text is not None:
            return FileSettings(own, parse_toml(own, text), _lines(text, in_table=None))
        found = _from_pyproject(place / _PYPROJECT)
        if found is not None:
            return found
    return None


def refuse_channels(file: FileSettings) -> None:
    """Refuse channels in a project's file: what somebody else's project says must not send or start anything.

    Raises:
        SettingsError: there are some.
    """
    if CHANNELS in file.values:
        raise SettingsError(
            f"Channels for notices cannot stand in a project's settings ({file.path}).",
            hint="Write [notices.NAME] into nb2pipe/config.toml in your own folder for settings.",
        )


def _from_pyproject(path: Path) -> FileSettings | None:
    text = text_of(path)
    if text is None or "nb2pipe" not in text:
        return None
    tool = parse_toml(path, text).get("tool", {})
    if not isinstance(tool, dict) or "nb2pipe" not in tool:
        return None
    table = tool["nb2pipe"]
    if not isinstance(table, dict):
        raise SettingsError(
            f"'tool.nb2pipe' in {path} is not a table.", hint="Write [tool.nb2pipe], then the settings."
        )
    return FileSettings(path, table, _lines(text, in_table="tool.nb2pipe"))


def text_of(path: Path) -> str | None:
    """The text of a file; None where there is none.

    Raises:
        SettingsError: it cannot be read.
    """
    try:
        return path.read_text(encoding="utf-8")
    except (FileNotFoundError, NotADirectoryError):
        return None
    except UnicodeDecodeError as error:
        raise SettingsError(f"{path} is not text in UTF-8.", hint="Save it in UTF-8.") from error
    except OSError as error:
        raise SettingsError(
            f"{path} cannot be read ({error.strerror}).", hint="Mend its rights, or remove it."
        ) from error


def parse_toml(path: Path, text: str) -> dict[str, Any]:
    """What a file of settings says.

    Raises:
        SettingsError: it is not TOML.
    """
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise SettingsError(f"{path} is not TOML: {error}.", hint="Mend that line.") from error


def _lines(text: str, *, in_table: str | None) -> dict[str, int]:
    """Line of each key of a table; tomllib does not tell, so written keys are looked for."""
    found: dict[str, int] = {}
    table: str | None = None
    for number, line in enumerate(text.splitlines(), 1):
        if header := re.match(r"\s*\[\s*([^\]\s]+)\s*\]", line):
            table = header[1].replace('"', "").replace("'", "")
        elif (key := re.match(r"""\s*["']?([\w-]+)["']?\s*=""", line)) and table == in_table:
            found.setdefault(key[1], number)
    return found
